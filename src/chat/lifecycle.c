/* SPDX-License-Identifier: ISC */
#include "mchat/chat/lifecycle.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/chat_internal.h"
#include "mchat/chat/incoming.h"
#include "mchat/chat/outgoing.h"
#include "mchat/chat/presence_show.h"
#include "mchat/interfaces/membership_say.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/signals.h"
#include "mchat/peers/peers.h"
#include "mchat/protocol/engine.h"

/* How long the last packets may wait for room in the kernel's buffer. */
#define LAST_SEND_MS 200

/* Whether there is nothing left to wait for but confirmations. */
static bool has_said_all(const struct chat *chat)
{
	if (send_path_is_waiting(&chat->send_path))
		return false;
	if (chat->config->count > 0)
		return display_has_all(&chat->display);
	return chat->config->talks && input_is_done(&chat->input);
}

/* Some may have come that do not hear us. */
static void say_absent(const struct chat *chat)
{
	const struct engine *engine = chat->session.driver->engine;
	struct buffer text = BUFFER_EMPTY;
	size_t unheard;

	buffer_append_format(&text,
		"%zu of %zu members came before the timeout; nothing was "
		"sent; ",
		chat->delivery.met, chat->delivery.wanted);
	unheard = one_way_append_names(&chat->one_way, engine, false, &text);
	if (unheard > 0) {
		buffer_append_string(&text,
			unheard == 1 ? " is here but does not hear you; "
				     : " are here but do not hear you; ");
		one_way_append_cause(&chat->one_way, engine,
			&chat->session.config.membership.group, &text);
	} else {
		buffer_append_string(
			&text, "start them first, or wait longer (-T)");
		if (chat->session.config.key)
			buffer_append_string(&text,
				"; or they have another key, whose fingerprint "
				"(mchat key show) differs");
	}
	buffer_append_char(&text, '\0');
	diagnostics_error("%s", buffer_bytes(&text));
	buffer_fini(&text);
}

static void gather(struct chat *chat, struct instant now)
{
	struct engine *engine = chat->session.driver->engine;

	switch (delivery_begin(&chat->delivery, engine, now)) {
	case DELIVERY_WAITING:
		engine_gather(engine, chat->delivery.wanted, now);
		return;
	case DELIVERY_DONE:
		engine_gather(engine, 0, now);
		chat->session.driver->may_send = true;
		phase_enter(&chat->phase, PHASE_TALKING);
		return;
	case DELIVERY_TIMED_OUT:
		say_absent(chat);
		phase_fail(&chat->phase);
		return;
	}
}

void lifecycle_advance(struct chat *chat, struct instant now)
{
	if (chat->phase.now == PHASE_GATHERING)
		gather(chat, now);
	if (chat->phase.now == PHASE_TALKING && has_said_all(chat)) {
		if (chat->session.driver)
			engine_finish(chat->session.driver->engine, now);
		phase_enter(&chat->phase, PHASE_CONFIRMING);
	}
	if (chat->phase.now == PHASE_CONFIRMING &&
		(!chat->session.driver || delivery_end(&chat->delivery,
						  chat->session.driver->engine,
						  now) != DELIVERY_WAITING))
		phase_enter(&chat->phase, PHASE_OVER);
}

/* ---- coming and going ---- */

/* Whether somebody at a terminal is told where the chat is; elsewhere it is
 * said only when verbose. */
static bool is_watched(const struct chat *chat)
{
	const struct chat_config *config = chat->config;

	return config->verbosity == VERBOSITY_NORMAL &&
	       (isatty(STDERR_FILENO) ||
		       (config->reads_input && chat->input.is_terminal));
}

/* It is where nobody else can hear us, which who is at a terminal is told. */
static void say_fallback(const struct chat *chat)
{
	const char *text =
		chat->session.peers &&
				peers_are_asked_for(chat->session.config.peers)
			? "no network with multicast is up: only peers can "
			  "hear you"
			: "no network is up: nobody outside this host can "
			  "hear you";

	if (is_watched(chat))
		diagnostics_answer("%s", text);
	else
		diagnostics_detail(chat->config->verbosity, "%s", text);
}

/* Programs are told with which key. */
static void show_private(struct chat *chat)
{
	char fingerprint[KEY_SCHEDULE_FINGERPRINT_SIZE];
	struct event event = {
		.kind = EVENT_PRIVATE,
		.time = clock_wall(),
		.private.group = chat->session.membership.families[0].address,
	};

	if (!chat->session.sealer.seal || chat->config->format != VIEW_JSON)
		return;
	session_fingerprint(&chat->session, fingerprint);
	event.private.key = fingerprint;
	display_event(&chat->display, &event);
}

static void say_private(const struct chat *chat)
{
	const struct seal *seal = chat->session.sealer.seal;

	if (seal && !seal_clock_is_set(seal))
		diagnostics_warning(chat->config->verbosity,
			"our clock is not set; joining takes longer");
}

/* Appends what people are told behind the group. */
static void append_hint(const struct chat *chat, struct buffer *out)
{
	buffer_append_string(out, chat->session.config.key ? "; " : "");
	(void)session_append_key(&chat->session, out);
	if (chat->session.keeps_port)
		buffer_append_string(out, "; the port is the same as before");
	else if (chat->config->reads_input && chat->input.is_terminal)
		buffer_append_string(out, "; end with Ctrl-D");
	buffer_append_char(out, '\0');
}

