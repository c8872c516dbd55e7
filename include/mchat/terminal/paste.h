/* SPDX-License-Identifier: ISC */
/*
 * A bracketed paste: collected as a whole first, then handed out line by line.
 * CR, LF and CR LF each end a line.
 */
#ifndef MCHAT_TERMINAL_PASTE_H
#define MCHAT_TERMINAL_PASTE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/lines.h"

/* The largest paste, in bytes; a pipe serves better for more.  A larger one is
 * refused as a whole: half of it would be worse than nothing. */
#define PASTE_MAX ((size_t)1024 * 1024)

struct paste {
	struct lines lines;
	size_t size;       /* bytes so far */
	bool is_too_large; /* more than PASTE_MAX, or than there is memory for
			    */
	bool after_cr;     /* the last byte was CR: a LF now ends no line */
};

/* Makes it empty. */
void paste_init(struct paste *paste);
void paste_fini(struct paste *paste);

/* Adds the next bytes of the paste. */
void paste_add(struct paste *paste, const char *text, size_t size);

/* The paste is complete: paste_left and paste_next may be called now. */
void paste_end(struct paste *paste);

/* How many lines are left; the last one counts even without a line end. */
size_t paste_left(const struct paste *paste);

/* Takes the next line; false when none is left.  A line longer than a line
 * buffer holds comes in pieces.  *out is valid until the next call of a
 * function other than paste_left. */
bool paste_next(struct paste *paste, struct line *out);

#endif
