/* SPDX-License-Identifier: ISC */
#include "mchat/chat/clock_offset.h"

#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define YEAR   (365 * (24 * HOUR))

static const struct wall_time noon = {1795344250123};

/* The author's clock shows what ours does less `delay_ms`. */
static bool hear(struct clock_offsets *offsets, uint64_t id, int64_t delay_ms,
	bool *is_news)
{
	return clock_offset_is_wrong(offsets, id,
		(struct wall_time){noon.ms - delay_ms}, noon, is_news);
}

static void is_right(struct clock_offsets *offsets, uint64_t id,
	int64_t delay_ms, const char *what)
{
	bool is_news;

	tap_ok(!hear(offsets, id, delay_ms, &is_news) && !is_news, "%s", what);
}

static void is_wrong(struct clock_offsets *offsets, uint64_t id,
	int64_t delay_ms, bool is_first, const char *what)
{
	bool is_news;

	tap_ok(hear(offsets, id, delay_ms, &is_news), "%s", what);
	tap_is_int(is_news, is_first, "and it is told once");
}

static void test_members(void)
{
	static struct clock_offsets offsets;

	clock_offsets_init(&offsets);
	is_right(&offsets, 1, 0, "a clock like ours");
	is_right(&offsets, 1, -MINUTE, "a little ahead");
	is_right(&offsets, 1, HOUR, "what was said in time is late, no more");
	is_wrong(&offsets, 1, -MINUTE - 1, true, "what is said later is not");
	is_wrong(&offsets, 1, -HOUR, false, "whatever was said before");
	is_right(&offsets, 1, HOUR, "but the clock was right again");

	is_right(&offsets, 2, 10 * MINUTE, "the first may have been delayed");
	is_wrong(&offsets, 3, 20 * MINUTE, true, "but not by so much");
	is_wrong(&offsets, 3, 30 * MINUTE, false, "another member");
	is_right(&offsets, 3, 5 * MINUTE, "which sets its clock");
	is_wrong(&offsets, 4, 56 * YEAR, true, "a clock of 1970");
	is_right(&offsets, 1, HOUR, "all are known, whoever spoke last");
}

/* Our own clock was in 1970, and is set. */
static void test_ours(void)
{
	static struct clock_offsets offsets;

	clock_offsets_init(&offsets);
	is_wrong(&offsets, 1, -56 * YEAR, true, "everybody is ahead");
	is_right(&offsets, 1, 0, "until our clock is set");
	is_right(&offsets, 1, HOUR, "and then one may be late");
}

static void test_bounds(void)
{
	static struct clock_offsets offsets;
	bool is_news;

	clock_offsets_init(&offsets);
	for (uint64_t id = 1; id <= UINT64_C(3) * CLOCK_OFFSET_MAX; id++)
		hear(&offsets, id, HOUR, &is_news);
	is_wrong(&offsets, UINT64_C(3) * CLOCK_OFFSET_MAX, HOUR, false,
		"the last");
	is_wrong(&offsets, 1, HOUR, true, "one that was forgotten");
	tap_ok(clock_offset_is_wrong(&offsets, 5, (struct wall_time){INT64_MIN},
		       noon, &is_news),
		"the first of all times");
	tap_ok(clock_offset_is_wrong(&offsets, 6, (struct wall_time){INT64_MAX},
		       (struct wall_time){-noon.ms}, &is_news),
		"and the last");
}

static void reads(int64_t time, int64_t received, const char *expected)
{
	struct buffer out = BUFFER_EMPTY;

	clock_offset_append(
		&out, (struct wall_time){time}, (struct wall_time){received});
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), expected);
	buffer_fini(&out);
}

int main(void)
{
	test_members();
	test_ours();
	test_bounds();
	reads(0, 56 * YEAR, "56 years behind");
	reads(3 * HOUR, HOUR, "2 hours ahead of");
	reads(HOUR + MINUTE, HOUR, "1 minute ahead of");
	reads(0, 24 * HOUR, "1 day behind");
	reads(0, 15 * MINUTE + 7, "15 minutes behind");
	reads(0, 0, "0 seconds behind");
	reads(INT64_MAX, -1, "292471208 years ahead of");
	reads(INT64_MIN, 0, "292471208 years behind");
	return tap_done();
}
