/* SPDX-License-Identifier: ISC */
/*
 * How many columns of a terminal a code point takes, whatever the locale.  The
 * ambiguous ones of UAX #11 take one, as on most terminals.
 */
#ifndef MCHAT_TERMINAL_WIDTH_H
#define MCHAT_TERMINAL_WIDTH_H

#include <stdint.h>

enum width_kind {
	WIDTH_NARROW,  /* one column */
	WIDTH_WIDE,    /* two: Hangul, Kana, Han, emoji */
	WIDTH_ZERO,    /* none: marks, joiners, Hangul vowels and finals */
	WIDTH_SPACING, /* one, but belongs to what stands before it */
	WIDTH_HIDDEN,  /* controls and invisible signs: not to be shown as is */
};

/* `code_point` may be UTF8_INVALID, which is hidden. */
enum width_kind width_kind(uint32_t code_point);

/* Columns of a code point that is drawn as it is: 0, 1 or 2. */
unsigned width_of(uint32_t code_point);

#endif
