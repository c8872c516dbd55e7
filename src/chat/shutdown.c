/* SPDX-License-Identifier: ISC */
#include "mchat/chat/shutdown.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/chat_internal.h"
#include "mchat/chat/incoming.h"
#include "mchat/chat/lifecycle.h"
#include "mchat/chat/loop.h"
#include "mchat/chat/stats.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/signals.h"

/* How long the queues may still be written after a signal; and how long to wait
 * for a reader of stderr, to report what was dropped. */
#define LAST_WRITE_MS 1000

/* Whether stderr goes where stdout does. */
static bool is_one_stream(void)
{
	struct stat out;
	struct stat err;

	return fstat(STDOUT_FILENO, &out) == 0 &&
	       fstat(STDERR_FILENO, &err) == 0 && out.st_dev == err.st_dev &&
	       out.st_ino == err.st_ino;
}

/* Says what nobody took; a line that was cut ends before that. */
static void tell_not_taken(struct chat *chat)
{
	const struct output_queue *output = &chat->display.output;
	const char *rest =
		chat->is_held_up ? ", nor what came behind them" : "";
	size_t size = buffer_size(&output->queue);

	if (output->is_torn && is_one_stream())
		diagnostics_error_below("stdout: %zu bytes of messages were "
					"not taken%s",
			size, rest);
	else
		diagnostics_error(
			"stdout: %zu bytes of messages were not taken%s", size,
			rest);
	phase_note_failure(&chat->phase);
}

/* Writes out what is queued, and what could not be queued yet, without a limit
 * unless a signal came; false when not all was taken, which was said. */
static bool drain_output(struct chat *chat)
{
	const struct output_queue *output = &chat->display.output;
	struct instant end = INSTANT_NEVER;
	struct pollfd polled = {.fd = STDOUT_FILENO, .events = POLLOUT};

	for (;;) {
		if (chat->is_held_up)
			incoming_drain(chat, clock_now());
		loop_write(chat);
		if (output->is_closed ||
			(!output_queue_is_pending(output) && !chat->is_held_up))
			return true;
		if (signals_signal() && instant_is_never(end))
			end = instant_after(
				clock_now(), duration_ms(LAST_WRITE_MS));
		if (!instant_before(clock_now(), end))
			break;
		if (output_queue_is_pending(output) &&
			signals_poll(&polled, 1, end) < 0)
			break;
	}
	tell_not_taken(chat);
	return false;
}

/* Tells what went, and what did not; its last line may go to stdout. */
static void tell_counts(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	send_path_tick(&chat->send_path, config->verbosity, INSTANT_NEVER);
	if (config->has_stats || (config->verbosity == VERBOSITY_VERBOSE &&
					 config->format != VIEW_JSON))
		stats_show(&chat->display, chat->session.driver, &chat->input,
			&chat->send_path, &chat->receive_path);
}

/* Says what was left undone, which is a failure even if nothing else was. */
static void conclude(struct chat *chat)
{
	const struct chat_config *config = chat->config;
	size_t left =
		input_left(&chat->input) +
		(chat->session.driver ? 0 : send_path_left(&chat->send_path));
	bool lacks_messages =
		config->count > 0 && !display_has_all(&chat->display);
	const struct engine_driver *driver = chat->session.driver;
	/* Of a vain -w it was said that nothing was sent. */
	bool was_said = driver && !driver->may_send && chat->phase.has_failed;

	/* When the reader of stdout has left, the end is to be quiet. */
	if (left > 0 && !chat->output_was_closed && !was_said)
		diagnostics_error("stopped with %zu line%s not yet sent", left,
			left == 1 ? "" : "s");
	if (lacks_messages && !chat->phase.has_failed &&
		!chat->output_was_closed)
		diagnostics_error("stopped after %" PRIu64 " of %" PRIu64
				  " messages",
			chat->display.counted, config->count);
	if (left > 0 || lacks_messages || chat->input.has_failed)
		phase_note_failure(&chat->phase);
	if (driver ? !delivery_conclude(
			     &chat->delivery, driver->engine, "", clock_now())
		   : chat->send_path.unsent > 0)
		phase_note_failure(&chat->phase);
	/* Nothing at all went out, and that was said. */
	if (chat->send_path.sent == 0 && chat->send_path.unsent > 0)
		phase_note_failure(&chat->phase);
}

void shutdown_run(struct chat *chat)
{
	const struct chat_config *config = chat->config;

	if (chat->session.driver)
		lifecycle_leave(chat);
	/* What came before the end is shown, and what was lost by then told. */
	if (config->shows && !chat->output_was_closed)
		incoming_finish(chat);
	console_close(&chat->console, &chat->display);
	stderr_queue_tell(
		&chat->stderr_queue, config->verbosity, LAST_WRITE_MS);
	stderr_queue_close(&chat->stderr_queue);
	/* The counts come last, and of all that came. */
	if (drain_output(chat)) {
		tell_counts(chat);
		drain_output(chat);
	} else {
		tell_counts(chat);
	}
	conclude(chat);
}
