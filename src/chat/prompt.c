/* SPDX-License-Identifier: ISC */
#include "mchat/chat/prompt.h"

#include <inttypes.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/engine_driver.h"
#include "mchat/chat/one_way.h"
#include "mchat/protocol/engine.h"

void prompt_init(struct prompt *prompt)
{
	*prompt = (struct prompt){INSTANT_NEVER, INSTANT_NEVER};
}

/* Whether something of ours has been unconfirmed for a while, and how much. */
static uint64_t unconfirmed(struct prompt *prompt,
	const struct engine_driver *driver, struct instant now)
{
	struct instant due;

	prompt->check_at = INSTANT_NEVER;
	if (!driver || engine_is_confirmed(driver->engine)) {
		prompt->unconfirmed = INSTANT_NEVER;
		return 0;
	}
	if (instant_is_never(prompt->unconfirmed))
		prompt->unconfirmed = now;
	due = instant_after(
		prompt->unconfirmed, duration_ms(PROMPT_UNCONFIRMED_MS));
	if (instant_before(now, due)) {
		prompt->check_at = due;
		return 0;
	}
	return engine_said_last(driver->engine) -
	       engine_confirmed(driver->engine);
}

/* As " (bob does not hear you)". */
static void append_unheard(const struct one_way *one_way,
	const struct engine *engine, struct buffer *out)
{
	struct buffer names = BUFFER_EMPTY;
	size_t count = one_way_append_names(one_way, engine, true, &names);

	if (count > 0)
		buffer_append_format(out, " (%.*s %s not hear you)",
			(int)buffer_size(&names), buffer_bytes(&names),
			count == 1 ? "does" : "do");
	buffer_fini(&names);
}

void prompt_append(struct prompt *prompt, const struct prompt_facts *facts,
	struct instant now, struct buffer *out)
{
	const struct engine_driver *driver = facts->driver;
	uint64_t count = unconfirmed(prompt, driver, now);

	buffer_append_string(out, facts->nick);
	if (driver && !driver->may_send && !facts->is_leaving)
		buffer_append_format(out, " (waiting for %zu more member%s)",
			facts->absent, facts->absent == 1 ? "" : "s");
	else if (count > 0)
		buffer_append_format(out, " (%s%" PRIu64 " not confirmed)",
			facts->is_leaving ? "leaving; " : "", count);
	else if (driver && !facts->is_leaving)
		append_unheard(facts->one_way, driver->engine, out);
	buffer_append_string(out, "> ");
}
