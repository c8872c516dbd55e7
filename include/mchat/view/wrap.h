/* SPDX-License-Identifier: ISC */
/* Text in lines that fit a terminal. */
#ifndef MCHAT_VIEW_WRAP_H
#define MCHAT_VIEW_WRAP_H

#include <stddef.h>

struct buffer;

/* Lines of running text, and no longer ones where there is room: two fewer than
 * most terminals have. */
#define WRAP_PROSE_COLUMNS 78

/* In a window that is narrower than this nothing is wrapped: the terminal
 * breaks lines as well as we could. */
#define WRAP_COLUMNS_MIN 20

/*
 * Appends `size` bytes of `text`, which must be safe to print, in lines of at
 * most `columns` columns: all but the first begin with `indent` spaces, which
 * is cut to half of `columns`.  0 columns: there is no limit, and the text
 * stays as it is.
 *
 * Lines are broken at spaces only, so an address stays whole; and a command in
 * backquotes is not broken where a line of its own holds it.  What is longer
 * than a line is left to the terminal.
 */
void wrap_append(struct buffer *out, const char *text, size_t size,
	unsigned columns, unsigned indent);

/*
 * Appends `text` and a newline, in lines of WRAP_PROSE_COLUMNS that begin with
 * `indent` spaces; in the first one `mark`, at most as wide, stands in their
 * place.  The text, which may quote anything, is made safe to print.
 */
void wrap_append_marked(
	struct buffer *out, const char *mark, int indent, const char *text);

/* The columns that text may take in a window of so many; 0: any number, since
 * the window is too narrow, or there is none (0). */
unsigned wrap_columns(unsigned window_columns);

#endif
