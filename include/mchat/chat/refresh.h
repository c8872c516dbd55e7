/* SPDX-License-Identifier: ISC */
/*
 * When lines are printed above the line being edited, and when that line is
 * drawn again: a machine that only knows the time.
 *
 * Each of them has its share of the terminal.  A flood is printed for
 * REFRESH_PRINT_MS at most, as much of it as the terminal takes in that time;
 * then the edited line is drawn, and left alone for REFRESH_REST_MS, since what
 * is erased again at once no eye sees.  So the line is drawn at least every
 * 100 ms, whatever comes in and however slow the terminal is.  A line that
 * comes after a rest is printed at once.
 */
#ifndef MCHAT_CHAT_REFRESH_H
#define MCHAT_CHAT_REFRESH_H

#include <stdbool.h>

#include "mchat/base/time.h"

#define REFRESH_PRINT_MS 50
#define REFRESH_REST_MS  30

/* All zero: nothing was printed yet. */
struct refresh {
	bool is_printing;        /* lines; the edited one is hidden */
	struct instant draw_at;  /* while printing: it is due then */
	struct instant print_at; /* else: lines may be printed from then on */
};

/*
 * The terminal takes more: whether lines are to be printed now, which
 * `has_lines` says there are; else the edited line is to be drawn.
 */
bool refresh_prints(
	struct refresh *refresh, bool has_lines, struct instant now);

/* When to ask again, if the terminal took all and `has_lines`; NEVER while
 * nothing waits. */
struct instant refresh_deadline(const struct refresh *refresh, bool has_lines);

#endif
