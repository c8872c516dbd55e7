/* SPDX-License-Identifier: ISC */
/* The edited line and a flood of lines share the terminal by time. */
#include "mchat/chat/refresh.h"

#include "tap.h"

static struct instant at(int64_t ms)
{
	return instant_after((struct instant){0}, duration_ms(1000 + ms));
}

static void test_quiet(void)
{
	struct refresh refresh = {0};

	tap_ok(!refresh_prints(&refresh, false, at(0)),
		"without lines the edited line is drawn");
	tap_ok(instant_is_never(refresh_deadline(&refresh, false)),
		"and nothing is due");
	tap_ok(refresh_prints(&refresh, true, at(0)),
		"a line is printed at once");
	tap_ok(!refresh_prints(&refresh, false, at(0)),
		"and the edited line is drawn behind it");
	refresh_note(&refresh, REFRESH_FREE);
	tap_ok(refresh_prints(&refresh, true, at(0)),
		"so is the next, unless many were");
	refresh_note(&refresh, 1);
	refresh_prints(&refresh, false, at(0));
	tap_ok(!refresh_prints(&refresh, true, at(REFRESH_REST_MS - 1)),
		"the next line waits until it was seen");
	tap_is_int(refresh_deadline(&refresh, true).ns, at(REFRESH_REST_MS).ns,
		"and is due then");
	tap_ok(refresh_prints(&refresh, true, at(REFRESH_REST_MS)),
		"when it is printed");
}

static void test_flood(void)
{
	struct refresh refresh = {0};
	int64_t now = 0;
	int64_t drawn = 0;
	int64_t longest = 0;
	int printed = 0;

	for (; now < 10000; now++) {
		if (refresh_prints(&refresh, true, at(now))) {
			printed++;
			continue;
		}
		if (now - drawn > longest)
			longest = now - drawn;
		drawn = now;
	}
	tap_ok(longest <= 100, "in a flood it is drawn each 100 ms: %d",
		(int)longest);
	tap_ok(printed > 5000, "and lines have more than half of the time");
}

/* A terminal that takes nothing for long asks late. */
static void test_stuck(void)
{
	struct refresh refresh = {0};

	refresh_prints(&refresh, true, at(0));
	tap_ok(!refresh_prints(&refresh, true, at(5000)),
		"a terminal that took nothing gets the edited line first");
	tap_ok(!refresh_prints(&refresh, true, at(5000)), "and that rests");
}

int main(void)
{
	test_quiet();
	test_flood();
	test_stuck();
	return tap_done();
}
