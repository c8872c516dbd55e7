/* SPDX-License-Identifier: ISC */
/* Which member's reports an author follows: the one that gets least, as long as
 * it speaks; and what one that lies about it can bring about. */
#include "mchat/protocol/limiting.h"

#include "engines.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"

#define FAKE UINT64_C(1000)

static struct instant after(const struct engines *engines, int64_t ms)
{
	return instant_after(engines->now, duration_ms(ms));
}

/* Node 0, alone with so many members that hear it. */
static struct engines *open_with(uint64_t members)
{
	struct engines *engines = engines_open(1);

	for (uint64_t i = 0; i < members; i++)
		engines_report(engines, FAKE + i, 0, 0, 0);
	return engines;
}

/* The member, of whose packets that share has come through for long. */
static struct member *with_share(
	struct engines *engines, uint64_t id, double usual)
{
	struct member *m = members_find(&engines->nodes[0].engine->members, id);

	m->share.usual = usual;
	m->share.looks = 10000;
	return m;
}

static uint64_t limiting_id(const struct engines *engines)
{
	return engines->nodes[0].engine->limiting.id;
}

static bool is_near(double a, double b)
{
	return a - b < 0.001 && b - a < 0.001;
}

static void least_is_chosen(void)
{
	struct engines *engines = open_with(6);
	struct engine *e = engines->nodes[0].engine;

	tap_is_int((intmax_t)limiting_id(engines), 0, "at first it is nobody");
	tap_ok(is_near(limiting_usual_loss(e), 0), "and no loss is usual");
	limiting_report(e, with_share(engines, FAKE, 0.9), false, engines->now);
	tap_is_int((intmax_t)limiting_id(engines), 1000, "the first to report");
	tap_ok(is_near(limiting_usual_loss(e), 0.1), "its loss is usual");
	limiting_report(
		e, with_share(engines, FAKE + 1, 0.86), false, engines->now);
	tap_is_int((intmax_t)limiting_id(engines), 1000,
		"one that gets hardly less does not take its place");
	limiting_report(
		e, with_share(engines, FAKE + 2, 0.8), false, engines->now);
	tap_is_int((intmax_t)limiting_id(engines), 1002,
		"one that gets less does");
	limiting_report(
		e, with_share(engines, FAKE + 3, 1), true, engines->now);
	tap_is_int((intmax_t)limiting_id(engines), 1003,
		"so does one because of which the rate was lowered");
	tap_ok(is_near(limiting_usual_loss(e), 0), "which loses nothing");
	(void)with_share(engines, FAKE + 3, 0.1);
	tap_ok(is_near(limiting_usual_loss(e), 0.4),
		"more than 40 %% is not taken for usual");
	(void)with_share(engines, FAKE + 3, 1.5);
	tap_ok(is_near(limiting_usual_loss(e), 0), "nor is less than none");
	with_share(engines, FAKE + 3, 0.7)->share.looks = 1;
	tap_ok(is_near(limiting_usual_loss(e), 0.05),
		"what was seen once may be chance");
	with_share(engines, FAKE + 3, 0.7)->share.looks = 0;
	tap_ok(is_near(limiting_usual_loss(e), 0),
		"nor is what has not been measured yet");
	engines_report(engines, FAKE + 3, WIRE_BYE, 0, 0);
	tap_ok(is_near(limiting_usual_loss(e), 0),
		"who has left limits nobody");
	limiting_report(
		e, with_share(engines, FAKE + 4, 1), false, engines->now);
	tap_is_int((intmax_t)limiting_id(engines), 1004,
		"and gives its place to whoever reports");
	engines_close(engines);
}

/* Whether a poll is wanted; not any more after it. */
static bool takes_poll(struct engine *e)
{
	bool is_due = e->wanted.is_due;

	e->wanted.is_due = false;
	return is_due;
}

static void is_told(void)
{
	struct engines *engines = open_with(6);
	struct engine *e = engines->nodes[0].engine;
	uint64_t ids[WIRE_POLLED_MAX];
	uint64_t first;

	(void)takes_poll(e);
	tap_is_int((intmax_t)limiting_polled(e, ids, 8), 0, "nobody is polled");
	limiting_need(e, engines->now);
	first = limiting_id(engines);
	tap_ok(first >= FAKE && takes_poll(e), "somebody is chosen, and told");
	tap_ok(limiting_polled(e, ids, 8) == 1 && ids[0] == first,
		"each STATE names it");
	limiting_need(e, after(engines, 40));
	tap_ok(!takes_poll(e), "it is told once");
	limiting_report(
		e, with_share(engines, first, 0.9), false, after(engines, 45));
	limiting_need(e, after(engines, 90));
	tap_ok(limiting_id(engines) == first && !takes_poll(e),
		"while it reports it stays");
	limiting_need(e, after(engines, 100));
	tap_ok(limiting_id(engines) != first && takes_poll(e),
		"when it is silent for 50 ms another is told");
	first = limiting_id(engines);
	limiting_need(e, after(engines, 160));
	tap_ok(limiting_id(engines) != first && takes_poll(e),
		"and another when that one is silent, too");
	engines_close(engines);
}

