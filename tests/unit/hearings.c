/* SPDX-License-Identifier: ISC */
/* What is noted of a member's reports: the newest of each, bounded. */
#include "mchat/protocol/hearings.h"

#include "mchat/protocol/wire.h"
#include "tap.h"

static uint64_t take(struct hearings *hearings, uint64_t origin, uint64_t next,
	uint64_t known)
{
	struct wire_report report = {
		.origin = origin, .next = next, .known = known};

	return hearings_take(
		hearings, &report, (struct instant){(int64_t)next});
}

/* What is noted of an origin; nothing, origin 0. */
static struct hearing find(const struct hearings *hearings, uint64_t origin)
{
	for (size_t i = 0; i < hearings->count; i++)
		if (hearings->list[i].origin == origin)
			return hearings->list[i];
	return (struct hearing){0};
}

static void newest(void)
{
	struct hearings hearings = {0};

	take(&hearings, 7, 3, 4);
	take(&hearings, 8, 1, 1);
	take(&hearings, 7, 5, 9);
	tap_is_int((intmax_t)hearings.count, 2, "each is noted once");
	tap_ok(find(&hearings, 7).next == 5 && find(&hearings, 7).known == 9,
		"as it was told last");
	tap_is_int(find(&hearings, 7).told.ns, 5, "and when");
	tap_is_int((intmax_t)hearings_next(&hearings, 8), 1, "of another");
	tap_is_int((intmax_t)hearings_next(&hearings, 9), 0, "of nobody");
	hearings_fini(&hearings);
	tap_is_int((intmax_t)hearings.count, 0, "none in the end");
	hearings_fini(&hearings);
}

static void bounded(void)
{
	struct hearings hearings = {0};

	for (uint64_t i = 1; i <= HEARINGS_MAX; i++)
		take(&hearings, i, i, 1000);
	tap_is_int((intmax_t)hearings.count, HEARINGS_MAX, "filled");
	take(&hearings, 1, 500, 1000);
	take(&hearings, 1001, 501, 1000);
	tap_is_int((intmax_t)hearings.count, HEARINGS_MAX, "not more");
	tap_ok(find(&hearings, 1001).origin == 1001 &&
			find(&hearings, 1).origin == 1,
		"the newest stay");
	tap_ok(find(&hearings, 2).origin == 0, "the oldest gives way");
	hearings_fini(&hearings);
}

/* What a member had when it was heard first may be of long ago; what it goes
 * back over, since it fetches history, it has had before. */
static void confirmed(void)
{
	struct hearings hearings = {0};

	tap_is_int((intmax_t)take(&hearings, 7, 100, 200), 0,
		"nothing by the first report");
	tap_is_int((intmax_t)take(&hearings, 7, 130, 200), 30, "then progress");
	tap_is_int((intmax_t)take(&hearings, 7, 130, 200), 0, "none");
	tap_is_int((intmax_t)take(&hearings, 7, 50, 200), 0, "none, backwards");
	tap_is_int((intmax_t)take(&hearings, 7, 120, 200), 0, "nor once more");
	tap_is_int((intmax_t)take(&hearings, 7, 140, 200), 10,
		"and what it had not before");
	hearings_fini(&hearings);
}

int main(void)
{
	confirmed();
	newest();
	bounded();
	return tap_done();
}
