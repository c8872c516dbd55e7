/* SPDX-License-Identifier: ISC */
/*
 * The line as the terminal shows it: a single row, which scrolls sideways when
 * the text is wider.  The screen remembers what is on the terminal, and a
 * refresh emits only what differs.  The last column is never written to, so
 * that no terminal wraps.
 *
 * Only these sequences are emitted: CR, go to the left edge; CHA (ESC [ n G),
 * go to a column; CUU (ESC [ n A), go up; ED (ESC [ J), erase from the cursor
 * to the end of the screen.
 */
#ifndef MCHAT_TERMINAL_SCREEN_H
#define MCHAT_TERMINAL_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/buffer.h"

struct screen {
	unsigned columns;   /* of the window, at least 1 */
	size_t left;        /* offset of the first byte of the text shown */
	bool is_shown;      /* the row is on the terminal */
	bool is_known;      /* and the terminal still has it as in `row` */
	unsigned room;      /* columns for the text when it was drawn last */
	unsigned cursor;    /* the column of the terminal's cursor */
	unsigned above;     /* rows above it that a reflow made of this row */
	struct buffer row;  /* the clusters on the terminal as they were drawn,
			       each followed by a NUL */
	struct buffer next; /* the row being drawn; empty between calls */
};

/* What to show; `cursor` is an offset in `text`, on a cluster boundary. */
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
 * The window now has this width, so the row has to be drawn again.  Where the
 * terminal reflows, a narrower window has continued the row on further rows,
 * which the next call erases as well; where it does not, it has cut the row
 * off.
 */
void screen_resize(struct screen *screen, unsigned columns, bool reflows);

/* Appends to `out` what makes the terminal show `content`; nothing when it does
 * already.  When the row is not on the terminal yet, the cursor must be at the
 * start of an empty one. */
void screen_show(struct screen *screen, const struct screen_content *content,
	struct buffer *out);

/* Appends what erases the row, and leaves the cursor at its start. */
void screen_hide(struct screen *screen, struct buffer *out);

#endif
