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

/* When this many bytes wait, the group's socket is no longer read, and
 * datagrams wait in the kernel's buffer; one message or datagram may come on
 * top. */
#define OUTPUT_QUEUE_MAX ((size_t)1024 * 1024)

struct output_queue {
	int fd;
	bool is_own;       /* fd was opened here, to be closed */
	bool always_takes; /* a file: never blocks, so it is not polled */
	bool is_closed;    /* the reader is gone: nothing more is written */
	bool is_torn;      /* what was written ends within a line */
	int error;         /* errno of a failed write other than EPIPE, or 0 */
	struct buffer queue;
};

void output_queue_init(struct output_queue *queue, int fd);
void output_queue_fini(struct output_queue *queue);

/* Whether the queue has reached OUTPUT_QUEUE_MAX. */
bool output_queue_is_full(const struct output_queue *queue);

/* Whether something waits to be written, and can still be. */
bool output_queue_is_pending(const struct output_queue *queue);

/*
 * Writes what can be written without blocking.  A failure sets is_closed and
 * error; what was not written then stays in the queue, to be counted.
 */
void output_queue_flush(struct output_queue *queue);

#endif
