/* SPDX-License-Identifier: ISC */
/*
 * A bracketed paste: collected whole, then counted in lines, then given line by
 * line.  CR, LF and CR LF each end a line.
 */
#ifndef MCHAT_TERMINAL_PASTE_H
#define MCHAT_TERMINAL_PASTE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/lines.h"

/* Bytes of one paste; what is longer is better piped in.  A larger one is
 * refused as a whole: half of it would be worse than none. */
#define PASTE_MAX ((size_t)1024 * 1024)

struct paste {
	struct lines lines;
	size_t size;       /* bytes so far */
	bool is_too_large; /* to be refused: more than PASTE_MAX, or than memory
			    */
	bool after_cr;     /* a LF now belongs to the CR before it */
};

/* An empty paste. */
void paste_init(struct paste *paste);
void paste_fini(struct paste *paste);

/* Adds what was pasted next. */
void paste_add(struct paste *paste, const char *text, size_t size);

/* It is complete: paste_next may begin. */
void paste_end(struct paste *paste);

/* How many lines are left, the last one with or without its end. */
size_t paste_left(const struct paste *paste);

/* Takes the next line; a longer one than a line buffer holds comes in pieces.
 * *out is valid until the next call but paste_left. */
bool paste_next(struct paste *paste, struct line *out);

#endif
