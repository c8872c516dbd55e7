/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/hearings.h"

#include <stdlib.h>

#include "mchat/protocol/wire.h"

#define CAPACITY_FIRST 4

void hearings_fini(struct hearings *hearings)
{
	free(hearings->list);
	*hearings = (struct hearings){0};
}

/* A place for one more; NULL when there are too many, or without memory. */
static struct hearing *add(struct hearings *hearings)
{
	size_t capacity =
		hearings->capacity ? 2 * hearings->capacity : CAPACITY_FIRST;
	struct hearing *list;

	if (hearings->count == hearings->capacity) {
		if (capacity > HEARINGS_MAX)
			return NULL;
		list = realloc(hearings->list, capacity * sizeof(*list));
		if (!list)
			return NULL;
		hearings->list = list;
		hearings->capacity = capacity;
	}
	return &hearings->list[hearings->count++];
}

/* The one of this origin, or else the oldest; NULL when there is none. */
static struct hearing *find(struct hearings *hearings, uint64_t origin)
{
	struct hearing *found = NULL;

	for (size_t i = 0; i < hearings->count; i++) {
		struct hearing *it = &hearings->list[i];

		if (it->origin == origin)
			return it;
		if (!found || instant_before(it->told, found->told))
			found = it;
	}
	return found;
}

uint64_t hearings_take(struct hearings *hearings,
	const struct wire_report *report, struct instant now)
{
	struct hearing *place = find(hearings, report->origin);
	uint64_t before = report->next;
	uint64_t most = report->next;

	if (place && place->origin == report->origin) {
		before = place->most;
		most = before > most ? before : most;
	}
	if (!place || place->origin != report->origin) {
		struct hearing *added = add(hearings);

		place = added ? added : place;
	}
	if (place)
		*place = (struct hearing){
			.origin = report->origin,
			.next = report->next,
			.most = most,
			.known = report->known,
			.told = now,
		};
	return most - before;
}

uint64_t hearings_next(const struct hearings *hearings, uint64_t origin)
{
	for (size_t i = 0; i < hearings->count; i++)
		if (hearings->list[i].origin == origin)
			return hearings->list[i].next;
	return 0;
}
