/* SPDX-License-Identifier: ISC */
/* Coded repair between engines: one combination for many losses, plain repairs
 * where they are as good, survivors that repair in an author's place; and what
 * false combinations can do. */
#include "mchat/protocol/engine.h"

#include <string.h>

#include "engines.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/coder.h"
#include "mchat/protocol/decoder.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/lacks.h"
#include "mchat/protocol/repair.h"

#define MESSAGES 40000

/* Loses packets of the first node to the others, each by itself. */
static bool loses_to_others(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)to, (void)packet, (void)size;
	return from == 0 && random_below(100) < engines->loss;
}

/* Node 0 says a lot to `members` - 1 others, at that loss. */
static struct engines *transfer(size_t members, size_t loss)
{
	struct engines *engines = engines_open(members);

	engines->loses = loses_to_others;
	engines->loss = loss;
	tap_ok(engines_say_all(engines, 0, MESSAGES, 60000),
		"%zu %% loss, %zu members: all is said", loss, members);
	engines_run(engines, 5000);
	for (size_t i = 1; i < members; i++)
		engines_has_all(engines, i, MESSAGES, "the others have all");
	return engines;
}

static void one_for_many(void)
{
	struct engines *engines = transfer(4, 10);
	struct engine_counts counts = engines_counts(engines, 0);
	uint64_t again = counts.coded_sent + counts.repairs_sent;

	tap_ok(counts.coded_sent > counts.repairs_sent,
		"%ju combinations and %ju plain repairs of %ju packets",
		(uintmax_t)counts.coded_sent, (uintmax_t)counts.repairs_sent,
		(uintmax_t)counts.data_sent);
	/* Each of three lost a tenth: plain repairs would be 30 %. */
	tap_ok(again * 100 < counts.data_sent * 25,
		"what went again is less than each loss by itself");
	counts = engines_counts(engines, 1);
	tap_ok(counts.decoded > 0 && counts.poisoned == 0,
		"node 1 put %ju packets together", (uintmax_t)counts.decoded);
	engines_close(engines);
}

/* Of how many blocks of node 0 its node 1 asks for single packets after so many
 * NACKs in vain. */
static uint64_t plain_blocks(struct engines *engines, unsigned nacks)
{
	struct engine *e = engines->nodes[1].engine;
	struct member *m = members_find(&e->members, 100);
	uint64_t first = coding_block_first(m->window.next);

	m->nacks = nacks;
	m->has_answered = true;
	if (lacks_are_used(e, m, engines->now))
		return 0;
	return (lacks_plain_end(e, m, engines->now) - first) / CODING_BLOCK;
}

/* What node 1 lacks of the block that it goes on with. */
static struct wire_lack lack_of(struct engines *engines)
{
	struct engine *e = engines->nodes[1].engine;
	const struct receive_window *s =
		&members_find(&e->members, 100)->window;

	return decoder_lack(s, coding_block_first(s->next), s->known + 1);
}

/* Where combinations of a block came, NACKs in vain were lost; where none did,
 * something on the way does not let them through. */
static void nacks_in_vain(void)
{
	struct engines *engines = engines_open(4);
	bool has_heard = false;
	bool has_not = false;

	engines->loses = loses_to_others;
	engines->loss = 30;
	for (int ms = 0; ms < 10000 && !(has_heard && has_not); ms++) {
		struct wire_lack lack;

		for (int i = 0; i < 500; i++)
			(void)engines_say(engines, 0);
		engines_run(engines, 1);
		lack = lack_of(engines);
		if (lack.packets == 0)
			continue;
		if (lack.heard > 0 && !has_heard) {
			has_heard = true;
			tap_ok(plain_blocks(engines, 5) == 0 &&
					plain_blocks(engines, 6) == 4,
				"six NACKs in vain where combinations come: "
				"four blocks as they are");
		} else if (lack.heard == 0 && !has_not) {
			has_not = true;
			tap_ok(plain_blocks(engines, 2) == 0 &&
					plain_blocks(engines, 3) == 4,
				"three where none does");
		}
	}
	tap_ok(has_heard && has_not, "both were seen");
	engines_close(engines);
}

