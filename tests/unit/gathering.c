/* SPDX-License-Identifier: ISC */
/* Whoever waits for a large group polls those that are slow to answer, before
 * it says anything and after it has said all; and who is polled answers at
 * once. */
#include "mchat/protocol/gathering.h"

#include "engines.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"

#define FAKE   UINT64_C(1000)
#define MANY   40
#define WANTED 20

static void advance(struct engines *engines, int64_t ms)
{
	engines->now = instant_after(engines->now, duration_ms(ms));
	engine_tick(engines->nodes[0].engine, engines->now);
}

/* The first STATE of a member, which does not say that it hears anybody. */
static void speak(struct engines *engines, uint64_t member)
{
	struct forged forged;

	engines_forge_state(&forged, member, 1, 1, 0);
	engines_receive(engines, 0, &forged);
}

static struct engines *open_with(uint64_t members, bool hear)
{
	struct engines *engines = engines_open(1);

	for (uint64_t i = 0; i < members; i++)
		if (hear)
			engines_report(engines, FAKE + i, 0, 0, 0);
		else
			speak(engines, FAKE + i);
	return engines;
}

/* Whom the next STATE would poll; 0 when it would nobody. */
static size_t polled(struct engines *engines, uint64_t ids[WIRE_POLLED_MAX])
{
	struct engine *e = engines->nodes[0].engine;

	return e->gathering.is_due ? gathering_polled(e, ids, WIRE_POLLED_MAX)
				   : 0;
}

static void are_polled(void)
{
	struct engines *engines = open_with(MANY, false);
	struct engine *e = engines->nodes[0].engine;
	uint64_t ids[WIRE_POLLED_MAX] = {0};
	unsigned polls[MANY] = {0};
	bool is_first = true;

	advance(engines, 100);
	tap_is_int((intmax_t)polled(engines, ids), 0,
		"who does not wait polls nobody");
	engine_gather(e, WANTED, engines->now);
	tap_is_int((intmax_t)polled(engines, ids), 0, "nor is it done at once");
	for (int i = 0; i < 2; i++) {
		size_t count;

		advance(engines, 20);
		count = polled(engines, ids);
		tap_is_int((intmax_t)count, WANTED + 1,
			"as many are polled as are wanted");
		is_first = is_first && ids[0] == 0;
		for (size_t at = 1; at < count; at++)
			polls[ids[at] - FAKE]++;
	}
	tap_ok(is_first, "none is told that it limits");
	tap_ok(polls[0] == 1 && polls[WANTED] == 1 && polls[MANY - 1] == 1,
		"each has its turn");
	for (uint64_t i = 0; i < WANTED - 1; i++)
		engines_report(engines, FAKE + i, 0, 0, 0);
	advance(engines, 500);
	tap_is_int((intmax_t)polled(engines, ids), 2,
		"when one is wanted, one is polled");
	tap_ok(ids[1] >= FAKE + WANTED - 1, "that does not hear yet");
	engines_report(engines, FAKE + MANY - 1, 0, 0, 0);
	advance(engines, 500);
	tap_is_int((intmax_t)polled(engines, ids), 0,
		"when all that are wanted hear, none is");
	engines_close(engines);
}

static void not_too_often(void)
{
	struct engines *engines = open_with(MANY, false);
	struct engine *e = engines->nodes[0].engine;
	uint64_t ids[WIRE_POLLED_MAX] = {0};
	unsigned polls = 0;

	engine_gather(e, MANY, engines->now);
	for (int ms = 0; ms < 3000; ms++) {
		advance(engines, 1);
		polls += polled(engines, ids) > 0;
	}
	tap_ok(polls > 5 && polls < 13, "of three seconds in vain: %u polls",
		polls);
	engine_gather(e, 0, engines->now);
	advance(engines, 1000);
	tap_is_int((intmax_t)polled(engines, ids), 0, "none any more");
	tap_ok(instant_is_never(e->gathering.due), "nor is any due");
	engines_close(engines);
}

/* Of the STATEs of node 0: whether one reports on the member that polled it. */
static uint64_t poller;
static bool is_reported;
static engines_rule look;
static bool look(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	struct wire_header header;
	struct wire_report report;
	struct wire_state state;
	struct reader reader;

	(void)to;
	reader_init(&reader, packet, size);
	if (from != 0 || wire_header_decode(&reader, &header) != WIRE_OK ||
		header.type != WIRE_STATE ||
		wire_state_decode(&reader, &state) != WIRE_OK)
		return false;
	engines->reports++;
	reader_init(&reader, state.reports, state.reports_size);
	while (wire_report_next(&reader, &report))
		is_reported = is_reported || report.origin == poller;
	return false;
}

static void answer_first(void)
{
	struct engines *engines = engines_open(2);
	const uint64_t ids[] = {0, 100};
	struct forged forged;

	engines_run(engines, 5000);
	for (uint64_t i = 0; i < 100; i++)
		speak(engines, FAKE + i);
	poller = FAKE + 100;
	is_reported = false;
	engines->reports = 0;
	engines->loses = look;
	engines_forge_state(&forged, poller, 1, 1, 0);
	forged_polled(&forged, ids, 2);
	engines_receive(engines, 0, &forged);
	engines_run(engines, 3);
	tap_is_int(engines->reports, 1, "who is polled answers at once");
	tap_ok(is_reported,
		"that it hears who polled it, before others that came earlier");
	engines_close(engines);
}

/* Polled a thousand times a second. */
static void not_for_a_flood(void)
{
	struct engines *engines = engines_open(2);
	const uint64_t ids[] = {0, 100};

	engines_run(engines, 5000);
	engines->reports = 0;
	engines->loses = look;
	for (uint64_t i = 1; i <= 1000; i++) {
		struct forged forged;

		engines_forge_state(&forged, FAKE + i % 100, i, 1, 0);
		forged_polled(&forged, ids, 2);
		engines_receive(engines, 0, &forged);
		engines_run(engines, 1);
	}
	tap_ok(engines->reports > 10 && engines->reports <= 400,
		"a thousand polls in a second have %u answers",
		engines->reports);
	engines_close(engines);
}

/* Milliseconds from the last of so many lines to a poll. */
static int64_t until_poll(size_t lines, bool finishes)
{
	struct engines *engines = open_with(MANY, true);
	struct engine *e = engines->nodes[0].engine;
	int64_t ms = 0;

	for (size_t i = 0; i < lines; i++)
		(void)engines_say(engines, 0);
	if (finishes)
		engine_finish(e, engines->now);
	while (send_window_has_unsent(&e->send_window))
		engines_run(engines, 1);
	while (!e->is_polling && ms < 1000) {
		engines_run(engines, 1);
		ms++;
	}
	engines_close(engines);
	return ms;
}

static void in_the_end(void)
{
	int64_t last = until_poll(20000, true);
	int64_t unknown = until_poll(20000, false);

	tap_ok(last <= 10, "who has said all polls after %jd ms",
		(intmax_t)last);
	tap_ok(unknown > 2 * last, "who may say more after %jd",
		(intmax_t)unknown);
	tap_ok(until_poll(1, true) > 2 * last,
		"whoever has said a line waits for all to confirm it");
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	are_polled();
	not_too_often();
	answer_first();
	not_for_a_flood();
	in_the_end();
	return tap_done();
}
