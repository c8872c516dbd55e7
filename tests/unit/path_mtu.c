/* SPDX-License-Identifier: ISC */
/* Members behind a smaller MTU: what is too large for the way there comes in
 * fragments. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/packet_size.h"
#include "mchat/protocol/path_mtu.h"

/* What fits into a frame of 600 bytes behind the IPv4 and UDP headers. */
#define FITS 572

/* Large packets vanish on the way to node 1; of all, a share as well. */
static bool lose_large_to_1(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	return (to == 1 && size > FITS) ||
	       engines_lose_share(engines, from, to, packet, size);
}

/* The same on the way from it, as over a cable that has the smaller MTU. */
static bool lose_large_either_way(struct engines *engines, size_t from,
	size_t to, const uint8_t *packet, size_t size)
{
	return ((to == 1 || from == 1) && size > FITS) ||
	       engines_lose_share(engines, from, to, packet, size);
}

/* So many that one in a few hundred members would be noticed. */
#define FEW_LARGE_CHATS 200

static bool is_fragment(const uint8_t *packet)
{
	return (packet[1] & 0x0f) == WIRE_FRAGMENT;
}

/* A share; counts the fragments, in `reports`. */
static bool lose_share_and_count(struct engines *engines, size_t from,
	size_t to, const uint8_t *packet, size_t size)
{
	engines->reports += is_fragment(packet);
	return engines_lose_share(engines, from, to, packet, size);
}

/* Large packets vanish on the way to node 1; counts those that leave node 0 for
 * the first time, in `reports`. */
static bool lose_large_and_count(struct engines *engines, size_t from,
	size_t to, const uint8_t *packet, size_t size)
{
	engines->reports += from == 0 && to == 1 && engines_is_data(packet) &&
			    !(packet[2] & WIRE_REPAIR) && size > WIRE_SMALL_MAX;
	return lose_large_to_1(engines, from, to, packet, size);
}

/* A text of so many bytes that begins with a number, as `see` wants it. */
static void say_long(
	struct engines *engines, size_t index, size_t size, int most_ms)
{
	struct node *node = &engines->nodes[index];
	char *text = malloc(size);
	char number[32];
	int digits = snprintf(
		number, sizeof(number), "%ju ", (uintmax_t)node->said + 1);

	if (!text)
		abort();
	memset(text, 'x', size);
	memcpy(text, number, (size_t)digits);
	while (engine_say(node->engine, false, text, size,
		       (struct wall_time){1}, engines->now) != ENGINE_SAID &&
		most_ms-- > 0)
		engines_run(engines, 1);
	node->said++;
	engines_drain(engines, index);
	free(text);
}

static void confirmed(
	const struct engines *engines, size_t index, const char *what)
{
	tap_ok(engine_is_confirmed(engines->nodes[index].engine), "%s", what);
}

/* The line that does not fit, and then one that would not. */
static void line(void)
{
	struct engines *engines = engines_open(3);

	engines->loses = lose_large_to_1;
	say_long(engines, 0, 1100, 0);
	engines_run(engines, 2000);
	engines_has_all(engines, 1, 1, "a line that is too large for the way");
	engines_has_all(engines, 2, 1, "the line, where nothing is in the way");
	confirmed(engines, 0, "the line is confirmed");
	tap_is_int(engines_seen(engines, 0)->limited, 0,
		"one packet may have had bad luck");
	say_long(engines, 0, 1100, 0);
	engines_run(engines, 2000);
	engines_has_all(engines, 1, 2, "another such line");
	tap_is_int(engines_seen(engines, 0)->limited, 1,
		"its author is told why it took longer");
	tap_ok(engines_known(engines, 0, "bob").gets_only_small &&
			!engines_known(engines, 0, "cem").gets_only_small,
		"it is known who gets small packets only");
	engines->took[ENGINE_DISPOSITION_FRAGMENT] = 0;
	for (int i = 0; i < 20; i++)
		say_long(engines, 0, 1100, 0);
	engines_run(engines, 2000);
	engines_has_all(engines, 1, 22, "twenty more");
	confirmed(engines, 0, "they are confirmed");
	tap_is_int(engines->took[ENGINE_DISPOSITION_FRAGMENT], 0,
		"what is new leaves in small packets, of which none is cut");
	tap_is_int(engines_seen(engines, 0)->limited, 1,
		"it is told once and no more");
	tap_is_int(engines_seen(engines, 0)->leaves, 0,
		"nobody is taken for gone");
	engines_close(engines);
}

/* Large packets were made, and wait to be sent, before it is known that they do
 * not come to node 1: so many leave whole, since they come to others. */
