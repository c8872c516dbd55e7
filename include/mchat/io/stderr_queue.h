/* SPDX-License-Identifier: ISC */
/*
 * Standard error while the chat runs.  One that nobody reads, as the pipe of
 * "2>&1 | less", must not hold up the chat: what is said then, and finds no
 * room, is lost, and that is told once it is read again.  Files are as ever,
 * and so is a terminal where the console holds back what is said.
 *
 * A pipe or a terminal is opened anew, so that it can be non-blocking for us
 * alone: its description is shared with other programs, and not ours to change.
 * A socket cannot be: there what is said goes through a pipe of our own, the
 * valve, and from there into a queue, which never waits.
 *
 * Nobody who prints to stderr needs to know.
 */
#ifndef MCHAT_IO_STDERR_QUEUE_H
#define MCHAT_IO_STDERR_QUEUE_H

#include <stdbool.h>

#include "mchat/io/diagnostics.h"
#include "mchat/io/output_queue.h"

struct stderr_queue {
	int found; /* owned: stderr as it was; -1 where it is left alone */
	int valve; /* owned: its end to read from; -1 where there is none */
	struct output_queue output; /* behind the valve */
};

/* From here on stderr does not wait; `is_held` is whether the console holds
 * back what is said at a terminal. */
void stderr_queue_open(struct stderr_queue *stderr_queue, bool is_held);

/* Passes on what was said, as far as it is taken; due before each wait. */
void stderr_queue_flush(struct stderr_queue *stderr_queue);

/* What is to be waited for to be writable, or -1. */
int stderr_queue_waiting_fd(const struct stderr_queue *stderr_queue);

/* Does stderr_queue_flush, and tells of what was lost, if there is room for it:
 * each piece is waited for so long to be taken. */
void stderr_queue_tell(struct stderr_queue *stderr_queue,
	enum verbosity verbosity, int patience_ms);

/* From here on every line waits for its reader again; what still waits for it
 * now is lost. */
void stderr_queue_close(struct stderr_queue *stderr_queue);

#endif
