/* SPDX-License-Identifier: ISC */
/*
 * A rate limit that traffic raises: so many a second, and one more for each
 * event that earns one.  For repairs such an event is a packet sent for the
 * first time, since losses are a share of those.
 */
#ifndef MCHAT_BASE_RATE_LIMIT_H
#define MCHAT_BASE_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct rate_limit {
	double left;           /* that may be taken now */
	struct instant filled; /* when `left` was last brought up to date */
	uint64_t earned;       /* the caller's count at that time */
};

/*
 * Takes one; false when none is left.  `earned` is how many events have earned
 * one so far.  At most a second's worth is saved up.  A limit of all zeros was
 * never taken from, and is full.
 */
bool rate_limit_take(struct rate_limit *limit, unsigned per_second,
	uint64_t earned, struct instant now);

#endif
