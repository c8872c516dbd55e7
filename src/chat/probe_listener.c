/* SPDX-License-Identifier: ISC */
#include "mchat/chat/probe_listener.h"

#include <unistd.h>

#include "mchat/interfaces/membership.h"
#include "mchat/io/sealer.h"
#include "mchat/network/batch.h"
#include "mchat/network/host_number.h"
#include "mchat/network/port_socket.h"
#include "mchat/peers/peer_socket.h"
#include "mchat/protocol/wire.h"

static void open_socket(
	struct probe_listener *listener, const struct membership *membership)
{
	int fd = port_socket_open(membership->families[0].address.port);

	listener->fd = fd;
	for (size_t i = 0; fd >= 0 && i < membership->count; i++) {
		const struct family_membership *it = &membership->families[i];

		for (size_t j = 0; j < it->interfaces.count; j++)
			port_socket_join(fd, it->address.family,
				it->interfaces.items[j].index);
	}
}

void probe_listener_open(struct probe_listener *listener,
	const struct membership *membership, struct instant now)
{
	*listener = PROBE_LISTENER_CLOSED;
	listener->joined = now;
	listener->host = host_number();
	open_socket(listener, membership);
}

void probe_listener_close(struct probe_listener *listener)
{
	if (listener->fd >= 0)
		close(listener->fd);
	listener->fd = -1;
}

void probe_listener_follow(
	struct probe_listener *listener, const struct membership *membership)
{
	probe_listener_close(listener);
	open_socket(listener, membership);
}

/* ---- replying ---- */

/* Sends a reply to the sender, by the socket that what it replies to came by,
 * and to the group: in a private one as another datagram, since one that comes
 * twice is refused. */
static void send_twice(const struct probe_place *place,
	const struct datagram *datagram, int fd, const uint8_t *packet,
	size_t packet_size, struct instant now)
{
	uint8_t bytes[SEAL_DATAGRAM_MAX];
	size_t size =
		sealer_datagram(place->sealer, packet, packet_size, bytes, now);

	if (size == 0)
		return;
	if ((datagram->is_unicast || datagram->is_aside) && fd >= 0)
		port_socket_send(fd, &datagram->from, bytes, size);
	membership_reply_to_sender(place->membership, datagram, bytes, size);
	size = sealer_datagram(place->sealer, packet, packet_size, bytes, now);
	if (size > 0)
		membership_reply_to_group(
			place->membership, datagram, bytes, size);
}

/* Replies to a probe, if it is one.  What came to this host and to no group is
 * replied to by the socket that it came by, fd, so that firewalls take it for
 * an answer. */
static void answer(struct probe_listener *listener,
	const struct probe_place *place, const struct datagram *datagram,
	int fd, struct instant now)
{
	const struct membership *membership = place->membership;
	bool is_direct = datagram->is_unicast || datagram->is_aside;
	struct probe_member members[HEARD_MEMBERS_MAX];
	uint8_t packet[PROBE_REPLY_MAX];
	struct address groups[MEMBERSHIP_FAMILIES_MAX];
	const struct probe_arrival arrival = {
		.bytes = datagram->bytes,
		.size = datagram->size,
		.hop_limit = datagram->hop_limit,
	};
	struct probe_self self = {
		.member = place->member,
		.host = listener->host,
		.joined = listener->joined,
		.groups = groups,
		.group_count = membership->count,
		.members = members,
	};
	size_t size;

	if (place->member == 0)
		return;
	for (size_t i = 0; i < membership->count; i++)
		groups[i] = membership->families[i].address;
	/* Who is in the group knows them anyway; nobody else is told. */
	if (!is_direct)
		self.member_count = heard_members_list(&listener->heard,
			datagram->interface_index, now, members);
	size = probe_responder_answer(
		&listener->responder, &self, &arrival, now, packet);
	if (size > 0)
		send_twice(place, datagram, fd, packet, size, now);
}

bool probe_listener_next(const struct probe_listener *listener,
	const struct probe_place *place, uint8_t bytes[WIRE_PACKET_MAX],
	struct datagram *out)
{
	/* What came by a network where the chat is not is not for it. */
	for (int i = 0;
		i < PROBE_LISTENER_TURN &&
		port_socket_receive(listener->fd, bytes, WIRE_PACKET_MAX, out);
		i++) {
		if (membership_interface_name(
			    place->membership, out->interface_index))
			return true;
	}
	return false;
}

void probe_listener_receive(struct probe_listener *listener,
	const struct probe_place *place, struct instant now)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	struct datagram datagram;

	for (int i = 0; i < PROBE_LISTENER_TURN &&
			probe_listener_next(listener, place, bytes, &datagram);
		i++)
		answer(listener, place, &datagram, listener->fd, now);
}

/* The socket that a datagram came by, unless that is a group's; -1. */
static int socket_of(const struct probe_listener *listener,
	const struct probe_place *place, const struct datagram *datagram)
{
	if (datagram->is_aside)
		return listener->fd;
	return place->peers ? peer_socket_fd(place->peers, &datagram->from)
			    : -1;
}

bool probe_listener_take(struct probe_listener *listener,
	const struct probe_place *place, const struct datagram *datagram,
	struct instant now)
{
	if (probe_is_either(datagram->bytes, datagram->size)) {
		answer(listener, place, datagram,
			socket_of(listener, place, datagram), now);
		return true;
	}
	if (place->member != 0 && !datagram->is_unicast && !datagram->is_aside)
		heard_members_note(&listener->heard, datagram, now);
	return datagram->is_aside && !place->sealer->seal;
}
