/* SPDX-License-Identifier: ISC */
/* What becomes of what the doctor hears. */
#include "mchat/doctor/member_record.h"

#include <string.h>

#include "mchat/doctor/probe_plan.h"
#include "mchat/protocol/probe.h"
#include "tap.h"

#define SELF UINT64_C(0x5e1f)
#define OURS 77U /* what stands for our host */

static struct evidence evidence;
static struct member_record record;

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

static struct address host(uint8_t last)
{
	return (struct address){
		.family = ADDRESS_IPV4, .bytes = {10, 88, 0, last}};
}

/* This host is 10.88.0.1. */
static void begin(void)
{
	evidence = (struct evidence){.own = {host(1)}, .own_count = 1};
	member_record_init(&record, &evidence, SELF, at(0));
	record.host = OURS;
	for (unsigned i = 0; i < EVIDENCE_NUMBERS; i++)
		member_record_sent(&record, i, at(80 * (int64_t)i));
}

static void take(const void *bytes, size_t size, uint8_t from, bool is_direct,
	int64_t ms)
{
	const struct member_arrival arrival = {
		.bytes = bytes,
		.size = size,
		.from = host(from),
		.interface_index = 2,
		.hop_limit = is_direct ? 63 : 1,
		.is_direct = is_direct,
		.at = at(ms),
	};

	member_record_take(&record, &arrival);
}

static void hear_state(uint8_t id, uint8_t flags, uint8_t from)
{
	const uint8_t packet[16] = {0xf9, 0x1a, flags, [15] = id};

	take(packet, sizeof(packet), from, false, 500);
}

static struct probe_reply reply_of(uint64_t id, uint16_t number)
{
	return (struct probe_reply){
		.member = id,
		.asker = SELF,
		.number = number,
		.size = PROBE_SIZE,
		.hop_limit = 1,
		.host = 5,
		.joined_s = 9,
	};
}

static void hear_reply(const struct probe_reply *reply,
	const struct probe_member *members, uint8_t from, bool is_direct)
{
	uint8_t packet[PROBE_REPLY_MAX];
	size_t size = probe_reply_encode(reply, members, packet);

	take(packet, size, from, is_direct, 80 * reply->number + 3);
}

static void test_plan(void)
{
	unsigned counts[MEMBER_WAYS][PROBE_CLASSES] = {{0}};
	bool is_near = true;

	for (unsigned i = 0; i < EVIDENCE_NUMBERS; i++) {
		struct planned_probe probe = probe_plan_at(i);

		counts[probe.way][probe.class]++;
		is_near = is_near &&
			  (probe.hop_limit == 1) == (probe.way != WAY_FAR);
	}
	tap_is_int(counts[WAY_GROUP][PROBE_SMALL], EVIDENCE_PROBES / 2,
		"half of those to the group are small");
	tap_is_int(counts[WAY_GROUP][PROBE_LARGE], EVIDENCE_PROBES / 2,
		"and half are large");
	tap_ok(is_near, "a few are to cross routers");
	for (int i = 0; i < MEMBER_WAYS; i++)
		tap_ok(counts[i][PROBE_SMALL] >= 4, "way %d is tried", i);
}

static void test_replies(void)
{
	const struct member_evidence *it = &evidence.members[0];
	struct probe_reply reply;

	begin();
	hear_state(9, 0, 2);
	for (uint16_t i = 0; i < 12; i++) {
		reply = reply_of(9, i);
		hear_reply(&reply, NULL, 2, true);
		hear_reply(&reply, NULL, 2, false);
	}
	member_record_end(&record);
	tap_is_int((intmax_t)evidence.member_count, 1, "one member");
	tap_is_int(evidence.others, 1, "is heard");
	tap_ok(it->id == 9 && it->heard == 13 && it->direct == 12 &&
			it->by_group == 12 && it->is_answering,
		"each packet counts");
	tap_is_int(it->reached[WAY_GROUP][PROBE_SMALL], 2, "a probe once");
	tap_is_int(it->reached[WAY_GROUP][PROBE_LARGE], 2, "large ones");
	tap_is_int(it->reached[WAY_BROADCAST][PROBE_LARGE], 1, "other ways");
	tap_is_int(it->last[WAY_GROUP], 10, "which was the last");
	tap_is_int(it->round_trip_us, 3000, "the round trip");
	tap_is_int(it->hops, 1, "by the hop limit of unicast");
	tap_is_int(it->joined_s, 9, "since when");
	reply.number = EVIDENCE_NUMBERS;
	hear_reply(&reply, NULL, 2, true);
	reply.number = 3;
	reply.asker++;
	hear_reply(&reply, NULL, 2, true);
	tap_is_int(it->direct, 12, "what we did not ask is no reply");
	hear_state(9, 2, 2);
	tap_ok(it->has_left, "it says bye");
	take("hello", 5, 3, false, 1);
	take("", 0, 3, false, 1);
	tap_is_int((intmax_t)evidence.member_count, 1, "text is nobody's");
	tap_ok(!evidence.has_other_version, "all have the same version");
	take("\xf9\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\x09", 16, 4, false, 1);
	tap_ok(evidence.has_other_version &&
			evidence.other_version.bytes[3] == 4 &&
			evidence.member_count == 1,
		"who sends STATEs of mchat 0.1 is no member, and noted");
}

