/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/member_probe.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "mchat/doctor/member_record.h"
#include "mchat/doctor/probe_plan.h"
#include "mchat/doctor/probe_socket.h"
#include "mchat/io/clock.h"
#include "mchat/io/sealer.h"
#include "mchat/network/gateway.h"
#include "mchat/network/host_number.h"
#include "mchat/network/port_socket.h"
#include "mchat/protocol/probe.h"
#include "mchat/protocol/probe_responder.h"
#include "mchat/protocol/wire.h"

/* A probe leaves so often, by each interface: members reply to twenty a second.
 * EVIDENCE_NUMBERS of them take 3.8 s. */
#define PROBE_INTERVAL_MS 80

/* Replies are waited for so long after the last of them; on a slow network one
 * takes half a second, and a member of a small group speaks each 2 s. */
#define REPLY_WAIT_MS 1100

/* Another doctor that asked within this is still asking, and is replied to. */
#define OTHER_WAIT_MS 400

/* Interfaces that are probed on; more are listened to only. */
#define SENDERS_MAX 8

/* What comes by which socket: replies by unicast come to those that send. */
enum place {
	PLACE_GROUP,
	PLACE_PORT,    /* unicast, broadcast, all hosts: of other doctors */
	PLACE_UNICAST, /* sends to members alone: a socket that is bound to a
			* device is not told that nobody answers there */
	PLACE_SENDERS,
	PLACES = PLACE_SENDERS + SENDERS_MAX
};

struct sender {
	const struct interface *interface;
	struct address broadcast; /* family NONE: it has none */
};

struct probing {
	struct evidence *evidence;
	struct sealer *sealer; /* .seal NULL: the group is not private */
	struct member_record record;
	struct pollfd polled[PLACES]; /* fd -1: there is none */
	struct sender senders[SENDERS_MAX];
	size_t sender_count;
	struct probe_responder responder;
	uint64_t host;
	struct instant asked; /* when another doctor did, last */
};

/* ---- the sockets ---- */

static int join(int fd, const struct evidence *evidence,
	const struct interface_evidence *it)
{
	int result = -1;

	if (evidence->source_count == 0)
		return probe_socket_join(fd, &evidence->group, &it->interface);
	/* As a chat does: those that are listed, and this host. */
	for (size_t i = 0; i < evidence->source_count; i++) {
		if (evidence->sources[i].family == evidence->group.family &&
			probe_socket_join_source(fd, &evidence->group,
				&evidence->sources[i], &it->interface) == 0)
			result = 0;
	}
	(void)probe_socket_join_source(
		fd, &evidence->group, &it->interface.address, &it->interface);
	return result;
}

/* Joined where a chat would be; -1 when nowhere.  A socket that is bound to an
 * IPv6 group is bound to one link with it, so there it is bound to none. */
