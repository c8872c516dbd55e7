/* SPDX-License-Identifier: ISC */
/*
 * The work that a packet causes is bounded for each of its bytes, whoever sends
 * it and however many members there are: it is counted, not timed.
 */
#include <string.h>

#include "engines.h"
#include "forged.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"

/* Packets and members looked at for each byte that comes in. */
#define STEPS_PER_BYTE 12

/* The most steps for a byte that one packet caused; the steps and bytes of all.
 */
struct work {
	double worst;
	uint64_t steps;
	uint64_t bytes;
};

static void give(
	struct engines *engines, struct work *work, const struct forged *packet)
{
	uint64_t before = engines_counts(engines, 0).steps;
	size_t size = forged_size(packet);
	uint64_t steps;

	engines_receive(engines, 0, packet);
	steps = engines_counts(engines, 0).steps - before;
	work->steps += steps;
	work->bytes += size;
	if ((double)steps / (double)size > work->worst)
		work->worst = (double)steps / (double)size;
}

static void is_bounded(const struct work *work, const char *what)
{
	tap_ok(work->worst <= STEPS_PER_BYTE, "%s: %.2f steps for a byte", what,
		work->worst);
}

/* ---- asking ---- */

/* `packets` packets of each of `fakes` fakes come in, in order. */
static void keep(struct engines *engines, uint64_t fakes, uint64_t packets)
{
	struct forged packet;

	for (uint64_t number = 1; number <= packets; number++)
		for (uint64_t fake = 0; fake < fakes; fake++) {
			forged_data(&packet, ENGINES_ROOM, 2000 + fake, number,
				number);
			forged_record(&packet, RECORD_LINE, "x", 1);
			engines_receive(engines, 0, &packet);
		}
}

/* One packet that asks for all packets of as many authors as it has room for.
 */
static size_t ask_for_many(
	struct forged *out, uint64_t counter, uint64_t fakes, uint64_t packets)
{
	struct wire_report report = {.next = 1,
		.known = packets,
		.gap_count = 1,
		.gaps = {{1, packets}}};
	size_t count = 0;

	engines_forge_state(out, 66, counter, 1, 0);
	for (uint64_t i = 0; i < fakes; i++) {
		report.origin = 2000 + i;
		if (!wire_report_encode(&out->writer, out->reports, &report))
			break;
		count++;
	}
	return count;
}

static void many_gaps(void)
{
	struct engines *engines = engines_open(1);
	struct work work = {0};
	struct forged packet;
	size_t reports = 0;

	keep(engines, WIRE_REPORTS_MAX, 1000);
	for (uint64_t i = 1; i <= 100; i++) {
		reports = ask_for_many(&packet, i, WIRE_REPORTS_MAX, 1000);
		give(engines, &work, &packet);
		engines_run(engines, 10);
	}
	tap_ok(reports >= 16, "%zu gaps of 1,000 in a packet", reports);
	tap_ok(work.steps > 1000, "gaps over all that is kept are looked at");
	is_bounded(&work, "gaps over all that is kept");
	engines_close(engines);
}

/* A report on the same origin twice comes from no honest member. */
static void same_origin(void)
{
	struct engines *engines = engines_open(1);
	struct work work = {0};
	struct forged packet;
	uint64_t bad;

	keep(engines, 2, 1000);
	ask_for_many(&packet, 1, 2, 1000);
	/* The second origin becomes the first. */
	for (size_t at = 0; at + 8 <= forged_size(&packet); at++)
		if (memcmp(packet.bytes + at, "\0\0\0\0\0\0\x07\xd1", 8) == 0)
			packet.bytes[at + 7] = 0xd0;
	bad = engines_counts(engines, 0).bad;
	give(engines, &work, &packet);
	tap_is_int((intmax_t)(engines_counts(engines, 0).bad - bad), 1,
		"a STATE that reports twice on one origin is refused");
	tap_is_int((intmax_t)work.steps, 0,
		"a refused STATE causes no look at what is kept");
	engines_close(engines);
}

/* ---- crowds ---- */

/* So many members that are here, each heard twice, and report on us if
 * `report`.
 */
static void crowd(struct engines *engines, struct work *work, uint64_t members,
	const struct wire_report *report)
{
	static uint64_t counter;
	struct forged packet;

	for (int round = 0; round < 2; round++)
		for (uint64_t i = 0; i < members; i++) {
			engines_forge_state(&packet, 1000 + i, ++counter, 1, 0);
			if (report)
				forged_report(&packet, report);
			give(engines, work, &packet);
		}
}

