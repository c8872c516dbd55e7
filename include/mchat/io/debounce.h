/* SPDX-License-Identifier: ISC */
/*
 * When to act on events that come in bursts: a moment after the first, since
 * more will follow, and less and less often while they go on.
 */
#ifndef MCHAT_IO_DEBOUNCE_H
#define MCHAT_IO_DEBOUNCE_H

#include "mchat/base/time.h"

/* When an interface comes up, its link, its carrier and its address, if that is
 * configured already, are all reported within this time. */
#define DEBOUNCE_FIRST_MS 100

/* While events keep coming the wait doubles, up to this: a link that goes up
 * and down is followed every few seconds. */
#define DEBOUNCE_LONGEST_MS 3200

/* The burst is over when no event came for this long after a look. */
#define DEBOUNCE_CALM_MS 10000

struct debounce {
	struct instant due;    /* when to look; INSTANT_NEVER without events */
	struct instant looked; /* when the caller last looked */
	struct duration wait;  /* how long the last event had to wait */
};

void debounce_init(struct debounce *debounce);

/* An event came at `now`. */
void debounce_note(struct debounce *debounce, struct instant now);

/* The caller acts at `now`: only what comes later counts as an event again. */
void debounce_look(struct debounce *debounce, struct instant now);

#endif
