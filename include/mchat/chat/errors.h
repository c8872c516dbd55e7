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
#ifndef MCHAT_CHAT_ERRORS_H
#define MCHAT_CHAT_ERRORS_H

#include <stdbool.h>

#include "mchat/chat/notice.h"
#include "mchat/chat/output.h"

struct errors {
	int found; /* owned: stderr as it was; -1 where it is left alone */
	int valve; /* owned: its end to read from; -1 where there is none */
	struct output output; /* behind the valve */
};

/* From here on stderr does not wait; `is_held` is whether the console holds
 * back what is said at a terminal. */
void errors_open(struct errors *errors, bool is_held);

/* Passes on what was said, as far as it is taken; due before each wait. */
void errors_flush(struct errors *errors);

/* What is to be waited for to be writable, or -1. */
int errors_waiting_fd(const struct errors *errors);

/* Does errors_flush, and tells of what was lost, if there is room for it: each
 * piece is waited for so long to be taken. */
void errors_tell(
	struct errors *errors, enum verbosity verbosity, int patience_ms);

/* From here on every line waits for its reader again; what still waits for it
 * now is lost. */
void errors_close(struct errors *errors);

#endif
