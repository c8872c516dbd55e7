/* SPDX-License-Identifier: ISC */
/* Probes of mchat doctor: what they say, and which are replied to. */
#include "mchat/protocol/probe_responder.h"

#include <string.h>

#include "mchat/base/cursor.h"
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
	.group = {.family = ADDRESS_IPV4, .bytes = {239, 255, 77, 67}},
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
		0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 2, 3, 4, 5, 0, 0, 0, 7, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 239, 255, 77, 67};
	uint8_t packet[PROBE_SIZE];
	struct probe probe;
	struct wire_header header;
	struct reader reader;

	tap_is_int((intmax_t)make(true, packet), PROBE_SIZE, "a probe");
	tap_is_bytes(packet, sizeof(head), head, sizeof(head), "its bytes");
	tap_ok(probe_decode(packet, sizeof(packet), &probe) &&
			probe.member == ASKER && probe.wants_reply &&
			!probe.wants_members && probe.way == 2 &&
			probe.hop_limit == 3 && probe.number == 0x405 &&
			probe.interface == 7 &&
			address_same_host(&probe.group, &asked.group),
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
	const struct probe_member members[] = {
		{.id = 5,
			.address = {.family = ADDRESS_IPV4,
				.bytes = {10, 0, 0, 7}},
			.age_ms = 1500},
		{.id = 6,
			.address = {.family = ADDRESS_IPV6,
				.bytes = {0xfe, 0x80, [15] = 7}},
			.age_ms = 2},
	};
	const struct probe_reply said = {
		.member = MEMBER,
		.asker = ASKER,
		.number = 9,
		.interface = 7,
		.size = 1400,
		.hop_limit = 1,
		.is_doctor = true,
		.members = 2,
		.host = 0x01020304,
		.joined_s = 70000,
	};
	static const uint8_t tail[] = {0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 7, 0, 0, 5, 0xdc};
	uint8_t packet[PROBE_REPLY_MAX];
	size_t size = probe_reply_encode(&said, members, packet);
	struct probe_reply reply;
	struct probe_member member;

	tap_is_int((intmax_t)size, PROBE_REPLY_SIZE + 2 * PROBE_MEMBER_SIZE,
		"a reply");
	tap_ok(probe_reply_decode(packet, size, &reply) &&
			reply.member == MEMBER && reply.asker == ASKER &&
			reply.number == 9 && reply.interface == 7 &&
			reply.size == 1400 && reply.hop_limit == 1 &&
			reply.is_doctor && reply.members == 2 &&
			reply.host == 0x01020304 && reply.joined_s == 70000,
		"is read as it was written");
	tap_is_bytes(packet + PROBE_REPLY_SIZE, sizeof(tail), tail,
		sizeof(tail), "the bytes of a member");
	for (size_t i = 0; i < 2; i++)
		tap_ok(probe_member_at(packet, size, i, &member) &&
				member.id == members[i].id &&
				member.age_ms == members[i].age_ms &&
				address_same_host(
					&member.address, &members[i].address),
			"member %zu is read", i);
	tap_ok(!probe_member_at(packet, size, 2, &member), "there is no third");
	for (size_t cut = 0; cut < size; cut++) {
		if (probe_reply_decode(packet, cut, &reply))
			tap_ok(false, "a reply of %zu bytes", cut);
	}
	packet[33] = PROBE_MEMBERS_MAX + 1;
	tap_ok(!probe_reply_decode(packet, sizeof(packet), &reply),
		"too many members");
}

/* ---- replying ---- */

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

static const struct probe_self alone = {
	.member = MEMBER,
	.host = 42,
	.groups = &asked.group,
	.group_count = 1,
	.joined = {NS_PER_S},
};

/* What a responder that was not asked before replies. */
static size_t answer(const struct probe_self *self, const uint8_t *packet,
	size_t size, uint8_t out[PROBE_REPLY_MAX])
{
	struct probe_responder responder = {0};
	const struct probe_arrival arrival = {packet, size, -1};

	return probe_responder_answer(
		&responder, self, &arrival, at(5000), out);
}

