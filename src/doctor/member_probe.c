/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/member_probe.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/cursor.h"
#include "mchat/doctor/probe_socket.h"
#include "mchat/io/clock.h"
#include "mchat/protocol/probe.h"
#include "mchat/protocol/wire.h"

/* A probe leaves so often: members reply to ten a second. */
#define PROBE_INTERVAL_MS 150

/* Replies are waited for so long after the last of them; on a slow network one
 * takes half a second, and a member of a small group speaks each 2 s. */
#define REPLY_WAIT_MS 1100

/* What a large probe takes: what mchat fills an Ethernet frame with. */
#define LARGE_SIZE 1400

/* Interfaces that are probed on; more are listened to only. */
#define SENDERS_MAX 8

/* The sockets: they send, one on each interface, and get replies by unicast;
 * the last one listens to the group. */
struct sockets {
	struct pollfd polled[SENDERS_MAX + 1];
	unsigned indices[SENDERS_MAX]; /* of the interfaces */
	size_t senders;
};

struct listening {
	struct evidence *evidence;
	uint64_t self;
	/* Those of our probes that each member heard. */
	bool is_heard[EVIDENCE_MEMBERS_MAX][EVIDENCE_PROBES];
};

/* ---- who is heard ---- */

static bool is_own(const struct evidence *evidence, const struct address *from)
{
	for (size_t i = 0; i < evidence->interface_count; i++) {
		if (address_same_host(
			    &evidence->interfaces[i].interface.address, from))
			return true;
	}
	return false;
}

/* Where the member stands, which is added when it is new; MEMBERS_MAX when
 * there is no room. */
static size_t find_member(
	struct evidence *evidence, uint64_t id, const struct address *from)
{
	struct member_evidence *members = evidence->members;

	for (size_t i = 0; i < evidence->member_count; i++) {
		if (members[i].id == id)
			return i;
	}
	if (evidence->member_count == EVIDENCE_MEMBERS_MAX)
		return EVIDENCE_MEMBERS_MAX;
	members[evidence->member_count] = (struct member_evidence){
		.address = *from,
		.id = id,
	};
	return evidence->member_count++;
}

static void take_reply(struct listening *listening,
	const struct probe_reply *reply, const struct address *from,
	bool is_direct)
{
	size_t at = find_member(listening->evidence, reply->member, from);
	struct member_evidence *member;
	bool *is_heard;

	if (at == EVIDENCE_MEMBERS_MAX || reply->number >= EVIDENCE_PROBES)
		return;
	member = &listening->evidence->members[at];
	member->is_answering = true;
	member->has_direct = member->has_direct || is_direct;
	is_heard = &listening->is_heard[at][reply->number];
	if (!*is_heard && reply->size >= LARGE_SIZE)
		member->large++;
	else if (!*is_heard)
		member->small++;
	*is_heard = true;
}

/* The member that sent a STATE; 0 when it is none. */
static uint64_t sender_of(const uint8_t *bytes, size_t size)
{
	struct wire_header header;
	struct reader reader;

	reader_init(&reader, bytes, size);
	return wire_header_decode(&reader, &header) == WIRE_OK &&
			       header.type == WIRE_STATE
		       ? header.member
		       : 0;
}

static void take(struct listening *listening, const uint8_t *bytes, size_t size,
	const struct address *from, bool is_direct)
{
	struct evidence *evidence = listening->evidence;
	struct probe_reply reply;
	uint64_t sender = sender_of(bytes, size);
	size_t at = EVIDENCE_MEMBERS_MAX;

	if (is_own(evidence, from))
		return;
	if (probe_reply_decode(bytes, size, &reply)) {
		sender = reply.member;
		if (reply.asker == listening->self)
			take_reply(listening, &reply, from, is_direct);
	}
	if (sender != 0)
		at = find_member(evidence, sender, from);
	if (at < EVIDENCE_MEMBERS_MAX && !is_direct)
		evidence->members[at].heard++;
}

