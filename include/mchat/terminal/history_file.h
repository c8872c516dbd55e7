/* SPDX-License-Identifier: ISC */
/*
 * Entered lines kept in a file from one session to the next: one a line, the
 * newest last, no more than a history holds.
 */
#ifndef MCHAT_TERMINAL_HISTORY_FILE_H
#define MCHAT_TERMINAL_HISTORY_FILE_H

#include <stddef.h>

struct history;

/*
 * Adds the lines of the file to the history.  One that does not exist yet has
 * none.  -1 with errno; EISDIR for a folder, ENOTSUP for what
 * else is no regular file.
 */
int history_file_read(const char *path, struct history *history);

/*
 * Adds the newest `count` lines of the history to the file, behind what others
 * added meanwhile, and drops its oldest ones as a history does.  The file is
 * replaced by a whole one that only its owner can read, or stays as it was: -1
 * with errno, as above.
 */
int history_file_add(
	const char *path, const struct history *history, size_t count);

#endif
