/* SPDX-License-Identifier: ISC */
#include "mchat/chat/incoming.h"

#include <errno.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/chat_internal.h"
#include "mchat/chat/incoming_sealed.h"
#include "mchat/chat/peering.h"
#include "mchat/chat/presence_show.h"
#include "mchat/chat/raw.h"
#include "mchat/interfaces/membership_say.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/network/call.h"
#include "mchat/network/group.h"
#include "mchat/network/send_batch.h"
#include "mchat/peers/peers.h"
#include "mchat/protocol/engine.h"
#include "mchat/seal/header.h"
#include "mchat/view/event_payload.h"
#include "mchat/view/name.h"

/* Full batches received in a row before input and output have their turn: as
 * much as a turn of sending, of which we may hear every datagram again. */
#define RECEIVE_ROUNDS (SEND_BATCH_MAX / RECEIVE_BATCH_MAX)

/* Whether there is room for events, and use in them. */
static bool takes_events(const struct chat *chat)
{
	return !display_has_all(&chat->display) &&
	       !display_is_full(&chat->display);
}

/* The same for datagrams: a member that has seen all it wanted is still to hear
 * who confirms what it said. */
static bool takes_datagrams(const struct chat *chat)
{
	return chat->session.driver ? !display_is_full(&chat->display)
				    : takes_events(chat);
}

bool incoming_wants_more(const struct chat *chat, struct instant now)
{
	return chat->session.is_open && takes_datagrams(chat) &&
	       !receive_path_is_coalescing(&chat->receive_path, now);
}

/* ---- events ---- */

/* Shows what is held and whose turn it is, as far as stdout takes it. */
static void show_held(struct chat *chat, struct instant now)
{
	struct event event;

	while (history_merge_is_pending(&chat->history_merge) &&
		takes_events(chat) &&
		history_merge_next(&chat->history_merge, &event))
		presence_show_event(chat, &event, now);
}

/* Shows an event in its turn. */
static void show(
	struct chat *chat, const struct event *event, struct instant now)
{
	if (!history_merge_take(&chat->history_merge, event, now)) {
		show_held(chat, now);
		presence_show_event(chat, event, now);
	}
}

/* Whether people see when something was said. */
static bool shows_times(const struct display *display)
{
	return (display->view.on_terminal &&
		       display->view.format == VIEW_TEXT && !display->is_off) ||
	       transcript_is_open(&display->transcript);
}

/* Once for each member whose clock is wrong. */
static void tell_offset(const struct chat *chat, const struct event *event)
{
	struct buffer text = BUFFER_EMPTY;

	name_append(&text, &event->member);
	buffer_append_string(&text, "'s clock is ");
	clock_offset_append(&text, event->time, event->received);
	buffer_append_string(
		&text, " ours: what is said there is dated by ours");
	buffer_append_char(&text, '\0');
	if (!text.failed)
		diagnostics_warning(
			chat->config->verbosity, "%s", buffer_bytes(&text));
	buffer_fini(&text);
}

/* Dates what somebody said: history by its author, and what is said now by us
 * where the author's clock is wrong. */
static void date_message(
	struct chat *chat, struct event *event, struct wall_time received)
{
	bool is_news;

	event->received = received;
	if (event->message.is_history || event->message.is_own)
		return;
	event->is_misdated = clock_offset_is_wrong(&chat->clock_offsets,
		event->member.id, event->time, event->received, &is_news);
	if (is_news && !chat->session.sealer.seal &&
		shows_times(&chat->display))
		tell_offset(chat, event);
}

/* What came in was `received` just now, with others. */
static void on_event(struct chat *chat, struct event *event,
	struct wall_time received, struct instant now)
{
	struct event loss;

	session_mark_own(&chat->session, event);
	/* What nobody said has no time of its author. */
	if (event_payload_is_message(event))
		date_message(chat, event, received);
	else
		event->time = clock_wall();
	delivery_note(&chat->delivery, event);
	if (event->kind == EVENT_JOIN)
		one_way_follow(&chat->one_way, event->member.id, now);
	if (receive_path_may_lack(&chat->receive_path, event, &loss))
		show(chat, &loss, now);
	show(chat, event, now);
}

/* Programs are told of peers; people were, when it happened. */
static void take_peer_events(struct chat *chat)
{
	struct event event;

	while (takes_events(chat) &&
		peering_next_event(&chat->session, &event)) {
		event.time = clock_wall();
		if (chat->config->format == VIEW_JSON)
			display_event(&chat->display, &event);
	}
}

