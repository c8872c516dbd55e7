/* SPDX-License-Identifier: ISC */
#include "mchat/chat/ending.h"

#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/clock.h"
#include "mchat/chat/notice.h"
#include "mchat/chat/phase.h"
#include "mchat/chat/state.h"
#include "mchat/chat/stats.h"
#include "mchat/chat/turn.h"
#include "mchat/chat/wait.h"

/* What a signal leaves of the time to write out what is queued; and how long
 * who did not read stderr is waited for, to be told so. */
#define LAST_WRITE_MS 1000

/* Writes out what is queued; a signal shortens the patience. */
static void drain_output(struct chat *chat)
{
	struct instant end = INSTANT_NEVER;
	struct pollfd polled = {.fd = STDOUT_FILENO, .events = POLLOUT};

	for (;;) {
		turn_write(chat);
		if (!output_is_pending(&chat->output))
			return;
		if (wait_signal() && instant_is_never(end))
			end = instant_after(
				clock_now(), duration_ms(LAST_WRITE_MS));
		if (!instant_before(clock_now(), end))
			break;
		if (wait_for(&polled, 1, end) < 0)
			break;
	}
	notice_error("stdout: %zu bytes of messages were not taken",
		buffer_size(&chat->output.queue));
	chat->has_failed = true;
}

/* Tells what went, and what did not; its last line may go to stdout. */
static void tell_counts(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	outbound_tick(&chat->outbound, INSTANT_NEVER);
	if (config->has_stats || (config->verbosity == NOTICE_VERBOSE &&
					 config->format != VIEW_JSON))
		stats_show(&chat->outbound, &chat->inbound);
}

/* Says what was left undone, which is a failure even if nothing else was. */
static void conclude(struct chat *chat)
{
	const struct chat_config *config = chat->config;
	size_t left = input_left(&chat->input) +
		      (chat->session.link ? 0 : outbound_left(&chat->outbound));
	bool lacks_messages =
		config->count > 0 && !display_has_all(&chat->display);
	const struct link *link = chat->session.link;
	/* Of a vain -w it was said that nothing was sent. */
	bool was_said = link && !link->may_talk && chat->has_failed;

	/* When the reader of stdout has left, the end is to be quiet. */
	if (left > 0 && !chat->output_was_closed && !was_said)
		notice_error("stopped with %zu line%s not yet sent", left,
			left == 1 ? "" : "s");
	if (lacks_messages && !chat->has_failed && !chat->output_was_closed)
		notice_error("stopped after %" PRIu64 " of %" PRIu64
			     " messages",
			chat->display.shown, config->count);
	if (left > 0 || lacks_messages || chat->input.has_failed)
		chat->has_failed = true;
	if (link ? !delivery_report(
			   &chat->delivery, link->engine, "", clock_now())
		 : chat->outbound.unsent > 0)
		chat->has_failed = true;
	/* Nothing at all went out, and that was said. */
	if (chat->outbound.sent == 0 && chat->outbound.unsent > 0)
		chat->has_failed = true;
}

void ending_run(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	if (chat->session.link)
		phase_leave(chat);
	/* What came before the end is shown, and what was lost by then told. */
	if (config->shows && !chat->output_was_closed)
		inbound_finish(&chat->inbound, clock_now());
	console_close(&chat->console);
	errors_tell(&chat->errors, config->verbosity, LAST_WRITE_MS);
	errors_close(&chat->errors);
	tell_counts(chat);
	drain_output(chat);
	conclude(chat);
}
