/* SPDX-License-Identifier: ISC */
/* A histogram of times, exact to 1/32 of each, from which percentiles come. */
#ifndef MCHAT_TESTS_SIM_HISTOGRAM_H
#define MCHAT_TESTS_SIM_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_STEPS   32 /* in each doubling */
#define HISTOGRAM_BUCKETS (60 * HISTOGRAM_STEPS)

struct histogram {
	uint64_t count;
	int64_t max;
	uint32_t buckets[HISTOGRAM_BUCKETS];
};

/* Of messages: how long each took to one receiver, and to the last. */
struct histograms {
	struct histogram delays;
	struct histogram reaches;
};

void histogram_add(struct histogram *histogram, int64_t ns);

/* The time that so many of a thousand do not exceed; 0 when there is none. */
int64_t histogram_permille(const struct histogram *histogram, unsigned part);

#endif
