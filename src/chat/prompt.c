/* SPDX-License-Identifier: ISC */
#include "mchat/chat/prompt.h"

#include <inttypes.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/engine_driver.h"
#include "mchat/chat/one_way.h"
#include "mchat/protocol/engine.h"
#include "mchat/view/name.h"

void prompt_init(struct prompt *prompt)
{
	*prompt = (struct prompt){INSTANT_NEVER, INSTANT_NEVER};
}

/* What is not confirmed, and by whom. */
struct lack {
	uint64_t lines;
	size_t members;            /* that are here and lack something */
	struct event_member first; /* of them; its nick is borrowed */
};

static struct lack find_lack(const struct engine *engine)
{
	struct engine_member member;
	struct lack lack = {0};

	for (size_t i = 0; engine_member_at(engine, i, &member); i++) {
		uint64_t lines =
			engine_said_messages(engine) + 1 - member.lacks_from;

		if (member.lacks == 0)
			continue;
		if (lack.members++ == 0)
			lack.first = engine_member_name(&member);
		lack.lines = lines > lack.lines ? lines : lack.lines;
	}
	/* What was not even sent: a line a packet, or more. */
	if (lack.members == 0)
		lack.lines =
			engine_said_last(engine) - engine_confirmed(engine);
	return lack;
}

/* What of ours has been unconfirmed for a while; who ends is told at once. */
static struct lack unconfirmed(struct prompt *prompt,
	const struct prompt_facts *facts, struct instant now)
{
	const struct engine_driver *driver = facts->driver;
	struct instant due;

	prompt->check_at = INSTANT_NEVER;
	if (!driver || engine_is_confirmed(driver->engine)) {
		prompt->unconfirmed = INSTANT_NEVER;
		return (struct lack){0};
	}
	if (instant_is_never(prompt->unconfirmed))
		prompt->unconfirmed = now;
	due = instant_after(
		prompt->unconfirmed, duration_ms(PROMPT_UNCONFIRMED_MS));
	if (instant_before(now, due) && !facts->is_ending) {
		prompt->check_at = due;
		return (struct lack){0};
	}
	return find_lack(driver->engine);
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static bool is_waiting(const struct prompt_facts *facts)
{
	return facts->driver && !facts->driver->may_send && !facts->is_leaving;
}

static void append_lack(const struct lack *lack, struct buffer *out)
{
	buffer_append_string(out, "; ");
	if (lack->members == 1)
		name_append(out, &lack->first);
	else
		buffer_append_format(out, "%zu members", lack->members);
	buffer_append_format(out, " ha%s not confirmed %" PRIu64 " line%s",
		lack->members == 1 ? "s" : "ve", lack->lines,
		plural(lack->lines));
}

/* Nothing is typed behind it any more. */
static void append_end(const struct prompt_facts *facts,
	const struct lack *lack, struct buffer *out)
{
	buffer_append_string(out, "leaving");
	if (is_waiting(facts))
		buffer_append_format(out, "; waiting for %zu more member%s",
			facts->absent, plural(facts->absent));
	else if (facts->to_come > 0)
		buffer_append_format(out, " after %" PRIu64 " more message%s",
			facts->to_come, plural(facts->to_come));
	else if (lack->members > 0)
		append_lack(lack, out);
	buffer_append_string(out, " (Ctrl-C: at once) ");
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
	struct lack lack = unconfirmed(prompt, facts, now);

	if (facts->is_ending) {
		append_end(facts, &lack, out);
		return;
	}
	buffer_append_string(out, facts->nick);
	if (is_waiting(facts))
		buffer_append_format(out, " (waiting for %zu more member%s)",
			facts->absent, plural(facts->absent));
	else if (lack.lines > 0)
		buffer_append_format(out, " (%s%" PRIu64 " not confirmed)",
			facts->is_leaving ? "leaving; " : "", lack.lines);
	else if (facts->driver && !facts->is_leaving)
		append_unheard(facts->one_way, facts->driver->engine, out);
	buffer_append_string(out, "> ");
}