/* For one receiver a plain repair is as good, and costs less. */
static void one_receiver(void)
{
	struct engines *engines = transfer(2, 10);
	struct engine_counts counts = engines_counts(engines, 0);

	tap_ok(counts.coded_sent == 0 && counts.repairs_sent > 0,
		"one receiver gets plain repairs");
	engines_close(engines);
}

/* Each of the survivors lost others than the rest. */
static bool loses_by_turns(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)size;
	return from == 0 && engines_gives_data(packet) &&
	       (!engines_is_data(packet) ||
		       engines_number(packet) % 16 == to * 4);
}

/* Node 3 loses some of two authors; and half of what others repair. */
static bool loses_to_3_of_two(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)size;
	return from < 2 && to == 3 && engines_gives_data(packet) &&
	       (!engines_is_data(packet) || engines_number(packet) % 16 == 5);
}

static bool loses_half_to_3(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)size, (void)from;
	return to == 3 && engines_gives_data(packet) && random_below(2) == 0;
}

/* But for node 1, which has all. */
static bool loses_by_turns_but_1(struct engines *engines, size_t from,
	size_t to, const uint8_t *packet, size_t size)
{
	return to != 1 && loses_by_turns(engines, from, to, packet, size);
}

/* Whether a node has not all that is known of node 0's. */
static bool lacks_some(const struct engines *engines, size_t index)
{
	const struct member *m =
		members_find(&engines->nodes[index].engine->members, 100);

	return m && receive_window_has_gap(&m->window);
}

/* When an author dies the survivors, each of which lacks others, repair in its
 * place; one that has all of a block, by combinations. */
static void survivors(engines_rule *loses)
{
	struct engines *engines = engines_open(4);
	int ms = 0;
	uint64_t coded = 0;
	uint64_t plain = 0;
	uint64_t decoded = 0;

	(void)engines_say_all(engines, 0, MESSAGES, 10000);
	engines_run(engines, 2000);
	engines->loses = loses;
	(void)engines_say_all(engines, 0, MESSAGES + 200000, 20);
	engines_drain(engines, 0);
	engines_run(engines, 1);
	engines_die(engines, 0);
	engines->loses = NULL;
	for (size_t i = 1; i < 4; i++)
		coded -= engines_counts(engines, i).coded_sent;
	while (ms < 20000 &&
		(lacks_some(engines, 2) || lacks_some(engines, 3))) {
		engines_run(engines, 1);
		ms++;
	}
	engines_run(engines, 20000);
	for (size_t i = 1; i < 4; i++) {
		coded += engines_counts(engines, i).coded_sent;
		plain += engines_counts(engines, i).repairs_sent;
		decoded += engines_counts(engines, i).decoded;
	}
	tap_note("%ju combinations and %ju plain repairs gave %ju",
		(uintmax_t)coded, (uintmax_t)plain, (uintmax_t)decoded);
	tap_ok(coded + plain > 0 && ms < 2000, "the survivors repair, in %d ms",
		ms);
	tap_ok(loses == loses_by_turns || decoded > plain,
		"one that has all does so by combinations");
	for (size_t i = 1; i < 4; i++)
		tap_ok(engines_seen(engines, i)->is_ordered &&
				engines_seen(engines, i)->lost == 0 &&
				engines_seen(engines, i)->messages > MESSAGES,
			"survivor %zu has all of what was sent: %ju", i,
			(uintmax_t)engines_seen(engines, i)->messages);
	engines_close(engines);
}

/* Two authors fall silent at once: node 2 has all of both, node 3 lacks of
 * both.
 */
