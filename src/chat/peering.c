/* SPDX-License-Identifier: ISC */
#include "mchat/chat/peering.h"

#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/chat/send_path.h"
#include "mchat/chat/session.h"
#include "mchat/network/send_batch.h"
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
	const struct wire_peer *packet, const struct address *from,
	struct instant now)
{
	const struct trace *trace = session_trace(session);

	if (trace)
		trace_exchange(trace, session->driver->engine, packet, from,
			false, now);
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
	struct wire_peer packet;
	bool is_heard;

	if (!datagram->is_unicast)
		return true;
	if (!session->peers || !session->driver)
		return false;
	if (!session->sealer.seal &&
		wire_peer_decode(datagram->bytes, datagram->size, &packet))
		trace_exchange_received(session, &packet, &datagram->from, now);
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

static struct relay_packet make_packet(struct session *session,
	const struct datagram *packet, const struct datagram *datagram,
	struct instant now)
{
	struct relay_packet out = {
		.bytes = packet->bytes,
		.size = packet->size,
		.datagram = datagram->bytes,
		.datagram_size = datagram->size,
		.source = RELAY_LAN,
	};

	if (datagram->is_unicast)
		out.source =
			peers_source_of(session->peers, &datagram->from, now);
	else
		out.lan_has_rank = other_has_rank(session, datagram);
	return out;
}

bool peering_pass(struct session *session, const struct datagram *packet,
	const struct datagram *datagram, struct instant now)
{
	struct relay_packet out;

	if (!session->peers || !may_pass(session, packet))
		return false;
	out = make_packet(session, packet, datagram, now);
	return peer_output_pass(session->peers, &out, &datagram->from, now);
}

/* ---- in a private group ---- */

void peering_pass_names(struct session *session,
	const struct datagram *datagram, struct instant now)
{
	struct relay_packet out;

	if (!session->peers)
		return;
	out = make_packet(session, datagram, datagram, now);
	(void)peer_output_pass_always(session->peers, &out, now);
}

void peering_take_echo(struct session *session, const struct datagram *datagram)
{
	if (session->peers)
		peers_take_echo(session->peers, datagram);
}

void peering_take_sealed(struct session *session,
	const struct datagram *datagram, const struct seal_opened *opened,
	bool is_fresh, struct instant now)
{
	struct wire_peer packet = {
		.kind = opened->kind == SEAL_CHALLENGE ? WIRE_PEER_CHALLENGE
						       : WIRE_PEER_ANSWER,
		.room = session->config.membership.room_tag,
		.sender = opened->session,
	};
	struct reader reader;

	if (!session->peers)
		return;
	reader_init(&reader, opened->packet, opened->size);
	packet.value = reader_u64(&reader);
	if (reader.failed || packet.value == 0)
		return;
	trace_exchange_received(session, &packet, &datagram->from, now);
	if (peers_take_sealed(
		    session->peers, &packet, &datagram->from, is_fresh, now))
		(void)seal_prove(session->sealer.seal, now);
	trace_exchange_sent(session, now);
	greet(session, now);
}

/* ---- what goes on ---- */

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