static void few_are_not_told(void)
{
	struct engines *engines = open_with(4);
	struct engine *e = engines->nodes[0].engine;
	uint64_t ids[WIRE_POLLED_MAX];

	(void)takes_poll(e);
	limiting_need(e, engines->now);
	tap_ok(limiting_id(engines) == 0 && !takes_poll(e),
		"of four members none is told");
	limiting_report(e, with_share(engines, FAKE, 0.9), false, engines->now);
	tap_is_int((intmax_t)limiting_polled(e, ids, 8), 0,
		"nor named when its reports are followed");
	engines_close(engines);
}

/* Who has not confirmed is polled, the limiting receiver first and once. */
static void late_are_polled(void)
{
	struct engines *engines = open_with(40);
	struct engine *e = engines->nodes[0].engine;
	uint64_t ids[WIRE_POLLED_MAX + 1] = {0};
	unsigned polled[40] = {0};
	bool is_first = true;

	engines_say_now(engines, 0);
	engines_report(engines, FAKE + 1, 0, 1, 1);
	limiting_need(e, engines->now);
	for (int round = 0; round < 40; round++) {
		size_t count;

		state_wanted_poll(&e->wanted);
		count = limiting_polled(e, ids, 8);
		is_first = is_first && count == 8 &&
			   ids[0] == limiting_id(engines) && ids[8] == 0;
		for (size_t i = 1; i < count; i++)
			polled[ids[i] - FAKE]++;
	}
	tap_ok(is_first, "eight are polled, the limiting receiver first");
	tap_is_int(polled[1], 0, "who has confirmed is not");
	tap_is_int(polled[limiting_id(engines) - FAKE], 0,
		"who limits is not named twice");
	tap_ok(polled[0] + polled[2] >= 2 && polled[39] >= 2 && polled[20] >= 2,
		"all others have their turns");
	engines_close(engines);
}

/* Node 0 says so much that its window is full. */
static void fill_window(struct engines *engines)
{
	static const char text[1000];
	struct engine *e = engines->nodes[0].engine;

	while (!send_window_is_full(&e->send_window)) {
		engine_say(e, false, text, sizeof(text), (struct wall_time){1},
			engines->now);
		engines_run(engines, 1);
	}
}

/* With a full window those are polled that keep it from opening by half. */
static void full_window(void)
{
	struct engines *engines = open_with(40);
	struct engine *e = engines->nodes[0].engine;
	uint64_t ids[WIRE_POLLED_MAX];
	size_t late = 0;
	size_t count;

	e->congestion.rate = CONGESTION_RATE_MAX;
	fill_window(engines);
	for (uint64_t i = 0; i < 40; i++)
		engines_report(engines, FAKE + i, 0,
			i < 3 ? 100 : 100 + SEND_WINDOW_PACKETS / 2, 1);
	fill_window(engines);
	e->limiting.told = INSTANT_NEVER;
	state_wanted_poll(&e->wanted);
	count = limiting_polled(e, ids, WIRE_POLLED_MAX);
	for (size_t i = 1; i < count; i++)
		late += ids[i] < FAKE + 3;
	tap_ok(count == 4 && late == 3,
		"of 40 that have not confirmed the three that hold up a full "
		"window are polled: %zu of %zu",
		late, count - 1);
	engines_close(engines);
}

/* Members that confirm everything, and say that little of it came. */
static void liars(void)
{
	struct engines *engines = engines_open(3);
	struct engine_counts counts;
	struct engine_counts before = {0};
	uint64_t more = 0;

	for (uint64_t i = 0; i < 5; i++)
		engines_report(engines, FAKE + i, 0, 0, 0);
	for (int ms = 0; ms < 2000; ms++) {
		for (int i = 0; i < 500; i++)
			(void)engines_say(engines, 0);
		engines_drain(engines, 0);
		counts = engines_counts(engines, 0);
		for (uint64_t i = 0; i < 5; i++)
			engines_report(engines, FAKE + i, 0, counts.data_sent,
				(uint32_t)(counts.data_sent / 4));
		engines_run(engines, 1);
		if (ms == 1000)
			before = counts;
	}
	counts = engines_counts(engines, 0);
	more = counts.coded_sent + counts.repairs_sent - before.coded_sent -
	       before.repairs_sent;
	tap_ok(more <= (counts.data_sent - before.data_sent) * 65 / 100 + 50,
		"members that say that 3 of 4 are lost cause %ju packets for "
		"%ju, no more than two thirds",
		(uintmax_t)more,
		(uintmax_t)(counts.data_sent - before.data_sent));
	tap_ok(counts.data_sent - before.data_sent > 100,
		"the author still speaks");
	engines_run(engines, 20000);
	engines_has_all(engines, 1, engines->nodes[0].said,
		"and all comes to the others");
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	least_is_chosen();
	is_told();
	few_are_not_told();
	late_are_polled();
	full_window();
	liars();
	return tap_done();
}
