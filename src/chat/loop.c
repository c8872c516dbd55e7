/* SPDX-License-Identifier: ISC */
#include "mchat/chat/loop.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "mchat/chat/chat_internal.h"
#include "mchat/chat/incoming.h"
#include "mchat/chat/input_dispatch.h"
#include "mchat/chat/keyboard.h"
#include "mchat/chat/lifecycle.h"
#include "mchat/chat/outgoing.h"
#include "mchat/chat/peering.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/signals.h"
#include "mchat/peers/peers.h"
#include "mchat/terminal/editor.h"

enum {
	POLL_INPUT,
	POLL_RECEIVING, /* so many */
	POLL_SENDING = POLL_RECEIVING + MEMBERSHIP_FAMILIES_MAX,
	POLL_OUTPUT,
	POLL_ERRORS,
	POLL_INTERFACES,
	POLL_PEERS, /* so many */
	POLL_RESOLVER = POLL_PEERS + PEER_SOCKET_FAMILIES,
	POLL_PROBES,
	POLL_COUNT
};

static bool wants_input(const struct chat *chat)
{
	if (console_is_on(&chat->console))
		return console_wants_input(&chat->console);
	if (chat->input.is_terminal)
		return input_wants_more(&chat->input);
	return chat->phase.now == PHASE_TALKING && outgoing_wants_input(chat);
}

/* When sync_interfaces is due. */
static struct instant interfaces_deadline(const struct chat *chat)
{
	return instant_earlier(session_rejoin_deadline(&chat->session),
		interface_monitor_deadline(&chat->interface_monitor));
}

/* Fills in the sockets of each family. */
static void poll_receiving(const struct chat *chat,
	struct pollfd polled[MEMBERSHIP_FAMILIES_MAX], struct instant now)
{
	const struct membership *membership = &chat->session.membership;
	bool wants_more = incoming_wants_more(chat, now);

	for (size_t i = 0; i < MEMBERSHIP_FAMILIES_MAX; i++) {
		bool is_used = wants_more && i < membership->count;

		polled[i] = (struct pollfd){
			.fd = is_used ? group_receiving_fd(
						membership->families[i].group)
				      : -1,
			.events = POLLIN,
		};
	}
}

static bool has_received(const struct pollfd *polled, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (polled[i].revents)
			return true;
	}
	return false;
}

/* What comes from peers, and of looking up their names. */
static void prepare_peers(
	const struct chat *chat, struct pollfd polled[POLL_COUNT])
{
	const struct peers *peers = chat->session.peers;

	for (int i = 0; i < PEER_SOCKET_FAMILIES; i++)
		polled[POLL_PEERS + i] = (struct pollfd){
			.fd = peers && incoming_wants_peers(chat)
				      ? peers->socket.fds[i]
				      : -1,
			.events = POLLIN,
		};
	polled[POLL_RESOLVER] = (struct pollfd){
		.fd = peers ? peers->lookup.resolver.fd : -1,
		.events = POLLIN,
	};
}

/* Fills in what to wait for; returns until when. */
static struct instant prepare(const struct chat *chat,
	struct pollfd polled[POLL_COUNT], struct instant now)
{
	struct instant deadline =
		instant_earlier(chat->deadline, chat->delivery.check_at);

