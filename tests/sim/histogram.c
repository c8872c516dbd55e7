/* SPDX-License-Identifier: ISC */
#include "histogram.h"

/* Of a number below twice HISTOGRAM_STEPS. */
#define STEPS_BITS 6

static unsigned bucket_of(int64_t ns)
{
	uint64_t value = ns < 0 ? 0 : (uint64_t)ns;
	unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
	unsigned doublings = bits > STEPS_BITS ? bits - STEPS_BITS : 0;

	return doublings * HISTOGRAM_STEPS + (unsigned)(value >> doublings);
}

void histogram_add(struct histogram *histogram, int64_t ns)
{
	histogram->count++;
	histogram->buckets[bucket_of(ns)]++;
	if (ns > histogram->max)
		histogram->max = ns;
}

int64_t histogram_permille(const struct histogram *histogram, unsigned part)
{
	uint64_t wanted = (histogram->count * part + 999) / 1000;
	uint64_t seen = 0;

	for (unsigned i = 0; wanted > 0 && i < HISTOGRAM_BUCKETS; i++) {
		unsigned doublings;

		seen += histogram->buckets[i];
		if (seen < wanted)
			continue;
		if (i < 2 * HISTOGRAM_STEPS)
			return i;
		doublings = i / HISTOGRAM_STEPS - 1;
		return (int64_t)(i % HISTOGRAM_STEPS + HISTOGRAM_STEPS)
		       << doublings;
	}
	return 0;
}
