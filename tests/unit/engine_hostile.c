/* SPDX-License-Identifier: ISC */
/* Forged packets do little harm, and none that lasts. */
#include <string.h>

#include "engines.h"
#include "forged.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/repair.h"

static void absurd_ranges(void)
{
	static const uint64_t ranges[][2] = {{1, 1}, {1, 1000000},
		{1, WIRE_SEQUENCE_MAX}, {WIRE_SEQUENCE_MAX, WIRE_SEQUENCE_MAX},
		{2, 1}, {1, 0}, {(uint64_t)1 << 40, (uint64_t)1 << 41}};
	size_t rows = sizeof(ranges) / sizeof(ranges[0]);
	struct engines *engines = engines_open(2);
	struct forged packet;
	uint64_t before;

	for (size_t i = 0; i < rows * rows; i++) {
		const uint64_t *a = ranges[i / rows];
		const uint64_t *b = ranges[i % rows];

		engines_forge_state(&packet, 1000 + i, 1, a[0], a[1]);
		engines_receive(engines, 0, &packet);
		engines_run(engines, 10);
		engines_forge_state(&packet, 1000 + i, 2, b[0], b[1]);
		engines_receive(engines, 0, &packet);
		engines_forge_data(&packet, 1000 + i, b[1] ? b[1] : 1);
		engines_receive(engines, 0, &packet);
	}
	before = engines->packets;
	engines_run(engines, 70000);
	tap_ok(engines->packets - before < 28000,
		"absurd ranges cost %ju packets in 70 s",
		(uintmax_t)(engines->packets - before));
	tap_ok(engines_counts(engines, 0).memory < 1000000,
		"absurd ranges cost %zu bytes of memory",
		engines_counts(engines, 0).memory);
	engines_seen(engines, 0)->messages = 0;
	engines_seen(engines, 0)->is_ordered = true;
	engines_say_now(engines, 1);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engines_seen(engines, 0)->messages, 1,
		"after absurd ranges honest members still hear each other");
	engines_close(engines);
}

/* A STATE of a member that reports this on another author. */
static void forge_report(struct forged *out, uint64_t member, uint64_t counter,
	const struct wire_report *report)
{
	engines_forge_state(out, member, counter, 1, 0);
	forged_report(out, report);
}

/* A report of packets that were never sent must not confirm any. */
static void absurd_reports(void)
{
	struct engines *engines = engines_open(2);
	struct forged packet;

	forge_report(&packet, 101, 1000000,
		&(struct wire_report){.origin = 100,
			.next = WIRE_SEQUENCE_MAX,
			.known = WIRE_SEQUENCE_MAX});
	engines->loses = engines_lose_all;
	engines_say_now(engines, 0);
	engines_receive(engines, 0, &packet);
	engines_run(engines, 100);
	tap_ok(!engine_is_confirmed(engines->nodes[0].engine),
		"a report of what was never sent confirms nothing");
	engines_close(engines);
}

/* A member asks for everything, each millisecond for a second. */
static void asks_for_ever(void)
{
	struct engines *engines = engines_open(2);
	struct engine_counts counts;
	size_t asked = 0;
	uint64_t before;

	for (int i = 0; i < 300; i++) {
		engines_say_now(engines, 0);
		engines_run(engines, 5);
	}
	before = engines->bytes[0];
	for (uint64_t i = 0; i < 1000; i++) {
		struct forged packet;

		forge_report(&packet, 66, i + 1,
			&(struct wire_report){.origin = 100,
				.next = 1,
				.known = 300,
				.gap_count = 1,
				.gaps = {{1, 300}}});
		asked += forged_size(&packet) + WIRE_BELOW;
		engines_receive(engines, 0, &packet);
		engines_run(engines, 1);
	}
	counts = engines_counts(engines, 0);
	tap_note("%ju repairs", (uintmax_t)counts.repairs_sent);
	tap_ok(engines->bytes[0] - before <
			REPAIR_CREDIT_FACTOR * asked + 50000,
		"a second of asking, %zu bytes, costs %ju", asked,
		(uintmax_t)(engines->bytes[0] - before));
	engines_say_now(engines, 0);
	engines_run(engines, 300);
	engines_has_all(engines, 1, 301, "the honest member hears all");
	engines_close(engines);
}

