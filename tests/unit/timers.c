/* SPDX-License-Identifier: ISC */
/* The heartbeat of an author whose packets are not confirmed, and how soon
 * others confirm them. */
#include "mchat/protocol/timers.h"

#include "engines.h"
#include "ether.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"

enum { ANN, BOB };

/* As mchat-protocol(7) has them. */
#define FIRST_MS 6
#define MAX_MS   1500

/* Beats until the longest interval is reached, and some more. */
#define DOUBLINGS 8
#define BEATS     20

static int64_t ms(struct duration duration)
{
	return duration.ns / NS_PER_MS;
}

/* From the first interval on each is twice the one before, up to the longest:
 * however long nobody confirms, the next beat is never further off. */
static void test_intervals(struct engine *e, struct instant start)
{
	int64_t expected = FIRST_MS;
	struct instant now = start;

	timers_start_heartbeat(e, now);
	for (unsigned beat = 0; beat < BEATS; beat++) {
		tap_is_int(ms(instant_until(now, e->heartbeat_at)), expected,
			"the interval before a beat");
		now = e->heartbeat_at;
		timers_tick(e, now);
		expected = beat < DOUBLINGS - 1 ? 2 * expected : MAX_MS;
	}
}

static void test_restart(struct engine *e, struct instant now)
{
	timers_start_heartbeat(e, now);
	tap_is_int(ms(instant_until(now, e->heartbeat_at)), FIRST_MS,
		"what is said next begins anew");
	timers_stop_heartbeat(e);
	tap_ok(instant_is_never(e->heartbeat_at),
		"when all is confirmed there is no beat");
}

/* A full packet each 100 us: 14.72 MB/s. */
static struct instant make_fast(struct byte_rate *rate, struct instant now)
{
	for (unsigned i = 0; i < 10000; i++) {
		now = instant_after(now, duration_us(100));
		byte_rate_add(rate, WIRE_USUAL_MAX, now);
	}
	return now;
}

/* The longest of a thousand waits of a confirmation, in ms. */
static int64_t longest_wait(
	struct engine *e, struct member *author, struct instant now)
{
	struct duration longest = {0};

	for (unsigned i = 0; i < 1000; i++) {
		e->confirm_at = INSTANT_NEVER;
		timers_confirm(e, author, true, now);
		longest = duration_longer(
			longest, instant_until(now, e->confirm_at));
	}
	return ms(longest);
}

/* What all of so many together take, at most, of the time that it may take, and
 * nearly so much. */
static void is_near(int64_t seen, int64_t expected, const char *what)
{
	tap_ok(seen <= expected && seen >= expected * 95 / 100,
		"%s: %lld ms of %lld", what, (long long)seen,
		(long long)expected);
}

/* Node 0 among so many, of which the first sends fast: the time in which all
 * confirm, where little is lost and where losses are usual. */
static void test_confirms(
	uint64_t members, unsigned packet_size, int64_t calm, int64_t lossy)
{
	struct engines *engines = engines_open(1);
	struct engine *e = engines->nodes[0].engine;
	struct member *author;
	struct instant now;

	for (uint64_t i = 1; i <= members; i++)
		engines_report(engines, i, 0, 0, 0);
	author = members_find(&e->members, 1);
	now = make_fast(&e->receiving, engines->now);
	(void)make_fast(&e->sending, engines->now);
	author->window.received = 100;
	author->window.bytes = (uint64_t)packet_size * 100;
	e->pacing.mean_size = packet_size;
	e->recent = 1000;
	e->recent_repairs = 50;
	is_near(longest_wait(e, author, now), calm, "little is lost");
	e->recent_repairs = 51;
	is_near(longest_wait(e, author, now), lossy, "losses are usual");
	timers_note_data(e, now);
	is_near(ms(e->confirmed_within), calm, "its author waits as long");
	e->limiting.id = 1;
	author->share.usual = 0.9;
	author->share.looks = 1000;
	timers_note_data(e, now);
	is_near(ms(e->confirmed_within), lossy, "and where losses are usual");
	engines_close(engines);
}

int main(void)
{
	struct ether ether;

	ether_init(&ether);
	ether_meet(&ether, 2);
	test_intervals(ether.engines[ANN], ether.now);
	test_restart(ether.engines[ANN], ether.now);
	ether_fini(&ether);
	/* 2.5 % of the bytes in 128 each; three quarters of a window of 4,096
	 * packets, which may be small, where that is longer. */
	test_confirms(10, 1472, 3, 3);
	test_confirms(100, 1472, 304, 34);
	test_confirms(100, 736, 152, 34);
	test_confirms(100, 8972, 304, 34);
	test_confirms(300, 1472, 304, 104);
	test_confirms(1000, 1472, 347, 347);
	return tap_done();
}
