/* SPDX-License-Identifier: ISC */
/* What false combinations, and false asks for combinations, can bring about: no
 * more memory than allowed, few solved blocks, as few repairs as plain asks do;
 * and honest members get what they lack all the same. */
#include "mchat/protocol/engine.h"

#include <string.h>

#include "engines.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/code_receive.h"
#include "mchat/protocol/code_store.h"
#include "mchat/protocol/coding.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/receive_memory.h"

#define LINES 200000

#define FAKE UINT64_C(1000)

/* Repairs that all may cause in a second (repair.c). */
#define REPAIR_RATE_MAX 8000

/* What an engine may hold beside others' packets (engine_memory.c). */
#define OTHERS_MAX ((size_t)1024 * 1024)

/* Each receiver loses a share of what node 0 sends. */
static bool loses_of_first(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)to, (void)packet, (void)size;
	return from == 0 && random_below(100) < engines->loss;
}

/* A false combination of the longest kind comes in at node 1. */
static void give_long_code(
	struct engines *engines, uint64_t author, uint8_t index, uint64_t last)
{
	static const uint8_t bytes[WIRE_CODE_SUM_MAX - 12] = {1, 2, 3};
	struct forged forged;

	forged_code(&forged, ENGINES_ROOM, author, index, last, 9);
	writer_bytes(&forged.writer, bytes, sizeof(bytes));
	engines_receive(engines, 1, &forged);
}

static void give_code(
	struct engines *engines, uint64_t author, uint8_t index, uint64_t last)
{
	struct forged forged;

	forged_code(&forged, ENGINES_ROOM, author, index, last,
		(uint8_t)random_next());
	engines_receive(engines, 1, &forged);
}

/* The first packet of an author that nobody knows, without any message, comes
 * in at node 1. */
static void give_first(struct engines *engines, uint64_t author)
{
	struct forged forged;

	forged_data(&forged, ENGINES_ROOM, author, 1, 1);
	engines_receive(engines, 1, &forged);
}

/* The second packet of node 0 is lost. */
static bool loses_second(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)to;
	return from == 0 &&
	       (!engines_is_data(packet) ||
		       (size > 24 && cursor_u64(packet + 16) == 2));
}

/* Fakes of which only combinations are held give way before an author whose
 * packets wait. */
static void memory_full(void)
{
	struct engines *engines = engines_open(2);
	const struct member *ann;
	size_t most = 0;
	uint64_t waiting;

	engines->loses = loses_second;
	engines_say_packets(engines, 0, 1000, 60);
	ann = members_find(&engines->nodes[1].engine->members, 100);
	waiting = ann->window.store.end - ann->window.next;
	tap_ok(waiting > 900, "%ju packets wait behind a gap",
		(uintmax_t)waiting);
	for (uint64_t fake = 0; fake < 16; fake++) {
		give_first(engines, FAKE + fake);
		for (uint64_t block = 1; block < 126; block++)
			for (uint8_t index = 0; index < 63; index++) {
				give_long_code(engines, FAKE + fake, index,
					(block + 1) * CODING_BLOCK);
				if (engines_counts(engines, 1).memory > most)
					most = engines_counts(engines, 1)
						       .memory;
			}
	}
	tap_ok(most > RECEIVE_MEMORY_MAX / 2 &&
			most <= RECEIVE_MEMORY_MAX + OTHERS_MAX,
		"126,000 false combinations take %.1f MB at most",
		(double)most / 1e6);
	tap_is_int((intmax_t)(ann->window.store.end - ann->window.next),
		(intmax_t)waiting, "and none of the packets that wait");
	engines->loses = NULL;
	engines_run(engines, 3000);
	engines_has_all(engines, 1, engines->nodes[0].said,
		"all of the author comes at last");
	engines_close(engines);
}