/* Takes what the engine has to tell, as far as stdout takes it. */
static void take_events(struct chat *chat, struct instant now)
{
	struct engine_driver *driver = chat->session.driver;
	struct wall_time received = clock_wall();
	struct event event;

	show_held(chat, now);
	while (driver && takes_events(chat) &&
		!history_merge_is_pending(&chat->history_merge) &&
		engine_next_event(driver->engine, &event)) {
		on_event(chat, &event, received, now);
		show_held(chat, now);
	}
	take_peer_events(chat);
	chat->is_held_up = display_is_full(&chat->display);
}

/* Whether a member that is here said something that we do not have yet. */
static bool lacks_some(const struct chat *chat)
{
	const struct engine_driver *driver = chat->session.driver;
	struct engine_member member;

	for (size_t i = 0;
		driver && engine_member_at(driver->engine, i, &member); i++)
		if (member.lost > 0)
			return true;
	return false;
}

void incoming_end_gathering(struct chat *chat, struct instant now)
{
	history_merge_end(&chat->history_merge);
	show_held(chat, now);
}

/* ---- datagrams ---- */

/* A datagram that is none of the protocol's is a line. */
static void show_plain(
	struct chat *chat, const struct datagram *datagram, struct instant now)
{
	const struct membership *membership = &chat->session.membership;
	struct event event;

	if (display_has_all(&chat->display))
		return;
	raw_event(datagram,
		membership_interface_name(
			membership, datagram->interface_index),
		clock_wall(), &event);
	show(chat, &event, now);
}

/* Who runs a program of a textbook sees our packets as garbage, which is said
 * once in each group.  Programs that read JSON have the event. */
static void say_plain_came(struct chat *chat, const struct address *from)
{
	struct buffer text = BUFFER_EMPTY;

	if (chat->plain_was_reported || chat->config->format == VIEW_JSON)
		return;
	chat->plain_was_reported = true;
	raw_append_advice(
		&text, from, &chat->session.config.membership.group.address);
	buffer_append_char(&text, '\0');
	if (!text.failed)
		diagnostics_warning(
			chat->config->verbosity, "%s", buffer_bytes(&text));
	buffer_fini(&text);
}

/* Who has another version may be heard, but is no member to us, nor we to it,
 * which is said once in each group. */
static void say_version_came(struct chat *chat, const struct address *from)
{
	char text[ADDRESS_TEXT_SIZE];

	if (chat->version_was_reported)
		return;
	chat->version_was_reported = true;
	diagnostics_warning(chat->config->verbosity,
		"%s has another version of mchat: neither repairs nor confirms "
		"for the other; install the same on both (mchat -V)",
		address_format_host(from, text));
}

/* What members without --raw send is nothing to read, which is said once. */
static void say_packets_came(struct chat *chat)
{
	if (!chat->packets_were_reported)
		diagnostics_warning(chat->config->verbosity,
			"members without --raw are here, too; their packets "
			"are not shown");
	chat->packets_were_reported = true;
}

/* What is sealed is nothing to us; who wants to know is told of it once. */
static void say_sealed_came(struct chat *chat, const struct datagram *datagram)
{
	struct seal_header header;

	if (chat->sealed_was_reported ||
		chat->config->verbosity != VERBOSITY_VERBOSE ||
		seal_header_read(datagram->bytes, datagram->size, &header) !=
			SEAL_HEADER_OK)
		return;
	chat->sealed_was_reported = true;
	diagnostics_detail(chat->config->verbosity,
		"private groups are here, too; what they say is not for us");
}

static void take_raw(
	struct chat *chat, const struct datagram *datagram, struct instant now)
{
	const struct trace *trace = session_trace(&chat->session);

	if (trace)
		trace_received(trace, NULL, datagram, datagram->size,
			WIRE_NOT_OURS, now);
	if (!wire_is_packet(datagram->bytes, datagram->size))
		show_plain(chat, datagram, now);
	else if (!display_has_all(&chat->display))
		say_packets_came(chat);
}

/* Takes a packet, which came as this datagram. */
static void take_packet(struct chat *chat, const struct datagram *packet,
	const struct datagram *datagram, struct instant now)
{
	struct session *session = &chat->session;
	const struct probe_place place = session_probe_place(session);
	const struct trace *trace = session_trace(session);
	bool is_echo;

	if (probe_listener_take(&session->probe_listener, &place, packet, now))
		return;
	/* What was opened counts whatever the way that it came by: else who
	 * copies a datagram to another of our sockets would have it lost, as
	 * the other copy comes twice. */
	if (!peering_hears(session, packet, now) && !session->sealer.seal)
		return;
	if (!session->driver) {
		take_raw(chat, packet, now);
		return;
	}
	/* The seal knows its own. */
	is_echo = !session->sealer.seal && !datagram->is_unicast &&
		  membership_is_own(&session->membership, &datagram->from);
	if (wire_is_of_other_version(packet->bytes, packet->size))
		say_version_came(chat, &packet->from);
	if (!engine_driver_receive(session->driver, trace, packet,
		    datagram->size, is_echo, now)) {
		/* What a member of a private group seals is a packet. */
		if (session->sealer.seal)
			return;
		show_plain(chat, packet, now);
		if (!display_has_all(&chat->display))
			say_plain_came(chat, &packet->from);
	} else if (!is_echo && peering_pass(session, packet, datagram, now) &&
		   trace) {
		trace_passed_on(trace, session->driver->engine, packet,
			datagram->size, now);
	}
}

