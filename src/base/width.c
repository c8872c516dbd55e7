/* SPDX-License-Identifier: ISC */
#include "mchat/base/width.h"

#include "mchat/base/utf8.h"

enum width_kind width_kind(uint32_t code_point)
{
	size_t low = 0;
	size_t high = width_table_size;

	if (code_point >= 0x20 && code_point < 0x7f)
		return WIDTH_NARROW;
	if (code_point == UTF8_INVALID)
		return WIDTH_HIDDEN;
	/* The range, if any, lies within [low, high). */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct width_range *range = &width_table[middle];

		if (code_point < range->first)
			high = middle;
		else if (code_point > range->last)
			low = middle + 1;
		else
			return range->kind;
	}
	return WIDTH_NARROW;
}

unsigned width_of(uint32_t code_point)
{
	switch (width_kind(code_point)) {
	case WIDTH_WIDE:
		return 2;
	case WIDTH_ZERO:
		return 0;
	case WIDTH_NARROW:
	case WIDTH_SPACING:
	case WIDTH_HIDDEN:
		break;
	}
	return 1;
}