static void two_authors_die(void)
{
	struct engines *engines = engines_open(4);
	struct engine_counts counts;
	int ms = 0;

	for (int i = 0; i < 2; i++) {
		(void)engines_say_all(engines, 0, MESSAGES, 10000);
		(void)engines_say_all(engines, 1, MESSAGES, 10000);
		engines_run(engines, 2000);
	}
	engines->loses = loses_to_3_of_two;
	for (int i = 0; i < 50; i++) {
		for (int j = 0; j < 1000; j++) {
			(void)engines_say(engines, 0);
			(void)engines_say(engines, 1);
		}
		engines_drain(engines, 0);
		engines_drain(engines, 1);
		engines_run(engines, 1);
	}
	engines_die(engines, 0);
	engines_die(engines, 1);
	engines->loses = loses_half_to_3;
	while (ms < 20000 && engines_seen(engines, 3)->messages <
				     engines_seen(engines, 2)->messages) {
		engines_run(engines, 1);
		ms++;
	}
	counts = engines_counts(engines, 3);
	tap_note("%ju combinations and %ju plain repairs gave %ju, %ju useless",
		(uintmax_t)engines_counts(engines, 2).coded_sent,
		(uintmax_t)engines_counts(engines, 2).repairs_sent,
		(uintmax_t)counts.decoded, (uintmax_t)counts.coded_useless);
	tap_ok(engines_seen(engines, 3)->lost == 0 &&
			engines_seen(engines, 3)->messages ==
				engines_seen(engines, 2)->messages &&
			engines_seen(engines, 3)->messages >
				(uint64_t)3 * MESSAGES,
		"of two authors that die at once all comes, after %d ms: %ju",
		ms, (uintmax_t)engines_seen(engines, 3)->messages);
	engines_close(engines);
}

/* ---- where packets are as good, or all that can be had ---- */

/* What was said before it joined is not asked for block by block. */
static void joiner(void)
{
	struct engines *engines = engines_open(3);
	struct engine_config config = engines_config(3);
	struct engine_counts before;
	struct engine_counts after;

	(void)engines_say_all(engines, 0, MESSAGES, 20000);
	engines_run(engines, 3000);
	before = engines_counts(engines, 0);
	config.history = 10000;
	engines_join_as(engines, 3, &config);
	engines_run(engines, 10000);
	after = engines_counts(engines, 0);
	tap_ok(after.coded_sent == before.coded_sent &&
			after.repairs_sent > before.repairs_sent + 100,
		"history comes as %ju plain repairs",
		(uintmax_t)(after.repairs_sent - before.repairs_sent));
	tap_is_int((intmax_t)engines_seen(engines, 3)->history, 10000,
		"all that was wanted");
	/* From then on it is a member like any. */
	engines->loses = loses_to_others;
	engines->loss = 10;
	(void)engines_say_all(engines, 0, (uint64_t)2 * MESSAGES, 60000);
	engines->loses = NULL;
	engines_run(engines, 3000);
	after = engines_counts(engines, 3);
	tap_ok(after.decoded > 0 && engines_seen(engines, 3)->lost == 0 &&
			engines_seen(engines, 3)->messages == MESSAGES + 10000,
		"what is said after it joined is put together, too: %ju",
		(uintmax_t)after.decoded);
	engines_close(engines);
}

/* Large packets do not reach node 1. */
static bool loses_large_to_1(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	return (to == 1 && size > 572) ||
	       loses_to_others(engines, from, to, packet, size);
}

static void small_mtu(void)
{
	struct engines *engines = engines_open(4);
	struct engine_counts before;
	struct engine_counts after;

	engines->loses = loses_large_to_1;
	engines->loss = 5;
	(void)engines_say_all(engines, 0, MESSAGES, 120000);
	engines_run(engines, 10000);
	for (size_t i = 1; i < 4; i++)
		engines_has_all(engines, i, MESSAGES,
			"with a member behind a small MTU the others have all");
	tap_is_int((intmax_t)engines_counts(engines, 1).decoded, 0,
		"it puts nothing together of what it does not get");
	before = engines_counts(engines, 0);
	(void)engines_say_all(engines, 0, (uint64_t)2 * MESSAGES, 120000);
	engines_run(engines, 10000);
	after = engines_counts(engines, 0);
	for (size_t i = 1; i < 4; i++)
		engines_has_all(engines, i, (uint64_t)2 * MESSAGES,
			"as do they of what comes later");
	tap_note("%ju combinations, %ju plain repairs of %ju packets",
		(uintmax_t)(after.coded_sent - before.coded_sent),
		(uintmax_t)(after.repairs_sent - before.repairs_sent),
		(uintmax_t)(after.data_sent - before.data_sent));
	engines_close(engines);
}

