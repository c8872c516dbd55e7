/* SPDX-License-Identifier: ISC */
/*
 * When lines are printed above the line being edited, and when that line is
 * drawn again: a machine that only knows the time.
 *
 * Each of them has its share of the terminal.  A flood is printed for
 * REFRESH_PRINT_MS at most, as much of it as the terminal takes in that time;
 * then the edited line is drawn, and left alone for REFRESH_REST_MS, since what
 * is erased again at once no eye sees.  So the line is drawn at least every
 * 100 ms, whatever comes in and however slow the terminal is.  What is no
 * flood, REFRESH_FREE bytes in 100 ms, is printed at once.
 */
#ifndef MCHAT_CHAT_REFRESH_H
#define MCHAT_CHAT_REFRESH_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

#define REFRESH_PRINT_MS  50
#define REFRESH_REST_MS   30
#define REFRESH_WINDOW_MS 100
#define REFRESH_FREE      2048

/* All zero: nothing was printed yet. */
struct refresh {
	bool is_printing;        /* lines; the edited one is hidden */
	struct instant draw_at;  /* while printing: it is due then */
	struct instant print_at; /* else: lines may be printed from then on */
	struct instant window;   /* since then, at most REFRESH_WINDOW_MS, */
	size_t printed;          /* so many bytes of them were */
};

/*
 * The terminal takes more: whether lines are to be printed now, which
 * `has_lines` says there are; else the edited line is to be drawn.
 */
bool refresh_prints(
	struct refresh *refresh, bool has_lines, struct instant now);

/* So many bytes of lines were printed. */
void refresh_note(struct refresh *refresh, size_t size);

/* When to ask again, if the terminal took all and `has_lines`; NEVER while
 * nothing waits. */
struct instant refresh_deadline(const struct refresh *refresh, bool has_lines);

#endif
