/* SPDX-License-Identifier: ISC */
#include "mchat/chat/trouble.h"

#include "tap.h"

static struct instant at_ms(int64_t ms)
{
	return (struct instant){1000 * NS_PER_S + ms * NS_PER_MS};
}

static void test_none(void)
{
	struct trouble trouble = TROUBLE_NONE;

	trouble_note(&trouble, false, at_ms(0));
	tap_ok(instant_is_never(trouble_deadline(&trouble)),
		"what goes well is no trouble");
	tap_is_int(trouble_take(&trouble, INSTANT_NEVER), TROUBLE_NO_NEWS,
		"nor at the end of all");
}

static void test_begins_and_ends(void)
{
	struct trouble trouble = TROUBLE_NONE;
	int64_t last = 5000;

	trouble_note(&trouble, true, at_ms(0));
	trouble_note(&trouble, true, at_ms(500));
	tap_is_int(trouble_deadline(&trouble).ns, at_ms(TROUBLE_BEGIN_MS).ns,
		"it is told a while after it began");
	tap_is_int(trouble_take(&trouble, at_ms(TROUBLE_BEGIN_MS - 1)),
		TROUBLE_NO_NEWS, "not before");
	tap_is_int(trouble_take(&trouble, at_ms(TROUBLE_BEGIN_MS)),
		TROUBLE_BEGINS, "then");
	trouble_note(&trouble, true, at_ms(last));
	tap_ok(instant_is_never(trouble_deadline(&trouble)),
		"while it lasts nothing is due");
	tap_is_int(trouble_take(&trouble, at_ms(last)), TROUBLE_NO_NEWS,
		"it is told once");
	trouble_note(&trouble, false, at_ms(last + 100));
	tap_is_int(trouble_deadline(&trouble).ns,
		at_ms(last + TROUBLE_END_MS).ns,
		"that it is over is told when it has not come back");
	tap_is_int(trouble_take(&trouble, at_ms(last + TROUBLE_END_MS)),
		TROUBLE_ENDS, "once");
	tap_is_int(trouble_take(&trouble, INSTANT_NEVER), TROUBLE_NO_NEWS,
		"and no more");
}

static void test_passes(void)
{
	struct trouble trouble = TROUBLE_NONE;

	trouble_note(&trouble, true, at_ms(0));
	trouble_note(&trouble, false, at_ms(100));
	tap_is_int(trouble_take(&trouble, at_ms(TROUBLE_BEGIN_MS)),
		TROUBLE_NO_NEWS, "what passes at once is not told");
	tap_ok(instant_is_never(trouble_deadline(&trouble)), "nor later");
	trouble_note(&trouble, true, at_ms(2000));
	tap_is_int(trouble_deadline(&trouble).ns,
		at_ms(2000 + TROUBLE_BEGIN_MS).ns, "the next is another");
	tap_is_int(trouble_take(&trouble, INSTANT_NEVER), TROUBLE_BEGINS,
		"at the end of all it is told at once");
}

/* One of two tries goes wrong. */
static void test_flickers(void)
{
	struct trouble trouble = TROUBLE_NONE;
	int begins = 0;
	int ends = 0;

	for (int i = 0; i < 100; i++) {
		enum trouble_news news;

		trouble_note(&trouble, i % 2 == 0, at_ms(INT64_C(1500) * i));
		news = trouble_take(&trouble, at_ms(INT64_C(1500) * i + 1400));
		begins += news == TROUBLE_BEGINS;
		ends += news == TROUBLE_ENDS;
	}
	tap_is_int(begins, 1, "what comes and goes is told once");
	tap_is_int(ends, 0, "and is not over in between");
}

static void test_forgotten(void)
{
	struct trouble trouble = TROUBLE_NONE;

	trouble_note(&trouble, true, at_ms(0));
	trouble_forget(&trouble);
	tap_is_int(trouble_take(&trouble, INSTANT_NEVER), TROUBLE_NO_NEWS,
		"what was told in another way is not told again");
	trouble_note(&trouble, true, at_ms(1000));
	trouble_take(&trouble, INSTANT_NEVER);
	trouble_forget(&trouble);
	trouble_note(&trouble, false, at_ms(2000));
	tap_is_int(trouble_take(&trouble, INSTANT_NEVER), TROUBLE_ENDS,
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