	polled[POLL_INPUT] = (struct pollfd){
		.fd = wants_input(chat) ? STDIN_FILENO : -1,
		.events = POLLIN,
	};
	poll_receiving(chat, &polled[POLL_RECEIVING], now);
	polled[POLL_SENDING] = (struct pollfd){
		.fd = send_path_waiting_fd(&chat->send_path,
			&chat->session.membership, chat->session.peers),
		.events = POLLOUT,
	};
	/* Without events it still tells when the reader is gone. */
	polled[POLL_OUTPUT] = (struct pollfd){
		.fd = chat->config->shows ? STDOUT_FILENO : -1,
		.events = output_queue_is_pending(&chat->display.output)
				  ? POLLOUT
				  : 0,
	};
	polled[POLL_ERRORS] = (struct pollfd){
		.fd = stderr_queue_waiting_fd(&chat->stderr_queue),
		.events = POLLOUT,
	};
	polled[POLL_INTERFACES] = (struct pollfd){
		.fd = interface_monitor_fd(&chat->interface_monitor),
		.events = POLLIN,
	};
	prepare_peers(chat, polled);
	polled[POLL_PROBES] = (struct pollfd){
		.fd = chat->session.probe_listener.fd,
		.events = POLLIN,
	};
	/* There is room by now, which nothing else tells. */
	if (chat->is_held_up && !display_is_full(&chat->display))
		deadline = now;
	if (!send_path_is_waiting(&chat->send_path))
		deadline = instant_earlier(deadline, interfaces_deadline(chat));
	if (console_is_on(&chat->console))
		deadline = instant_earlier(
			deadline, instant_earlier(chat->prompt.check_at,
					  console_deadline(&chat->console)));
	deadline =
		instant_earlier(deadline, send_path_deadline(&chat->send_path));
	deadline = instant_earlier(deadline, outgoing_deadline(chat));
	deadline = instant_earlier(deadline, chat->one_way.check_at);
	deadline = instant_earlier(deadline, peering_deadline(&chat->session));
	return instant_earlier(deadline, incoming_deadline(chat, now));
}

void loop_write(struct chat *chat)
{
	stderr_queue_flush(&chat->stderr_queue);
	output_queue_flush(&chat->display.output);
	/* While the display is full, the timers of the engine stand still. */
	if (chat->session.driver)
		chat->session.driver->is_frozen =
			display_is_full(&chat->display);
	if (!chat->display.output.is_closed || chat->output_was_closed)
		return;
	chat->output_was_closed = true;
	phase_enter(&chat->phase, PHASE_OVER);
	/* That the reader left is no failure; a full disk is. */
	if (chat->display.output.error) {
		diagnostics_failure("stdout", chat->display.output.error);
		phase_fail(&chat->phase);
	}
}

static void set_prompt(struct chat *chat, struct instant now)
{
	struct buffer prompt = BUFFER_EMPTY;

	prompt_append(&chat->prompt,
		&(struct prompt_facts){
			.nick = chat->session.nick,
			.driver = chat->session.driver,
			.absent = delivery_absent_count(&chat->delivery),
			.one_way = &chat->one_way,
			.is_leaving = chat->phase.now == PHASE_PARTING,
			.is_ending = keyboard_is_closed(chat),
			.to_come = display_lacks(&chat->display),
		},
		now, &prompt);
	editor_set_prompt(chat->console.editor, buffer_bytes(&prompt),
		buffer_size(&prompt));
	buffer_fini(&prompt);
}

void loop_show(struct chat *chat, struct instant now)
{
	if (console_is_on(&chat->console)) {
		set_prompt(chat, now);
		console_show(&chat->console, &chat->display, now);
	}
	loop_write(chat);
}

static void check_deadlines(struct chat *chat, struct instant now)
{
	incoming_tick(chat, now);
	peering_tick(&chat->session, now);
	send_path_tick(&chat->send_path, chat->config->verbosity, now);
	if (chat->session.driver)
		one_way_check(&chat->one_way, chat->session.driver->engine,
			&chat->session.config.membership.group,
			chat->config->verbosity, now);
	if (display_has_all(&chat->display))
		chat->deadline = INSTANT_NEVER;
	if (instant_before(now, chat->deadline))
		return;
	diagnostics_error("%" PRIu64 " of %" PRIu64
			  " messages came before the timeout",
		chat->display.counted, chat->config->count);
	phase_fail(&chat->phase);
}

static void read_input(struct chat *chat, struct instant now)
{
	if (console_is_on(&chat->console))
		keyboard_read(chat, now);
	else
		input_read(&chat->input);
}

