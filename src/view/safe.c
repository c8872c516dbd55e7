/* SPDX-License-Identifier: ISC */
/* Harmless bytes are copied in runs as long as they come. */
#include "mchat/view/safe.h"

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"

static const char hexadecimal[] = "0123456789abcdef";

bool safe_is_unsafe(uint32_t code_point)
{
	if (code_point < 0x20)
		return true;
	if (code_point < 0x7f)
		return false;
	if (code_point < 0xa0) /* DEL and C1 */
		return true;
	switch (code_point) {
	case 0x061c: /* ARABIC LETTER MARK */
	case 0x200e: /* LEFT-TO-RIGHT MARK */
	case 0x200f: /* RIGHT-TO-LEFT MARK */
	case 0x2028: /* LINE SEPARATOR */
	case 0x2029: /* PARAGRAPH SEPARATOR */
	case 0x202a: /* LEFT-TO-RIGHT EMBEDDING */
	case 0x202b: /* RIGHT-TO-LEFT EMBEDDING */
	case 0x202c: /* POP DIRECTIONAL FORMATTING */
	case 0x202d: /* LEFT-TO-RIGHT OVERRIDE */
	case 0x202e: /* RIGHT-TO-LEFT OVERRIDE */
	case 0x2066: /* LEFT-TO-RIGHT ISOLATE */
	case 0x2067: /* RIGHT-TO-LEFT ISOLATE */
	case 0x2068: /* FIRST STRONG ISOLATE */
	case 0x2069: /* POP DIRECTIONAL ISOLATE */
		return true;
	default:
		return false;
	}
}

static void append_byte(struct buffer *out, unsigned char byte)
{
	char escape[4] = {
		'\\', 'x', hexadecimal[byte >> 4], hexadecimal[byte & 0xf]};

	buffer_append(out, escape, sizeof(escape));
}

/* Appends \u{202e}, without leading zeros. */
static void append_code_point(struct buffer *out, uint32_t code_point)
{
	int shift = 28;

	while (shift > 0 && code_point >> shift == 0)
		shift -= 4;
	buffer_append(out, "\\u{", 3);
	for (; shift >= 0; shift -= 4)
		buffer_append_char(
			out, hexadecimal[(code_point >> shift) & 0xf]);
	buffer_append_char(out, '}');
}

/* Appends what stands for the `size` bytes at `text`, which are `code_point`.
 */
static void append_visible(
	struct buffer *out, const char *text, size_t size, uint32_t code_point)
{
	size_t i;

	if (code_point == '\n')
		buffer_append(out, "\\n", 2);
	else if (code_point == '\r')
		buffer_append(out, "\\r", 2);
	else if (code_point < 0x80)
		append_byte(out, (unsigned char)code_point);
	else if (code_point != UTF8_INVALID)
		append_code_point(out, code_point);
	else
		for (i = 0; i < size; i++)
			append_byte(out, (unsigned char)text[i]);
}

static void append(
	struct buffer *out, const char *text, size_t size, bool keep_tab)
{
	size_t done = 0; /* all before is in `out` */
	size_t i = 0;

	while (i < size) {
		unsigned char byte = (unsigned char)text[i];
		uint32_t code_point;
		size_t length;

		if ((byte >= 0x20 && byte < 0x7f) ||
			(byte == '\t' && keep_tab)) {
			i++;
			continue;
		}
		length = utf8_decode(text + i, size - i, &code_point);
		if (code_point == UTF8_INVALID || safe_is_unsafe(code_point)) {
			buffer_append(out, text + done, i - done);
			append_visible(out, text + i, length, code_point);
			done = i + length;
		}
		i += length;
	}
	if (done < size)
		buffer_append(out, text + done, size - done);
}

void safe_append_text(struct buffer *out, const char *text, size_t size)
{
	append(out, text, size, true);
}

void safe_append_name(struct buffer *out, const char *text, size_t size)
{
	append(out, text, size, false);
}
