/* SPDX-License-Identifier: ISC */
#include "mchat/chat/talk.h"

#include "mchat/chat/notice.h"
#include "mchat/chat/phase.h"
#include "mchat/chat/state.h"

static struct command_target target_of(struct chat *chat, struct instant now)
{
	return (struct command_target){
		.session = &chat->session,
		.input = &chat->input,
		.inbound = &chat->inbound,
		.outbound = &chat->outbound,
		.now = now,
	};
}

/* Does what was said or told us by now, up to what has to wait. */
static void run_in_turn(struct chat *chat, struct instant now)
{
	struct command_target target = target_of(chat, now);
	struct line line;

	if (chat->phase == PHASE_PARTING && !phase_part(chat, now))
		return;
	while (target.wish == COMMAND_STAY &&
		input_next_command(&chat->input, &line))
		command_run(&target, line.text, line.size);
	if (target.wish == COMMAND_STAY)
		return;
	chat->wish = target.wish;
	chat->phase = PHASE_PARTING;
	chat->console.is_leaving = true;
	if (chat->session.link)
		chat->session.link->may_talk = false;
	phase_part(chat, now);
}

static void run_at_once(struct chat *chat, struct instant now)
{
	struct command_target target = target_of(chat, now);
	struct line line;

	while (input_next_at_once(&chat->input, &line))
		command_run(&target, line.text, line.size);
	/* What waits for members then waits in vain. */
	if (target.wish == COMMAND_END && chat->phase == PHASE_GATHERING)
		chat->phase = PHASE_OVER;
}

/* What is said outside of a group reaches nobody. */
static void refuse_lines(struct chat *chat)
{
	struct line line;

	while (input_next(&chat->input, &line))
		notice_error("not sent: you are in no group; /join one");
}

/* Where no prompt tells it, says what holds up what was typed. */
static void tell_wait(struct chat *chat)
{
	size_t missing = delivery_missing(&chat->delivery);

	if (chat->phase != PHASE_GATHERING || chat->wait_was_told ||
		!chat->input.is_terminal || console_is_on(&chat->console) ||
		input_left(&chat->input) == 0)
		return;
	notice_answer("waiting for %zu more member%s", missing,
		missing == 1 ? "" : "s");
	chat->wait_was_told = true;
}

void talk_do(struct chat *chat, struct instant now)
{
	bool has_more;

	do {
		has_more = console_is_on(&chat->console) &&
			   console_take(&chat->console, now);
		do {
			run_in_turn(chat, now);
			if (!chat->session.is_open)
				refuse_lines(chat);
			outbound_send(&chat->outbound, now);
		} while (chat->phase != PHASE_PARTING &&
			 input_has_command(&chat->input));
		run_at_once(chat, now);
	} while (has_more && chat->phase != PHASE_OVER);
	tell_wait(chat);
}