/* ---- the sockets ---- */

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

		if (it->is_chosen && probe_socket_join(fd, &evidence->group,
					     &it->interface) == 0)
			is_joined = true;
	}
	if (fd >= 0 && !is_joined) {
		close(fd);
		return -1;
	}
	return fd;
}

/* False when there is nothing to listen on. */
static bool open_sockets(const struct evidence *evidence, struct sockets *out)
{
	int listener = open_listener(evidence);

	*out = (struct sockets){0};
	if (listener < 0)
		return false;
	for (size_t i = 0;
		i < evidence->interface_count && out->senders < SENDERS_MAX;
		i++) {
		const struct interface *it = &evidence->interfaces[i].interface;
		int fd = evidence->interfaces[i].is_chosen
				 ? probe_socket_sending(
					   evidence->group.family, it)
				 : -1;

		if (fd < 0)
			continue;
		out->polled[out->senders] =
			(struct pollfd){.fd = fd, .events = POLLIN};
		out->indices[out->senders++] = it->index;
	}
	out->polled[out->senders] =
		(struct pollfd){.fd = listener, .events = POLLIN};
	return true;
}

static void close_sockets(const struct sockets *sockets)
{
	for (size_t i = 0; i <= sockets->senders; i++)
		close(sockets->polled[i].fd);
}

/* ---- asking ---- */

static void send_probe(const struct evidence *evidence,
	const struct sockets *sockets, uint64_t self, unsigned number)
{
	uint8_t packet[LARGE_SIZE] = {0};
	struct probe probe = {
		.member = self,
		.wants_reply = true,
		.way = WAY_GROUP,
		.hop_limit = 1,
		.number = (uint16_t)number,
	};

	for (size_t i = 0; i < sockets->senders; i++) {
		struct address to = evidence->group;

		probe.interface = sockets->indices[i];
		if (to.family == ADDRESS_IPV6)
			to.scope = sockets->indices[i];
		(void)probe_encode(&probe, packet);
		(void)probe_socket_send(sockets->polled[i].fd, &to, packet,
			number % 2 == 0 ? PROBE_SIZE : LARGE_SIZE);
	}
}

/* Takes what comes until then. */
static void listen_until(struct listening *listening, struct sockets *sockets,
	struct instant end)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	struct arrival arrival;

	while (instant_before(clock_now(), end)) {
		int64_t left_ms =
			instant_until(clock_now(), end).ns / NS_PER_MS + 1;

		if (poll(sockets->polled, (nfds_t)(sockets->senders + 1),
			    (int)left_ms) <= 0)
			continue;
		for (size_t i = 0; i <= sockets->senders; i++) {
			ssize_t size = -1;

			/* An error that waits is read by this, too. */
			if (sockets->polled[i].revents)
				size = probe_socket_receive(
					sockets->polled[i].fd, clock_now(),
					bytes, sizeof(bytes), &arrival);
			if (size > 0)
				take(listening, bytes, (size_t)size,
					&arrival.from, i < sockets->senders);
		}
	}
}

void member_probe_run(
	uint64_t self, struct instant deadline, struct evidence *out)
{
	struct listening listening = {.evidence = out, .self = self};
	struct sockets sockets;
	struct instant next = clock_now();

	if (!open_sockets(out, &sockets))
		return;
	while (out->probes < EVIDENCE_PROBES &&
		instant_before(next, deadline)) {
		send_probe(out, &sockets, self, out->probes++);
		next = instant_after(next, duration_ms(PROBE_INTERVAL_MS));
		listen_until(
			&listening, &sockets, instant_earlier(next, deadline));
	}
	next = instant_after(next, duration_ms(REPLY_WAIT_MS));
	listen_until(&listening, &sockets, instant_earlier(next, deadline));
	out->others = (unsigned)out->member_count;
	close_sockets(&sockets);
}
