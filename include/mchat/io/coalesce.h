/* SPDX-License-Identifier: ISC */
/*
 * Receive coalescing: when to leave the socket alone for a moment.  A receiver
 * that is faster than the sender would wake up for every few datagrams; under
 * dense traffic it waits a fraction of a millisecond, so that one call takes
 * many.  Sparse traffic is never delayed.
 */
#ifndef MCHAT_IO_COALESCE_H
#define MCHAT_IO_COALESCE_H

#include <stddef.h>

#include "mchat/base/time.h"

/* Traffic is dense from this many datagrams within COALESCE_WINDOW_US on. */
#define COALESCE_DENSE     16
#define COALESCE_WINDOW_US 500

/* The longest hold; shorter when the receive buffer is small. */
#define COALESCE_MAX_US 500

struct coalesce {
	struct duration length;
	struct instant window; /* since when datagrams are counted */
	size_t count;
	struct instant until; /* leave the socket alone; in the past: do not */
};

/* `buffer` is what was granted for SO_RCVBUF, in bytes. */
void coalesce_init(struct coalesce *coalesce, int buffer);

/* Counts `received` datagrams at `now`, and decides. */
void coalesce_note(
	struct coalesce *coalesce, size_t received, struct instant now);

#endif
