/* SPDX-License-Identifier: ISC */
/*
 * Standard error while the chat runs.  A pipe that nobody reads, as of
 * "2>&1 | less", must not hold up the chat: what is said then, and does not fit
 * into the pipe, is lost, and that is told once the pipe is read again.  Files
 * are as ever, and so is a terminal, which the console sees to.
 *
 * Nobody who prints to stderr needs to know.
 */
#ifndef MCHAT_CHAT_ERRORS_H
#define MCHAT_CHAT_ERRORS_H

#include "mchat/chat/notice.h"

struct errors {
	int found; /* owned: stderr as it was; -1 where it was left alone */
};

/*
 * From here on stderr does not wait, where it is a pipe that can be opened
 * anew: its description is shared with other programs, and not ours to change.
 */
void errors_open(struct errors *errors);

/* Tells of what was lost, if there is room for it within so long. */
void errors_tell(enum verbosity verbosity, int patience_ms);

/* From here on every line waits for its reader again. */
void errors_close(struct errors *errors);

#endif
