/* SPDX-License-Identifier: ISC */
#include "mchat/chat/peering.h"

#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/chat/send_path.h"
#include "mchat/chat/session.h"
#include "mchat/peers/peer_output.h"
#include "mchat/peers/peers.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/wire_peer.h"
#include "mchat/trace/trace.h"

/* A peer was heard first: the members behind it are to be found at once. */
static void greet(struct session *session, struct instant now)
{
	if (!peers_take_news(session->peers))
		return;
	session_fit_packets(session, now);
	engine_greet(session->driver->engine, now);
}

/* What peers say of the exchange itself, and we to them. */
static void trace_exchange_received(const struct session *session,
	const struct datagram *datagram, struct instant now)
{
	const struct trace *trace = session_trace(session);
	struct wire_peer packet;

	if (trace && wire_peer_decode(datagram->bytes, datagram->size, &packet))
		trace_exchange(trace, session->driver->engine, &packet,
			&datagram->from, false, now);
}

static void trace_exchange_sent(struct session *session, struct instant now)
{
	const struct trace *trace = session_trace(session);
	struct peer_told told;

	while (peer_events_take_told(&session->peers->events, &told)) {
		if (trace)
			trace_exchange(trace, session->driver->engine,
				&told.packet, &told.to, true, now);
	}
}

bool peering_hears(struct session *session, const struct datagram *datagram,
	struct instant now)
{
	bool is_heard;

	if (!datagram->is_unicast)
		return true;
	if (!session->peers || !session->driver)
		return false;
	trace_exchange_received(session, datagram, now);
	is_heard = peers_take(session->peers, datagram, now);
	trace_exchange_sent(session, now);
	greet(session, now);
	return is_heard;
}

/* Whether it is of a kind that a later mchat has, of our room. */
static bool is_of_later_kind(
	const struct session *session, const struct datagram *datagram)
{
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, datagram->bytes, datagram->size);
	if (wire_header_decode(&reader, &header) != WIRE_BAD_TYPE)
		return false;
	reader_init(&reader, datagram->bytes, datagram->size);
	return wire_any_header_decode(&reader, &header) == WIRE_OK &&
	       header.room == session->config.membership.room_tag;
}

/* Junk is not multiplied, nor what is of other rooms. */
static bool may_pass(
	const struct session *session, const struct datagram *datagram)
{
	switch (engine_packet_took(session->driver->engine)) {
	case ENGINE_DISPOSITION_OTHER_ROOM:
		return false;
	case ENGINE_DISPOSITION_NOTHING:
		return is_of_later_kind(session, datagram);
	default:
		return true;
	}
}

/* Of two members that pass packets on to the same network, the one with the
 * lower address does so alone, once each has seen the other's copy. */
static bool other_has_rank(
	const struct session *session, const struct datagram *datagram)
{
	const struct membership *membership = &session->membership;

	for (size_t i = 0; i < membership->count; i++) {
		const struct family_membership *family =
			&membership->families[i];
		const struct interface_set *set = &family->interfaces;
		size_t at = interface_set_find(set, datagram->interface_index);

		if (family->address.family == datagram->from.family &&
			at < set->count)
			return memcmp(datagram->from.bytes,
				       set->items[at].address.bytes,
				       sizeof(datagram->from.bytes)) < 0;
	}
	return false;
}

bool peering_pass(struct session *session, const struct datagram *datagram,
	struct instant now)
{
	struct relay_packet packet = {
		.bytes = datagram->bytes,
		.size = datagram->size,
	};

	if (!session->peers || !may_pass(session, datagram))
		return false;
	packet.source = datagram->is_unicast ? peers_source_of(session->peers,
						       &datagram->from, now)
					     : RELAY_LAN;
	packet.lan_has_rank =
		packet.source == RELAY_LAN && other_has_rank(session, datagram);
	return peer_output_pass(session->peers, &packet, &datagram->from, now);
}

static void flush_to_network(struct session *session)
{
	struct send_batch *batch = session->peers->batches[RELAY_LAN];
	struct membership_sending sending = {0};
	size_t count = batch ? send_batch_count(batch) : 0;

	if (count == 0)
		return;
	if (membership_has_interface(&session->membership)) {
		membership_send(&session->membership, batch, &sending);
		session->peers->left_out +=
			count - group_sending_taken(&sending.group, count);
	}
	send_batch_clear(batch);
}

void peering_flush(struct session *session, struct send_path *send_path)
{
	if (!session->peers)
		return;
	flush_to_network(session);
	peer_output_flush(session->peers);
	send_path->passed_on = session->peers->passed_on;
	send_path->not_passed_on = session->peers->left_out;
}

void peering_tick(struct session *session, struct instant now)
{
	if (!session->peers || !session->driver)
		return;
	peers_tick(session->peers, now);
	trace_exchange_sent(session, now);
	greet(session, now);
}

bool peering_next_event(struct session *session, struct event *out)
{
	return session->peers && peer_events_take(&session->peers->events, out);
}

struct instant peering_deadline(const struct session *session)
{
	return session->peers ? peers_deadline(session->peers) : INSTANT_NEVER;
}
