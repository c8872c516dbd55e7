/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/repair_queue.h"

#include <stdlib.h>

#define CAPACITY_FIRST 64

void repair_queue_fini(struct repair_queue *repairs)
{
	free(repairs->heap);
	*repairs = (struct repair_queue){0};
}

static bool is_earlier(
	const struct repair_queue_entry *a, const struct repair_queue_entry *b)
{
	if (a->due.ns != b->due.ns)
		return instant_before(a->due, b->due);
	return a->number < b->number;
}

static bool grow(struct repair_queue *repairs)
{
	size_t capacity =
		repairs->capacity ? 2 * repairs->capacity : CAPACITY_FIRST;
	struct repair_queue_entry *heap;

	if (repairs->count < repairs->capacity)
		return true;
	if (capacity > REPAIR_QUEUE_MAX)
		return false;
	heap = realloc(repairs->heap, capacity * sizeof(*heap));
	if (!heap)
		return false;
	repairs->heap = heap;
	repairs->capacity = capacity;
	return true;
}

bool repair_queue_add(
	struct repair_queue *repairs, const struct repair_queue_entry *repair)
{
	size_t at;

	if (!grow(repairs))
		return false;
	at = repairs->count++;
	while (at > 0 && is_earlier(repair, &repairs->heap[(at - 1) / 2])) {
		repairs->heap[at] = repairs->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	repairs->heap[at] = *repair;
	return true;
}

const struct repair_queue_entry *repair_queue_first(
	const struct repair_queue *repairs)
{
	return repairs->count > 0 ? &repairs->heap[0] : NULL;
}

void repair_queue_drop_first(struct repair_queue *repairs)
{
	struct repair_queue_entry last = repairs->heap[--repairs->count];
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < repairs->count &&
			is_earlier(&repairs->heap[child + 1],
				&repairs->heap[child]))
			child++;
		if (child >= repairs->count ||
			!is_earlier(&repairs->heap[child], &last))
			break;
		repairs->heap[at] = repairs->heap[child];
		at = child;
	}
	repairs->heap[at] = last;
}
