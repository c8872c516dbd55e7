/* SPDX-License-Identifier: ISC */
/*
 * Standard output as a queue: what its reader does not take yet waits here, so
 * that a slow reader stops neither sending nor the signals.
 */
#ifndef MCHAT_IO_OUTPUT_QUEUE_H
#define MCHAT_IO_OUTPUT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/buffer.h"

/* Bytes that wait at most before the group's socket is left unread, and the
 * kernel's buffer takes over; one received batch may come on top. */
#define OUTPUT_QUEUE_MAX ((size_t)1024 * 1024)

struct output_queue {
	int fd;
	bool is_own;       /* fd was opened here, to be closed */
	bool always_takes; /* a file: never blocks, no need to ask */
	bool is_closed;    /* the reader is gone: nothing more is written */
	int error;         /* errno of a failed write, but for EPIPE; or 0 */
	struct buffer queue;
};

void output_queue_init(struct output_queue *queue, int fd);
void output_queue_fini(struct output_queue *queue);

/* Whether the queue has reached OUTPUT_QUEUE_MAX. */
bool output_queue_is_full(const struct output_queue *queue);

/* Whether something waits to be written, and can still be. */
bool output_queue_is_pending(const struct output_queue *queue);

/*
 * Writes what can be written without blocking.  Whatever goes wrong is told by
 * is_closed and error; the rest of the queue is then kept, for counting.
 */
void output_queue_flush(struct output_queue *queue);

#endif
