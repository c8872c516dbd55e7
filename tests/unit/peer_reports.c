/* SPDX-License-Identifier: ISC */
/* What is noted of a member's reports: the newest on each author, bounded. */
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
	tap_is_int(
		(intmax_t)peer_reports.count, 2, "each author is noted once");
	tap_ok(find(&peer_reports, 7).next == 5 &&
			find(&peer_reports, 7).known == 9,
		"an author is noted as it was reported last");
	tap_is_int(find(&peer_reports, 7).told.ns, 5,
		"the time of the last report is noted");
	tap_is_int((intmax_t)peer_reports_next(&peer_reports, 8), 1,
		"the next packet of another author is known");
	tap_is_int((intmax_t)peer_reports_next(&peer_reports, 9), 0,
		"of an unknown author no next packet is known");
	peer_reports_fini(&peer_reports);
	tap_is_int((intmax_t)peer_reports.count, 0,
		"after fini no author is noted");
	peer_reports_fini(&peer_reports);
}

static void bounded(void)
{
	struct peer_reports peer_reports = {0};

	for (uint64_t i = 1; i <= PEER_REPORTS_MAX; i++)
		take(&peer_reports, i, i, 1000);
	tap_is_int((intmax_t)peer_reports.count, PEER_REPORTS_MAX,
		"the list fills to its bound");
	take(&peer_reports, 1, 500, 1000);
	take(&peer_reports, 1001, 501, 1000);
	tap_is_int((intmax_t)peer_reports.count, PEER_REPORTS_MAX,
		"a full list does not grow");
	tap_ok(find(&peer_reports, 1001).origin == 1001 &&
			find(&peer_reports, 1).origin == 1,
		"the authors reported on last stay");
	tap_ok(find(&peer_reports, 2).origin == 0,
		"the author reported on longest ago gives way");
	peer_reports_fini(&peer_reports);
}

/* What a member had at its first report may be from long ago, and counts as no
 * progress; neither does what it goes back over to fetch history. */
static void confirmed(void)
{
	struct peer_reports peer_reports = {0};

	tap_is_int((intmax_t)take(&peer_reports, 7, 100, 200), 0,
		"the first report confirms nothing");
	tap_is_int((intmax_t)take(&peer_reports, 7, 130, 200), 30,
		"a report of more confirms the difference");
	tap_is_int((intmax_t)take(&peer_reports, 7, 130, 200), 0,
		"a report of the same confirms nothing");
	tap_is_int((intmax_t)take(&peer_reports, 7, 50, 200), 0,
		"a report of less confirms nothing");
	tap_is_int((intmax_t)take(&peer_reports, 7, 120, 200), 0,
		"a report up to what was confirmed before confirms nothing");
	tap_is_int((intmax_t)take(&peer_reports, 7, 140, 200), 10,
		"only what was not confirmed before is confirmed");
	peer_reports_fini(&peer_reports);
}

int main(void)
{
	confirmed();
	newest();
	bounded();
	return tap_done();
}