static void other_versions(void)
{
	struct engines *engines = engines_open(1);
	struct engine *engine = engines->nodes[0].engine;
	uint8_t packet[WIRE_PACKET_MAX + 1] = {0};
	struct forged forged;
	size_t size;

	engines_forge_state(&forged, 9, 1, 1, 0);
	size = forged_size(&forged);
	memcpy(packet, forged.bytes, size);
	packet[1] = 2 << 4 | WIRE_STATE;
	tap_is_int(engine_receive(engine, packet, size, 1, engines->now),
		WIRE_BAD_VERSION, "a later version");
	packet[1] = WIRE_VERSION << 4 | 15;
	tap_is_int(engine_receive(engine, packet, size, 1, engines->now),
		WIRE_BAD_TYPE, "an unknown type");
	packet[1] = WIRE_VERSION << 4 | WIRE_STATE;
	tap_is_int(engine_receive(engine, packet, size - 1, 1, engines->now),
		WIRE_TRUNCATED, "a cut packet");
	tap_is_int(
		engine_receive(engine, packet, sizeof(packet), 1, engines->now),
		WIRE_BAD_VALUE, "a packet larger than any may be");
	tap_is_int(engine_receive(engine, "hello", 5, 1, engines->now),
		WIRE_NOT_OURS, "plain text");
	tap_is_int(engine_receive(engine, packet, 0, 1, engines->now),
		WIRE_NOT_OURS, "an empty packet");
	tap_is_int((intmax_t)engines_counts(engines, 0).bad, 4,
		"four of these packets count as bad");
	engines_drain(engines, 0);
	tap_is_int(engines_seen(engines, 0)->joins, 0,
		"a bad packet makes nobody join");
	tap_is_int(engine_receive(engine, packet, size, -1, engines->now),
		WIRE_OK, "the packet as it was is accepted");
	engines_drain(engines, 0);
	tap_is_int(engines_seen(engines, 0)->joins, 1,
		"the sender of a good packet joins");
	engines_close(engines);
}

static void fake_members(void)
{
	struct engines *engines = engines_open(2);
	struct forged packet;
	uint64_t before = engines->packets;

	for (uint64_t i = 0; i < 10000; i++) {
		engines_forge_state(&packet, random_next() | 1, i, 1, 0);
		engines_receive(engines, 0, &packet);
		if (i % 10 == 0)
			engines_run(engines, 1);
	}
	tap_ok(engines->packets - before < 5000,
		"10,000 fakes in a second: %ju packets of ours",
		(uintmax_t)(engines->packets - before));
	engines_say_now(engines, 0);
	engines_say_now(engines, 1);
	engines_run(engines, 3000);
	engines_has_all(engines, 1, 1, "node 1 among 10,000 fakes");
	engines_has_all(engines, 0, 1, "node 0 among 10,000 fakes");
	engines_close(engines);
}

/* A member that was told to have joined and then gives way is told to have
 * left. */
static void fakes_give_way(void)
{
	struct engines *engines = engines_open(2);
	struct forged packet;
	const struct seen *seen = engines_seen(engines, 0);

	for (uint64_t i = 0; i < MEMBERS_MAX + 500; i++) {
		engines_forge_state(&packet, 1000 + i, 1, 1, 0);
		engines_receive(engines, 0, &packet);
	}
	tap_is_int(seen->joins, MEMBERS_MAX + 501,
		"every fake is told to have joined");
	tap_is_int(seen->leaves, 501,
		"every member that gave way is told to have left");
	tap_is_string(seen->nick, "eve", "the last that left is a fake");
	tap_ok(engines_known(engines, 0, "bob").id == 101,
		"the honest member is still here");
	engines_close(engines);
}