static void test_answer(void)
{
	uint8_t packet[PROBE_SIZE];
	uint8_t out[PROBE_REPLY_MAX];
	struct probe_self self = alone;
	struct probe probe = asked;
	struct probe_reply reply;

	(void)make(false, packet);
	tap_is_int((intmax_t)answer(&self, packet, sizeof(packet), out), 0,
		"what wants no reply gets none");
	(void)make(true, packet);
	tap_ok(answer(&self, packet, sizeof(packet), out) == PROBE_REPLY_SIZE &&
			probe_reply_decode(out, PROBE_REPLY_SIZE, &reply) &&
			reply.member == MEMBER && reply.asker == ASKER &&
			reply.number == 0x405 && reply.size == PROBE_SIZE &&
			reply.hop_limit == 255 && reply.joined_s == 5 &&
			!reply.is_doctor,
		"a probe gets a reply that says how it came");
	tap_is_int((intmax_t)answer(&self, packet, sizeof(packet) - 1, out), 0,
		"one that is too small gets none");
	self.member = ASKER;
	tap_is_int((intmax_t)answer(&self, packet, sizeof(packet), out), 0,
		"nor does our own");
	self.member = MEMBER;
	probe.group.bytes[3]++;
	(void)probe_encode(&probe, packet);
	tap_is_int((intmax_t)answer(&self, packet, sizeof(packet), out), 0,
		"nor one of another group");
	tap_is_int(probe_responder_host(0, ASKER), 0, "a host that is unknown");
	tap_ok(probe_responder_host(42, ASKER) == reply.host &&
			probe_responder_host(43, ASKER) != reply.host &&
			probe_responder_host(42, MEMBER) != reply.host,
		"a host is another number for each asker");
}

/* Whatever is asked, by a probe of whatever size: both replies are no more than
 * what came. */
static void test_sizes(void)
{
	static uint8_t packet[2048];
	struct probe_member members[20] = {{0}};
	struct probe probe = asked;
	struct probe_self self = alone;
	uint8_t out[PROBE_REPLY_MAX];
	size_t largest = 0;
	bool is_small = true;

	for (size_t i = 0; i < 20; i++)
		members[i] = (struct probe_member){
			.id = i + 1, .address = asked.group};
	self.members = members;
	self.member_count = 20;
	probe.wants_members = true;
	(void)probe_encode(&probe, packet);
	for (size_t size = PROBE_SIZE; size <= sizeof(packet); size++) {
		size_t said = answer(&self, packet, size, out);

		is_small = is_small && said > 0 && 2 * said <= size;
		largest = said > largest ? said : largest;
	}
	tap_ok(is_small, "never more leaves than came");
	tap_is_int(
		(intmax_t)largest, PROBE_REPLY_MAX, "so many members at most");
	self.member_count = 3;
	tap_is_int((intmax_t)answer(&self, packet, 1400, out),
		PROBE_REPLY_SIZE + 3 * PROBE_MEMBER_SIZE,
		"all when there are few");
	probe.wants_members = false;
	(void)probe_encode(&probe, packet);
	tap_is_int((intmax_t)answer(&self, packet, 1400, out), PROBE_REPLY_SIZE,
		"none when they are not wanted");
}

static void test_rate(void)
{
	struct probe_responder responder = {0};
	uint8_t packet[PROBE_SIZE];
	uint8_t out[PROBE_REPLY_MAX];
	const struct probe_arrival arrival = {packet, sizeof(packet), 1};
	unsigned replies = 0;

	(void)make(true, packet);
	for (int i = 0; i < 1000; i++)
		replies += probe_responder_answer(&responder, &alone, &arrival,
				   at(i), out) > 0;
	tap_ok(replies >= 2 * PROBE_RESPONDER_RATE - 1 &&
			replies <= 2 * PROBE_RESPONDER_RATE,
		"a flood of a second costs %u replies", replies);
	tap_ok(probe_responder_answer(
		       &responder, &alone, &arrival, at(2000), out) > 0,
		"and some more in the next");
}

int main(void)
{
	test_probe();
	test_reply();
	test_answer();
	test_sizes();
	test_rate();
	return tap_done();
}
