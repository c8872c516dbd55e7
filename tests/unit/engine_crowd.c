/* SPDX-License-Identifier: ISC */
/*
 * An engine in a crowd: 10,000 members that join within a minute, what it says
 * to that, what they cost it, and whom it takes for gone.  The others are
 * forged, and speak as often as presence has them.
 */
#include <time.h>

#include "engines.h"
#include "forged.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/timers.h"

#define CROWD    10000
#define STORM_MS 60000

/* They join one after the other; from then on they speak in turn. */
static void hear_one(struct engines *engines, size_t nodes, uint64_t member,
	uint64_t counter, uint8_t flags)
{
	struct forged packet;
	struct wire_state state = {
		.counter = counter, .nick = "eve", .nick_size = 3, .first = 1};

	forged_state(&packet, ENGINES_ROOM, 1000 + member, flags, &state);
	wire_interval_encode(&packet.writer, timers_interval_of(CROWD));
	for (size_t i = 0; i < nodes; i++)
		engines_receive(engines, i, &packet);
}

/* What comes back of an interval. */
static int64_t told_ms(int64_t ms)
{
	struct forged packet;
	struct wire_state state = {.counter = 1, .first = 1};
	struct wire_state out = {0};
	struct wire_header header;
	struct reader reader;

	forged_state(&packet, ENGINES_ROOM, 1, 0, &state);
	wire_interval_encode(&packet.writer, duration_ms(ms));
	reader_init(&reader, packet.bytes, forged_size(&packet));
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		wire_state_decode(&reader, &out) != WIRE_OK)
		return -1;
	return out.interval.ns / NS_PER_MS;
}

static void intervals(void)
{
	tap_is_int(told_ms(0), 0, "no interval is told");
	tap_is_int(told_ms(250025), 250000, "one is, in tenths of a second");
	tap_is_int(told_ms(INT64_C(1) << 40), WIRE_INTERVAL_MAX_MS,
		"a longer one than the longest is that");
}

static uint64_t states(const struct engines *engines, size_t node)
{
	return engines_counts(engines, node).states_sent;
}

static void storm(struct engines *engines)
{
	uint64_t before = states(engines, 0);

	for (uint64_t i = 0; i < CROWD; i++) {
		hear_one(engines, 1, i, 1, WIRE_HELLO | WIRE_ANSWER);
		engines_run(engines, STORM_MS / CROWD);
	}
	tap_is_int((intmax_t)engines->nodes[0].engine->members.here, CROWD,
		"10,000 members that join within a minute are known");
	/* What one says is to be small, since all say it. */
	tap_ok(states(engines, 0) - before <= 30,
		"what it says while they join: %ju packets",
		(uintmax_t)(states(engines, 0) - before));
}

/* Presence of the whole crowd, in turn, for this many turns; returns the
 * seconds of processor that took. */
static double turns(
	struct engines *engines, size_t nodes, uint64_t first, uint64_t count)
{
	clock_t begun = clock();

	for (uint64_t turn = first; turn < first + count; turn++)
		for (uint64_t i = 0; i < CROWD; i++) {
			hear_one(engines, nodes, i, turn, 0);
			engines_run(engines, 25);
		}
	return (double)(clock() - begun) / CLOCKS_PER_SEC;
}

static void presence(struct engines *engines)
{
	uint64_t before = states(engines, 0);
	uint64_t steps = engines_counts(engines, 0).steps;
	double seconds = turns(engines, 1, 2, 2);
	uint64_t said = states(engines, 0) - before;

	tap_ok(said >= 1 && said <= 4,
		"in 500 s of presence it speaks as seldom as others: %ju",
		(uintmax_t)said);
	tap_ok(engines_counts(engines, 0).steps - steps <= UINT64_C(8) * CROWD,
		"no member is looked at more than four times in its interval");
	tap_is_int(engines_seen(engines, 0)->leaves, 0, "nobody left");
	tap_note("%.0f ns for each STATE that comes in, and 25 ms of time",
		seconds / (2 * CROWD) * 1e9);
}

/* Most die; those few that are left speak as seldom as before, and somebody
 * joins who knows no others. */
static void newcomer(struct engines *engines)
{
	engines_join(engines, 1);
	engines_run(engines, 3000);
	for (uint64_t turn = 4; turn <= 7; turn++)
		for (uint64_t i = 0; i < 10; i++) {
			hear_one(engines, 2, i, turn, 0);
			engines_run(engines, 25000);
		}
	tap_is_int((intmax_t)engines->nodes[1].engine->members.here, 11,
		"a newcomer knows the few that are left");
	tap_is_int(engines_seen(engines, 1)->leaves, 0,
		"it does not take those for gone that speak seldom");
	engines_run(engines, 1300000);
	tap_is_int((intmax_t)engines->nodes[0].engine->members.here, 1,
		"who is silent for five intervals has left");
}

int main(void)
{
	struct engines *engines = engines_open(1);

	tap_note("SEED=%ju", (uintmax_t)random_seed());
	intervals();
	storm(engines);
	presence(engines);
	newcomer(engines);
	engines_close(engines);
	return tap_done();
}
