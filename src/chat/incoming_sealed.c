/* SPDX-License-Identifier: ISC */
#include "mchat/chat/incoming_sealed.h"

#include "mchat/base/cursor.h"
#include "mchat/chat/chat_internal.h"
#include "mchat/chat/peering.h"
#include "mchat/io/clock.h"
#include "mchat/io/sealer.h"
#include "mchat/protocol/engine.h"

/* Our own came back to us, by the group or from a peer that is ourselves. */
static void take_echo(struct session *session, const struct datagram *datagram)
{
	if (datagram->is_unicast)
		peering_take_echo(session, datagram);
	else if (membership_is_own(&session->membership, &datagram->from))
		engine_hear_echo(session->driver->engine);
}

/* Who sent a packet of the engine, as far as that is known. */
static bool find_sender(const struct session *session,
	const struct seal_opened *opened, struct engine_member *out)
{
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, opened->packet, opened->size);
	return wire_header_decode(&reader, &header) == WIRE_OK &&
	       engine_member_find(session->driver->engine, header.member, out);
}

/* A repair has the id of its author, who may not be the one that sealed it: the
 * clock of whom we do not know yet is told of later. */
static void tell_clock(struct chat *chat, const struct datagram *datagram,
	const struct seal_opened *opened)
{
	struct engine_member member;
	struct event event;

	if (!outside_is_off(opened->ahead_s) ||
		!find_sender(&chat->session, opened, &member) ||
		!outside_note_clock(
			&chat->outside, opened, &datagram->from, &event))
		return;
	event.member = engine_member_name(&member);
	event.time = clock_wall();
	display_event(&chat->display, &event);
}

/* Tells of who is outside, and of what else people should know. */
static void tell(struct chat *chat, const struct datagram *datagram,
	enum seal_result result, const struct seal_opened *opened,
	struct instant now)
{
	struct event event;

	if (result == SEAL_COPIED)
		chat->is_copied = true;
	if (result == SEAL_OPENED && opened->kind == SEAL_PACKET)
		tell_clock(chat, datagram, opened);
	/* What comes to our port may be for another group. */
	if (datagram->is_aside || !outside_note(&chat->outside, result,
					  &datagram->from, now, &event))
		return;
	event.time = clock_wall();
	display_event(&chat->display, &event);
}

/* Whether what was in the datagram has a line of its own in the trace. */
static bool is_traced_later(const struct seal_opened *opened)
{
	return opened->packet && opened->kind != SEAL_NAMES &&
	       opened->kind != SEAL_NAMES_REPLY;
}

bool incoming_sealed_open(struct chat *chat, const struct datagram *datagram,
	struct instant now, struct datagram *packet)
{
	struct session *session = &chat->session;
	struct seal_opened opened;
	enum seal_result result = sealer_take(&session->sealer, datagram->bytes,
		datagram->size, now, &opened);
	const struct trace *trace = session_trace(session);

	if (result == SEAL_ECHO) {
		take_echo(session, datagram);
		return false;
	}
	tell(chat, datagram, result, &opened, now);
	if (trace && !is_traced_later(&opened))
		trace_sealed(trace, datagram, result, &opened, now);
	if (opened.kind == SEAL_CHALLENGE || opened.kind == SEAL_RESPONSE) {
		if (datagram->is_unicast && opened.packet)
			peering_take_sealed(session, datagram, &opened,
				result == SEAL_OPENED, now);
		return false;
	}
	if (result != SEAL_OPENED)
		return false;
	if (opened.kind != SEAL_PACKET) {
		peering_pass_names(session, datagram, now);
		return false;
	}
	*packet = *datagram;
	packet->bytes = (const char *)opened.packet;
	packet->size = opened.size;
	return true;
}
