/* SPDX-License-Identifier: ISC */
/*
 * Failures that may happen a thousand times a second are counted, and reported
 * in one line every quarter of a second.
 */
#ifndef MCHAT_IO_THROTTLE_H
#define MCHAT_IO_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* How long a failure may wait to be reported. */
#define THROTTLE_MS 250

struct throttle {
	uint64_t count; /* not reported yet */
	struct instant
		due; /* when to report; INSTANT_NEVER when there are none */
};

#define THROTTLE_NONE ((struct throttle){0, INSTANT_NEVER})

/* Counts `count` more failures at `now`. */
void throttle_add(
	struct throttle *throttle, uint64_t count, struct instant now);

/*
 * Whether it is time to report; if so, *out is how many, and counting begins
 * anew.  With INSTANT_NEVER as `now`, any that there are are due.
 */
bool throttle_take(
	struct throttle *throttle, struct instant now, uint64_t *out);

#endif
