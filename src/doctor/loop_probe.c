/* SPDX-License-Identifier: ISC */
#include "mchat/doctor/loop_probe.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mchat/doctor/probe_socket.h"
#include "mchat/io/clock.h"
#include "mchat/io/sealer.h"
#include "mchat/network/port_socket.h"
#include "mchat/protocol/probe.h"

/* Datagrams of each way: so many that counters of a host which is not quiet
 * still show what became of them. */
#define DATAGRAMS 5

/* Looping back happens within the call that sends; so long is waited only for
 * what a filter dropped, or on a host that is very busy. */
#define LOOP_WAIT_MS 400

/* An IPv6 address is tentative for so long after its interface came up, and
 * until then nothing can be sent (RFC 4862, 5.4). */
#define TENTATIVE_MS 2500

/* What is asked again while an address is tentative. */
#define TENTATIVE_POLL_MS 50

/* A datagram as it left, for it to be known again. */
struct sent {
	uint8_t bytes[SEAL_DATAGRAM_MAX];
	size_t size;
};

struct loop {
	const struct loop_probe *probe;
	const struct interface *interface;
	int sending;
	int receiving;
	enum way way;
	struct address to;
	struct sent sent[DATAGRAMS];
};

/* ff01, ff02, ff11, ff12, ...: an address of one link (RFC 4291, 2.7). */
static bool needs_scope(const struct address *group)
{
	return group->family == ADDRESS_IPV6 && (group->bytes[1] & 0x0f) <= 2;
}

/* Where datagrams of this way go; false when there is no such. */
static bool find_destination(struct loop *loop)
{
	loop->to = loop->probe->group;
	if (loop->way == WAY_ALL_HOSTS)
		loop->to = port_socket_all_hosts(loop->to.family);
	else if (loop->way == WAY_BROADCAST &&
		 (loop->to.family == ADDRESS_IPV6 ||
			 !probe_socket_broadcast(loop->interface, &loop->to)))
		return false;
	loop->to.port = loop->probe->group.port;
	loop->to.scope = needs_scope(&loop->to) ? loop->interface->index : 0;
	return true;
}

static void make_datagram(struct loop *loop, unsigned number)
{
	const struct probe probe = {
		.member = loop->probe->member,
		.way = (uint8_t)loop->way,
		.hop_limit = 1,
		.number = (uint16_t)number,
		.interface = loop->interface->index,
		.group = loop->probe->group,
	};
	struct sent *sent = &loop->sent[number];
	uint8_t packet[PROBE_SIZE];

	sent->size = sealer_datagram(loop->probe->sealer, packet,
		probe_encode(&probe, packet), sent->bytes, clock_now());
}

/* Sends one; as soon as an address is no longer tentative. */
static int send_one(struct loop *loop, unsigned number)
{
	const struct sent *sent = &loop->sent[number];
	struct instant end = instant_earlier(loop->probe->deadline,
		instant_after(clock_now(), duration_ms(TENTATIVE_MS)));
	int result;

	make_datagram(loop, number);
	while ((result = probe_socket_send(loop->sending, &loop->to,
			sent->bytes, sent->size)) < 0 &&
		errno == EADDRNOTAVAIL && loop->to.family == ADDRESS_IPV6 &&
		instant_before(clock_now(), end)) {
		clock_sleep(duration_ms(TENTATIVE_POLL_MS));
	}
	return result;
}

static void send_all(struct loop *loop, struct loop_evidence *out)
{
	for (unsigned i = 0; i < DATAGRAMS; i++) {
		if (send_one(loop, i) == 0) {
			out->sent++;
			continue;
		}
		out->error = errno;
		/* It will not be tentative any shorter for the others. */
		if (errno == EADDRNOTAVAIL)
			break;
	}
}

/* Which of our datagrams this is; DATAGRAMS when it is none. */
static unsigned number_of(
	const struct loop *loop, const uint8_t *bytes, size_t size)
{
	for (unsigned i = 0; i < DATAGRAMS; i++) {
		const struct sent *sent = &loop->sent[i];

		if (sent->size > 0 && size == sent->size &&
			memcmp(bytes, sent->bytes, size) == 0)
			return i;
	}
	return DATAGRAMS;
}

static void hear_all(
	const struct loop *loop, struct instant end, struct loop_evidence *out)
{
	bool is_heard[DATAGRAMS + 1] = {false};
	uint8_t bytes[SEAL_DATAGRAM_MAX + 1];
	struct datagram datagram;

	while (out->heard < out->sent &&
		probe_socket_receive(loop->receiving, end, bytes, sizeof(bytes),
			&datagram)) {
		unsigned number = number_of(loop, bytes, datagram.size);
		unsigned by = datagram.interface_index;

		if (number == DATAGRAMS || is_heard[number] ||
			(by != 0 && by != loop->interface->index))
			continue;
		is_heard[number] = true;
		out->heard++;
	}
}

/* Joins what there is to join; false, and why, when it cannot. */
static bool join(const struct loop *loop, struct loop_evidence *out)
{
	if (loop->way == WAY_BROADCAST ||
		probe_socket_join(
			loop->receiving, &loop->to, loop->interface) == 0)
		return true;
	out->join_error = errno;
	return false;
}

/* Sends this way, for hear_all to hear; -1 with errno when the port of the
 * group cannot be bound. */
static int begin_way(struct loop *loop, struct loop_evidence *out)
{
	*out = (struct loop_evidence){0};
	loop->receiving = -1;
	if (!find_destination(loop))
		return 0;
	loop->receiving = probe_socket_receiving(&loop->to);
	if (loop->receiving < 0)
		return loop->way == WAY_GROUP ? -1 : 0;
	if (join(loop, out))
		send_all(loop, out);
	return 0;
}

static void end_way(
	const struct loop *loop, struct instant end, struct loop_evidence *out)
{
	if (loop->receiving < 0)
		return;
	hear_all(loop, end, out);
	close(loop->receiving);
}

/* All ways at once, so that what a filter drops is waited for only once. */
static int run_ways(const struct loop *model, struct loop_evidence out[WAYS])
{
	struct loop loops[WAYS];
	struct instant end;
	int result = 0;
	int error = 0;

	for (int i = 0; i < WAYS; i++) {
		loops[i] = *model;
		loops[i].way = (enum way)i;
		if (begin_way(&loops[i], &out[i]) == 0)
			continue;
		error = errno;
		result = -1;
	}
	end = instant_earlier(model->probe->deadline,
		instant_after(clock_now(), duration_ms(LOOP_WAIT_MS)));
	for (int i = 0; i < WAYS; i++)
		end_way(&loops[i], end, &out[i]);
	errno = error;
	return result;
}

int loop_probe_run(
	const struct loop_probe *probe, struct interface_evidence *out)
{
	struct loop loop = {.probe = probe, .interface = &out->interface};
	struct counters before;
	struct counters after;
	int result;
	int error;

	loop.sending =
		probe_socket_sending(probe->group.family, &out->interface);
	if (loop.sending < 0)
		return 0;
	counters_read(probe->group.family, &before);
	result = run_ways(&loop, out->loops);
	error = errno;
	counters_read(probe->group.family, &after);
	counters_since(&before, &after, &out->looped);
	out->is_looped = result == 0;
	close(loop.sending);
	errno = error;
	return result;
}
