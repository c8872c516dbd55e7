/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/letter_case.h"

#include <stdint.h>

#include "mchat/base/utf8.h"

/* Capitals from `first` to `last`, and how much further the small letters are.
 * With `step` 2 capitals and small letters alternate. */
static const struct {
	uint32_t first;
	uint32_t last;
	uint32_t distance;
	uint32_t step;
} pairs[] = {
	{'A', 'Z', 0x20, 1},
	{0xc0, 0xd6, 0x20, 1},
	{0xd8, 0xde, 0x20, 1},
	/* Latin Extended-A, without the dotted and the dotless i. */
	{0x100, 0x12e, 1, 2},
	{0x132, 0x136, 1, 2},
	{0x139, 0x147, 1, 2},
	{0x14a, 0x176, 1, 2},
	{0x179, 0x17d, 1, 2},
	{0x388, 0x38a, 0x25, 1},
	{0x391, 0x3a1, 0x20, 1},
	{0x3a3, 0x3ab, 0x20, 1},
	{0x400, 0x40f, 0x50, 1},
	{0x410, 0x42f, 0x20, 1},
	{0x460, 0x480, 1, 2},
	{0x48a, 0x4be, 1, 2},
	{0x4d0, 0x52e, 1, 2},
};

static uint32_t change(uint32_t code_point, bool is_capital)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		uint32_t shift = is_capital ? pairs[i].distance : 0;
		uint32_t first = pairs[i].first + shift;

		if (code_point < first || code_point > pairs[i].last + shift ||
			(code_point - first) % pairs[i].step != 0)
			continue;
		return is_capital ? code_point - pairs[i].distance
				  : code_point + pairs[i].distance;
	}
	return code_point;
}

void letter_case_set(char *text, size_t size, bool is_capital)
{
	uint32_t code_point;

	if (utf8_decode(text, size, &code_point) != size ||
		code_point == UTF8_INVALID)
		return;
	code_point = change(code_point, is_capital);
	/* All pairs have one byte or two (RFC 3629, section 3). */
	if (size == 1) {
		text[0] = (char)code_point;
	} else if (size == 2) {
		text[0] = (char)(0xc0 | code_point >> 6);
		text[1] = (char)(0x80 | (code_point & 0x3f));
	}
}