/* The packets of a block have other sizes than those before. */
static void other_sizes(void)
{
	static const size_t sizes[] = {1200, 512, WIRE_PACKET_MAX, 600, 1464};
	struct engines *engines = engines_open(4);
	uint64_t said = 0;
	struct engine_counts counts;

	engines->loses = loses_to_others;
	engines->loss = 10;
	for (int round = 0; round < 60; round++) {
		engine_set_packet_size(engines->nodes[0].engine,
			sizes[round % 5], 0, engines->now);
		said += 1500 + random_below(700);
		if (!engines_say_all(engines, 0, said, 20000))
			break;
	}
	engines->loses = NULL;
	engines_run(engines, 5000);
	for (size_t i = 1; i < 4; i++)
		engines_has_all(engines, i, said,
			"packets that change their size all come");
	counts = engines_counts(engines, 1);
	tap_ok(counts.decoded > 0 && counts.poisoned == 0,
		"%ju of them are put together", (uintmax_t)counts.decoded);
	engines_close(engines);
}

/* One packet in each block of node 0's, another to each of two. */
static bool loses_one_of_blocks(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)size;
	return from == 0 && to != 3 && engines_is_data(packet) &&
	       (packet[2] & WIRE_REPAIR) == 0 &&
	       engines_number(packet) % 64 == 10 * to;
}

/* A false combination of each block has come before its packets: what is
 * missing of it comes as packets, and soon. */
static void poisoned(void)
{
	struct engines *engines = engines_open(4);
	struct engine_counts counts;
	struct forged forged;
	uint64_t ahead = 1;
	int ms;

	engines->loses = loses_one_of_blocks;
	for (int i = 0; i < 400; i++) {
		uint64_t sent = engines_counts(engines, 0).data_sent;

		for (; ahead < sent + 1000; ahead += 64) {
			forged_code(
				&forged, ENGINES_ROOM, 100, 150, ahead + 63, 3);
			engines_receive(engines, 1, &forged);
		}
		for (int j = 0; j < 500; j++)
			(void)engines_say(engines, 0);
		engines_drain(engines, 0);
		engines_run(engines, 1);
	}
	for (ms = 0; ms < 5000 && engines_seen(engines, 1)->messages <
					  engines->nodes[0].said;
		ms++)
		engines_run(engines, 1);
	counts = engines_counts(engines, 1);
	tap_ok(counts.poisoned > 10 && counts.decoded == 0,
		"%ju blocks were found to be false",
		(uintmax_t)counts.poisoned);
	for (size_t i = 1; i < 3; i++)
		engines_has_all(engines, i, engines->nodes[0].said,
			"what they lack of these comes as it is");
	tap_ok(ms < 300, "within %d ms", ms);
	tap_ok(engines_counts(engines, 0).repairs_sent >= counts.poisoned,
		"by %ju plain repairs, beside %ju combinations",
		(uintmax_t)engines_counts(engines, 0).repairs_sent,
		(uintmax_t)engines_counts(engines, 0).coded_sent);
	engines_close(engines);
}

/* ---- what is under way ---- */

/* Bob knows node 0's packets up to `known`, and lacks 5 of its first block, of
 * which he has heard no combination; returns how many more are planned. */