/* A STATE of a member that reports on `count` authors, from `first` on. */
static void forge_gossip(
	struct forged *out, uint64_t member, uint64_t first, size_t count)
{
	struct wire_report report = {.next = 1, .known = 1};

	engines_forge_state(out, member, 1, 1, 0);
	for (size_t i = 0; i < count; i++) {
		report.origin = first + i;
		forged_report(out, &report);
	}
}

/* A member that was just let in does not give way for those that it tells of.
 */
static void fakes_tell_of_fakes(void)
{
	struct engines *engines = engines_open(0);
	struct forged packet;

	/* Only a member that has just joined meets others by reports on them.
	 */
	engines_join(engines, 0);
	engines_join(engines, 1);
	engines_run(engines, 100);
	for (uint64_t i = 0; i < MEMBERS_MAX; i++) {
		engines_forge_state(&packet, 1000 + i, 1, 1, 0);
		engines_receive(engines, 0, &packet);
	}
	forge_gossip(&packet, 1, 100000, 8);
	engines_receive(engines, 0, &packet);
	tap_is_int(engines_seen(engines, 0)->joins, MEMBERS_MAX + 2,
		"the member that tells of others has joined");
	tap_is_int(engines_seen(engines, 0)->leaves, 2,
		"only two members gave way");
	tap_ok(engines_known(engines, 0, "bob").id == 101,
		"the honest member is here");
	engines_close(engines);
}

/* A member that keeps asking for what nobody has does not keep others from
 * giving it up. */
static void asked_for_ever(void)
{
	struct engines *engines = engines_open(1);
	struct forged packet;

	engines_forge_state(&packet, 1000, 1, 1, 2);
	engines_receive(engines, 0, &packet);
	engines_forge_data(&packet, 1000, 2);
	engines_receive(engines, 0, &packet);
	for (uint64_t i = 1; i <= 32000; i++) {
		forge_report(&packet, 1001, i,
			&(struct wire_report){.origin = 1000,
				.next = 1,
				.known = 2,
				.gap_count = 1,
				.gaps = {{1, 1}}});
		engines_receive(engines, 0, &packet);
		engines_run(engines, 1);
	}
	tap_is_int((intmax_t)engines_seen(engines, 0)->messages, 1,
		"what nobody has is given up, whoever asks for it");
	engines_close(engines);
}

/* Nor does it keep us from asking: whether it gets what it asks for is the
 * author's to say.  That holds as well in a group that was larger when others
 * had asked so often. */
static void asked_in_our_place(
	uint64_t fakes, uint8_t suppressed, uint64_t asks)
{
	struct engines *engines = engines_open(1);
	struct engine *e = engines->nodes[0].engine;
	struct forged packet;

	engines_forge_data(&packet, 1000, 1);
	engines_receive(engines, 0, &packet);
	engines_run(engines, 1000);
	engines_forge_data(&packet, 1000, 3);
	engines_receive(engines, 0, &packet);
	members_find(&e->members, 1000)->suppressed = suppressed;
	for (uint64_t i = 1; i <= asks; i++) {
		forge_report(&packet, 1001 + i % fakes, i,
			&(struct wire_report){.origin = 1000,
				.next = 2,
				.known = 3,
				.gap_count = 1,
				.gaps = {{2, 1}}});
		engines_receive(engines, 0, &packet);
		engines_run(engines, 1);
	}
	tap_ok(engines_counts(engines, 0).nacks_sent >= 2,
		"beside %ju asks in as many ms we ask %ju times",
		(uintmax_t)asks,
		(uintmax_t)engines_counts(engines, 0).nacks_sent);
	engines_close(engines);
}

/* A STATE forged in another member's name with the highest counter must not
 * make that member's own STATEs too old. */