static void made_before(size_t members, unsigned whole)
{
	struct engines *engines = engines_open(members);
	struct engine *e = engines->nodes[0].engine;
	char text[1000];

	for (int i = 1; i <= 20; i++) {
		memset(text, 'x', sizeof(text));
		text[snprintf(text, sizeof(text), "%d", i)] = ' ';
		engine_say(e, false, text, sizeof(text), (struct wall_time){1},
			engines->now);
	}
	members_find(&e->members, 101)->path.is_limited = true;
	packet_size_apply(e);
	engines->loses = lose_large_and_count;
	engines_run(engines, 5000);
	for (size_t i = 1; i < members; i++)
		engines_has_all(engines, i, 20, "large lines made before");
	confirmed(engines, 0, "they are confirmed");
	tap_is_int(engines->reports, whole,
		members == 2 ? "none leaves whole for who does not get it"
			     : "all leave whole, too, for who does");
	engines_close(engines);
}

static void message(engines_rule *rule, size_t loss, const char *what)
{
	struct engines *engines = engines_open(3);

	engines->loses = rule;
	engines->loss = loss;
	say_long(engines, 0, WIRE_MESSAGE_MAX, 0);
	engines_run(engines, 10000);
	engines_has_all(engines, 1, 1, what);
	confirmed(engines, 0, "it is confirmed");
	tap_is_int(engines_seen(engines, 0)->leaves, 0,
		"nobody is taken for gone");
	engines_close(engines);
}

static void stream(engines_rule *rule, size_t loss, const char *what)
{
	struct engines *engines = engines_open(3);

	engines->loses = rule;
	engines->loss = loss;
	for (int i = 0; i < 1000; i++)
		say_long(engines, 0, (size_t)i % 3 == 0 ? 1000 : 100, 20000);
	engines_run(engines, 20000);
	engines_has_all(engines, 1, 1000, what);
	engines_has_all(engines, 2, 1000, "and the other member");
	confirmed(engines, 0, "all is confirmed");
	tap_is_int(engines_seen(engines, 0)->leaves, 0,
		"nobody is taken for gone");
	tap_is_int(engines_seen(engines, 0)->limited, 1, "it is told once");
	engines_close(engines);
}

/* The member behind the small MTU speaks, too. */
static void both_ways(void)
{
	struct engines *engines = engines_open(3);

	engines->loses = lose_large_either_way;
	for (int i = 0; i < 100; i++) {
		say_long(engines, 0, 1100, 20000);
		say_long(engines, 1, 1100, 20000);
	}
	engines_run(engines, 10000);
	engines_has_all(engines, 0, 100, "from behind the small MTU");
	engines_has_all(engines, 1, 100, "to behind the small MTU");
	tap_is_int((intmax_t)engines_seen(engines, 2)->messages, 200,
		"the third has both");
	confirmed(engines, 0, "all is confirmed");
	confirmed(engines, 1, "all is confirmed, from there, too");
	engines_close(engines);
}

/* The author dies before the member has what it said. */
static void author_dies(void)
{
	struct engines *engines = engines_open(3);

	engines->loses = lose_large_to_1;
	say_long(engines, 0, 1100, 0);
	/* A small line tells the member of the one before it. */
	engines_say_now(engines, 0);
	engines_run(engines, 4);
	engines_die(engines, 0);
	engines_run(engines, 20000);
	engines_has_all(engines, 1, 2, "another mends what a dead one said");
	engines_close(engines);
}

/* Random loss is not taken for a smaller MTU. */
static void random_loss(size_t percent, unsigned most)
{
	struct engines *engines = engines_open(3);

	engines->loses = lose_share_and_count;
	engines->loss = percent;
	for (int i = 0; i < 1000; i++)
		say_long(engines, 0, (size_t)i % 3 == 0 ? 1000 : 100, 20000);
	engines_run(engines, 20000);
	engines_has_all(engines, 1, 1000, "with random loss all comes");
	tap_is_int(engines_seen(engines, 0)->limited, 0,
		"random loss is not told as a smaller MTU");
	tap_ok(engines->reports <= most, "at %zu %% loss %u fragments", percent,
		engines->reports);
	engines_close(engines);
}

/* One large line, and nothing after it: chance takes it again and again from
 * some members of many chats. */
static void few_large(void)
{
	unsigned limited = 0;
	unsigned lacking = 0;

	for (int play = 0; play < FEW_LARGE_CHATS; play++) {
		struct engines *engines = engines_open(4);

		engines->loses = engines_lose_share;
		engines->loss = 30;
		say_long(engines, 0, 1000, 20000);
		engines_run(engines, 5000);
		limited += engines_seen(engines, 0)->limited;
		for (size_t i = 1; i < 4; i++)
			lacking += engines_seen(engines, i)->messages < 1;
		engines_close(engines);
	}
	tap_is_int(lacking, 0, "with 30 % loss a large line comes to each");
	tap_is_int(limited, 0, "in 200 chats nobody is told of a smaller MTU");
}

