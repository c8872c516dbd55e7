/* SPDX-License-Identifier: ISC */
/* Probes of mchat doctor: what they say, and which are replied to. */
#include "mchat/chat/probe_responder.h"

#include <string.h>

#include "mchat/network/batch.h"
#include "mchat/protocol/wire.h"
#include "tap.h"

#define ASKER  UINT64_C(0x1122334455667788)
#define MEMBER UINT64_C(0x99aabbccddeeff00)

static const struct probe asked = {
	.member = ASKER,
	.wants_reply = true,
	.way = 2,
	.hop_limit = 3,
	.number = 0x405,
	.interface = 7,
};

static size_t make(bool wants_reply, uint8_t out[PROBE_SIZE])
{
	struct probe probe = asked;

	probe.wants_reply = wants_reply;
	return probe_encode(&probe, out);
}

static void test_probe(void)
{
	static const uint8_t head[] = {0xf9, 0x14, 1, 0, 0, 0, 0, 0, 0x11, 0x22,
		0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 2, 3, 4, 5, 0, 0, 0, 7};
	uint8_t packet[PROBE_SIZE];
	struct probe probe;
	struct wire_header header;
	struct reader reader;

	tap_is_int((intmax_t)make(true, packet), PROBE_SIZE, "a probe");
	tap_is_bytes(packet, sizeof(head), head, sizeof(head), "its bytes");
	tap_ok(probe_decode(packet, sizeof(packet), &probe) &&
			probe.member == ASKER && probe.wants_reply &&
			probe.way == 2 && probe.hop_limit == 3 &&
			probe.number == 0x405 && probe.interface == 7,
		"is read as it was written");
	tap_ok(probe_is_either(packet, sizeof(packet)), "it is one of the two");
	tap_ok(!probe_decode(packet, sizeof(packet) - 1, &probe),
		"one that is cut is none");
	reader_init(&reader, packet, sizeof(packet));
	tap_is_int(wire_header_decode(&reader, &header), WIRE_BAD_TYPE,
		"no engine reads it");
	packet[1] = 0x24;
	tap_ok(!probe_is_either(packet, sizeof(packet)),
		"nor is one of another version");
	tap_ok(!probe_is_either("hello", 5), "nor is a text");
}

static void test_reply(void)
{
	const struct probe_reply said = {
		.member = MEMBER,
		.asker = ASKER,
		.number = 9,
		.interface = 7,
		.size = 1400,
		.hop_limit = 1,
	};
	uint8_t packet[PROBE_REPLY_SIZE];
	struct probe_reply reply;

	tap_is_int((intmax_t)probe_reply_encode(&said, packet),
		PROBE_REPLY_SIZE, "a reply");
	tap_ok(probe_reply_decode(packet, sizeof(packet), &reply) &&
			reply.member == MEMBER && reply.asker == ASKER &&
			reply.number == 9 && reply.interface == 7 &&
			reply.size == 1400 && reply.hop_limit == 1,
		"is read as it was written");
	for (size_t size = 0; size < sizeof(packet); size++) {
		if (probe_reply_decode(packet, size, &reply))
			tap_ok(false, "a reply of %zu bytes", size);
	}
	tap_ok(2 * PROBE_REPLY_SIZE <= PROBE_SIZE,
		"two of them are no more than came");
}

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

static void test_responder(void)
{
	struct probe_responder responder = {0};
	uint8_t packet[PROBE_SIZE];
	uint8_t out[PROBE_REPLY_SIZE];
	struct datagram datagram = {
		.bytes = (const char *)packet,
		.size = sizeof(packet),
		.hop_limit = -1,
	};
	struct probe_reply reply;
	unsigned replies = 0;

	(void)make(false, packet);
	tap_ok(!probe_responder_wants(
		       &responder, MEMBER, &datagram, at(0), out),
		"what wants no reply gets none");
	(void)make(true, packet);
	tap_ok(probe_responder_wants(
		       &responder, MEMBER, &datagram, at(0), out) &&
			probe_reply_decode(out, sizeof(out), &reply) &&
			reply.member == MEMBER && reply.asker == ASKER &&
			reply.number == 0x405 && reply.size == PROBE_SIZE &&
			reply.hop_limit == 255,
		"a probe gets a reply that says how it came");
	for (int i = 0; i < 100; i++)
		replies += probe_responder_wants(
			&responder, MEMBER, &datagram, at(1), out);
	tap_is_int(replies, PROBE_RESPONDER_RATE - 1,
		"no more than so many in a second");
	tap_ok(probe_responder_wants(
		       &responder, MEMBER, &datagram, at(1200), out),
		"and some more in the next");
	datagram.size = PROBE_SIZE - 1;
	tap_ok(!probe_responder_wants(
		       &responder, MEMBER, &datagram, at(9000), out),
		"one that is too small gets none");
}

int main(void)
{
	test_probe();
	test_reply();
	test_responder();
	return tap_done();
}