/* Follows what the system did to the terminal and to us. */
static void follow_terminal(struct chat *chat)
{
	enum signals_news news = signals_take();

	if (!console_is_on(&chat->console))
		return;
	if (news == SIGNALS_STOP)
		console_suspend(&chat->console, &chat->display);
	else if (news == SIGNALS_CHANGE)
		console_return(&chat->console);
}

/* Joins and leaves as the interfaces of this host come and go, and anew when it
 * is time; not while a batch is being sent. */
static void sync_interfaces(struct chat *chat, struct instant now)
{
	struct session *session = &chat->session;

	if (send_path_is_waiting(&chat->send_path))
		return;
	if (chat->send_path.trouble.is_bad)
		interface_monitor_suspect(&chat->interface_monitor,
			chat->send_path.trouble.began, now);
	if ((interface_monitor_is_due(&chat->interface_monitor,
		     session_membership(session), session->log, now) ||
		    session_rejoin(session, chat->receive_path.heard, now)) &&
		session_follow(session, chat->config->verbosity, now))
		send_path_forget_trouble(&chat->send_path);
}

/* While another editor has the terminal, a Ctrl-C there is for it. */
static void forgive_interrupts(const struct chat *chat)
{
	if (external_editor_is_running(&chat->console.external))
		signals_forgive_interrupts();
}

/* Whether all sockets of the group were polled, and had nothing. */
static bool are_empty(const struct chat *chat, const struct pollfd *polled)
{
	for (size_t i = 0; i < chat->session.membership.count; i++) {
		if (polled[i].fd < 0 || polled[i].revents)
			return false;
	}
	return chat->session.is_open;
}

void loop_turn(struct chat *chat)
{
	struct pollfd polled[POLL_COUNT];
	struct instant deadline = prepare(chat, polled, clock_now());
	struct instant now;

	if (signals_poll(polled, POLL_COUNT, deadline) < 0) {
		diagnostics_failure("poll", errno);
		phase_fail(&chat->phase);
	}
	follow_terminal(chat);
	if (signals_take_hangup())
		transcript_follow(&chat->display.transcript);
	if (has_received(&polled[POLL_RECEIVING], MEMBERSHIP_FAMILIES_MAX)) {
		incoming_receive(chat);
		/* Shown at once: somebody may be waiting for it. */
		loop_show(chat, clock_now());
	}
	if (are_empty(chat, &polled[POLL_RECEIVING]))
		sealer_caught_up(&chat->session.sealer, clock_now());
	if (has_received(&polled[POLL_PEERS], PEER_SOCKET_FAMILIES)) {
		incoming_receive_from_peers(chat);
		loop_show(chat, clock_now());
	}
	now = clock_now();
	if (polled[POLL_PROBES].revents)
		incoming_receive_probes(chat, now);
	if (polled[POLL_INTERFACES].revents)
		interface_monitor_read(&chat->interface_monitor,
			session_membership(&chat->session), chat->session.log,
			now);
	sync_interfaces(chat, now);
	if (polled[POLL_INPUT].revents)
		read_input(chat, now);
	/* A line that left before it was said would not be owed to a member
	 * that started between. */
	now = clock_now();
	/* The reader of stdout may have left just now. */
	if (chat->phase.now != PHASE_OVER)
		input_dispatch_run(chat, now);
	if (chat->phase.now == PHASE_PARTING && signals_take_interrupt()) {
		chat->is_hurried = true;
		input_dispatch_run(chat, now);
	}
	check_deadlines(chat, now);
	if (chat->is_copied && chat->session.driver)
		lifecycle_leave_copy(chat, now);
	loop_show(chat, now);
	lifecycle_advance(chat, now);
	stderr_queue_tell(&chat->stderr_queue, chat->config->verbosity, 0);
	forgive_interrupts(chat);
	if (signals_signal() ||
		polled[POLL_OUTPUT].revents & (POLLERR | POLLHUP | POLLNVAL))
		phase_enter(&chat->phase, PHASE_OVER);
}