static void highest_counter(void)
{
	struct engines *engines = engines_open(2);
	struct forged packet;

	engines_forge_state(&packet, 101, UINT64_MAX, 1, 0);
	engines_receive(engines, 0, &packet);
	engines_run(engines, 30000);
	engines_say_now(engines, 1);
	engines_run(engines, 1000);
	engines_has_all(
		engines, 0, 1, "messages of a member whose counter was forged");
	tap_is_int(engines_seen(engines, 0)->leaves, 0,
		"a member whose counter was forged never left");
	tap_is_string(engines_seen(engines, 0)->nick, "bob",
		"a member whose counter was forged keeps its nick");
	engines_close(engines);
}

/* A number far ahead in another's name is no loss once the author has said
 * where it is. */
static void forged_jump(void)
{
	struct engines *engines = engines_open(2);
	struct forged packet;

	engines_forge_data(&packet, 101, 2000000000);
	engines_say_now(engines, 1);
	engines_run(engines, 100);
	engines_receive(engines, 0, &packet);
	engines_run(engines, 40000);
	engines_say_now(engines, 1);
	engines_run(engines, 1000);
	engines_has_all(
		engines, 0, 2, "messages of a member whose number was forged");
	engines_close(engines);
}

/* Two members have the same id; the others go on. */
static void same_id(void)
{
	struct engines *engines = engines_open(3);
	struct engine_config config = engines_config(3);

	config.id = 102;
	engines_join_as(engines, 3, &config);
	for (int i = 0; i < 200; i++) {
		for (size_t n = 0; n < ENGINES_MAX; n++)
			engines_say(engines, n);
		for (size_t n = 0; n < ENGINES_MAX; n++)
			engines_drain(engines, n);
		engines_run(engines, 50);
	}
	engines_run(engines, 5000);
	engines_seen(engines, 0)->messages = 0;
	engines_seen(engines, 1)->messages = 0;
	engines_die(engines, 2);
	engines_die(engines, 3);
	engines_run(engines, 60000);
	engines_seen(engines, 0)->messages = 0;
	engines_seen(engines, 1)->messages = 0;
	engines_say_now(engines, 0);
	engines_say_now(engines, 1);
	engines_run(engines, 1000);
	tap_ok(engines_seen(engines, 0)->messages == 1 &&
			engines_seen(engines, 1)->messages == 1,
		"two members with one id do not keep the others from talking");
	tap_ok(engines_seen(engines, 0)->is_balanced,
		"each leave has its join");
	engines_close(engines);
}

/* ---- a forgotten member's messages are not shown again ---- */

/* `count` new fakes come in at a node. */
static void flood(struct engines *engines, size_t index, uint64_t count)
{
	struct forged packet;

	for (uint64_t i = 0; i < count; i++) {
		engines_forge_state(
			&packet, random_next() | UINT64_C(1) << 63, 1, 1, 0);
		engines_receive(engines, index, &packet);
	}
}

static bool knows(const struct engines *engines, size_t index, uint64_t id)
{
	return members_find(&engines->nodes[index].engine->members, id);
}

/* Fills the table of node 0 with fakes that are heard for longer than bob was,
 * until it forgets him; and then they fall silent. */
static void forget_bob(struct engines *engines)
{
	struct forged packet;

	for (uint64_t round = 1; round <= 2; round++) {
		for (uint64_t i = 1; i < MEMBERS_MAX; i++) {
			engines_forge_state(&packet, 1000 + i, round, 1, 0);
			engines_receive(engines, 0, &packet);
		}
		engines_run(engines, 20000);
	}
	/* Each time only some members are looked at for one that can give way.
	 */
	flood(engines, 0, MEMBERS_MAX / MEMBERS_LOOKS);
	tap_ok(!knows(engines, 0, 101), "bob is forgotten for a fake");
	engines_run(engines, INT64_C(200) * MEMBERS_MAX);
}

