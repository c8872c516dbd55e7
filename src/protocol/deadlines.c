/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/deadlines.h"

#include <stdint.h>
#include <stdlib.h>

#include "mchat/protocol/members.h"

void deadlines_fini(struct deadlines *deadlines)
{
	free(deadlines->heap);
	*deadlines = (struct deadlines){0};
}

#define CAPACITY_FIRST 64

/* Makes room for one more; false without memory. */
static bool reserve(struct deadlines *d)
{
	size_t capacity = d->capacity ? 2 * d->capacity : CAPACITY_FIRST;
	struct member **heap;

	if (d->count < d->capacity)
		return true;
	heap = realloc(d->heap, capacity * sizeof(struct member *));
	if (!heap)
		return false;
	d->heap = heap;
	d->capacity = capacity;
	return true;
}

/* A place in the heap is noted in the member, from 1 on. */
static void place(struct deadlines *d, struct member *m, size_t at)
{
	d->heap[at] = m;
	m->due_place = (uint32_t)at + 1;
}

static void rise(struct deadlines *d, struct member *m)
{
	size_t at = m->due_place - 1;

	while (at > 0) {
		struct member *above = d->heap[(at - 1) / 2];

		if (!instant_before(m->due, above->due))
			break;
		place(d, above, at);
		at = (at - 1) / 2;
	}
	place(d, m, at);
}

static void sink(struct deadlines *d, struct member *m)
{
	size_t at = m->due_place - 1;
	size_t next;

	while ((next = 2 * at + 1) < d->count) {
		if (next + 1 < d->count &&
			instant_before(
				d->heap[next + 1]->due, d->heap[next]->due))
			next++;
		if (!instant_before(d->heap[next]->due, m->due))
			break;
		place(d, d->heap[next], at);
		at = next;
	}
	place(d, m, at);
}

bool deadlines_add(struct deadlines *deadlines, struct member *member)
{
	if (!reserve(deadlines))
		return false;
	member->due = INSTANT_NEVER;
	place(deadlines, member, deadlines->count++);
	return true;
}

void deadlines_remove(struct deadlines *deadlines, struct member *member)
{
	struct member *last = deadlines->heap[--deadlines->count];
	size_t at = member->due_place - 1;

	member->due_place = 0;
	if (last == member)
		return;
	place(deadlines, last, at);
	rise(deadlines, last);
	sink(deadlines, last);
}

void deadlines_lower(
	struct deadlines *deadlines, struct member *member, struct instant when)
{
	if (!instant_before(when, member->due))
		return;
	member->due = when;
	rise(deadlines, member);
}

struct instant deadlines_next(const struct deadlines *deadlines)
{
	return deadlines->count > 0 ? deadlines->heap[0]->due : INSTANT_NEVER;
}

static int compare_places(const void *a, const void *b)
{
	uint32_t first = (*(struct member *const *)a)->index;
	uint32_t second = (*(struct member *const *)b)->index;

	return (first < second) - (first > second);
}

size_t deadlines_take(struct deadlines *deadlines, struct member **out,
	size_t most, struct instant now)
{
	size_t count = 0;

	while (count < most &&
		!instant_before(now, deadlines_next(deadlines))) {
		struct member *m = deadlines->heap[0];

		out[count++] = m;
		m->due = INSTANT_NEVER;
		sink(deadlines, m);
	}
	if (count > 1)
		qsort(out, count, sizeof(struct member *), compare_places);
	return count;
}
