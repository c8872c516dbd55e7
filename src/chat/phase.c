/* SPDX-License-Identifier: ISC */
#include "mchat/chat/phase.h"

#include <poll.h>
#include <unistd.h>

#include "mchat/chat/clock.h"
#include "mchat/chat/notice.h"
#include "mchat/chat/state.h"
#include "mchat/chat/wait.h"
#include "mchat/protocol/engine.h"

/* How long the last packets may wait for room in the kernel's buffer. */
#define LAST_SEND_MS 200

void phase_fail(struct chat *chat)
{
	chat->has_failed = true;
	chat->phase = PHASE_OVER;
}

/* Whether there is nothing left to wait for but confirmations. */
static bool has_said_all(const struct chat *chat)
{
	if (outbound_is_waiting(&chat->outbound))
		return false;
	if (chat->config->count > 0)
		return display_has_all(&chat->display);
	return chat->config->talks && input_is_done(&chat->input);
}

static void gather(struct chat *chat, struct instant now)
{
	switch (delivery_begin(
		&chat->delivery, chat->session.link->engine, now)) {
	case DELIVERY_WAITING:
		return;
	case DELIVERY_DONE:
		chat->session.link->may_talk = true;
		chat->phase = PHASE_TALKING;
		return;
	case DELIVERY_TIMED_OUT:
		notice_error("%zu of %zu members came before the timeout; "
			     "nothing was sent; start them first, or wait "
			     "longer (-T)",
			chat->delivery.met, chat->delivery.wanted);
		phase_fail(chat);
		return;
	}
}

void phase_advance(struct chat *chat, struct instant now)
{
	if (chat->phase == PHASE_GATHERING)
		gather(chat, now);
	if (chat->phase == PHASE_TALKING && has_said_all(chat))
		chat->phase = PHASE_CONFIRMING;
	if (chat->phase == PHASE_CONFIRMING &&
		(!chat->session.link || delivery_end(&chat->delivery,
						chat->session.link->engine,
						now) != DELIVERY_WAITING))
		chat->phase = PHASE_OVER;
}

/* ---- coming and going ---- */

/* At a terminal it is said where the chat is, elsewhere only when verbose. */
static void say_place(const struct chat *chat)
{
	const struct chat_config *config = chat->config;
	enum verbosity verbosity = config->verbosity;
	const char *hint = "";

	if (verbosity == NOTICE_NORMAL && isatty(STDERR_FILENO))
		verbosity = NOTICE_VERBOSE;
	if (chat->session.keeps_port)
		hint = "; the port is the same as before";
	else if (config->reads_input && chat->input.is_terminal)
		hint = "; end with Ctrl-D";
	place_say(&chat->session.place, &chat->session.config.place, verbosity,
		hint);
	place_say_buffers(&chat->session.place, &chat->session.config.place,
		config->verbosity);
}

void phase_begin(struct chat *chat, struct instant now)
{
	inbound_begin(&chat->inbound);
	if (chat->session.link) {
		delivery_init(&chat->delivery, now);
		chat->wait_was_told = false;
		chat->phase = PHASE_GATHERING;
		gather(chat, now);
	}
	say_place(chat);
}

void phase_leave(struct chat *chat)
{
	struct engine *engine = chat->session.link->engine;
	struct instant now = clock_now();
	struct instant end = instant_after(now, duration_ms(LAST_SEND_MS));

	engine_leave(engine, now);
	for (;;) {
		struct pollfd polled = {.fd = -1, .events = POLLOUT};
		struct instant next;

		outbound_send(&chat->outbound, now);
		if (outbound_is_waiting(&chat->outbound)) {
			polled.fd = group_sending_fd(chat->session.place.group);
			next = end;
		} else {
			next = engine_deadline(engine);
		}
		if (instant_is_never(next) || !instant_before(now, end) ||
			wait_for(&polled, 1, instant_earlier(next, end)) < 0)
			return;
		now = clock_now();
	}
}

static void move(struct chat *chat, struct instant now)
{
	session_open(&chat->session, now);
	if (chat->session.is_open)
		phase_begin(chat, now);
}

/* Leaves the group and says what of ours is confirmed there. */
static void leave_group(struct chat *chat, struct instant now)
{
	const struct engine *engine = chat->session.link->engine;

	if (!delivery_report(&chat->delivery, engine, "left; ", now))
		chat->has_failed = true;
	else if (engine_said_last(engine) > 0 && chat->delivery.met > 0)
		notice_answer("left; all that you said is confirmed");
	else
		notice_answer("left");
	phase_leave(chat);
	inbound_finish(&chat->inbound, now);
	outbound_drop(&chat->outbound, now);
	session_close(&chat->session);
	delivery_init(&chat->delivery, now);
}

bool phase_part(struct chat *chat, struct instant now)
{
	const struct link *link = chat->session.link;

	if (link && !chat->is_hurried &&
		delivery_end(&chat->delivery, link->engine, now) ==
			DELIVERY_WAITING)
		return false;
	if (link)
		leave_group(chat, now);
	chat->is_hurried = false;
	chat->console.is_leaving = false;
	chat->phase = PHASE_TALKING;
	if (chat->wish == COMMAND_MOVE)
		move(chat, clock_now());
	return true;
}
