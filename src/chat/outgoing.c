/* SPDX-License-Identifier: ISC */
#include "mchat/chat/outgoing.h"

#include "mchat/chat/chat_internal.h"
#include "mchat/chat/raw.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/sealer.h"
#include "mchat/network/send_batch.h"
#include "mchat/protocol/engine.h"

bool outgoing_wants_input(const struct chat *chat)
{
	return input_wants_more(&chat->input) &&
	       !send_path_is_waiting(&chat->send_path) &&
	       !chat->send_path.has_more;
}

struct instant outgoing_deadline(const struct chat *chat)
{
	const struct engine_driver *driver = chat->session.driver;

	return driver && !driver->is_frozen &&
			       !send_path_is_waiting(&chat->send_path)
		       ? instant_earlier(engine_deadline(driver->engine),
				 sealer_deadline(driver->sealer))
		       : INSTANT_NEVER;
}

/* A line was said. */
static void note_said(
	struct chat *chat, const struct input_line *line, struct wall_time time)
{
	const struct line *piece = &line->line;
	enum event_kind kind =
		line->kind == LINE_ACTION ? EVENT_ACTION : EVENT_MESSAGE;

	if (piece->is_cut && !piece->is_rest)
		diagnostics_warning(chat->config->verbosity,
			"%s: a line is longer than the %zu bytes of a message: "
			"it goes out as several",
			line->is_option ? "--message" : "input",
			chat->input.config.limit);
	display_own(&chat->display, kind, piece->text, piece->size, time);
	if (chat->display.echoes_own)
		display_typed(
			&chat->display, kind, piece->text, piece->size, time);
}

static void say_lines(struct chat *chat, struct instant now)
{
	struct wall_time time = clock_wall();
	struct input_line line;

	while (input_next(&chat->input, &line)) {
		if (!engine_driver_say(chat->session.driver, &line.line,
			    line.kind == LINE_ACTION, time, now)) {
			input_put_back(&chat->input);
			return;
		}
		note_said(chat, &line, time);
	}
}

static void add_lines(
	struct chat *chat, struct send_batch *batch, struct instant now)
{
	struct wall_time time = clock_wall();
	struct input_line line;

	while (!send_batch_is_full(batch) && input_next(&chat->input, &line)) {
		raw_add(batch, &line.line, session_trace(&chat->session), now);
		note_said(chat, &line, time);
	}
}

/* Whether what did not fit into the full batch may still be there. */
static bool fill(
	struct chat *chat, struct send_batch *batch, struct instant now)
{
	struct engine_driver *driver = chat->session.driver;

	/* No batch borrows from it any more. */
	input_release(&chat->input);
	if (!driver) {
		add_lines(chat, batch, now);
		return send_batch_is_full(batch);
	}
	if (driver->may_send)
		say_lines(chat, now);
	engine_driver_fill(driver, session_trace(&chat->session), batch, now);
	if (driver->sealer->error) {
		diagnostics_failure("random bytes", driver->sealer->error);
		phase_fail(&chat->phase);
	}
	return driver->has_more;
}

void outgoing_send(struct chat *chat, struct instant now)
{
	struct send_path *send_path = &chat->send_path;
	bool has_more = false;

	if (!chat->session.is_open)
		return;
	if (!send_path_is_waiting(send_path))
		has_more = fill(chat, send_path->batch, now);
	send_path_send(send_path, &chat->session.membership,
		chat->session.peers, has_more, now);
}