/* A million combinations, each of which has a block of one packet solved. */
static void million(void)
{
	struct engines *engines = engines_open(2);
	uint64_t number = 0;
	size_t most = 0;
	struct engine_counts counts;

	for (uint64_t fake = 0; fake < 1000; fake++)
		give_first(engines, FAKE + fake);
	for (int ms = 0; ms < 5000; ms++) {
		for (int i = 0; i < 200; i++, number++)
			give_code(engines, FAKE + number % 1000,
				(uint8_t)(number / 1000 % 192),
				1 + (1 + number / 1000 % 126) * CODING_BLOCK);
		engines_run(engines, 1);
		counts = engines_counts(engines, 1);
		most = counts.memory > most ? counts.memory : most;
	}
	tap_ok(counts.poisoned <= 6 * CODE_SOLVE_RATE_MAX + 1100,
		"of a million false combinations in 5 s %ju are looked at",
		(uintmax_t)counts.poisoned);
	tap_ok(counts.poisoned > 1000, "more than a few");
	tap_ok(most <= RECEIVE_MEMORY_MAX + OTHERS_MAX,
		"they take %.1f MB at most", (double)most / 1e6);
	engines_say_packets(engines, 0, 100, 1);
	engines_run(engines, 2000);
	engines_has_all(engines, 1, 100, "what is said after it comes");
	engines_close(engines);
}

/* How long three members take for LINES lines at a loss of 10 %, while so many
 * false combinations a millisecond have blocks of fakes solved. */
static int64_t transfer_beside(unsigned codes_each_ms)
{
	struct engines *engines = engines_open(3);
	struct instant begun;
	struct duration took;
	uint64_t number = 0;

	for (uint64_t fake = 0; fake < 1000; fake++)
		give_first(engines, FAKE + fake);
	engines_run(engines, 100);
	for (; number < codes_each_ms * UINT64_C(200); number++)
		give_code(engines, FAKE + number % 1000, 0,
			1 + (1 + number / 1000 % 126) * CODING_BLOCK);
	engines->loses = loses_of_first;
	engines->loss = 10;
	begun = engines->now;
	for (int ms = 0; ms < 60000; ms++) {
		while (engines->nodes[0].said < LINES &&
			engines_say(engines, 0) == ENGINE_SAID)
			;
		engines_drain(engines, 0);
		for (unsigned i = 0; i < codes_each_ms; i++, number++)
			give_code(engines, FAKE + number % 1000, 0,
				1 + (1 + number / 1000 % 126) * CODING_BLOCK);
		engines_run(engines, 1);
		if (engines_seen(engines, 1)->messages == LINES)
			break;
	}
	engines_has_all(engines, 1, LINES,
		codes_each_ms ? "beside a flood all comes"
			      : "without a flood all comes");
	took = instant_until(begun, engines->now);
	engines_close(engines);
	return took.ns / NS_PER_MS;
}

/* What honest combinations give waits for the limit of solving no longer than
 * plain repairs take. */
static void starved(void)
{
	int64_t usual = transfer_beside(0);
	int64_t flooded = transfer_beside(10);

	tap_ok(flooded <= 3 * usual + 1000,
		"200,000 lines take %jd ms, beside a flood %jd",
		(intmax_t)usual, (intmax_t)flooded);
}

/* Which DATA of node 0 is lost; the numbers are those of `engines->loss`. */
static bool loses_one(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)size;
	return from == 0 && to == 1 && engines_is_data(packet) &&
	       (packet[2] & WIRE_REPAIR) == 0 &&
	       cursor_u64(packet + 16) == engines->loss;
}