/* A line that is large is said in one packet. */
static void leaves_whole(struct engines *engines, const char *what)
{
	uint64_t packets = engines_counts(engines, 0).data_sent;

	say_long(engines, 0, 1100, 0);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)(engines_counts(engines, 0).data_sent - packets),
		1, what);
}

/* Node 0 says so many large packets, and mends them. */
static void say_large(struct engines *engines, int count)
{
	for (int i = 0; i < count; i++) {
		say_long(engines, 0, 1100, 0);
		engines_run(engines, 2000);
	}
}

/* What is large does not reach node 1, which is known then. */
static void become_limited(struct engines *engines)
{
	engines->loses = lose_large_to_1;
	say_large(engines, PATH_MTU_PACKETS);
}

/* Node 2 gets nothing that is said, so that node 1 keeps what it has. */
static bool lose_data_to_2(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)from, (void)size;
	return to == 2 && engines_is_data(packet);
}

/* Nor does what is large reach node 1. */
static bool lose_data_and_large(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	return lose_data_to_2(engines, from, to, packet, size) ||
	       lose_large_to_1(engines, from, to, packet, size);
}

/* A few in a row do not say that large packets do not come where one came
 * before. */
static void came_whole_before(void)
{
	struct engines *engines = engines_open(3);

	engines->loses = lose_data_to_2;
	leaves_whole(engines, "a large packet comes whole");
	engines->loses = lose_data_and_large;
	say_large(engines, PATH_MTU_PACKETS_ALTHOUGH - 1);
	tap_ok(!engines_known(engines, 0, "bob").gets_only_small,
		"a few in fragments behind it may be chance");
	say_large(engines, PATH_MTU_PACKETS_ALTHOUGH);
	tap_ok(engines_known(engines, 0, "bob").gets_only_small,
		"more are none");
	engines_close(engines);
}

/* The network is mended, and after a while large packets are used again. */
static void mended(void)
{
	struct engines *engines = engines_open(2);

	become_limited(engines);
	engines->loses = NULL;
	engines_run(engines, PATH_MTU_AGAIN_MS + 10000);
	tap_ok(!engines_known(engines, 0, "bob").gets_only_small,
		"after a while it is not known any more");
	leaves_whole(engines, "a line leaves in one large packet again");
	engines_has_all(engines, 1, 3, "which comes");
	engines_close(engines);
}

/* The member leaves: those that are left get large packets. */
static void limited_leaves(void)
{
	struct engines *engines = engines_open(3);

	become_limited(engines);
	engine_leave(engines->nodes[1].engine, engines->now);
	engines_drain(engines, 1);
	engines_run(engines, 3000);
	leaves_whole(
		engines, "once it has left, a line leaves in one large packet");
	engines_close(engines);
}

/* Member 101 asks node 0 for the first and the last of ten large packets, and
 * has those between: each time, the repair does not come. */
static void ask_for_first(struct engines *engines)
{
	static uint64_t counter = 1000000;
	struct wire_report report = {.origin = 100,
		.next = 1,
		.known = 10,
		.gap_count = 2,
		.gaps = {{1, 1}, {10, 1}}};
	struct forged forged;

	engines_forge_state(&forged, 101, ++counter, 1, 0);
	forged_report(&forged, &report);
	engines_receive(engines, 0, &forged);
	engines_run(engines, 100);
}

/* What is as large may have come in fragments of another member. */
static void although(void)
{
	struct engines *engines = engines_open(2);
	const struct member *bob =
		members_find(&engines->nodes[0].engine->members, 101);

	engines->loses = engines_lose_all;
	for (int i = 0; i < 10; i++)
		say_long(engines, 0, 1000, 1000);
	while (bob->path.ours.fails <= PATH_MTU_FAILS)
		ask_for_first(engines);
	tap_ok(!bob->path.ours.is_suspected,
		"a member that has another packet as large may be unlucky");
	while (bob->path.ours.fails < PATH_MTU_FAILS_ALTHOUGH)
		ask_for_first(engines);
	tap_ok(bob->path.ours.is_suspected, "but not again and again");
	engines_close(engines);
}

/* ---- hostile ---- */

