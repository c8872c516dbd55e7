/* SPDX-License-Identifier: ISC */
/*
 * Receive coalescing: when to leave the socket alone for a moment.  A receiver
 * that is faster than the sender would wake up for every few datagrams; under
 * dense traffic it waits a fraction of a millisecond, so that one call takes
 * many.  Sparse traffic is never delayed.
 */
#ifndef MCHAT_IO_RECEIVE_COALESCING_H
#define MCHAT_IO_RECEIVE_COALESCING_H

#include <stddef.h>

#include "mchat/base/time.h"

/* Traffic is dense from this many datagrams within RECEIVE_COALESCING_WINDOW_US
 * on. */
#define RECEIVE_COALESCING_DENSE     16
#define RECEIVE_COALESCING_WINDOW_US 500

/* The longest hold; shorter when the receive buffer is small. */
#define RECEIVE_COALESCING_MAX_US 500

struct receive_coalescing {
	struct duration length; /* of one hold */
	struct instant window;  /* since when datagrams are counted */
	size_t count;
	struct instant until; /* leave the socket alone until then */
};

/* `buffer` is the receive buffer in bytes, as group_receive_buffer gives it. */
void receive_coalescing_init(struct receive_coalescing *coalescing, int buffer);

/* Counts `received` datagrams at `now`, and decides. */
void receive_coalescing_note(struct receive_coalescing *coalescing,
	size_t received, struct instant now);

#endif