/* Somebody claims that there is more of a block than was ever sent. */
static void far_ahead(void)
{
	static const uint64_t lasts[] = {
		64, 65, 128, 6400, 8300, 1 << 20, WIRE_SEQUENCE_MAX};

	for (size_t i = 0; i < sizeof(lasts) / sizeof(*lasts); i++) {
		struct engines *engines = engines_open(3);
		struct engine_counts counts;
		uint64_t again;
		int ms;

		engines->loses = loses_one;
		engines->loss = 6;
		engines_say_packets(engines, 0, 5, 1);
		engines_say_now(engines, 0);
		engines_say_now(engines, 0);
		engines_run(engines, 1);
		give_code(engines, 100, 3, lasts[i]);
		for (ms = 0;
			ms < 2000 && engines_seen(engines, 1)->messages < 7;
			ms++)
			engines_run(engines, 1);
		counts = engines_counts(engines, 0);
		again = counts.coded_sent + counts.repairs_sent;
		tap_ok(ms < 200 && again <= 70,
			"one false combination up to %ju: 1 lost packet comes "
			"after %d ms, with %ju repairs",
			(uintmax_t)lasts[i], ms, (uintmax_t)again);
		engines_run(engines, 40000);
		engines_has_all(engines, 1, 7, "all comes, nothing is lost");
		engines_close(engines);
	}
}

/* The same index again and again, and one for authors that nobody knows. */
static void repeated(void)
{
	struct engines *engines = engines_open(3);
	struct engine_counts before = engines_counts(engines, 1);
	struct engine_counts after;

	for (int i = 0; i < 1000; i++)
		give_code(engines, 55555 + random_below(100), 1, 64);
	after = engines_counts(engines, 1);
	tap_ok(after.memory == before.memory &&
			after.coded_received == before.coded_received,
		"of authors that nobody knows nothing is held");
	tap_is_int((intmax_t)engine_member_count(engines->nodes[1].engine), 2,
		"nor is anybody met by it");
	give_first(engines, FAKE);
	before = engines_counts(engines, 1);
	for (int i = 0; i < 1000; i++)
		give_code(engines, FAKE, 1, 128);
	after = engines_counts(engines, 1);
	tap_is_int((intmax_t)(after.coded_useless - before.coded_useless), 999,
		"of a thousand with the same index one is held");
	tap_ok(after.memory - before.memory <
			sizeof(struct code_store) +
				2 * sizeof(struct code_block),
		"which takes %zu bytes", after.memory - before.memory);
	engines_close(engines);
}

/* Blocks that one item can speak of. */
#define BLOCKS_MAX 127

/* A STATE of a fake that lacks that much of each of so many blocks, from `next`
 * on. */
static size_t ask(struct engines *engines, uint64_t fake, uint64_t next,
	uint8_t blocks, uint8_t packets)
{
	static uint64_t counter;
	struct engine_counts counts = engines_counts(engines, 0);
	struct wire_lack lacks[BLOCKS_MAX];
	struct wire_report report = {
		.origin = 100, .next = next, .known = counts.data_sent};
	struct forged forged;

	for (size_t i = 0; i < blocks; i++)
		lacks[i] = (struct wire_lack){packets, 0};
	engines_forge_state(&forged, fake, ++counter, 1, 0);
	forged_report(&forged, &report);
	wire_lacks_encode(&forged.writer, 0, lacks, blocks);
	engines_receive(engines, 0, &forged);
	return forged_size(&forged);
}

/* Thousands ask for more of each block than there is. */
static void greedy_many(void)
{
	struct engines *engines = engines_open(3);
	size_t asked = 0;
	uint64_t before;
	struct engine_counts counts;
	struct engine_counts after;

	(void)engines_say_all(engines, 0, 200000, 60000);
	engines_run(engines, 3000);
	before = engines->bytes[0];
	counts = engines_counts(engines, 0);
	for (uint64_t i = 0; i < 5000; i++) {
		asked += ask(engines, FAKE + i, 1 + i % 3000, BLOCKS_MAX, 255);
		if (i % 5 == 0)
			engines_run(engines, 1);
	}
	engines_run(engines, 3000);
	after = engines_counts(engines, 0);
	tap_ok(engines->bytes[0] - before < 60 * asked,
		"5,000 members that ask with %zu bytes cause %ju", asked,
		(uintmax_t)(engines->bytes[0] - before));
	tap_ok(after.coded_sent - counts.coded_sent <=
			4 * REPAIR_RATE_MAX + 2000,
		"%ju combinations in four seconds",
		(uintmax_t)(after.coded_sent - counts.coded_sent));
	tap_ok(after.steps - counts.steps < 5000 * UINT64_C(1000), "%ju steps",
		(uintmax_t)(after.steps - counts.steps));
	engines_close(engines);
}