static void say_place(const struct chat *chat)
{
	const struct chat_config *config = chat->config;
	struct buffer hint = BUFFER_EMPTY;

	append_hint(chat, &hint);
	if (!hint.failed &&
		(is_watched(chat) || config->verbosity == VERBOSITY_VERBOSE))
		membership_say(&chat->session.membership,
			&chat->session.config.membership, is_watched(chat),
			buffer_bytes(&hint));
	buffer_fini(&hint);
	say_private(chat);
	membership_say_refused(&chat->session.membership, config->verbosity);
	membership_say_sources(&chat->session.config.membership,
		chat->session.config.is_raw, config->verbosity);
	membership_say_spare(&chat->session.membership, config->verbosity);
	membership_say_link(&chat->session.membership,
		chat->session.config.membership.group.hop_limit,
		config->verbosity);
	if (membership_is_fallback(&chat->session.membership))
		say_fallback(chat);
	membership_say_buffers(&chat->session.membership,
		&chat->session.config.membership, config->verbosity);
}

void lifecycle_begin(struct chat *chat, struct instant now)
{
	receive_path_begin(&chat->receive_path, &chat->session.membership);
	if (chat->session.driver) {
		delivery_init(&chat->delivery, now);
		one_way_init(&chat->one_way);
		chat->wait_was_reported = false;
		chat->plain_was_reported = false;
		chat->version_was_reported = false;
		if (chat->config->session.history > 0)
			history_merge_begin(&chat->history_merge, now);
		phase_enter(&chat->phase, PHASE_GATHERING);
		gather(chat, now);
	}
	outside_init(&chat->outside);
	chat->is_copied = false;
	presence_show_begin(chat, now);
	say_place(chat);
	show_private(chat);
}

void lifecycle_leave(struct chat *chat)
{
	struct engine *engine = chat->session.driver->engine;
	struct instant now = clock_now();
	struct instant end = instant_after(now, duration_ms(LAST_SEND_MS));

	engine_leave(engine, now);
	for (;;) {
		struct pollfd polled = {.fd = -1, .events = POLLOUT};
		struct instant next;

		/* What comes meanwhile is shown, and each bye confirms it. */
		if (incoming_wants_more(chat, INSTANT_NEVER))
			incoming_receive(chat);
		outgoing_send(chat, now);
		if (send_path_is_waiting(&chat->send_path)) {
			polled.fd = send_path_waiting_fd(&chat->send_path,
				&chat->session.membership, chat->session.peers);
			next = end;
		} else {
			next = engine_deadline(engine);
		}
		if (instant_is_never(next) || !instant_before(now, end) ||
			signals_poll(&polled, 1, instant_earlier(next, end)) <
				0)
			return;
		now = clock_now();
	}
}

static void move(struct chat *chat, struct instant now)
{
	session_open(&chat->session, now);
	if (chat->session.is_open)
		lifecycle_begin(chat, now);
	else if (diagnostics_terminal() != stderr)
		diagnostics_answer("not joined; standard error says why");
}

/* Leaves the group and says what of ours is confirmed there. */
static void leave_group(struct chat *chat, struct instant now)
{
	const struct engine *engine = chat->session.driver->engine;

	if (!delivery_conclude(&chat->delivery, engine, "left; ", now))
		phase_note_failure(&chat->phase);
	else if (engine_said_last(engine) > 0 && chat->delivery.met > 0)
		diagnostics_answer("left; all that you said is confirmed");
	else
		diagnostics_answer("left");
	lifecycle_leave(chat);
	incoming_finish(chat);
	send_path_drop(&chat->send_path, &chat->session.membership, now);
	receive_path_end(&chat->receive_path);
	session_close(&chat->session);
	delivery_init(&chat->delivery, now);
	one_way_init(&chat->one_way);
}

void lifecycle_leave_copy(struct chat *chat, struct instant now)
{
	const struct engine *engine = chat->session.driver->engine;

	diagnostics_error(
		"somebody seals with our number: was this machine set "
		"back or copied? Joining anew");
	phase_note_failure(&chat->phase);
	(void)delivery_conclude(&chat->delivery, engine, "left; ", now);
	incoming_finish(chat);
	send_path_drop(&chat->send_path, &chat->session.membership, now);
	receive_path_end(&chat->receive_path);
	if (!session_leave_copy(&chat->session, now)) {
		phase_fail(&chat->phase);
		return;
	}
	delivery_init(&chat->delivery, now);
	one_way_init(&chat->one_way);
	move(chat, now);
	if (!chat->session.is_open)
		phase_fail(&chat->phase);
}

bool lifecycle_part(struct chat *chat, struct instant now)
{
	const struct engine_driver *driver = chat->session.driver;

	if (driver && !chat->is_hurried &&
		delivery_end(&chat->delivery, driver->engine, now) ==
			DELIVERY_WAITING)
		return false;
	if (driver)
		leave_group(chat, now);
	chat->is_hurried = false;
	phase_enter(&chat->phase, PHASE_TALKING);
	if (chat->wish == COMMANDS_MOVE)
		move(chat, clock_now());
	return true;
}
