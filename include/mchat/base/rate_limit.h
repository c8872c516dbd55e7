/* SPDX-License-Identifier: ISC */
/*
 * A rate limit that also grows with use: so many a second, and one more for
 * each event that earns one.  For repairs those are packets sent first, since
 * what is lost is a share of them.
 */
#ifndef MCHAT_BASE_RATE_LIMIT_H
#define MCHAT_BASE_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* Repairs a second that all members together may cause.  How many one may, see
 * repair_credit.h. */
#define REPAIR_RATE_MAX 8000

struct rate_limit {
	double left; /* of what was allowed */
	struct instant filled;
	uint64_t seen; /* packets that had been sent first by then */
};

/*
 * Takes one of `per_second`, of which at most a second's worth can be saved
 * up, when `first` packets have been sent first so far; false when none is
 * left.  An allowance that was never taken from is all zeros, and full.
 */
bool rate_limit_take(struct rate_limit *allowance, unsigned per_second,
	uint64_t first, struct instant now);

#endif
