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
	uint64_t count; /* not told yet */
	struct instant
		due; /* when to tell; INSTANT_NEVER when none is waiting */
};

#define THROTTLE_NONE ((struct throttle){0, INSTANT_NEVER})

/* Counts `count` more that went wrong at `now`. */
void throttle_add(
	struct throttle *throttle, uint64_t count, struct instant now);

/*
 * Whether it is time to tell; if so, how many in *out, and it starts anew.
 * INSTANT_NEVER as `now` asks for whatever there is.
 */
bool throttle_take(
	struct throttle *throttle, struct instant now, uint64_t *out);

#endif