static unsigned planned_for(struct engines *engines, uint64_t known)
{
	struct engine *e = engines->nodes[0].engine;
	struct wire_report report = {.origin = 100, .next = 1, .known = known};
	struct wire_lack lack = {5, 0};
	struct forged forged;
	unsigned before = e->coder.planned + (unsigned)e->counts.coded_sent;

	engines_forge_state(&forged, 101, 1000000 + ++engines->reports, 1, 0);
	forged_report(&forged, &report);
	wire_lacks_encode(&forged.writer, 0, &lack, 1);
	engines_receive(engines, 0, &forged);
	return e->coder.planned + (unsigned)e->counts.coded_sent - before;
}

/* Five combinations leave, and then other packets.  20 ms later, more than a
 * turn-around, bob asks: he had not come to read the combinations, or they are
 * lost. */
static void under_way(void)
{
	struct engines *engines = engines_open(3);
	struct engine *e = engines->nodes[0].engine;

	engines->loses = engines_lose_all;
	engines_say_packets(engines, 0, CODING_BLOCK, 100);
	engines_run(engines, 5);
	(void)coder_plan(&e->coder, &(struct coder_request){.first = 1}, 5);
	engines_run(engines, 5);
	engines_say_packets(engines, 0, 6, 100);
	engines_run(engines, 20);
	tap_ok(e->coder.planned == 0 &&
			e->send_window.unsent > CODING_BLOCK + 2,
		"combinations left, and then packets");
	tap_is_int(planned_for(engines, CODING_BLOCK), 0,
		"who knows nothing of what left behind them may yet read them");
	tap_ok(planned_for(engines, e->send_window.unsent - 2) >= 5,
		"who does has lost them");
	engines_close(engines);
}

/* When a packet left that a combination gave is not known: to its author that
 * is no turn-around, though it came long after the packets before it. */
static void no_turnaround(void)
{
	struct engines *engines = engines_open(4);
	const struct engine *e = engines->nodes[0].engine;
	int64_t most = 0;

	engines->loses = loses_to_others;
	engines->loss = 50;
	for (int i = 0; i < 200; i++) {
		engines_say_packets(engines, 0, CODING_BLOCK / 2, 100);
		engines_run(engines, 50);
		most = e->ack_rtt.ns > most ? e->ack_rtt.ns : most;
	}
	tap_ok(most < 1500 * NS_PER_US, "a turn-around takes %lld us at most",
		(long long)(most / NS_PER_US));
	engines_close(engines);
}

/* What node 0 sends node 1: C for combinations, R for repairs, D for what is
 * new. */
static char kinds[64];

static bool note_kind(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	size_t count = strlen(kinds);

	(void)engines, (void)size;
	if (from != 0 || to != 1 || count + 1 == sizeof(kinds) ||
		!engines_gives_data(packet))
		return true;
	if (!engines_is_data(packet))
		kinds[count] = 'C';
	else if (packet[2] & WIRE_REPAIR)
		kinds[count] = 'R';
	else
		kinds[count] = 'D';
	return true;
}

/* Packets that are sent again, and new ones, leave by turns: in runs, so that
 * those of one size can be handed over in one; combinations and plain repairs
 * among them, too. */
static void by_turns(void)
{
	static const char text[WIRE_USUAL_MAX];
	struct engines *engines = engines_open(3);
	struct engine *e = engines->nodes[0].engine;

	engines_say_packets(engines, 0, CODING_BLOCK, 100);
	engines_run(engines, 3000);
	engines->loses = note_kind;
	(void)coder_plan(&e->coder, &(struct coder_request){.first = 1}, 24);
	for (uint64_t number = 1; number <= 6; number++)
		repair_plan_unasked(e, number, engines->now);
	for (int i = 0; i < 40; i++)
		engine_say(e, false, text, 1300, (struct wall_time){1},
			engines->now);
	e->congestion.rate = 1e9;
	engines_drain(engines, 0);
	tap_is_string(kinds,
		"DDDDDDDDDDDDDDDD"
		"CRCRCRCRCRCRCCCC"
		"DDDDDDDDDDDDDDDD"
		"CCCCCCCCCCCCCCD",
		"16 of each leave by turns, as far as there are so many");
	engines_close(engines);
}

