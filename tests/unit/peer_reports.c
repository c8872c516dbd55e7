/* SPDX-License-Identifier: ISC */
/* What is noted of a member's reports: the newest of each, bounded. */
#include "mchat/protocol/peer_reports.h"

#include "tap.h"
#include "mchat/protocol/wire.h"

static uint64_t take(struct peer_reports *peer_reports, uint64_t origin,
	uint64_t next, uint64_t known)
{
	struct wire_report report = {
		.origin = origin, .next = next, .known = known};

	return peer_reports_take(
		peer_reports, &report, (struct instant){(int64_t)next});
}

/* What is noted of an origin; nothing, origin 0. */
static struct peer_report find(
	const struct peer_reports *peer_reports, uint64_t origin)
{
	for (size_t i = 0; i < peer_reports->count; i++)
		if (peer_reports->list[i].origin == origin)
			return peer_reports->list[i];
	return (struct peer_report){0};
}

static void newest(void)
{
	struct peer_reports peer_reports = {0};

	take(&peer_reports, 7, 3, 4);
	take(&peer_reports, 8, 1, 1);
	take(&peer_reports, 7, 5, 9);
	tap_is_int((intmax_t)peer_reports.count, 2, "each is noted once");
	tap_ok(find(&peer_reports, 7).next == 5 &&
			find(&peer_reports, 7).known == 9,
		"as it was told last");
	tap_is_int(find(&peer_reports, 7).told.ns, 5, "and when");
	tap_is_int(
		(intmax_t)peer_reports_next(&peer_reports, 8), 1, "of another");
	tap_is_int(
		(intmax_t)peer_reports_next(&peer_reports, 9), 0, "of nobody");
	peer_reports_fini(&peer_reports);
	tap_is_int((intmax_t)peer_reports.count, 0, "none in the end");
	peer_reports_fini(&peer_reports);
}

static void bounded(void)
{
	struct peer_reports peer_reports = {0};

	for (uint64_t i = 1; i <= PEER_REPORTS_MAX; i++)
		take(&peer_reports, i, i, 1000);
	tap_is_int((intmax_t)peer_reports.count, PEER_REPORTS_MAX, "filled");
	take(&peer_reports, 1, 500, 1000);
	take(&peer_reports, 1001, 501, 1000);
	tap_is_int((intmax_t)peer_reports.count, PEER_REPORTS_MAX, "not more");
	tap_ok(find(&peer_reports, 1001).origin == 1001 &&
			find(&peer_reports, 1).origin == 1,
		"the newest stay");
	tap_ok(find(&peer_reports, 2).origin == 0, "the oldest gives way");
	peer_reports_fini(&peer_reports);
}

/* What a member had when it was heard first may be of long ago; what it goes
 * back over, since it fetches history, it has had before. */
static void confirmed(void)
{
	struct peer_reports peer_reports = {0};

	tap_is_int((intmax_t)take(&peer_reports, 7, 100, 200), 0,
		"nothing by the first report");
	tap_is_int((intmax_t)take(&peer_reports, 7, 130, 200), 30,
		"then progress");
	tap_is_int((intmax_t)take(&peer_reports, 7, 130, 200), 0, "none");
	tap_is_int((intmax_t)take(&peer_reports, 7, 50, 200), 0,
		"none, backwards");
	tap_is_int(
		(intmax_t)take(&peer_reports, 7, 120, 200), 0, "nor once more");
	tap_is_int((intmax_t)take(&peer_reports, 7, 140, 200), 10,
		"and what it had not before");
	peer_reports_fini(&peer_reports);
}

int main(void)
{
	confirmed();
	newest();
	bounded();
	return tap_done();
}
