/* SPDX-License-Identifier: ISC */
#include "mchat/chat/turn.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "mchat/chat/clock.h"
#include "mchat/chat/notice.h"
#include "mchat/chat/phase.h"
#include "mchat/chat/state.h"
#include "mchat/chat/talk.h"
#include "mchat/chat/wait.h"

enum {
	POLL_INPUT,
	POLL_RECEIVING,
	POLL_SENDING,
	POLL_OUTPUT,
	POLL_ERRORS,
	POLL_WEATHER,
	POLL_COUNT
};

static bool wants_input(const struct chat *chat)
{
	if (console_is_on(&chat->console))
		return console_wants_input(&chat->console);
	if (chat->input.is_terminal)
		return input_wants_more(&chat->input);
	return chat->phase == PHASE_TALKING &&
	       outbound_wants_input(&chat->outbound);
}

/* Fills in what to wait for; returns until when. */
static struct instant prepare(const struct chat *chat,
	struct pollfd polled[POLL_COUNT], struct instant now)
{
	const struct group *group = chat->session.place.group;
	struct instant deadline =
		instant_earlier(chat->deadline, chat->delivery.look_at);

	polled[POLL_INPUT] = (struct pollfd){
		.fd = wants_input(chat) ? STDIN_FILENO : -1,
		.events = POLLIN,
	};
	polled[POLL_RECEIVING] = (struct pollfd){
		.fd = inbound_wants_more(&chat->inbound, now)
			      ? group_receiving_fd(group)
			      : -1,
		.events = POLLIN,
	};
	polled[POLL_SENDING] = (struct pollfd){
		.fd = outbound_is_waiting(&chat->outbound)
			      ? group_sending_fd(group)
			      : -1,
		.events = POLLOUT,
	};
	/* Without events it still tells when the reader is gone. */
	polled[POLL_OUTPUT] = (struct pollfd){
		.fd = chat->config->shows ? STDOUT_FILENO : -1,
		.events = output_is_pending(&chat->output) ? POLLOUT : 0,
	};
	polled[POLL_ERRORS] = (struct pollfd){
		.fd = errors_waiting_fd(&chat->errors),
		.events = POLLOUT,
	};
	polled[POLL_WEATHER] = (struct pollfd){
		.fd = weather_fd(&chat->weather),
		.events = POLLIN,
	};
	if (!outbound_is_waiting(&chat->outbound))
		deadline = instant_earlier(
			deadline, weather_deadline(&chat->weather));
	if (console_is_on(&chat->console))
		deadline = instant_earlier(
			deadline, console_deadline(&chat->console));
	deadline =
		instant_earlier(deadline, outbound_deadline(&chat->outbound));
	return instant_earlier(deadline, inbound_deadline(&chat->inbound, now));
}

void turn_write(struct chat *chat)
{
	errors_flush(&chat->errors);
	output_flush(&chat->output);
	/* Whoever prints nothing more stands still: nor does time go on. */
	if (chat->session.link)
		chat->session.link->stands_still =
			output_is_full(&chat->output);
	if (!chat->output.is_closed || chat->output_was_closed)
		return;
	chat->output_was_closed = true;
	chat->phase = PHASE_OVER;
	/* That the reader left is no failure; a full disk is. */
	if (chat->output.error) {
		notice_failure("stdout", chat->output.error);
		chat->has_failed = true;
	}
}

void turn_show(struct chat *chat, struct instant now)
{
	if (console_is_on(&chat->console))
		console_show(&chat->console, now);
	turn_write(chat);
}

static void check_deadlines(struct chat *chat, struct instant now)
{
	inbound_tick(&chat->inbound, now);
	outbound_tick(&chat->outbound, now);
	if (display_has_all(&chat->display))
		chat->deadline = INSTANT_NEVER;
	if (instant_before(now, chat->deadline))
		return;
	notice_error("%" PRIu64 " of %" PRIu64
		     " messages came before the timeout",
		chat->display.shown, chat->config->count);
	phase_fail(chat);
}

static void read_input(struct chat *chat, struct instant now)
{
	if (console_is_on(&chat->console))
		console_read(&chat->console, now);
	else
		input_read(&chat->input);
}

/* Follows what the system did to the terminal and to us. */
static void follow_terminal(struct chat *chat)
{
	enum wait_news news = wait_take_news();

	if (!console_is_on(&chat->console))
		return;
	if (news == WAIT_STOP)
		console_suspend(&chat->console);
	else if (news == WAIT_CHANGE)
		console_return(&chat->console);
}

void turn_take(struct chat *chat)
{
	struct pollfd polled[POLL_COUNT];
	struct instant deadline = prepare(chat, polled, clock_now());
	struct instant now;

	if (wait_for(polled, POLL_COUNT, deadline) < 0) {
		notice_failure("poll", errno);
		phase_fail(chat);
	}
	follow_terminal(chat);
	now = clock_now();
	if (polled[POLL_RECEIVING].revents) {
		inbound_receive(&chat->inbound, now);
		/* Before all else: somebody waits for it. */
		turn_show(chat, now);
	}
	if (polled[POLL_WEATHER].revents)
		weather_note(&chat->weather, now);
	if (!outbound_is_waiting(&chat->outbound) &&
		weather_tick(&chat->weather, now))
		outbound_forget_trouble(&chat->outbound);
	if (polled[POLL_INPUT].revents)
		read_input(chat, now);
	/* The reader of stdout may have left just now. */
	if (chat->phase != PHASE_OVER)
		talk_do(chat, now);
	if (chat->phase == PHASE_PARTING && wait_take_interrupt()) {
		chat->is_hurried = true;
		talk_do(chat, now);
	}
	if (chat->inbound.has_failed)
		phase_fail(chat);
	check_deadlines(chat, now);
	turn_show(chat, now);
	phase_advance(chat, now);
	errors_tell(&chat->errors, chat->config->verbosity, 0);
	if (wait_signal() ||
		polled[POLL_OUTPUT].revents & (POLLERR | POLLHUP | POLLNVAL))
		chat->phase = PHASE_OVER;
}
