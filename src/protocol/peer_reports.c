/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/peer_reports.h"

#include <stdlib.h>

#include "mchat/protocol/wire.h"

#define CAPACITY_FIRST 4

void peer_reports_fini(struct peer_reports *reports)
{
	free(reports->list);
	*reports = (struct peer_reports){0};
}

/* A place for one more; NULL when there are too many, or without memory. */
static struct peer_report *add(struct peer_reports *reports)
{
	size_t capacity =
		reports->capacity ? 2 * reports->capacity : CAPACITY_FIRST;
	struct peer_report *list;

	if (reports->count == reports->capacity) {
		if (capacity > PEER_REPORTS_MAX)
			return NULL;
		list = realloc(reports->list, capacity * sizeof(*list));
		if (!list)
			return NULL;
		reports->list = list;
		reports->capacity = capacity;
	}
	return &reports->list[reports->count++];
}

/* The one of this origin, or else the oldest; NULL when there is none. */
static struct peer_report *find(struct peer_reports *reports, uint64_t origin)
{
	struct peer_report *found = NULL;

	for (size_t i = 0; i < reports->count; i++) {
		struct peer_report *it = &reports->list[i];

		if (it->origin == origin)
			return it;
		if (!found || instant_before(it->told, found->told))
			found = it;
	}
	return found;
}

uint64_t peer_reports_take(struct peer_reports *reports,
	const struct wire_report *report, struct instant now)
{
	struct peer_report *place = find(reports, report->origin);
	uint64_t before = report->next;
	uint64_t most = report->next;

	if (place && place->origin == report->origin) {
		before = place->most;
		most = before > most ? before : most;
	}
	if (!place || place->origin != report->origin) {
		struct peer_report *added = add(reports);

		place = added ? added : place;
	}
	if (place)
		*place = (struct peer_report){
			.origin = report->origin,
			.next = report->next,
			.most = most,
			.known = report->known,
			.told = now,
		};
	return most - before;
}

uint64_t peer_reports_next(const struct peer_reports *reports, uint64_t origin)
{
	for (size_t i = 0; i < reports->count; i++)
		if (reports->list[i].origin == origin)
			return reports->list[i].next;
	return 0;
}