static void test_own_host(void)
{
	struct probe_reply reply = reply_of(8, 0);

	begin();
	hear_state(7, 0, 1);
	reply.host = OURS;
	hear_reply(&reply, NULL, 3, true);
	hear_state(8, 0, 3);
	member_record_end(&record);
	tap_is_int((intmax_t)evidence.member_count, 0,
		"members of this host are none, by address or by what they "
		"say");
	tap_ok(!evidence.has_double, "and have its address by right");
	reply = reply_of(6, 0);
	hear_reply(&reply, NULL, 1, true);
	tap_ok(evidence.has_double, "who says otherwise has taken it");
}

/* What c, which is .3, hears: who, from where, when. */
static void tell(uint64_t id, uint8_t from, uint32_t age_ms)
{
	const struct probe_member member = {
		.id = id, .address = host(from), .age_ms = age_ms};
	struct probe_reply reply = reply_of(3, 20);

	reply.members = 1;
	hear_reply(&reply, &member, 3, false);
}

static void test_listed(void)
{
	struct address two = host(2);

	begin();
	tell(SELF, 1, 5);
	tell(3, 3, 5);
	tell(2, 2, 1700);
	tap_is_int((intmax_t)evidence.member_count, 1,
		"who was heard before we listened is not listed");
	tell(2, 2, 1000);
	member_record_failed(&record, &two, 113);
	member_record_end(&record);
	tap_is_int((intmax_t)evidence.member_count, 2, "whom another hears");
	tap_ok(evidence.members[1].is_listed &&
			evidence.members[1].error == 113 &&
			evidence.members[1].listed_by.bytes[3] == 3,
		"is known, and by whom");
	tap_is_int(evidence.others, 1, "and was not heard");

	begin();
	tell(4, 1, 1000);
	member_record_end(&record);
	tap_ok(evidence.has_double && evidence.double_told_by.bytes[3] == 3,
		"who has our address, and is not heard here, is elsewhere");

	begin();
	tell(4, 1, 1000);
	hear_state(4, 0, 1);
	member_record_end(&record);
	tap_ok(!evidence.has_double && evidence.member_count == 1,
		"who is heard here is of this host");
}

static void test_named(void)
{
	struct address two = host(2);
	struct address own = host(1);
	struct probe_reply reply = reply_of(2, 4);

	begin();
	member_record_name(&record, &two);
	member_record_name(&record, &two);
	member_record_name(&record, &own);
	tap_ok(evidence.member_count == 1 && evidence.members[0].is_named,
		"who is named is known, once");
	hear_reply(&reply, NULL, 2, true);
	tap_ok(evidence.member_count == 1 && evidence.members[0].id == 2,
		"and is who replies from there");
	begin();
	hear_state(2, 0, 9);
	member_record_name(&record, &two);
	hear_reply(&reply, NULL, 2, true);
	member_record_end(&record);
	tap_ok(evidence.member_count == 1 && evidence.members[0].id == 2,
		"or is known by another address already");
	for (uint8_t i = 0; i < EVIDENCE_MEMBERS_MAX + 5; i++)
		hear_state((uint8_t)(10 + i), 0, (uint8_t)(10 + i));
	tap_is_int((intmax_t)evidence.member_count, EVIDENCE_MEMBERS_MAX,
		"members have an end");
}

int main(void)
{
	test_plan();
	test_replies();
	test_own_host();
	test_listed();
	test_named();
	return tap_done();
}