static int open_listener(const struct evidence *evidence)
{
	const struct address any = {
		.family = ADDRESS_IPV6,
		.port = evidence->group.port,
	};
	int fd = probe_socket_receiving(evidence->group.family == ADDRESS_IPV6
						? &any
						: &evidence->group);
	bool is_joined = false;

	for (size_t i = 0; fd >= 0 && i < evidence->interface_count; i++) {
		const struct interface_evidence *it = &evidence->interfaces[i];

		if (it->is_chosen && join(fd, evidence, it) == 0)
			is_joined = true;
	}
	if (fd >= 0 && !is_joined) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_port(const struct evidence *evidence)
{
	int fd = port_socket_open(evidence->group.port);

	for (size_t i = 0; fd >= 0 && i < evidence->interface_count; i++) {
		if (evidence->interfaces[i].is_chosen)
			port_socket_join(fd, evidence->group.family,
				evidence->interfaces[i].interface.index);
	}
	return fd;
}

static void add_sender(struct probing *probing, const struct interface *it)
{
	enum address_family family = probing->evidence->group.family;
	struct sender *sender = &probing->senders[probing->sender_count];
	int fd = probe_socket_sending(family, it);

	if (fd < 0)
		return;
	*sender = (struct sender){.interface = it};
	if (family == ADDRESS_IPV4 &&
		!probe_socket_broadcast(it, &sender->broadcast))
		sender->broadcast.family = ADDRESS_NONE;
	probing->polled[PLACE_SENDERS + probing->sender_count++].fd = fd;
}

/* False when there is nothing to listen on. */
static bool open_sockets(struct probing *probing)
{
	const struct evidence *evidence = probing->evidence;

	for (int i = 0; i < PLACES; i++)
		probing->polled[i] =
			(struct pollfd){.fd = -1, .events = POLLIN};
	probing->polled[PLACE_GROUP].fd = open_listener(evidence);
	if (probing->polled[PLACE_GROUP].fd < 0)
		return false;
	probing->polled[PLACE_PORT].fd = open_port(evidence);
	probing->polled[PLACE_UNICAST].fd =
		probe_socket_sending(evidence->group.family, NULL);
	for (size_t i = 0; i < evidence->interface_count &&
			   probing->sender_count < SENDERS_MAX;
		i++) {
		if (evidence->interfaces[i].is_chosen)
			add_sender(probing, &evidence->interfaces[i].interface);
	}
	return true;
}

static void close_sockets(const struct probing *probing)
{
	for (int i = 0; i < PLACES; i++) {
		if (probing->polled[i].fd >= 0)
			close(probing->polled[i].fd);
	}
}

/* ---- asking ---- */

static size_t make_probe(const struct probing *probing, unsigned number,
	unsigned interface_index, uint8_t out[SEAL_DATAGRAM_MAX])
{
	struct planned_probe plan = probe_plan_at(number);
	const struct probe probe = {
		.member = probing->record.self,
		.wants_reply = true,
		/* Asked where what is heard comes over our own link. */
		.wants_members = plan.way == WAY_GROUP,
		.way = (uint8_t)plan.way,
		.hop_limit = (uint8_t)plan.hop_limit,
		.number = (uint16_t)number,
		.interface = interface_index,
		.group = probing->evidence->group,
	};

	uint8_t packet[PROBE_PLAN_LARGE] = {0};

	(void)probe_encode(&probe, packet);
	return sealer_datagram(probing->sealer, packet,
		plan.class == PROBE_LARGE ? PROBE_PLAN_LARGE : PROBE_SIZE, out,
		clock_now());
}

/* Takes what became of what was sent to single hosts earlier. */
static void take_errors(struct probing *probing, int fd)
{
	struct address to;
	int error;

	while (probe_socket_take_error(fd, &to, &error))
		member_record_failed(&probing->record, &to, error);
}

/* Where a probe goes that is not for one member; false when there is no such.
 */
static bool find_destination(const struct probing *probing,
	const struct sender *sender, enum way way, struct address *out)
{
	const struct address *group = &probing->evidence->group;

	if (way == WAY_ALL_HOSTS)
		*out = port_socket_all_hosts(group->family);
	else if (way == WAY_BROADCAST)
		*out = sender->broadcast;
	else
		*out = *group;
	if (out->family == ADDRESS_IPV6)
		out->scope = sender->interface->index;
	out->port = group->port;
	/* No router passes such a group on. */
	return out->family != ADDRESS_NONE &&
	       (way != WAY_FAR || !address_is_link_group(group));
}

static void send_to_all(struct probing *probing, unsigned number)
{
	struct planned_probe plan = probe_plan_at(number);
	enum address_family family = probing->evidence->group.family;
	uint8_t packet[SEAL_DATAGRAM_MAX];
	bool is_sent = false;

	for (size_t i = 0; i < probing->sender_count; i++) {
		int fd = probing->polled[PLACE_SENDERS + i].fd;
		struct sender *sender = &probing->senders[i];
		size_t size = make_probe(
			probing, number, sender->interface->index, packet);
		struct address to;

		if (!find_destination(probing, sender, plan.way, &to))
			continue;
		take_errors(probing, fd);
		probe_socket_set_hop_limit(fd, family, plan.hop_limit);
		(void)probe_socket_send(fd, &to, packet, size);
		is_sent = true;
	}
	if (is_sent)
		probing->evidence->sent[plan.way][plan.class]++;
}

/* The interface where the member is; 0: where the routes lead to it. */
static unsigned find_interface(
	const struct probing *probing, const struct member_evidence *it)
{
	if (probing->sender_count == 1)
		return probing->senders[0].interface->index;
	for (size_t i = 0; i < probing->sender_count; i++) {
		unsigned index = probing->senders[i].interface->index;

		if (index == it->interface_index)
			return index;
	}
	return 0;
}

static void send_to_each(struct probing *probing, unsigned number)
{
	struct evidence *evidence = probing->evidence;
	enum probe_class class = probe_plan_at(number).class;
	int fd = probing->polled[PLACE_UNICAST].fd;
	uint8_t packet[SEAL_DATAGRAM_MAX];

	for (size_t i = 0; i < evidence->member_count; i++) {
		struct member_evidence *it = &evidence->members[i];
		unsigned interface_index = find_interface(probing, it);
		size_t size =
			make_probe(probing, number, interface_index, packet);
		struct address to = it->address;

		if (to.family != evidence->group.family || fd < 0)
			continue;
		to.port = evidence->group.port;
		take_errors(probing, fd);
		probe_socket_set_unicast(fd, to.family, interface_index);
		(void)probe_socket_send(fd, &to, packet, size);
		it->unicasts[class]++;
	}
}

static void send_probe(struct probing *probing, unsigned number)
{
	member_record_sent(&probing->record, number, clock_now());
	if (probe_plan_at(number).way == WAY_UNICAST)
		send_to_each(probing, number);
	else
		send_to_all(probing, number);
	if (probe_plan_at(number).way == WAY_GROUP)
		probing->evidence->probes++;
}

/* ---- replying to another doctor ---- */

/* Sends a packet, sealed anew each time: what comes twice is refused. */
static void send_packet(const struct probing *probing, int fd,
	const struct address *to, const uint8_t *packet, size_t size)
{
	uint8_t bytes[SEAL_DATAGRAM_MAX];

	size = sealer_datagram(
		probing->sealer, packet, size, bytes, clock_now());
	(void)probe_socket_send(fd, to, bytes, size);
}

static void reply(struct probing *probing, enum place place,
	const struct datagram *datagram, struct instant now)
{
	const struct evidence *evidence = probing->evidence;
	const struct probe_self self = {
		.member = probing->record.self,
		.host = probing->host,
		.is_doctor = true,
		.groups = &evidence->group,
		.group_count = 1,
		.joined = probing->record.begun,
	};
	const struct probe_arrival arrival = {
		.bytes = datagram->bytes,
		.size = datagram->size,
		.hop_limit = datagram->hop_limit,
	};
	uint8_t packet[PROBE_REPLY_MAX];
	size_t size = probe_responder_answer(
		&probing->responder, &self, &arrival, now, packet);

	if (size == 0)
		return;
	probing->asked = now;
	for (size_t i = 0; i < probing->sender_count; i++) {
		const struct sender *sender = &probing->senders[i];
		int fd = probing->polled[PLACE_SENDERS + i].fd;
		struct address to;

		if (sender->interface->index != datagram->interface_index ||
			!find_destination(probing, sender, WAY_GROUP, &to))
			continue;
		probe_socket_set_hop_limit(fd, to.family, 1);
		send_packet(probing, fd, &to, packet, size);
		if (place == PLACE_GROUP)
			send_packet(probing, fd, &datagram->from, packet, size);
	}
	if (place == PLACE_PORT) {
		uint8_t bytes[SEAL_DATAGRAM_MAX];

		size = sealer_datagram(
			probing->sealer, packet, size, bytes, clock_now());
		if (size > 0)
			port_socket_send(probing->polled[PLACE_PORT].fd,
				&datagram->from, bytes, size);
	}
}

/* ---- listening ---- */

static void take(struct probing *probing, enum place place,
	const struct datagram *datagram, struct instant now)
{
	struct member_arrival arrival = {
		.bytes = datagram->bytes,
		.size = datagram->size,
		.from = datagram->from,
		.interface_index = datagram->interface_index,
		.hop_limit = datagram->hop_limit,
		.is_direct = place != PLACE_GROUP,
		.at = now,
	};

	if (place == PLACE_GROUP || place == PLACE_PORT)
		reply(probing, place, datagram, now);
	else if (place >= PLACE_SENDERS)
		arrival.interface_index =
			probing->senders[place - PLACE_SENDERS]
				.interface->index;
	arrival.from.port = 0;
	member_record_take(&probing->record, &arrival);
}

/* In a private group, replaces what came with what was sealed in it; false: it
 * is no packet of a member. */
static bool open_sealed(
	const struct probing *probing, struct datagram *datagram)
{
	struct seal_opened opened;

	if (!probing->sealer->seal)
		return true;
	if (sealer_take(probing->sealer, datagram->bytes, datagram->size,
		    clock_now(), &opened) != SEAL_OPENED ||
		opened.kind != SEAL_PACKET)
		return false;
	datagram->bytes = (const char *)opened.packet;
	datagram->size = opened.size;
	return true;
}

/* Members whose clock is not as ours want to know that we are alive. */
static void send_names(struct probing *probing)
{
	uint8_t bytes[SEAL_DATAGRAM_MAX];
	size_t size;

	if (!probing->sealer->seal)
		return;
	sealer_turn(probing->sealer);
	while ((size = sealer_next(probing->sealer, bytes, clock_now())) > 0) {
		for (size_t i = 0; i < probing->sender_count; i++) {
			const struct sender *sender = &probing->senders[i];
			struct address to;

			if (find_destination(probing, sender, WAY_GROUP, &to))
				(void)probe_socket_send(
					probing->polled[PLACE_SENDERS + i].fd,
					&to, bytes, size);
		}
	}
}

/* Takes what comes until then. */
static void listen_until(struct probing *probing, struct instant end)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	struct datagram datagram;

	while (instant_before(clock_now(), end)) {
		struct instant until =
			instant_earlier(end, sealer_deadline(probing->sealer));
		int64_t left_ms =
			instant_until(clock_now(), until).ns / NS_PER_MS + 1;

		send_names(probing);
		if (left_ms < 0)
			left_ms = 0;
		if (poll(probing->polled, PLACES, (int)left_ms) <= 0)
			continue;
		for (int i = 0; i < PLACES; i++) {
			int fd = probing->polled[i].fd;

			if (fd < 0 || !probing->polled[i].revents)
				continue;
			take_errors(probing, fd);
			/* A pending error is read by this, too. */
			if (port_socket_receive(
				    fd, bytes, sizeof(bytes), &datagram) &&
				open_sealed(probing, &datagram))
				take(probing, (enum place)i, &datagram,
					clock_now());
		}
	}
}

