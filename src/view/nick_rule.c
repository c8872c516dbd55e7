/* SPDX-License-Identifier: ISC */
#include "mchat/view/nick_rule.h"

#include <stdint.h>

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"
#include "mchat/base/width.h"
#include "mchat/view/safe.h"

/* Digits of the id behind the nick of a member that shares it (name.h). */
#define ID_DIGITS 4

static const char blanks[] = "must have no blanks but single spaces inside";
static const char colon[] = "must not have a colon where words could follow";
static const char mark[] = "must not begin with a mark";
static const char id[] = "must not end like the id of a namesake, as #1a2b";

/* White space other than U+0020 (category Zs of Unicode), and U+2800, which
 * looks like it. */
static bool is_odd_blank(uint32_t code_point)
{
	switch (code_point) {
	case 0x00a0:
	case 0x1680:
	case 0x202f:
	case 0x205f:
	case 0x2800:
	case 0x3000:
		return true;
	default:
		return code_point >= 0x2000 && code_point <= 0x200a;
	}
}

/* What looks like the colon behind a nick and is none. */
static bool is_like_colon(uint32_t code_point)
{
	switch (code_point) {
	case 0x02d0: /* MODIFIER LETTER TRIANGULAR COLON */
	case 0x0589: /* ARMENIAN FULL STOP */
	case 0x05c3: /* HEBREW PUNCTUATION SOF PASUQ */
	case 0x2236: /* RATIO */
	case 0xa789: /* MODIFIER LETTER COLON */
	case 0xfe13: /* PRESENTATION FORM FOR VERTICAL COLON */
	case 0xfe55: /* SMALL COLON */
	case 0xff1a: /* FULLWIDTH COLON */
		return true;
	default:
		return false;
	}
}

static bool is_hexadecimal(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
	       (byte >= 'A' && byte <= 'F');
}

/* Whether the rest of a nick is an id: "#1a2b". */
static bool is_id(const char *text, size_t size)
{
	if (size != 1 + ID_DIGITS || text[0] != '#')
		return false;
	for (size_t i = 1; i < size; i++) {
		if (!is_hexadecimal(text[i]))
			return false;
	}
	return true;
}

/* Whether nothing, or a blank, begins at `at`. */
static bool ends_word(const char *text, size_t size, size_t at)
{
	uint32_t code_point;

	if (at >= size || text[at] == ' ')
		return true;
	utf8_decode(text + at, size - at, &code_point);
	return is_odd_blank(code_point);
}

/* What is wrong with the code point of `length` bytes at `at`; NULL: nothing.
 */
static const char *flaw_at(const char *text, size_t size, size_t at,
	size_t length, uint32_t code_point)
{
	size_t next = at + length;

	if (is_odd_blank(code_point) ||
		(code_point == ' ' && (at == 0 || ends_word(text, size, next))))
		return blanks;
	if (is_like_colon(code_point) ||
		(code_point == ':' && ends_word(text, size, next)))
		return colon;
	if (at == 0 && code_point >= 0x80 &&
		width_kind(code_point) == WIDTH_ZERO)
		return mark;
	return is_id(text + at, size - at) ? id : NULL;
}

const char *nick_rule_flaw(const char *text, size_t size)
{
	const char *flaw = NULL;

	for (size_t at = 0; at < size && !flaw;) {
		uint32_t code_point;
		size_t length = utf8_decode(text + at, size - at, &code_point);

		flaw = flaw_at(text, size, at, length, code_point);
		at += length;
	}
	return flaw;
}

void nick_rule_append(struct buffer *out, const char *text, size_t size)
{
	size_t done = 0;

	if (utf8_is_plain_word(text, size)) {
		buffer_append(out, text, size);
		return;
	}
	for (size_t at = 0; at < size;) {
		uint32_t code_point;
		size_t length = utf8_decode(text + at, size - at, &code_point);

		if (flaw_at(text, size, at, length, code_point)) {
			safe_append_name(out, text + done, at - done);
			safe_append_escape(out, text + at, length);
			done = at + length;
		}
		at += length;
	}
	safe_append_name(out, text + done, size - done);
}