static void take(
	struct chat *chat, const struct datagram *datagram, struct instant now)
{
	struct datagram packet;

	if (chat->session.sealer.seal) {
		if (incoming_sealed_open(chat, datagram, now, &packet))
			take_packet(chat, &packet, datagram, now);
		return;
	}
	if (chat->session.driver)
		say_sealed_came(chat, datagram);
	take_packet(chat, datagram, datagram, now);
}

/* Tells of a fault, but not where it befalls an echo.  Sealed it has no author
 * to know it by. */
static void trace_injected(
	struct chat *chat, const struct received *received, struct instant now)
{
	struct session *session = &chat->session;
	const struct trace *trace = session_trace(session);

	if (!trace || received->fault == FAULT_NONE ||
		(session->sealer.seal && membership_is_own(&session->membership,
						 &received->datagram->from)))
		return;
	trace_fault(trace, session->driver ? session->driver->engine : NULL,
		received->datagram, received->fault, now);
}

/* Takes what came to our port by unicast, broadcast or to all hosts. */
static void take_aside(
	struct chat *chat, struct datagram *datagram, struct instant now)
{
	struct session *session = &chat->session;

	datagram->is_aside = true;
	take(chat, datagram, now);
	peering_flush(session, &chat->send_path);
}

void incoming_receive_probes(struct chat *chat, struct instant now)
{
	struct session *session = &chat->session;
	const struct probe_place place = session_probe_place(session);
	uint8_t bytes[WIRE_PACKET_MAX];
	struct datagram datagram;

	if (!session->sealer.seal) {
		probe_listener_receive(&session->probe_listener, &place, now);
		return;
	}
	for (int i = 0; i < PROBE_LISTENER_TURN &&
			probe_listener_next(&session->probe_listener, &place,
				bytes, &datagram);
		i++)
		take_aside(chat, &datagram, now);
}

/* Takes what there is of the batch, and what was held back until `then`, as far
 * as stdout takes it: one batch of datagrams may be 4 MiB. */
static void take_datagrams(
	struct chat *chat, struct instant then, struct instant now)
{
	struct session *session = &chat->session;
	/* The engine is told of its own. */
	struct membership *own = session->driver ? NULL : &session->membership;
	struct received received;

	while (!display_is_full(&chat->display) &&
		receive_path_next(&chat->receive_path, own, then, &received)) {
		trace_injected(chat, &received, now);
		if (received.is_taken)
			take(chat, received.datagram, now);
		/* What was held back is gone at the next. */
		if (chat->receive_path.held.bytes)
			peering_flush(session, &chat->send_path);
	}
	peering_flush(session, &chat->send_path);
}

/* Takes what the socket of a family has, *total datagrams; false when that
 * failed, or not all of them can be taken yet. */
static bool receive_all(struct chat *chat, size_t family, size_t *total)
{
	const struct membership *membership = &chat->session.membership;
	int fd = group_receiving_fd(membership->families[family].group);
	size_t received = 0;

	for (int round = 0; round < RECEIVE_ROUNDS; round++) {
		int count = receive_path_fill(
			&chat->receive_path, membership, family);
		/* Asked now: a datagram that came before it left would have us
		 * take its author for older than it is. */
		struct instant now = clock_now();

		if (count < 0) {
			diagnostics_failure("receive", errno);
			phase_fail(&chat->phase);
			return false;
		}
		if (count > 0)
			call_received(chat->session.log, receive_batch_call, fd,
				receive_path_first(&chat->receive_path), count);
		take_datagrams(chat, now, now);
		take_events(chat, now);
		received += (size_t)count;
		if (count < RECEIVE_BATCH_MAX || !takes_datagrams(chat))
			break;
	}
	receive_path_ask_losses(&chat->receive_path, received);
	*total += received;
	return !receive_path_has_more(&chat->receive_path);
}