static void met_again(bool says_meanwhile)
{
	struct engines *engines = engines_open(2);
	const struct seen *seen = engines_seen(engines, 0);

	engines_say_packets(engines, 1, 250, 1);
	engines_run(engines, 1000);
	tap_is_int(
		(intmax_t)seen->messages, 250, "bob's 250 messages are shown");
	engines->loses = engines_lose_all;
	if (says_meanwhile)
		engines_say_packets(engines, 1, 250, 1);
	engines_run(engines, 60000);
	tap_is_int((intmax_t)seen->leaves, 1,
		"bob is not heard any more, and leaves");
	forget_bob(engines);
	engines->loses = NULL;
	engines_say_packets(engines, 1, 5, 1);
	engines_run(engines, 20000);
	tap_ok(knows(engines, 0, 101), "bob is met again");
	engines_has_all(engines, 0, says_meanwhile ? 505 : 255,
		"nothing is shown twice, what is new is shown");
	engines_close(engines);
}

/* A flood of fakes evicts no member that was heard for long. */
static void not_evicted(void)
{
	struct engines *engines = engines_open(2);

	engines_say_packets(engines, 1, 250, 1);
	engines_run(engines, 60000);
	engines->nodes[1].is_stopped = true;
	engines_run(engines, 30000);
	tap_is_int((intmax_t)engines_seen(engines, 0)->leaves, 1,
		"bob, heard for a minute, then silent for 30 s, leaves");
	flood(engines, 0, 10000);
	tap_ok(knows(engines, 0, 101), "bob is remembered among 10,000 fakes");
	engines_close(engines);
}

/* ---- lies in another member's name ---- */

/* A STATE in bob's name that tells of `last` packets only. */
static void tell_less(struct engines *engines, uint64_t counter, uint64_t last)
{
	struct forged packet;
	struct wire_state state = {
		.counter = counter,
		.age = {duration_ms(20000), duration_ms(1)},
		.nick = "bob",
		.nick_size = 3,
		.first = 1,
		.last = last,
		.messages = last,
	};

	forged_state(&packet, ENGINES_ROOM, 101, 0, &state);
	engines_receive(engines, 0, &packet);
}

static void low_last(uint64_t states)
{
	struct engines *engines = engines_open(2);
	const struct seen *seen = engines_seen(engines, 0);

	engines_say_packets(engines, 1, 2699, 1);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)seen->messages, 2699,
		"bob's 2,699 messages are shown");
	for (uint64_t i = 0; i < states; i++)
		tell_less(engines, 1000000 + i, 5);
	engines_run(engines, 30000);
	engines_say_packets(engines, 1, 10, 1);
	engines_run(engines, 20000);
	tap_is_int((intmax_t)seen->messages, 2709,
		"after STATEs with a low number nothing is shown again");
	tap_ok(seen->is_ordered,
		"messages are in order after %ju STATEs with a low number",
		(uintmax_t)states);
	tap_is_int((intmax_t)seen->last, 2709,
		"after STATEs with a low number what is new is shown");
	if (states < 4)
		engines_has_all(engines, 0, 2709,
			"after STATEs with a low number nothing is lost");
	engines_close(engines);
}

/* Data with high numbers was forged in bob's name.  His own STATEs contradict
 * that and are believed, and what he says from then on comes out. */
static void high_number(void)
{
	struct engines *engines = engines_open(2);
	const struct seen *seen = engines_seen(engines, 0);
	struct forged packet;

	engines_say_packets(engines, 1, 10, 1);
	engines_run(engines, 1000);
	for (uint64_t n = 20000; n < 20010; n++) {
		forged_data(&packet, ENGINES_ROOM, 101, n, n);
		forged_age(&packet, 20000, 1);
		forged_record(&packet, RECORD_LINE, "forged", 6);
		engines_receive(engines, 0, &packet);
	}
	engines_run(engines, 60000);
	engines_say_packets(engines, 1, 10, 1);
	engines_run(engines, 40000);
	tap_ok(seen->is_ordered,
		"after a forged high number nothing is shown twice");
	tap_is_int((intmax_t)seen->last, 20,
		"after a forged high number bob is heard again");
	engines_close(engines);
}

/* ---- lies about another member ---- */

