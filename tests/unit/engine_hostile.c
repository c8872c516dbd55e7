/* SPDX-License-Identifier: ISC */
/* What is forged does little harm, and none that lasts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engines.h"
#include "forged.h"
#include "mchat/protocol/members.h"
#include "random.h"
#include "tap.h"

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
	tap_ok(engines_counts(engines, 0).memory < 1000000, "and %zu bytes",
		engines_counts(engines, 0).memory);
	engines_seen(engines, 0)->messages = 0;
	engines_seen(engines, 0)->is_ordered = true;
	engines_say_now(engines, 1);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engines_seen(engines, 0)->messages, 1,
		"honest ones go on chatting");
	engines_close(engines);
}

/* A STATE of one that has nothing to say but this of another. */
static void forge_report(struct forged *out, uint64_t member, uint64_t counter,
	const struct wire_report *report)
{
	engines_forge_state(out, member, counter, 1, 0);
	forged_report(out, report);
}

/* Reports of what was never sent must not confirm it, nor ask for ever. */
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

/* One that asks and asks for all, each millisecond for a second. */
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
		asked += forged_size(&packet);
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
	engines_has_all(engines, 1, 301, "and the honest hear all");
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
	packet[1] = WIRE_VERSION << 4 | 9;
	tap_is_int(engine_receive(engine, packet, size, 1, engines->now),
		WIRE_BAD_TYPE, "an unknown type");
	packet[1] = WIRE_VERSION << 4 | WIRE_STATE;
	tap_is_int(engine_receive(engine, packet, size - 1, 1, engines->now),
		WIRE_TRUNCATED, "a cut one");
	tap_is_int(
		engine_receive(engine, packet, sizeof(packet), 1, engines->now),
		WIRE_BAD_VALUE, "a larger one than any is");
	tap_is_int(engine_receive(engine, "hello", 5, 1, engines->now),
		WIRE_NOT_OURS, "plain text");
	tap_is_int(engine_receive(engine, packet, 0, 1, engines->now),
		WIRE_NOT_OURS, "nothing");
	tap_is_int((intmax_t)engines_counts(engines, 0).bad, 4,
		"four count as bad");
	engines_drain(engines, 0);
	tap_is_int(engines_seen(engines, 0)->joins, 0, "nobody joined");
	tap_is_int(engine_receive(engine, packet, size, -1, engines->now),
		WIRE_OK, "the right one");
	engines_drain(engines, 0);
	tap_is_int(engines_seen(engines, 0)->joins, 1, "joins");
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
	engines_has_all(engines, 1, 1, "among 10,000 fakes");
	engines_has_all(engines, 0, 1, "among 10,000 fakes");
	engines_close(engines);
}

/* Those who are told to have joined and then give way are told to have left. */
static void fakes_give_way(void)
{
	struct engines *engines = engines_open(2);
	struct forged packet;
	const struct seen *seen = engines_seen(engines, 0);

	for (uint64_t i = 0; i < MEMBERS_MAX + 500; i++) {
		engines_forge_state(&packet, 1000 + i, 1, 1, 0);
		engines_receive(engines, 0, &packet);
	}
	tap_is_int(seen->joins, MEMBERS_MAX + 501, "all have joined");
	tap_is_int(seen->leaves, 501, "who gave way has left");
	tap_is_string(seen->nick, "eve", "the one honest is not among them");
	tap_ok(engines_known(engines, 0, "bob").id == 101, "but is still here");
	engines_close(engines);
}

/* A STATE of one that tells of so many authors, from `first` on. */
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

/* Who has just been let in does not give way for those that it tells of. */
static void fakes_tell_of_fakes(void)
{
	struct engines *engines = engines_open(0);
	struct forged packet;

	/* Only who has just joined meets others by what is told of them. */
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
		"who tells of others has joined");
	tap_is_int(
		engines_seen(engines, 0)->leaves, 2, "for one that gave way");
	tap_ok(engines_known(engines, 0, "bob").id == 101,
		"the honest one is here");
	engines_close(engines);
}

/* Who asks and asks for what nobody has does not keep others from giving it
 * up. */
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

/* A STATE in another's name with the highest counter must not make all that it
 * says itself too old. */
static void highest_counter(void)
{
	struct engines *engines = engines_open(2);
	struct forged packet;

	engines_forge_state(&packet, 101, UINT64_MAX, 1, 0);
	engines_receive(engines, 0, &packet);
	engines_run(engines, 30000);
	engines_say_now(engines, 1);
	engines_run(engines, 1000);
	engines_has_all(engines, 0, 1, "of one whose counter was forged");
	tap_is_int(engines_seen(engines, 0)->leaves, 0, "it never left");
	tap_is_string(
		engines_seen(engines, 0)->nick, "bob", "and has its nick");
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
	engines_has_all(engines, 0, 2, "of one whose number was forged");
	engines_close(engines);
}

/* Two have the same id; the others go on. */
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
		"two that had one id do not harm the others");
	tap_ok(engines_seen(engines, 0)->is_balanced,
		"each leave has its join");
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
	highest_counter();
	forged_jump();
	same_id();
	absurd_ranges();
	return tap_done();
}