static void wait_for_others(struct probing *probing, struct instant deadline)
{
	const struct duration wait = duration_ms(OTHER_WAIT_MS);

	while (instant_before(clock_now(), deadline) &&
		instant_before(
			clock_now(), instant_after(probing->asked, wait)))
		listen_until(probing,
			instant_earlier(
				instant_after(probing->asked, wait), deadline));
}

/* A link-local address is one of a link: the first that is looked at. */
static unsigned find_scope(
	const struct evidence *evidence, const struct address *address)
{
	for (size_t i = 0; i < evidence->interface_count; i++) {
		if (evidence->interfaces[i].is_chosen &&
			address->family == ADDRESS_IPV6 &&
			address_is_link_local(address))
			return evidence->interfaces[i].interface.index;
	}
	return 0;
}

/* Those that the user named; and then the gateways, which tell whether it is
 * the network that is not there. */
static void name_hosts(struct probing *probing)
{
	const struct evidence *evidence = probing->evidence;
	struct member_record *record = &probing->record;
	struct address gateway;

	for (size_t i = 0; i < evidence->source_count; i++) {
		struct address source = evidence->sources[i];

		source.scope = find_scope(evidence, &source);
		member_record_name(record, &source);
	}
	for (size_t i = 0;
		evidence->source_count > 0 && i < evidence->interface_count;
		i++) {
		const struct interface_evidence *it = &evidence->interfaces[i];

		if (it->is_chosen && evidence->group.family == ADDRESS_IPV4 &&
			gateway_find(it->interface.name, &gateway))
			member_record_add_gateway(
				record, &gateway, it->interface.index);
	}
}

void member_probe_run(uint64_t self, struct sealer *sealer,
	struct instant deadline, struct evidence *out)
{
	struct probing probing = {
		.evidence = out,
		.sealer = sealer,
		.host = host_number(),
	};
	struct instant next = clock_now();

	member_record_init(&probing.record, out, self, next);
	probing.record.host = probe_responder_host(probing.host, self);
	name_hosts(&probing);
	if (!open_sockets(&probing))
		return;
	for (unsigned i = 0;
		i < EVIDENCE_NUMBERS && instant_before(next, deadline); i++) {
		send_probe(&probing, i);
		next = instant_after(next, duration_ms(PROBE_INTERVAL_MS));
		listen_until(&probing, instant_earlier(next, deadline));
	}
	next = instant_after(next, duration_ms(REPLY_WAIT_MS));
	listen_until(&probing, instant_earlier(next, deadline));
	wait_for_others(&probing, deadline);
	member_record_end(&probing.record);
	close_sockets(&probing);
}
