/* SPDX-License-Identifier: ISC */
/*
 * The line as the terminal shows it: one row, which scrolls sideways when the
 * text is wider.  What is on the terminal is remembered, and a refresh emits
 * only what differs.  The last column is never written to, so that no terminal
 * wraps.
 *
 * The sequences that are used, and no others: CR, to the left edge; CHA
 * (ESC [ n G), to a column; ED (ESC [ J), erase from the cursor on.
 */
#ifndef MCHAT_TERMINAL_SCREEN_H
#define MCHAT_TERMINAL_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/buffer.h"

struct screen {
	unsigned columns;   /* of the window, at least 1 */
	size_t left;        /* of the text: what is shown begins here */
	bool is_shown;      /* the row is on the terminal, */
	bool is_known;      /* and is what is remembered here */
	unsigned cursor;    /* the column that the terminal's cursor is in */
	unsigned above;     /* rows that a narrower window put above it */
	struct buffer row;  /* the clusters on the terminal as they were drawn,
			       each ended by a NUL */
	struct buffer next; /* the row to come; empty between calls */
};

/* What is to be shown: `cursor` is a boundary between clusters of `text`. */
struct screen_content {
	const char *prompt;
	size_t prompt_size;
	const char *text;
	size_t size;
	size_t cursor;
};

void screen_init(struct screen *screen, unsigned columns);
void screen_fini(struct screen *screen);

/*
 * The window has this width now, and what it did to the row is unknown; but one
 * that reflows goes on with it in the next row, when it is narrower.
 */
void screen_resize(struct screen *screen, unsigned columns, bool reflows);

/* Appends to `out` what makes the terminal show `content`, nothing when it does
 * already.  The cursor is in a row of its own when the row is not shown yet. */
void screen_show(struct screen *screen, const struct screen_content *content,
	struct buffer *out);

/* Appends what takes the row away; the cursor is left at its start. */
void screen_hide(struct screen *screen, struct buffer *out);

#endif