static void forge_fragment(struct forged *out, uint64_t author,
	uint64_t sequence, const uint8_t *packet, size_t size, size_t offset)
{
	struct wire_header header = {
		.type = WIRE_FRAGMENT, .room = ENGINES_ROOM, .member = author};
	struct wire_fragment fragment = {
		.sequence = sequence,
		.offset = (uint16_t)offset,
		.packet_size = (uint16_t)size,
		.bytes = packet + offset,
		.size = wire_fragment_size(size, offset),
	};

	writer_init(&out->writer, out->bytes, sizeof(out->bytes));
	wire_header_encode(&out->writer, &header);
	wire_fragment_encode(&out->writer, &fragment);
}

/* Parts of many packets that never are, in the names of two authors; then one
 * of a third, whole. */
static void flood(void)
{
	struct engines *engines = engines_open(4);
	uint8_t rubbish[WIRE_PACKET_MAX] = {0};
	struct engine_counts before;
	struct engine_counts after;
	struct forged forged;

	engines->loses = lose_large_to_1;
	say_long(engines, 0, 1100, 0);
	before = engines_counts(engines, 1);
	for (uint64_t i = 0; i < 20000; i++) {
		forge_fragment(&forged, 102 + i % 2, 1 + i % 2000, rubbish,
			sizeof(rubbish), (size_t)(i % 3) * WIRE_FRAGMENT_BYTES);
		engines_receive(engines, 1, &forged);
		if (i % 20 == 0)
			engines_run(engines, 1);
	}
	after = engines_counts(engines, 1);
	tap_ok(after.memory - before.memory <
			FRAGMENTS_MAX * (sizeof(struct fragments_entry) + 1) +
				FRAGMENTS_BYTES_MAX + 16384,
		"what a flood of fragments takes is bounded: %zu bytes",
		after.memory - before.memory);
	engines_has_all(engines, 1, 1,
		"a flood in other names keeps no author's fragments out");
	engines_close(engines);
}

/* Fragments that make no packet, or another one than they say. */
static void poison(void)
{
	struct engines *engines = engines_open(2);
	uint8_t packet[WIRE_PACKET_MAX] = {0};
	struct forged forged;
	struct forged data;
	size_t size = 1000;

	engines->loses = engines_lose_all;
	/* The author's id, the next number of another author, a long line. */
	memset(packet, 'x', sizeof(packet));
	forged_data(&data, ENGINES_ROOM, 100, 2, 1);
	memcpy(packet, data.bytes, forged_size(&data));
	for (size_t at = 0; at < size; at += WIRE_FRAGMENT_BYTES) {
		forge_fragment(&forged, 100, 1, packet, size, at);
		engines_receive(engines, 1, &forged);
	}
	tap_is_int(engine_packet_took(engines->nodes[1].engine),
		ENGINE_DISPOSITION_NOTHING,
		"fragments that make another packet than they say");
	tap_is_int((intmax_t)engines_counts(engines, 1).bad, 1,
		"it counts as bad");
	tap_is_int((intmax_t)engines_seen(engines, 1)->messages, 0,
		"nothing of it is shown");
	engines->loses = lose_large_to_1;
	say_long(engines, 0, 1100, 0);
	engines_run(engines, 5000);
	engines_has_all(engines, 1, 1, "the packet itself comes afterwards");
	engines_close(engines);
}

/* A member that merely claims to get fragments only. */
static void false_claim(void)
{
	struct engines *engines = engines_open(2);
	struct wire_report report = {
		.origin = 100, .next = 1, .flags = WIRE_REPORT_SMALL};
	struct forged forged;

	engines_forge_state(&forged, 666, 1, 1, 0);
	forged_report(&forged, &report);
	engines_receive(engines, 0, &forged);
	engines_run(engines, 100);
	say_long(engines, 0, 1100, 0);
	engines_run(engines, 100);
	tap_ok(engines_seen(engines, 0)->limited == 0 &&
			engines_counts(engines, 0).data_sent == 1,
		"a claim alone changes nothing");
	engines_close(engines);
}

int main(void)
{
	line();
	made_before(2, 0);
	made_before(3, 20);
	message(lose_large_to_1, 0, "64 KiB");
	message(lose_large_either_way, 0, "64 KiB, either way");
	message(lose_large_to_1, 10, "64 KiB, with a loss of 10 %");
	stream(lose_large_to_1, 0, "a thousand lines");
	stream(lose_large_either_way, 0, "a thousand lines, either way");
	stream(lose_large_either_way, 10, "the same with a loss of 10 %");
	both_ways();
	author_dies();
	random_loss(0, 0);
	random_loss(10, 0);
	random_loss(30, 30);
	few_large();
	came_whole_before();
	mended();
	limited_leaves();
	although();
	flood();
	poison();
	false_claim();
	return tap_done();
}
