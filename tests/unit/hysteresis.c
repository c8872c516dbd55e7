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
		"what goes well is no trouble");
	tap_is_int(hysteresis_take(&hysteresis, INSTANT_NEVER),
		HYSTERESIS_NO_NEWS, "nor at the end of all");
}

static void test_begins_and_ends(void)
{
	struct hysteresis hysteresis = HYSTERESIS_NONE;
	int64_t last = 5000;

	hysteresis_note(&hysteresis, true, at_ms(0));
	hysteresis_note(&hysteresis, true, at_ms(500));
	tap_is_int(hysteresis_deadline(&hysteresis).ns,
		at_ms(HYSTERESIS_BEGIN_MS).ns,
		"it is told a while after it began");
	tap_is_int(hysteresis_take(&hysteresis, at_ms(HYSTERESIS_BEGIN_MS - 1)),
		HYSTERESIS_NO_NEWS, "not before");
	tap_is_int(hysteresis_take(&hysteresis, at_ms(HYSTERESIS_BEGIN_MS)),
		HYSTERESIS_BEGINS, "then");
	hysteresis_note(&hysteresis, true, at_ms(last));
	tap_ok(instant_is_never(hysteresis_deadline(&hysteresis)),
		"while it lasts nothing is due");
	tap_is_int(hysteresis_take(&hysteresis, at_ms(last)),
		HYSTERESIS_NO_NEWS, "it is told once");
	hysteresis_note(&hysteresis, false, at_ms(last + 100));
	tap_is_int(hysteresis_deadline(&hysteresis).ns,
		at_ms(last + HYSTERESIS_END_MS).ns,
		"that it is over is told when it has not come back");
	tap_is_int(
		hysteresis_take(&hysteresis, at_ms(last + HYSTERESIS_END_MS)),
		HYSTERESIS_ENDS, "once");
	tap_is_int(hysteresis_take(&hysteresis, INSTANT_NEVER),
		HYSTERESIS_NO_NEWS, "and no more");
}

static void test_passes(void)
{
	struct hysteresis hysteresis = HYSTERESIS_NONE;

	hysteresis_note(&hysteresis, true, at_ms(0));
	hysteresis_note(&hysteresis, false, at_ms(100));
	tap_is_int(hysteresis_take(&hysteresis, at_ms(HYSTERESIS_BEGIN_MS)),
		HYSTERESIS_NO_NEWS, "what passes at once is not told");
	tap_ok(instant_is_never(hysteresis_deadline(&hysteresis)), "nor later");
	hysteresis_note(&hysteresis, true, at_ms(2000));
	tap_is_int(hysteresis_deadline(&hysteresis).ns,
		at_ms(2000 + HYSTERESIS_BEGIN_MS).ns, "the next is another");
	tap_is_int(hysteresis_take(&hysteresis, INSTANT_NEVER),
		HYSTERESIS_BEGINS, "at the end of all it is told at once");
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
	tap_is_int(begins, 1, "what comes and goes is told once");
	tap_is_int(ends, 0, "and is not over in between");
}

static void test_forgotten(void)
{
	struct hysteresis hysteresis = HYSTERESIS_NONE;

	hysteresis_note(&hysteresis, true, at_ms(0));
	hysteresis_forget(&hysteresis);
	tap_is_int(hysteresis_take(&hysteresis, INSTANT_NEVER),
		HYSTERESIS_NO_NEWS,
		"what was told in another way is not told again");
	hysteresis_note(&hysteresis, true, at_ms(1000));
	hysteresis_take(&hysteresis, INSTANT_NEVER);
	hysteresis_forget(&hysteresis);
	hysteresis_note(&hysteresis, false, at_ms(2000));
	tap_is_int(hysteresis_take(&hysteresis, INSTANT_NEVER), HYSTERESIS_ENDS,
		"what was told has an end");
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