/* ---- confirmations ---- */

/* STATEs that bob sends to confirm something, when combinations come of a block
 * that he has long confirmed, among so many others. */
static unsigned confirmed_for(uint64_t others)
{
	struct engines *engines = engines_open(2);
	struct forged forged;
	unsigned before;

	for (uint64_t i = 0; i < others; i++) {
		engines_forge_state(&forged, 5000 + i, 1, 1, 0);
		engines_receive(engines, 1, &forged);
	}
	engines_say_packets(engines, 0, CODING_BLOCK, 100);
	engines_run(engines, 1000);
	before = engines->sent_for[1][ENGINE_CONFIRM];
	for (uint8_t index = 0; index < 10; index++) {
		forged_code(
			&forged, ENGINES_ROOM, 100, index, CODING_BLOCK, index);
		engines_receive(engines, 1, &forged);
		engines_run(engines, 100);
	}
	before = engines->sent_for[1][ENGINE_CONFIRM] - before;
	engines_close(engines);
	return before;
}

static void says_it_once(void)
{
	tap_ok(confirmed_for(0) > 0, "in a small group all is confirmed again");
	tap_is_int(confirmed_for(30), 0,
		"in a large one, what brings nothing new is not");
}

/* ---- the last packets that there can be ---- */

/* Gives node 1 a combination of an author's last block, of which packets are
 * kept up to `last`; returns what it was taken for. */
static enum engine_disposition give_code(struct engines *engines,
	const struct packet_store *store, uint8_t index, uint64_t last)
{
	static struct coder_made made;
	struct coder_order order = {
		.store = store,
		.header = {.type = WIRE_CODE,
			.room = ENGINES_ROOM,
			.member = 999,
			.index = index},
		.last = last,
		.most = WIRE_PACKET_MAX,
	};
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size = coder_make(&made, &order, packet);

	engine_receive(engines->nodes[1].engine, packet, size, 1, engines->now);
	engines_drain(engines, 1);
	return engine_packet_took(engines->nodes[1].engine);
}

static void last_numbers(void)
{
	struct engines *engines = engines_open(2);
	uint64_t first = coding_block_first(WIRE_SEQUENCE_MAX);
	uint64_t number = first;
	struct packet_store store;
	struct forged forged;

	packet_store_init(&store, first);
	tap_is_int((intmax_t)(WIRE_SEQUENCE_MAX - first), 62,
		"the last block has 63 packets");
	for (;; number++) {
		forged_data(
			&forged, ENGINES_ROOM, 999, number, number - first + 1);
		/* What came before it had said before we were there. */
		forged_age(&forged, 60000 + (int64_t)(number - first),
			number == first ? 50000 : 1);
		forged_record(&forged, RECORD_LINE, "last", 4);
		(void)packet_store_put(&store, number, forged.bytes,
			forged_size(&forged), engines->now);
		/* One in the middle, the last but one, and the last. */
		if (number != first + 20 && number < WIRE_SEQUENCE_MAX - 1)
			engines_receive(engines, 1, &forged);
		if (number == WIRE_SEQUENCE_MAX)
			break;
	}
	tap_is_int(give_code(engines, &store, 0, WIRE_SEQUENCE_MAX),
		ENGINE_DISPOSITION_CODED, "one combination of three is held");
	tap_is_int(give_code(engines, &store, 130, WIRE_SEQUENCE_MAX - 2),
		ENGINE_DISPOSITION_CODED,
		"one of fewer packets, which gives one of them");
	tap_is_int(give_code(engines, &store, 191, WIRE_SEQUENCE_MAX),
		ENGINE_DISPOSITION_DECODED, "the third gives all");
	engines_run(engines, 100);
	tap_is_int((intmax_t)engines_counts(engines, 1).decoded, 3,
		"three packets are put together");
	tap_is_int((intmax_t)engines_seen(engines, 1)->messages, 63,
		"and all messages are shown");
	tap_is_int(give_code(engines, &store, 1, WIRE_SEQUENCE_MAX),
		ENGINE_DISPOSITION_DOUBLE, "another gives nothing");
	engines_run(engines, 30000);
	tap_is_int((intmax_t)engines_seen(engines, 1)->lost, 0,
		"nothing is told as lost behind the last");
	packet_store_fini(&store);
	engines_close(engines);
}