/* A STATE that says that ann sent more than she did. */
static void exaggerate(struct engines *engines, uint64_t counter)
{
	struct forged packet;

	forge_report(&packet, 66, counter,
		&(struct wire_report){
			.origin = 100,
			.next = 57,
			.known = 1056,
			.messages = 1056,
			.flags = WIRE_REPORT_COUNTED,
			.age = {duration_ms(100000), duration_ms(0)},
		});
	engines_receive(engines, 1, &packet);
}

static void authors_last_word(bool lies_first)
{
	struct engines *engines = engines_open(2);
	uint64_t counter = 0;

	engines_say_packets(engines, 0, 56, 1);
	engines_run(engines, 1000);
	if (lies_first)
		exaggerate(engines, ++counter);
	engine_leave(engines->nodes[0].engine, engines->now);
	engines_drain(engines, 0);
	engines_run(engines, 1000);
	engines_die(engines, 0);
	for (int i = 0; i < 400; i++) {
		exaggerate(engines, ++counter);
		engines_run(engines, 250);
	}
	engines_has_all(engines, 1, 56,
		lies_first ? "a liar, an author's bye, and the liar again: all "
			     "comes"
			   : "an author's bye, and then a liar: all comes");
	tap_is_int((intmax_t)engines_seen(engines, 1)->lost_unknown, 0,
		"a liar causes no loss to be told");
	engines_close(engines);
}

/* While ann is cut off, a stranger says that she has sent more, and bob gives
 * up waiting for that.  What ann says when she is back comes out. */
static void told_of_while_away(uint64_t known)
{
	struct engines *engines = engines_open(2);
	const struct seen *seen = engines_seen(engines, 1);
	struct forged packet;

	engines_say_packets(engines, 0, 56, 1);
	engines_run(engines, 1000);
	engines->loses = engines_lose_all;
	for (uint64_t counter = 1; counter <= 240; counter++) {
		forge_report(&packet, 66, counter,
			&(struct wire_report){
				.origin = 100,
				.next = 57,
				.known = known,
				.messages = known,
				.flags = WIRE_REPORT_COUNTED,
				.age = {duration_ms(100000), duration_ms(0)},
			});
		engines_receive(engines, 1, &packet);
		engines_run(engines, 250);
	}
	tap_ok(seen->lost > 0, "what a stranger tells of is given up");
	engines->loses = NULL;
	engines_say_packets(engines, 0, 10, 1);
	engines_run(engines, 20000);
	tap_is_int((intmax_t)seen->messages, 66,
		"what ann says after a stranger's lie is shown");
	tap_ok(seen->is_ordered && seen->last == 66,
		"ann's messages are in order after a lie of %ju packets",
		(uintmax_t)known);
	tap_ok(engine_is_confirmed(engines->nodes[0].engine),
		"after a stranger's lie ann's messages are confirmed");
	engines_close(engines);
}

/* ---- STATEs that were overtaken by a bye ---- */

static void overtaken_by_bye(void)
{
	struct engines *engines = engines_open(2);
	uint64_t counter;

	engines_run(engines, 20000);
	engine_leave(engines->nodes[1].engine, engines->now);
	engines_drain(engines, 1);
	counter = engines->nodes[1].engine->counter;
	tap_ok(counter > 5, "bob has sent some STATEs");
	engines_die(engines, 1);
	engines_run(engines, 10);
	for (uint64_t late = counter - 5; late < counter; late++)
		tell_less(engines, late, 0);
	engines_run(engines, 100);
	tap_is_int(engines_seen(engines, 0)->joins, 1,
		"STATEs that come behind a bye bring nobody back");
	tap_is_int(engines_seen(engines, 0)->here, 0,
		"after the late STATEs bob is still gone");
	engines_close(engines);
}

/* Nothing is ever heard of a member but its bye: what it said is lost, which is
 * told under its nick. */
