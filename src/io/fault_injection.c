/* SPDX-License-Identifier: ISC */
#include "mchat/io/fault_injection.h"

#include <stdlib.h>
#include <string.h>

void fault_injection_fini(struct fault_injection *injection)
{
	for (size_t i = 0; i < injection->held_count; i++)
		free((void *)(uintptr_t)injection->held[i].datagram.bytes);
	injection->held_count = 0;
}

static bool happens(struct fault_injection *injection, double percent)
{
	/* A rate of 0 draws no number, so as not to change other faults. */
	return percent > 0 && prng_unit(&injection->prng) * 100 < percent;
}

/* Holds a copy back; false when there is no room or memory. */
static bool hold_back(struct fault_injection *injection,
	const struct datagram *datagram, struct instant now)
{
	struct fault_injection_held *held =
		&injection->held[injection->held_count];
	char *bytes;

	if (injection->held_count == FAULT_INJECTION_HELD_MAX)
		return false;
	bytes = malloc(datagram->size + 1); /* its size may be 0 */
	if (!bytes)
		return false;
	memcpy(bytes, datagram->bytes, datagram->size);
	held->datagram = *datagram;
	held->datagram.bytes = bytes;
	held->due = instant_after(now, duration_ms(FAULT_INJECTION_HELD_MS));
	held->behind = 1 + (unsigned)(prng_unit(&injection->prng) *
				      FAULT_INJECTION_BEHIND_MAX);
	injection->held_count++;
	return true;
}

enum fault fault_injection_take(struct fault_injection *injection,
	const struct datagram *datagram, struct instant now)
{
	for (size_t i = 0; i < injection->held_count; i++)
		injection->held[i].behind -= injection->held[i].behind > 0;
	if (happens(injection, injection->rates.drop)) {
		injection->dropped++;
		return FAULT_DROP;
	}
	if (happens(injection, injection->rates.reorder) &&
		hold_back(injection, datagram, now)) {
		injection->reordered++;
		return FAULT_REORDER;
	}
	if (happens(injection, injection->rates.duplicate)) {
		injection->duplicated++;
		return FAULT_DUPLICATE;
	}
	return FAULT_NONE;
}

bool fault_injection_next(struct fault_injection *injection, struct instant now,
	struct datagram *out)
{
	size_t i = 0;

	while (i < injection->held_count && injection->held[i].behind > 0 &&
		instant_before(now, injection->held[i].due))
		i++;
	if (i == injection->held_count)
		return false;
	*out = injection->held[i].datagram;
	injection->held_count--;
	memmove(&injection->held[i], &injection->held[i + 1],
		(injection->held_count - i) * sizeof(injection->held[0]));
	return true;
}

struct instant fault_injection_deadline(const struct fault_injection *injection)
{
	struct instant next = INSTANT_NEVER;

	for (size_t i = 0; i < injection->held_count; i++)
		next = instant_earlier(next, injection->held[i].due);
	return next;
}
