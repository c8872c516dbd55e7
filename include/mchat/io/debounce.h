/* SPDX-License-Identifier: ISC */
/*
 * When to look after news that come in bursts: a moment after the first, since
 * more will follow, and ever more seldom while they do not cease.
 */
#ifndef MCHAT_IO_DEBOUNCE_H
#define MCHAT_IO_DEBOUNCE_H

#include "mchat/base/time.h"

/* An interface that comes up tells of its link, its carrier and its address
 * within this time, when its address is at hand. */
#define DEBOUNCE_FIRST_MS 100

/* While news go on the wait doubles up to this: a link that comes and goes is
 * followed every few seconds. */
#define DEBOUNCE_LONGEST_MS 3200

/* They have ceased when there were none for so long after a look. */
#define DEBOUNCE_CALM_MS 10000

struct debounce {
	struct instant due;    /* when to look; INSTANT_NEVER without news */
	struct instant looked; /* last */
	struct duration wait;  /* the last one */
};

void debounce_init(struct debounce *debounce);

/* There are news at `now`. */
void debounce_note(struct debounce *debounce, struct instant now);

/* A look is taken at `now`: only what comes after it is news again. */
void debounce_look(struct debounce *debounce, struct instant now);

#endif
