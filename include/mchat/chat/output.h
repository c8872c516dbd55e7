/* SPDX-License-Identifier: ISC */
/*
 * Standard output as a queue: what its reader does not take yet waits here, so
 * that a slow reader stops neither sending nor the signals.
 */
#ifndef MCHAT_CHAT_OUTPUT_H
#define MCHAT_CHAT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/buffer.h"

/* Bytes that wait at most before the group's socket is left unread, and the
 * kernel's buffer takes over; one received batch may come on top. */
#define OUTPUT_QUEUE_MAX ((size_t)1024 * 1024)

struct output {
	int fd;
	bool is_own;       /* fd was opened here, to be closed */
	bool always_takes; /* a file: never blocks, no need to ask */
	bool is_closed;    /* the reader is gone: nothing more is written */
	int error;         /* errno of a failed write, but for EPIPE; or 0 */
	struct buffer queue;
};

void output_init(struct output *output, int fd);
void output_fini(struct output *output);

/* Whether the queue has reached OUTPUT_QUEUE_MAX. */
bool output_is_full(const struct output *output);

/* Whether something waits to be written, and can still be. */
bool output_is_pending(const struct output *output);

/*
 * Writes what can be written without blocking.  Whatever goes wrong is told by
 * is_closed and error; the rest of the queue is then kept, for counting.
 */
void output_flush(struct output *output);

#endif
