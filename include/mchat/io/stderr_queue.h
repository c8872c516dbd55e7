/* SPDX-License-Identifier: ISC */
/*
 * Standard error while the chat runs.  When nobody reads it, as in
 * "2>&1 | less", it must not hold up the chat: lines that find no room are
 * dropped, and that is reported once it is read again.  A file is left alone,
 * and so is a terminal if the console holds back what is printed there.
 *
 * A pipe or a terminal is opened anew, so that it can be non-blocking for us
 * alone: the file description is shared with other programs, so we must not
 * change it.  A socket cannot be opened anew: there stderr becomes a pipe of
 * our own, which is emptied into a queue, and that never blocks.
 *
 * Code that prints to stderr need not know.
 */
#ifndef MCHAT_IO_STDERR_QUEUE_H
#define MCHAT_IO_STDERR_QUEUE_H

#include <stdbool.h>

#include "mchat/io/diagnostics.h"
#include "mchat/io/output_queue.h"

struct stderr_queue {
	int found; /* owned: stderr as it was; -1 where it is left alone */
	int pipe;  /* owned: read end of our own; -1 where there is none */
	struct output_queue output; /* what was read from the pipe */
};

/* From here on stderr does not block; `is_held` is whether the console holds
 * back what is printed on a terminal. */
void stderr_queue_open(struct stderr_queue *stderr_queue, bool is_held);

/* Writes what was printed, as far as it is taken; due before each poll. */
void stderr_queue_flush(struct stderr_queue *stderr_queue);

/* The descriptor to poll for being writable, or -1. */
int stderr_queue_waiting_fd(const struct stderr_queue *stderr_queue);

/* Does stderr_queue_flush, and says that lines were dropped if some were and
 * there is room to say so.  Waits up to `patience_ms` for room, for each piece
 * that is to be taken first. */
void stderr_queue_tell(struct stderr_queue *stderr_queue,
	enum verbosity verbosity, int patience_ms);

/* Puts stderr back as it was, so that it blocks again; what still waits for its
 * reader is lost. */
void stderr_queue_close(struct stderr_queue *stderr_queue);

#endif
