/* SPDX-License-Identifier: ISC */
/* Widths of code points, as Unicode's EastAsianWidth.txt and general categories
 * give them, and the order of the table. */
#include "mchat/base/width.h"

#include "tap.h"
#include "mchat/base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	uint32_t code_point;
	enum width_kind kind;
	const char *what;
} cases[] = {
	{' ', WIDTH_NARROW, "a blank"},
	{'~', WIDTH_NARROW, "the last of ASCII"},
	{0x00, WIDTH_HIDDEN, "NUL"},
	{0x1b, WIDTH_HIDDEN, "ESC"},
	{0x7f, WIDTH_HIDDEN, "DEL"},
	{0x9f, WIDTH_HIDDEN, "the last of C1"},
	{0xa0, WIDTH_NARROW, "a no-break space"},
	{0xad, WIDTH_NARROW, "a soft hyphen, as terminals have it"},
	{0x300, WIDTH_ZERO, "the first combining mark"},
	{0x370, WIDTH_NARROW, "what follows the last combining mark"},
	{0x600, WIDTH_NARROW, "an Arabic number sign"},
	{0x93f, WIDTH_SPACING, "a Devanagari vowel sign"},
	{0x94d, WIDTH_ZERO, "a Devanagari virama"},
	{0xe33, WIDTH_SPACING, "Thai SARA AM"},
	{0x10ff, WIDTH_NARROW, "before the jamo"},
	{0x1100, WIDTH_WIDE, "the first leading jamo"},
	{0x115f, WIDTH_WIDE, "the last leading jamo"},
	{0x1160, WIDTH_ZERO, "the first vowel jamo"},
	{0x11ff, WIDTH_ZERO, "the last trailing jamo"},
	{0x200b, WIDTH_HIDDEN, "a zero width space"},
	{0x200d, WIDTH_ZERO, "a zero width joiner"},
	{0x2028, WIDTH_HIDDEN, "a line separator"},
	{0x202e, WIDTH_HIDDEN, "a direction override"},
	{0x2603, WIDTH_NARROW, "a snowman, ambiguous or neutral"},
	{0x231a, WIDTH_WIDE, "a watch, an emoji"},
	{0x3000, WIDTH_WIDE, "an ideographic space"},
	{0x302a, WIDTH_ZERO, "an ideographic tone mark"},
	{0x303f, WIDTH_NARROW, "a half fill space"},
	{0x3042, WIDTH_WIDE, "Hiragana"},
	{0x3131, WIDTH_WIDE, "a compatibility jamo"},
	{0x4e00, WIDTH_WIDE, "the first ideograph"},
	{0x9fff, WIDTH_WIDE, "the last ideograph"},
	{0xac00, WIDTH_WIDE, "the first syllable"},
	{0xd7a3, WIDTH_WIDE, "the last syllable"},
	{0xd7a4, WIDTH_NARROW, "what follows the last syllable"},
	{0xd7b0, WIDTH_ZERO, "an old vowel"},
	{0xfe0f, WIDTH_ZERO, "a variation selector"},
	{0xfeff, WIDTH_HIDDEN, "a byte order mark"},
	{0xff01, WIDTH_WIDE, "a fullwidth sign"},
	{0xff61, WIDTH_NARROW, "a halfwidth sign"},
	{0xff9e, WIDTH_SPACING, "a halfwidth voiced mark"},
	{0xfffd, WIDTH_NARROW, "the replacement character"},
	{0x1f1e6, WIDTH_NARROW, "a regional indicator"},
	{0x1f3fb, WIDTH_WIDE, "a skin tone"},
	{0x1f600, WIDTH_WIDE, "an emoji"},
	{0x1fae8, WIDTH_WIDE, "an emoji of Unicode 15"},
	{0x20000, WIDTH_WIDE, "an ideograph of plane 2"},
	{0x3134f, WIDTH_WIDE, "an ideograph that is not assigned yet"},
	{0xe0001, WIDTH_HIDDEN, "a language tag"},
	{0xe0020, WIDTH_ZERO, "a tag of a flag"},
	{0x10ffff, WIDTH_NARROW, "the last code point"},
	{UTF8_INVALID, WIDTH_HIDDEN, "what is no character"},
};

static void table_is_in_order(void)
{
	size_t wrong = 0;

	for (size_t i = 0; i < width_table_size; i++) {
		if (width_table[i].first > width_table[i].last)
			wrong++;
		if (i > 0 && width_table[i].first <= width_table[i - 1].last)
			wrong++;
	}
	tap_is_int((intmax_t)wrong, 0, "the table is ascending");
}

int main(void)
{
	static const unsigned columns[] = {
		[WIDTH_NARROW] = 1,
		[WIDTH_WIDE] = 2,
		[WIDTH_ZERO] = 0,
		[WIDTH_SPACING] = 1,
		[WIDTH_HIDDEN] = 1,
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		tap_is_int(width_kind(cases[i].code_point), cases[i].kind,
			cases[i].what);
		tap_is_int(width_of(cases[i].code_point),
			columns[cases[i].kind],
			"the columns of that code point");
	}
	table_is_in_order();
	return tap_done();
}
