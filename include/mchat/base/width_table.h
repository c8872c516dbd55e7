/* SPDX-License-Identifier: ISC */
/* The code points that do not take one column, made by scripts/width-table. */
#ifndef MCHAT_BASE_WIDTH_TABLE_H
#define MCHAT_BASE_WIDTH_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum width_kind {
	WIDTH_NARROW,  /* one column */
	WIDTH_WIDE,    /* two: Hangul, Kana, Han, emoji */
	WIDTH_ZERO,    /* none: marks, joiners, Hangul vowels and finals */
	WIDTH_SPACING, /* one, but belongs to what stands before it */
	WIDTH_HIDDEN,  /* controls and invisible signs: not to be shown as is */
};

struct width_range {
	uint32_t first;
	uint32_t last;
	enum width_kind kind;
};

/* Ascending; what is in no range is WIDTH_NARROW. */
extern const struct width_range width_table[];
extern const size_t width_table_size;

#endif