static void bye_is_all(void)
{
	struct engines *engines = engines_open(2);
	struct forged packet;
	struct wire_state state = {
		.counter = 9,
		.age = {duration_ms(1), duration_ms(0)},
		.nick = "eve",
		.nick_size = 3,
		.first = 1,
		.last = 10,
		.messages = 10,
	};

	engines_run(engines, 1000);
	forged_state(&packet, ENGINES_ROOM, 66, WIRE_BYE, &state);
	engines_receive(engines, 0, &packet);
	engines_run(engines, 60000);
	tap_is_int((intmax_t)engines_seen(engines, 0)->lost, 10,
		"the messages of a member of which only the bye came are lost");
	tap_ok(engines_seen(engines, 0)->is_loss_named,
		"the loss of such a member is under its nick");
	engines_close(engines);
}

/* ---- members that ask for everything ---- */

/* A STATE that asks for all that ann has sent. */
static size_t ask_for_all(
	struct engines *engines, uint64_t member, uint64_t counter)
{
	uint64_t last = engines->nodes[0].engine->send_window.unsent - 1;
	struct forged packet;

	forge_report(&packet, member, counter,
		&(struct wire_report){.origin = 100,
			.next = 1,
			.known = last,
			.gap_count = 1,
			.gaps = {{1, last}}});
	engines_receive(engines, 0, &packet);
	return forged_size(&packet);
}

static void four_ask_for_all(void)
{
	static const char text[1000];
	struct engines *engines = engines_open(2);
	struct engine *engine = engines->nodes[0].engine;
	size_t asked = 0;
	uint64_t before;

	for (int i = 0; i < 4000; i++) {
		engine_say(engine, false, text, sizeof(text),
			(struct wall_time){1}, engines->now);
		engines_drain(engines, 0);
		engines_run(engines, 2);
	}
	engines_run(engines, 3000);
	before = engines->bytes[0];
	for (uint64_t i = 0; i < 40; i++) {
		asked += ask_for_all(engines, 66 + i % 4, i + 1) + WIRE_BELOW;
		engines_run(engines, 200);
	}
	tap_ok(engines->bytes[0] - before <
			REPAIR_CREDIT_FACTOR * asked + 20000,
		"four that ask for all in %zu bytes have %ju sent", asked,
		(uintmax_t)(engines->bytes[0] - before));
	tap_ok(engines_counts(engines, 0).repairs_sent > 20,
		"four that ask for all get some repairs");
	engines_close(engines);
}

/* A newcomer asks ann for much of what bob said, which bob repairs himself, and
 * for one packet of hers, which nobody else repairs so soon. */
static void own_packets_first(void)
{
	static const char text[1000];
	struct engines *engines = engines_open(2);
	struct engine *engine = engines->nodes[0].engine;
	struct wire_report bobs = {.origin = 101,
		.next = 1,
		.known = 300,
		.gap_count = 1,
		.gaps = {{1, 300}}};
	struct wire_report anns = {.origin = 100,
		.next = 1,
		.known = 1,
		.gap_count = 1,
		.gaps = {{1, 1}}};
	struct forged packet;
	uint64_t before;

	engines_say_now(engines, 0);
	for (int i = 0; i < 300; i++) {
		engine_say(engines->nodes[1].engine, false, text, sizeof(text),
			(struct wall_time){1}, engines->now);
		engines_drain(engines, 1);
		engines_run(engines, 2);
	}
	engines_run(engines, 3000);
	for (uint64_t i = 0; i < 100; i++) {
		forge_report(&packet, 66, i + 1, &bobs);
		engines_receive(engines, 0, &packet);
	}
	before = engine->counts.repairs_sent;
	forge_report(&packet, 66, 101, &bobs);
	forged_report(&packet, &anns);
	engines_receive(engines, 0, &packet);
	engines_run(engines, 20);
	tap_is_int((intmax_t)(engine->counts.repairs_sent - before), 1,
		"ann's own packet is not kept waiting by bob's");
	engines_close(engines);
}

/* The numbers of what ann sends again, in their order. */
static uint8_t repaired[8];
static size_t repaired_count;

static bool note_repaired(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)size;
	if (from == 0 && to == 1 && engines_is_data(packet) &&
		repaired_count < sizeof(repaired))
		repaired[repaired_count++] = engines_number(packet);
	return true;
}

