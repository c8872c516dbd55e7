/* SPDX-License-Identifier: ISC */
/* Harmless bytes are copied in runs, as long as possible. */
#include "mchat/view/safe.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"
#include "mchat/base/width.h"

static const char hexadecimal[] = "0123456789abcdef";

/*
 * Format characters, which a reader does not see as such, so that two names
 * could look alike: category Cf, and the property Default_Ignorable_Code_Point
 * of Unicode 16, which includes code points reserved for more of them.
 * Ascending.
 */
static const struct {
	uint32_t first;
	uint32_t last;
} formats[] = {
	{0x00ad, 0x00ad},   /* soft hyphen */
	{0x034f, 0x034f},   /* combining grapheme joiner */
	{0x0600, 0x0605},   /* Arabic number signs */
	{0x061c, 0x061c},   /* Arabic letter mark */
	{0x06dd, 0x06dd},   /* Arabic end of ayah */
	{0x070f, 0x070f},   /* Syriac abbreviation mark */
	{0x0890, 0x0891},   /* Arabic pound and piastre marks */
	{0x08e2, 0x08e2},   /* Arabic disputed end of ayah */
	{0x115f, 0x1160},   /* Hangul fillers */
	{0x17b4, 0x17b5},   /* Khmer inherent vowels */
	{0x180b, 0x180f},   /* Mongolian variation selectors and separator */
	{0x200b, 0x200f},   /* zero width space, joiners, direction marks */
	{0x202a, 0x202e},   /* embeddings and overrides */
	{0x2060, 0x206f},   /* word joiner, invisible operators, isolates */
	{0x3164, 0x3164},   /* Hangul filler */
	{0xfe00, 0xfe0f},   /* variation selectors */
	{0xfeff, 0xfeff},   /* byte order mark */
	{0xffa0, 0xffa0},   /* halfwidth Hangul filler */
	{0xfff0, 0xfffb},   /* interlinear annotation */
	{0x110bd, 0x110bd}, /* Kaithi number signs */
	{0x110cd, 0x110cd}, {0x13430, 0x1343f}, /* Egyptian joiners */
	{0x1bca0, 0x1bca3},                     /* shorthand controls */
	{0x1d173, 0x1d17a},                     /* musical beams and slurs */
	{0xe0000, 0xe0fff}, /* tags, more variation selectors */
};

static bool is_format(uint32_t code_point)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (code_point <= formats[i].last)
			return code_point >= formats[i].first;
	}
	return false;
}

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

/* Appends the escape of the `size` bytes at `text`, which are `code_point`. */
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

void safe_append_escape(struct buffer *out, const char *text, size_t size)
{
	uint32_t code_point;

	utf8_decode(text, size, &code_point);
	append_visible(out, text, size, code_point);
}

/*
 * Whether it takes no column, although it is safe: a long row of these would
 * pile up on one character, or smuggle in what no reader can see.
 */
static bool is_unseen(uint32_t code_point)
{
	enum width_kind kind = width_kind(code_point);

	return kind == WIDTH_ZERO || kind == WIDTH_HIDDEN;
}

/* Whether what a text may hold, and a name may not, passes. */
struct rules {
	bool keeps_tabs;
	bool keeps_formats;
};

static bool is_kept(const struct rules *rules, uint32_t code_point)
{
	if (code_point == '\t')
		return rules->keeps_tabs;
	return code_point != UTF8_INVALID && !safe_is_unsafe(code_point) &&
	       (rules->keeps_formats || !is_format(code_point));
}

/* Appends \u{+1234}: how many unseen code points did not pass. */
static void append_count(struct buffer *out, size_t count)
{
	buffer_append_format(out, "\\u{+%zu}", count);
}

/* How far a walk through a text has come. */
struct walk {
	const char *text;
	size_t done;   /* all before it is in the output */
	size_t unseen; /* length of the row of them that ends here */
};

/* Ends a row of unseen code points; the excess lies from `done` to `at`. */
static void end_row(struct walk *walk, size_t at, struct buffer *out)
{
	if (walk->unseen > SAFE_UNSEEN_MAX) {
		append_count(out, walk->unseen - SAFE_UNSEEN_MAX);
		walk->done = at;
	}
	walk->unseen = 0;
}

/* Appends what has passed, up to `at`. */
static void catch_up(struct walk *walk, size_t at, struct buffer *out)
{
	buffer_append(out, walk->text + walk->done, at - walk->done);
	walk->done = at;
}

/* Takes the code point of `size` bytes at `at`, which is not printable ASCII.
 */
static void step(struct walk *walk, const struct rules *rules, size_t at,
	size_t size, uint32_t code_point, struct buffer *out)
{
	if (!is_kept(rules, code_point)) {
		end_row(walk, at, out);
		catch_up(walk, at, out);
		append_visible(out, walk->text + at, size, code_point);
		walk->done = at + size;
	} else if (code_point == '\t' || !is_unseen(code_point)) {
		end_row(walk, at, out);
	} else if (++walk->unseen == SAFE_UNSEEN_MAX + 1) {
		catch_up(walk, at, out);
	}
}

static bool is_printable(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* Of at least sixteen bytes: what is below 0x20 borrows into bit 7, and 0x7f
 * carries into it. */
static bool are_printable(const char *text, size_t size)
{
	const char *last = text + size - sizeof(bytes16);
	bytes16 bits = {0};
	bytes16 vector;
	uint64_t halves[2];

	for (; text < last; text += sizeof(vector)) {
		memcpy(&vector, text, sizeof(vector));
		bits |= vector | (vector - 0x20) | (vector + 1);
	}
	/* They overlap with those before. */
	memcpy(&vector, last, sizeof(vector));
	bits |= vector | (vector - 0x20) | (vector + 1);
	memcpy(halves, &bits, sizeof(halves));
	return ((halves[0] | halves[1]) & UINT64_C(0x8080808080808080)) == 0;
}

bool safe_is_printable(const char *text, size_t size)
{
	if (size >= sizeof(bytes16))
		return are_printable(text, size);
	for (size_t i = 0; i < size; i++) {
		if (!is_printable((unsigned char)text[i]))
			return false;
	}
	return true;
}

static void append(struct buffer *out, const char *text, size_t size,
	const struct rules *rules)
{
	struct walk walk = {.text = text};
	size_t at = 0;

	if (safe_is_printable(text, size)) {
		buffer_append(out, text, size);
		return;
	}
	while (at < size) {
		unsigned char byte = (unsigned char)text[at];
		uint32_t code_point;
		size_t length;

		if (is_printable(byte)) {
			if (walk.unseen > 0)
				end_row(&walk, at, out);
			at++;
			continue;
		}
		length = utf8_decode(text + at, size - at, &code_point);
		step(&walk, rules, at, length, code_point, out);
		at += length;
	}
	end_row(&walk, size, out);
	if (walk.done < size)
		catch_up(&walk, size, out);
}

void safe_append_text(struct buffer *out, const char *text, size_t size)
{
	static const struct rules rules = {true, true};

	append(out, text, size, &rules);
}

void safe_append_name(struct buffer *out, const char *text, size_t size)
{
	static const struct rules rules = {false, false};

	append(out, text, size, &rules);
}