void incoming_receive(struct chat *chat)
{
	const struct membership *membership = &chat->session.membership;
	struct instant now = clock_now();
	size_t received = 0;

	/* What an earlier turn had no room for comes first. */
	take_datagrams(chat, now, now);
	if (receive_path_has_more(&chat->receive_path))
		return;
	for (size_t i = 0; i < membership->count &&
			   !receive_path_has_more(&chat->receive_path);
		i++) {
		while (receive_all(chat, i, &received) &&
			group_close_replaced(membership->families[i].group))
			continue;
	}
	now = clock_now();
	/* What the engine lost it has sent again, and tells if that fails. */
	receive_path_end_turn(
		&chat->receive_path, received, !chat->session.driver, now);
	if (chat->receive_path.lost > 0)
		membership_say_loss(&chat->session.membership,
			&chat->session.config.membership,
			chat->config->verbosity);
	if (!receive_path_has_more(&chat->receive_path) &&
		takes_datagrams(chat))
		sealer_caught_up(&chat->session.sealer, now);
	if (chat->display.output.queue.failed || chat->display.above.failed) {
		diagnostics_failure("messages waiting for stdout", ENOMEM);
		phase_fail(&chat->phase);
	}
}

/* ---- from peers ---- */

bool incoming_wants_peers(const struct chat *chat)
{
	return takes_datagrams(chat);
}

/* Takes a datagram of a peer, with the faults that are to be injected. */
static void take_from_peer(
	struct chat *chat, const struct datagram *datagram, struct instant now)
{
	const struct session *session = &chat->session;
	const struct trace *trace = session_trace(session);
	enum fault fault =
		fault_injection_take(&chat->receive_path.faults, datagram, now);

	if (trace && fault != FAULT_NONE)
		trace_fault(
			trace, session->driver->engine, datagram, fault, now);
	if (fault == FAULT_NONE || fault == FAULT_DUPLICATE)
		take(chat, datagram, now);
	if (fault == FAULT_DUPLICATE)
		take(chat, datagram, now);
}

/* Takes what the socket of one family has. */
static void receive_from_peers(struct chat *chat, int fd)
{
	struct receive_batch *batch = chat->session.peers->receiving;
	int count = RECEIVE_BATCH_MAX;

	for (int round = 0; round < RECEIVE_ROUNDS && takes_datagrams(chat) &&
			    count >= RECEIVE_BATCH_MAX;
		round++) {
		struct instant now;

		count = receive_batch_fill(batch, fd);
		now = clock_now();
		if (count < 0) {
			diagnostics_failure("receive from peers", errno);
			phase_fail(&chat->phase);
			return;
		}
		for (int i = 0; i < count; i++)
			take_from_peer(
				chat, receive_batch_at(batch, (size_t)i), now);
		peering_flush(&chat->session, &chat->send_path);
		take_events(chat, now);
	}
}

void incoming_receive_from_peers(struct chat *chat)
{
	const struct peer_socket *socket = &chat->session.peers->socket;

	for (int i = 0; i < PEER_SOCKET_FAMILIES; i++) {
		if (socket->fds[i] >= 0)
			receive_from_peers(chat, socket->fds[i]);
	}
}

/* ---- when it is due ---- */

static void tell_losses(struct chat *chat, struct instant now)
{
	struct event event;

	if (receive_path_take_losses(&chat->receive_path, now, &event))
		display_event(&chat->display, &event);
}

static void close_replaced(const struct membership *membership)
{
	for (size_t i = 0; i < membership->count; i++)
		(void)group_close_replaced(membership->families[i].group);
}

void incoming_tick(struct chat *chat, struct instant now)
{
	struct history_merge *merge = &chat->history_merge;

	take_datagrams(chat, now, now);
	/* Else one that was emptied by a batch that had to wait would be polled
	 * for ever, and the socket in its place never. */
	if (chat->session.is_open &&
		!receive_path_has_more(&chat->receive_path))
		close_replaced(&chat->session.membership);
	take_events(chat, now);
	if (history_merge_is_due(merge, now))
		history_merge_tick(merge, lacks_some(chat), now);
	show_held(chat, now);
	presence_show_tick(chat, now);
	tell_losses(chat, now);
}

struct instant incoming_deadline(const struct chat *chat, struct instant now)
{
	struct instant shows_at =
		instant_earlier(history_merge_deadline(&chat->history_merge),
			presence_notices_deadline(&chat->presence_notices));

	return instant_earlier(
		shows_at, receive_path_deadline(&chat->receive_path, now));
}

void incoming_drain(struct chat *chat, struct instant now)
{
	take_datagrams(chat, INSTANT_NEVER, now);
	take_events(chat, now);
	incoming_end_gathering(chat, now);
	take_events(chat, now);
	incoming_end_gathering(chat, now);
}

void incoming_finish(struct chat *chat)
{
	if (incoming_wants_more(chat, INSTANT_NEVER))
		incoming_receive(chat);
	if (chat->session.peers && takes_datagrams(chat))
		incoming_receive_from_peers(chat);
	incoming_drain(chat, clock_now());
	tell_losses(chat, INSTANT_NEVER);
}
