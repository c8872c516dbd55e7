/* SPDX-License-Identifier: ISC */
/* The clock that sealed datagrams are judged by. */
#include "mchat/seal/opening_clock.h"

#include "tap.h"

#define START INT64_C(1767225600000) /* 2026 begins */

static int64_t read_at(
	struct opening_clock *clock, int64_t wall_ms, int64_t monotonic_ms)
{
	return opening_clock_read(clock, (struct wall_time){wall_ms},
		(struct instant){monotonic_ms * NS_PER_MS});
}

static void test_forward(void)
{
	struct opening_clock clock = {0};

	tap_is_int(read_at(&clock, START, 5), START / 1000, "as the wall's");
	tap_ok(!clock.has_jumped, "the first time is no jump");
	tap_is_int(read_at(&clock, START + 2000, 2005), START / 1000 + 2,
		"goes on with it");
	tap_is_int(read_at(&clock, START + 11000, 2006), START / 1000 + 11,
		"follows a step forward");
	tap_ok(!clock.has_jumped, "a small step");
	tap_is_int(read_at(&clock, START + 21002, 2007), START / 1000 + 21,
		"and a larger one");
	tap_ok(clock.has_jumped && clock.jumped.ns == 2007 * NS_PER_MS,
		"which is a jump");
}

static void test_back(void)
{
	struct opening_clock clock = {0};
	int64_t last = read_at(&clock, START + 3600000, 0);
	size_t back = 0;

	for (int64_t ms = 1; ms <= 5000; ms++) {
		int64_t now = read_at(&clock, START + ms, ms);

		back += now < last;
		last = now;
	}
	tap_is_int((intmax_t)back, 0, "never runs back");
	tap_is_int(last, START / 1000 + 3605, "runs on, as time does");
	tap_is_int(read_at(&clock, START + 3605500, 5100), START / 1000 + 3605,
		"follows the wall clock when that has come up to it");
	tap_is_int(read_at(&clock, START + 3606000, 5101), START / 1000 + 3606,
		"again");
}

/* Read often, it loses nothing to rounding. */
static void test_fractions(void)
{
	struct opening_clock clock = {0};

	read_at(&clock, START, 0);
	for (int64_t us = 1; us <= 3000000; us += 333)
		opening_clock_read(&clock, (struct wall_time){0},
			(struct instant){us * NS_PER_US});
	tap_is_int(read_at(&clock, 0, 3000), START / 1000 + 3,
		"parts of milliseconds add up");
}

static void test_set(void)
{
	struct opening_clock clock = {0};

	read_at(&clock, START - 1, 0);
	tap_ok(!opening_clock_is_set(&clock), "before 2026 it is not set");
	read_at(&clock, START, 0);
	tap_ok(opening_clock_is_set(&clock), "in 2026 it is");
	clock = (struct opening_clock){0};
	tap_is_int(read_at(&clock, -1, 0), -1, "before 1970: rounded down");
	tap_is_int(read_at(&clock, -1000, 0), -1, "to the second");
}

int main(void)
{
	test_forward();
	test_back();
	test_fractions();
	test_set();
	return tap_done();
}