/* A member that lacks much asks, and then one that lacks one packet, for which
 * all others wait there. */
static void lacked_first(void)
{
	static const char text[1000];
	static const struct wire_report all = {.origin = 100,
		.next = 1,
		.known = 60,
		.gap_count = 1,
		.gaps = {{1, 40}}};
	static const struct wire_report one = {.origin = 100,
		.next = 50,
		.known = 60,
		.gap_count = 1,
		.gaps = {{50, 1}}};
	struct engines *engines = engines_open(2);
	struct engine *engine = engines->nodes[0].engine;
	struct repair_request request = {.looks = 1000};

	for (int i = 0; i < 60; i++) {
		engine_say(engine, false, text, sizeof(text),
			(struct wall_time){1}, engines->now);
		engines_drain(engines, 0);
		engines_run(engines, 2);
	}
	engines_run(engines, 3000);
	engines->loses = note_repaired;
	request.member = members_find(&engine->members, 101);
	request.member->reported_next = 1;
	request.at = engines->now;
	repair_plan_asked(engine, &request, &all);
	repair_plan_asked(engine, &request, &one);
	engines_drain(engines, 0);
	engines_run(engines, 50);
	tap_ok(repaired_count > 2 && repaired[0] == 1 && repaired[1] == 50 &&
			repaired[2] == 2,
		"what a member lacks first is repaired before what others "
		"lack behind their first");
	engines_close(engines);
}

/* What the limit of all refuses costs a member none of its credit. */
static void refused_is_given_back(void)
{
	struct engines *engines = engines_open(2);
	struct engine *e = engines->nodes[0].engine;
	struct member *m = members_find(&e->members, 101);
	struct repair_credit before;

	repair_credit_add_confirmed(&m->credit, 10000);
	before = m->credit;
	e->repair_rate = (struct rate_limit){
		.filled = engines->now, .earned = e->counts.data_sent};
	tap_ok(!repair_may_cause(e, m, 1000, engines->now) &&
			m->credit.bytes == before.bytes &&
			m->credit.caused == before.caused,
		"a repair that is refused costs no credit");
	e->repair_rate.left = 1;
	tap_ok(repair_may_cause(e, m, 1000, engines->now) &&
			m->credit.bytes == before.bytes - 1000,
		"one that is not, its size");
	engines_close(engines);
}

/* A member that confirms what it gets is repaired fast: 3,000 packets. */
static void repaired_fast(void)
{
	static const char text[1000];
	struct engines *engines = engines_open(2);
	struct engine *engine = engines->nodes[0].engine;
	int ms = 0;

	engines->loses = engines_lose_all;
	engines_run(engines, 20000);
	for (int i = 0; i < 3000; i++) {
		engine_say(engine, false, text, sizeof(text),
			(struct wall_time){1}, engines->now);
		engines_drain(engines, 0);
		engines_run(engines, 2);
	}
	engines->loses = NULL;
	while (engines_seen(engines, 1)->messages < 3000 && ms++ < 60000)
		engines_run(engines, 1);
	tap_ok(ms < 10000, "3 MB for one that was away took %d ms", ms);
	engines_has_all(engines, 1, 3000, "all that is repaired comes");
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	absurd_reports();
	asks_for_ever();
	other_versions();
	fake_members();
	fakes_give_way();
	fakes_tell_of_fakes();
	asked_for_ever();
	asked_in_our_place(50, 0, 300);
	asked_in_our_place(5, 3, 240);
	highest_counter();
	forged_jump();
	same_id();
	absurd_ranges();
	met_again(false);
	met_again(true);
	not_evicted();
	low_last(1);
	low_last(3);
	low_last(4);
	high_number();
	authors_last_word(false);
	authors_last_word(true);
	told_of_while_away(57);
	told_of_while_away(1056);
	told_of_while_away(100000);
	overtaken_by_bye();
	bye_is_all();
	four_ask_for_all();
	own_packets_first();
	lacked_first();
	refused_is_given_back();
	repaired_fast();
	return tap_done();
}
