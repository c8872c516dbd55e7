/* SPDX-License-Identifier: ISC */
#include "mchat/io/debounce.h"

#include "tap.h"

/* An instant well after the clock's start. */
static struct instant at_ms(int64_t ms)
{
	return (struct instant){1000 * NS_PER_S + ms * NS_PER_MS};
}

static void test_once(void)
{
	struct debounce debounce;

	debounce_init(&debounce);
	tap_ok(instant_is_never(debounce.due), "without news nothing is due");
	debounce_note(&debounce, at_ms(0));
	debounce_note(&debounce, at_ms(DEBOUNCE_FIRST_MS - 1));
	tap_is_int(debounce.due.ns, at_ms(DEBOUNCE_FIRST_MS).ns,
		"the first news set when to look, and later news do not delay "
		"it");
	debounce_look(&debounce, at_ms(DEBOUNCE_FIRST_MS + 5));
	tap_ok(instant_is_never(debounce.due), "after a look nothing is due");
}

/* How many looks there are within `ms` when there is news all the time. */
static int looks(int64_t ms)
{
	struct debounce debounce;
	int count = 0;

	debounce_init(&debounce);
	for (int64_t now = 0; now < ms; now++) {
		debounce_note(&debounce, at_ms(now));
		if (instant_before(at_ms(now), debounce.due))
			continue;
		debounce_look(&debounce, at_ms(now));
		count++;
	}
	return count;
}

static void test_many(void)
{
	tap_is_int(looks(1000), 3,
		"endless news: three looks in the first second");
	tap_is_int(looks(10000), 7, "endless news: looks become rarer");
	tap_is_int(looks(60000), 22,
		"endless news: a look every few seconds in the end");
}

static void test_calm(void)
{
	struct debounce debounce;

	debounce_init(&debounce);
	for (int i = 0; i < 3; i++) {
		debounce_note(&debounce, at_ms(INT64_C(1000) * i));
		debounce_look(&debounce, at_ms(INT64_C(1000) * i + 900));
	}
	debounce_note(&debounce, at_ms(2900 + DEBOUNCE_CALM_MS - 1));
	tap_is_int(debounce.wait.ns,
		duration_ms(INT64_C(8) * DEBOUNCE_FIRST_MS).ns,
		"news before a calm waits longer");
	debounce_look(&debounce, at_ms(20000));
	debounce_note(&debounce, at_ms(20000 + DEBOUNCE_CALM_MS));
	tap_is_int(debounce.wait.ns, duration_ms(DEBOUNCE_FIRST_MS).ns,
		"the first news after a calm is soon followed again");
}

int main(void)
{
	test_once();
	test_many();
	test_calm();
	return tap_done();
}