static void new_ids(void)
{
	struct engines *engines = engines_open(1);
	struct work work = {0};
	struct forged packet;

	crowd(engines, &work, MEMBERS_MAX, NULL);
	is_bounded(&work, "members that join");
	for (uint64_t i = 0; i < 20000; i++) {
		engines_forge_state(
			&packet, random_next() | UINT64_C(1) << 63, 1, 1, 0);
		give(engines, &work, &packet);
		engines_forge_data(
			&packet, random_next() | UINT64_C(1) << 63, 1);
		give(engines, &work, &packet);
	}
	is_bounded(&work, "new ids, where there is no room");
	engines_close(engines);
}

static void confirmations(void)
{
	struct engines *engines = engines_open(1);
	struct work work = {0};
	struct work later = {0};
	uint64_t before;

	crowd(engines, &work, 2000,
		&(struct wire_report){.origin = 100, .next = 1});
	before = engines_counts(engines, 0).steps;
	for (uint64_t number = 1; number <= 3; number++) {
		engines_say_now(engines, 0);
		crowd(engines, &later, 2000,
			&(struct wire_report){.origin = 100,
				.next = number + 1,
				.known = number});
		tap_is_int((intmax_t)engine_confirmed(engines->nodes[0].engine),
			(intmax_t)number, "2,000 confirm a packet");
	}
	is_bounded(&later, "confirmations of 2,000");
	tap_ok(engines_counts(engines, 0).steps - before == later.steps,
		"what we say ourselves causes no steps");
	engines_close(engines);
}

static void first_data(void)
{
	struct engines *engines = engines_open(1);
	struct work work = {0};
	struct forged packet;

	crowd(engines, &work, 2000, NULL);
	work = (struct work){0};
	for (uint64_t number = 1; number <= 5; number++)
		for (uint64_t i = 0; i < 2000; i++) {
			forged_data(&packet, ENGINES_ROOM, 1000 + i, number,
				number);
			forged_record(&packet, RECORD_LINE, "x", 1);
			give(engines, &work, &packet);
		}
	is_bounded(&work, "the first packets of 2,000");
	tap_is_int((intmax_t)engines_seen(engines, 0)->messages, 10000,
		"the first packets of 2,000 are all shown");
	engines_close(engines);
}

/* Room is made rarely: the work is little for each byte on average. */
static void making_room(void)
{
	static char text[1380];
	struct engines *engines = engines_open(1);
	struct work work = {0};
	struct forged packet;

	for (uint64_t i = 0; i < 100000; i++) {
		forged_data(&packet, ENGINES_ROOM, 1000 + i % 2000,
			2 + i / 2000, 2 + i / 2000);
		forged_record(&packet, RECORD_LINE, text, sizeof(text));
		give(engines, &work, &packet);
	}
	tap_ok(work.steps > 0 && work.steps / STEPS_PER_BYTE < work.bytes,
		"making room: %.3f steps for a byte on average",
		(double)work.steps / (double)work.bytes);
	engines_close(engines);
}

/* ---- timers ---- */

/* Ticks until `end`: how many members were looked at for a timer. */
static uint64_t tick_until(struct engines *engines, struct instant end)
{
	struct engine *engine = engines->nodes[0].engine;
	uint64_t looks = 0;

	while (instant_before(engine_deadline(engine), end)) {
		struct instant due = engine_deadline(engine);

		if (instant_before(engines->now, due))
			engines->now = due;
		looks -= engines_counts(engines, 0).steps;
		engine_tick(engine, engines->now);
		looks += engines_counts(engines, 0).steps;
		engines_drain(engines, 0);
	}
	engines->now = end;
	return looks;
}

/* Each packet of 2,000 authors shows a new gap, which is to be asked for. */
static void timers(void)
{
	struct engines *engines = engines_open(1);
	struct work work = {0};
	struct forged packet;
	uint64_t looks = 0;

	crowd(engines, &work, 2000, NULL);
	engines_run(engines, 3000);
	work = (struct work){0};
	for (uint64_t i = 0; i < 10000; i++) {
		uint64_t number = 2 + 2 * (i / 2000);

		forged_data(
			&packet, ENGINES_ROOM, 1000 + i % 2000, number, number);
		forged_record(&packet, RECORD_LINE, "x", 1);
		give(engines, &work, &packet);
		looks += tick_until(
			engines, instant_after(engines->now, duration_us(100)));
	}
	tap_ok(looks <= STEPS_PER_BYTE * work.bytes,
		"timers of 2,000 members with gaps: %.1f looks for a byte",
		(double)looks / (double)work.bytes);
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	many_gaps();
	same_origin();
	new_ids();
	confirmations();
	first_data();
	making_room();
	timers();
	return tap_done();
}
