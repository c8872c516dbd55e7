/* SPDX-License-Identifier: ISC */
#include "mchat/chat/faults.h"

#include <stdlib.h>
#include <string.h>

void faults_fini(struct faults *faults)
{
	for (size_t i = 0; i < faults->held_count; i++)
		free((void *)(uintptr_t)faults->held[i].datagram.bytes);
	faults->held_count = 0;
}

static bool happens(struct faults *faults, double percent)
{
	/* No draw where there is no such fault: 0 changes nothing else. */
	return percent > 0 && prng_unit(&faults->prng) * 100 < percent;
}

/* Holds a copy back; false when it cannot. */
static bool hold_back(struct faults *faults, const struct datagram *datagram,
	struct instant now)
{
	struct faults_held *held = &faults->held[faults->held_count];
	char *bytes;

	if (faults->held_count == FAULTS_HELD_MAX)
		return false;
	bytes = malloc(datagram->size + 1); /* an empty one, too */
	if (!bytes)
		return false;
	memcpy(bytes, datagram->bytes, datagram->size);
	held->datagram = *datagram;
	held->datagram.bytes = bytes;
	held->due = instant_after(now, duration_ms(FAULTS_HELD_MS));
	held->behind =
		1 + (unsigned)(prng_unit(&faults->prng) * FAULTS_BEHIND_MAX);
	faults->held_count++;
	return true;
}

enum fault faults_take(struct faults *faults, const struct datagram *datagram,
	struct instant now)
{
	for (size_t i = 0; i < faults->held_count; i++)
		faults->held[i].behind -= faults->held[i].behind > 0;
	if (happens(faults, faults->rates.drop)) {
		faults->dropped++;
		return FAULT_DROP;
	}
	if (happens(faults, faults->rates.reorder) &&
		hold_back(faults, datagram, now)) {
		faults->reordered++;
		return FAULT_REORDER;
	}
	if (happens(faults, faults->rates.duplicate)) {
		faults->duplicated++;
		return FAULT_DUPLICATE;
	}
	return FAULT_NONE;
}

bool faults_next(
	struct faults *faults, struct instant now, struct datagram *out)
{
	size_t i = 0;

	while (i < faults->held_count && faults->held[i].behind > 0 &&
		instant_before(now, faults->held[i].due))
		i++;
	if (i == faults->held_count)
		return false;
	*out = faults->held[i].datagram;
	faults->held_count--;
	memmove(&faults->held[i], &faults->held[i + 1],
		(faults->held_count - i) * sizeof(faults->held[0]));
	return true;
}

struct instant faults_deadline(const struct faults *faults)
{
	struct instant next = INSTANT_NEVER;

	for (size_t i = 0; i < faults->held_count; i++)
		next = instant_earlier(next, faults->held[i].due);
	return next;
}