/* False combinations in an author's name, while it sends at loss. */
static void garbage(void)
{
	struct engines *engines = engines_open(3);
	struct engine_counts counts;
	struct forged forged;
	size_t most = 0;

	engines->loses = loses_to_others;
	engines->loss = 10;
	for (int i = 0; i < 2000; i++) {
		(void)engines_say(engines, 0);
		(void)engines_say(engines, 0);
		engines_drain(engines, 0);
		for (int j = 0; j < 20; j++) {
			uint64_t last = 1 + random_below(i % 2 ? 3000 : 30000);

			forged_code(&forged, ENGINES_ROOM, 100,
				(uint8_t)random_below(192), last,
				(uint8_t)random_below(256));
			engines_receive(engines, 1, &forged);
		}
		engines_run(engines, 1);
		counts = engines_counts(engines, 1);
		most = counts.memory > most ? counts.memory : most;
	}
	engines->loses = NULL;
	engines_run(engines, 20000);
	counts = engines_counts(engines, 1);
	engines_has_all(engines, 1, engines->nodes[0].said,
		"beside 40,000 false combinations all comes");
	engines_has_all(engines, 2, engines->nodes[0].said,
		"and to a member that got none");
	tap_ok(counts.coded_received >= 1000,
		"%ju combinations came, %ju blocks were found to be false",
		(uintmax_t)counts.coded_received, (uintmax_t)counts.poisoned);
	tap_ok(most < (size_t)16 << 20, "at most %zu bytes were held", most);
	engines_close(engines);
}

/* Members ask for all of every block, again and again. */
static void greedy(void)
{
	struct engines *engines = engines_open(3);
	struct engine_counts before;
	struct engine_counts after;
	uint64_t bytes = 0;

	(void)engines_say_all(engines, 0, MESSAGES, 20000);
	engines_run(engines, 3000);
	before = engines_counts(engines, 0);
	for (uint64_t i = 0; i < 1000; i++) {
		struct wire_lack lacks[WIRE_LACK_BLOCKS_MAX];
		struct wire_report report = {
			.origin = 100, .next = 1, .known = before.data_sent};
		struct wire_state state = {.counter = i + 1,
			.nick = "eve",
			.nick_size = 3,
			.first = 1};
		struct forged forged;

		memset(lacks, 64, sizeof(lacks));
		for (unsigned j = 0; j < WIRE_LACK_BLOCKS_MAX; j++)
			lacks[j] = (struct wire_lack){64, 0};
		forged_state(&forged, ENGINES_ROOM, 1000 + i % 7, 0, &state);
		forged_report(&forged, &report);
		wire_lacks_encode(
			&forged.writer, 0, lacks, WIRE_LACK_BLOCKS_MAX);
		bytes += forged_size(&forged);
		engines_receive(engines, 0, &forged);
		engines_run(engines, 1);
	}
	after = engines_counts(engines, 0);
	tap_ok((after.coded_sent - before.coded_sent) * 1000 <= 60 * bytes,
		"%ju bytes of false asks cause %ju combinations",
		(uintmax_t)bytes,
		(uintmax_t)(after.coded_sent - before.coded_sent));
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	one_for_many();
	nacks_in_vain();
	one_receiver();
	survivors(loses_by_turns);
	survivors(loses_by_turns_but_1);
	two_authors_die();
	joiner();
	small_mtu();
	under_way();
	no_turnaround();
	by_turns();
	says_it_once();
	other_sizes();
	poisoned();
	last_numbers();
	garbage();
	greedy();
	return tap_done();
}
