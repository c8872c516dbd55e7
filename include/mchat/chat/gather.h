/* SPDX-License-Identifier: ISC */
/*
 * Bad news gathered: what goes wrong may go wrong a thousand times a second,
 * and is told in one line a quarter of a second.
 */
#ifndef MCHAT_CHAT_GATHER_H
#define MCHAT_CHAT_GATHER_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* How long the news may wait. */
#define GATHER_MS 250

struct gather {
	uint64_t count;     /* not told yet */
	struct instant due; /* when to tell; INSTANT_NEVER without news */
};

#define GATHER_NOTHING ((struct gather){0, INSTANT_NEVER})

/* Counts `count` more that went wrong at `now`. */
void gather_add(struct gather *gather, uint64_t count, struct instant now);

/*
 * Whether it is time to tell; if so, how many in *out, and it starts anew.
 * INSTANT_NEVER as `now` asks for whatever there is.
 */
bool gather_take(struct gather *gather, struct instant now, uint64_t *out);

#endif