/* Fakes have had all combinations of a block made: who lacks something of it
 * then gets the packets as they are, a few at a time. */
static void used_up(void)
{
	struct engines *engines = engines_open(3);
	struct coder *coder = &engines->nodes[0].engine->coder;
	struct engine_counts before;
	struct engine_counts after;

	engines_say_packets(engines, 0, 60, 1);
	engines_run(engines, 1000);
	coder->blocks[0] = (struct coder_block){
		.first = 1, .next = WIRE_CODE_OF_AUTHOR, .sent = INSTANT_NEVER};
	before = engines_counts(engines, 0);
	ask(engines, FAKE, 3, 1, 2);
	engines_run(engines, 100);
	after = engines_counts(engines, 0);
	tap_is_int((intmax_t)(after.repairs_sent - before.repairs_sent), 2,
		"of a block that is used up two that are lacked come");
	ask(engines, FAKE, 5, 1, 255);
	engines_run(engines, 100);
	tap_is_int((intmax_t)(engines_counts(engines, 0).repairs_sent -
			      after.repairs_sent),
		4, "of all that are lacked four");
	tap_is_int((intmax_t)(engines_counts(engines, 0).coded_sent -
			      before.coded_sent),
		0, "and no combination");
	engines_close(engines);
}

/* Of a block of which few packets were sent there are as few combinations,
 * whatever is lacked. */
static void few_sent(void)
{
	struct engines *engines = engines_open(3);
	struct engine_counts before;

	engines_say_packets(engines, 0, 3, 1);
	engines_run(engines, 1000);
	before = engines_counts(engines, 0);
	ask(engines, FAKE, 1, 1, 255);
	engines_run(engines, 100);
	tap_is_int((intmax_t)(engines_counts(engines, 0).coded_sent -
			      before.coded_sent),
		3, "of three packets three combinations");
	engines_close(engines);
}

/* STATEs that poll us cause STATEs of ours only so often. */
static void polled(void)
{
	struct engines *engines = engines_open(2);
	uint64_t ids[] = {0, 100};
	struct engine_counts before;
	struct engine_counts after;

	engines_say_now(engines, 1);
	engines_run(engines, 1000);
	before = engines_counts(engines, 0);
	for (uint64_t i = 0; i < 20000; i++) {
		struct forged forged;

		engines_forge_state(&forged, FAKE + i % 50, i + 1, 1, 0);
		/* By turns as the first of all, and not. */
		if (i % 100 < 50)
			wire_polled_encode(&forged.writer, ids + 1, 1);
		else
			wire_polled_encode(&forged.writer, ids, 2);
		engines_receive(engines, 0, &forged);
		if (i % 20 == 19)
			engines_run(engines, 1);
	}
	after = engines_counts(engines, 0);
	tap_ok(after.states_sent - before.states_sent <= 1001,
		"20,000 polls in a second cause %ju STATEs",
		(uintmax_t)(after.states_sent - before.states_sent));
	engines_run(engines, 10000);
	before = engines_counts(engines, 0);
	engines_run(engines, 10000);
	after = engines_counts(engines, 0);
	tap_ok(after.states_sent - before.states_sent < 200,
		"when they end few follow: %ju in 10 s",
		(uintmax_t)(after.states_sent - before.states_sent));
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	memory_full();
	million();
	starved();
	far_ahead();
	repeated();
	greedy_many();
	used_up();
	few_sent();
	polled();
	return tap_done();
}
