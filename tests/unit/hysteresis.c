/* SPDX-License-Identifier: ISC */
#include "mchat/io/hysteresis.h"

#include "tap.h"

static struct instant at_ms(int64_t ms)
{
	return (struct instant){1000 * NS_PER_S + ms * NS_PER_MS};
}

static void test_none(void)
{
	struct hysteresis hysteresis = HYSTERESIS_NONE;

	hysteresis_note(&hysteresis, false, at_ms(0));
	tap_ok(instant_is_never(hysteresis_deadline(&hysteresis)),
		"without trouble nothing is due");
	tap_is_int(hysteresis_take(&hysteresis, INSTANT_NEVER),
		HYSTERESIS_NO_NEWS,
		"without trouble there is no news at the very end");
}

static void test_begins_and_ends(void)
{
	struct hysteresis hysteresis = HYSTERESIS_NONE;
	int64_t last = 5000;

	hysteresis_note(&hysteresis, true, at_ms(0));
	hysteresis_note(&hysteresis, true, at_ms(500));
	tap_is_int(hysteresis_deadline(&hysteresis).ns,
		at_ms(HYSTERESIS_BEGIN_MS).ns,
		"trouble is told some time after it began");
	tap_is_int(hysteresis_take(&hysteresis, at_ms(HYSTERESIS_BEGIN_MS - 1)),
		HYSTERESIS_NO_NEWS, "trouble is not told before that time");
	tap_is_int(hysteresis_take(&hysteresis, at_ms(HYSTERESIS_BEGIN_MS)),
		HYSTERESIS_BEGINS, "trouble is told at that time");
	hysteresis_note(&hysteresis, true, at_ms(last));
	tap_ok(instant_is_never(hysteresis_deadline(&hysteresis)),
		"while trouble lasts nothing is due");
	tap_is_int(hysteresis_take(&hysteresis, at_ms(last)),
		HYSTERESIS_NO_NEWS, "trouble that lasts is told once");
	hysteresis_note(&hysteresis, false, at_ms(last + 100));
	tap_is_int(hysteresis_deadline(&hysteresis).ns,
		at_ms(last + HYSTERESIS_END_MS).ns,
		"the end is due when trouble has not come back for some time");
	tap_is_int(
		hysteresis_take(&hysteresis, at_ms(last + HYSTERESIS_END_MS)),
		HYSTERESIS_ENDS, "the end is told at that time");
	tap_is_int(hysteresis_take(&hysteresis, INSTANT_NEVER),
		HYSTERESIS_NO_NEWS, "the end is told once");
}

static void test_passes(void)
{
	struct hysteresis hysteresis = HYSTERESIS_NONE;

	hysteresis_note(&hysteresis, true, at_ms(0));
	hysteresis_note(&hysteresis, false, at_ms(100));
	tap_is_int(hysteresis_take(&hysteresis, at_ms(HYSTERESIS_BEGIN_MS)),
		HYSTERESIS_NO_NEWS, "short trouble is not told");
	tap_ok(instant_is_never(hysteresis_deadline(&hysteresis)),
		"after short trouble nothing is due");
	hysteresis_note(&hysteresis, true, at_ms(2000));
	tap_is_int(hysteresis_deadline(&hysteresis).ns,
		at_ms(2000 + HYSTERESIS_BEGIN_MS).ns,
		"trouble after that counts from its own beginning");
	tap_is_int(hysteresis_take(&hysteresis, INSTANT_NEVER),
		HYSTERESIS_BEGINS, "at the very end trouble is told at once");
}

/* One of two tries goes wrong. */
static void test_flickers(void)
{
	struct hysteresis hysteresis = HYSTERESIS_NONE;
	int begins = 0;
	int ends = 0;

	for (int i = 0; i < 100; i++) {
		enum hysteresis_news news;

		hysteresis_note(
			&hysteresis, i % 2 == 0, at_ms(INT64_C(1500) * i));
		news = hysteresis_take(
			&hysteresis, at_ms(INT64_C(1500) * i + 1400));
		begins += news == HYSTERESIS_BEGINS;
		ends += news == HYSTERESIS_ENDS;
	}
	tap_is_int(begins, 1, "trouble that comes and goes is told once");
	tap_is_int(ends, 0,
		"trouble that comes and goes is not told to end in between");
}

static void test_forgotten(void)
{
	struct hysteresis hysteresis = HYSTERESIS_NONE;

	hysteresis_note(&hysteresis, true, at_ms(0));
	hysteresis_forget(&hysteresis);
	tap_is_int(hysteresis_take(&hysteresis, INSTANT_NEVER),
		HYSTERESIS_NO_NEWS,
		"trouble that is forgotten before it was told is not told");
	hysteresis_note(&hysteresis, true, at_ms(1000));
	hysteresis_take(&hysteresis, INSTANT_NEVER);
	hysteresis_forget(&hysteresis);
	hysteresis_note(&hysteresis, false, at_ms(2000));
	tap_is_int(hysteresis_take(&hysteresis, INSTANT_NEVER), HYSTERESIS_ENDS,
		"trouble that was told has an end, though forgotten");
}

int main(void)
{
	test_none();
	test_begins_and_ends();
	test_passes();
	test_flickers();
	test_forgotten();
	return tap_done();
}
