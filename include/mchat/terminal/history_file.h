/* SPDX-License-Identifier: ISC */
/*
 * The file that keeps the history from one session to the next: one entry per
 * line, the newest last, no more than a history holds.  A newline within an
 * entry is a vertical tab there.
 */
#ifndef MCHAT_TERMINAL_HISTORY_FILE_H
#define MCHAT_TERMINAL_HISTORY_FILE_H

#include <stddef.h>

struct history;

/*
 * Adds the lines of the file to the history; a file that does not exist has
 * none.  Returns -1 with errno on failure: EISDIR for a directory, ENOTSUP for
 * anything else that is not a regular file.
 */
int history_file_read(const char *path, struct history *history);

/*
 * Adds the newest `count` lines of the history to the file, after the lines
 * that other sessions have added meanwhile, and drops its oldest lines as a
 * history does.  The file is replaced atomically by one that only its owner can
 * read. On failure it stays as it was: -1 with errno, as above.
 */
int history_file_add(
	const char *path, const struct history *history, size_t count);

#endif
