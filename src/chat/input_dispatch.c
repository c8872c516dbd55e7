/* SPDX-License-Identifier: ISC */
#include "mchat/chat/input_dispatch.h"

#include "mchat/chat/chat_internal.h"
#include "mchat/chat/keyboard.h"
#include "mchat/chat/lifecycle.h"
#include "mchat/chat/outgoing.h"
#include "mchat/io/diagnostics.h"

static struct commands_target target_of(struct chat *chat, struct instant now)
{
	return (struct commands_target){
		.session = &chat->session,
		.input = &chat->input,
		.display = &chat->display,
		.receive_path = &chat->receive_path,
		.send_path = &chat->send_path,
		.outside = &chat->outside,
		.now = now,
	};
}

/* Does what was said or told us by now, up to what has to wait. */
static void run_in_turn(struct chat *chat, struct instant now)
{
	struct commands_target target = target_of(chat, now);
	struct input_line line;

	if (chat->phase.now == PHASE_PARTING && !lifecycle_part(chat, now))
		return;
	while (target.wish == COMMANDS_STAY &&
		input_next_command(&chat->input, &line))
		commands_run(&target, &line);
	if (target.wish == COMMANDS_STAY)
		return;
	chat->wish = target.wish;
	phase_enter(&chat->phase, PHASE_PARTING);
	if (chat->session.driver)
		chat->session.driver->may_send = false;
	lifecycle_part(chat, now);
}

static void run_at_once(struct chat *chat, struct instant now)
{
	struct commands_target target = target_of(chat, now);
	struct input_line line;

	while (input_next_at_once(&chat->input, &line))
		commands_run(&target, &line);
	/* What waits for members then waits in vain. */
	if (target.wish == COMMANDS_END && chat->phase.now == PHASE_GATHERING)
		phase_enter(&chat->phase, PHASE_OVER);
}

/* What is said outside of a group reaches nobody. */
static void refuse_lines(struct chat *chat)
{
	struct input_line line;

	while (input_next(&chat->input, &line))
		diagnostics_refusal("not sent: you are in no group; /join one");
	input_release(&chat->input);
}

/* Where no prompt tells it, says what holds up what was typed. */
static void tell_wait(struct chat *chat)
{
	size_t missing = delivery_absent_count(&chat->delivery);

	if (chat->phase.now != PHASE_GATHERING || chat->wait_was_reported ||
		!chat->input.is_terminal || console_is_on(&chat->console) ||
		input_left(&chat->input) == 0)
		return;
	diagnostics_answer("waiting for %zu more member%s", missing,
		missing == 1 ? "" : "s");
	chat->wait_was_reported = true;
}

void input_dispatch_run(struct chat *chat, struct instant now)
{
	bool has_more;

	do {
		has_more = console_is_on(&chat->console) &&
			   keyboard_take(chat, now);
		do {
			run_in_turn(chat, now);
			if (!chat->session.is_open)
				refuse_lines(chat);
			outgoing_send(chat, now);
		} while (chat->phase.now != PHASE_PARTING &&
			 input_has_command(&chat->input));
		run_at_once(chat, now);
	} while (has_more && chat->phase.now != PHASE_OVER);
	tell_wait(chat);
}
