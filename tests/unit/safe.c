/* SPDX-License-Identifier: ISC */
/* What must not reach a terminal is made visible; everything else is unchanged.
 */
#include "mchat/view/safe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "random.h"
#include "tap.h"
#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"
#include "mchat/base/width.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Unicode's Bidi_Control, and the separators Zl and Zp. */
static const uint32_t steering[] = {0x61c, 0x200e, 0x200f, 0x202a, 0x202b,
	0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x2028, 0x2029};

static bool is_steering(uint32_t c)
{
	size_t i;

	for (i = 0; i < COUNT(steering); i++)
		if (steering[i] == c)
			return true;
	return false;
}

/* Calls `append` with a copy of the text that ends where its allocation ends.
 */
static void appended(void (*append)(struct buffer *, const char *, size_t),
	struct buffer *out, const char *text, size_t size)
{
	char *copy = malloc(size > 0 ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, text, size);
	buffer_clear(out);
	append(out, copy, size);
	free(copy);
}

static bool is(const struct buffer *buffer, const char *text, size_t size)
{
	return buffer_size(buffer) == size &&
	       memcmp(buffer_bytes(buffer), text, size) == 0;
}

static void expect(struct buffer *out, const char *expected, const char *name)
{
	tap_is_bytes(buffer_bytes(out), buffer_size(out), expected,
		strlen(expected), name);
}

/* Of each length, with each byte at each place. */
static void printable(void)
{
	bool is_right = safe_is_printable("", 0);

	for (size_t size = 1; size <= 50; size++) {
		char *text = malloc(size);

		if (!text)
			abort();
		for (size_t i = 0; i < size * 256; i++) {
			unsigned byte = (unsigned)(i % 256);

			memset(text, i % 3 == 0 ? ' ' : '~', size);
			text[i / 256] = (char)byte;
			is_right &= safe_is_printable(text, size) ==
				    (byte >= 0x20 && byte < 0x7f);
		}
		free(text);
	}
	tap_ok(is_right, "printable is what has printable ASCII alone");
}

static void each_control(void)
{
	struct buffer out = BUFFER_EMPTY;
	unsigned c;

	for (c = 0; c < 0xa0; c++) {
		char text[6] = {'a'};
		char expected[16];
		char name[40];
		size_t size = 1 + encode_utf8(c, text + 1);

		if (c >= 0x20 && c < 0x7f)
			continue;
		text[size++] = 'z';
		if (c == '\n' || c == '\r')
			snprintf(expected, sizeof(expected), "a\\%cz",
				c == '\n' ? 'n' : 'r');
		else if (c < 0x80)
			snprintf(expected, sizeof(expected), "a\\x%02xz", c);
		else
			snprintf(expected, sizeof(expected), "a\\u{%x}z", c);
		snprintf(name, sizeof(name), "U+%04X in a name", c);
		appended(safe_append_name, &out, text, size);
		expect(&out, expected, name);
		snprintf(name, sizeof(name), "U+%04X in a text", c);
		appended(safe_append_text, &out, text, size);
		expect(&out, c == '\t' ? "a\tz" : expected, name);
		tap_ok(safe_is_unsafe(c), "U+%04X is unsafe", c);
	}
	buffer_fini(&out);
}

static void each_steering_character(void)
{
	struct buffer out = BUFFER_EMPTY;
	size_t i;

	for (i = 0; i < COUNT(steering); i++) {
		char text[6] = {'a'};
		char expected[16];
		size_t size = 1 + encode_utf8(steering[i], text + 1);

		text[size++] = 'z';
		snprintf(expected, sizeof(expected), "a\\u{%x}z",
			(unsigned)steering[i]);
		appended(safe_append_text, &out, text, size);
		expect(&out, expected, expected);
	}
	buffer_fini(&out);
}

/* No other character is unsafe, and all others are appended unchanged. */
static void every_other_character(void)
{
	struct buffer out = BUFFER_EMPTY;
	unsigned wrong = 0;
	uint32_t c;

	for (c = 0; c <= 0x10ffff; c++) {
		bool is_unsafe =
			c < 0x20 || (c >= 0x7f && c < 0xa0) || is_steering(c);
		char text[4];
		size_t size;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		size = encode_utf8(c, text);
		buffer_clear(&out);
		safe_append_text(&out, text, size);
		if (safe_is_unsafe(c) != is_unsafe ||
			is(&out, text, size) == (is_unsafe && c != '\t'))
			wrong++;
	}
	tap_is_int(wrong, 0, "all other characters are unchanged");
	buffer_fini(&out);
}

/* Category Cf and Default_Ignorable_Code_Point of Unicode's own files: how many
 * of each block are made visible in a name. */
static void every_format_in_a_name(void)
{
	static const struct {
		uint32_t first;
		uint32_t last;
		unsigned count;
		const char *name;
	} blocks[] = {
		{0xa0, 0xff, 1, "Latin-1: the soft hyphen"},
		{0x300, 0x36f, 1, "the grapheme joiner"},
		{0x600, 0x8ff, 12, "Arabic and Syriac"},
		{0x900, 0x10ff, 0, "the scripts of India keep theirs"},
		{0x1100, 0x11ff, 2, "jamo: the fillers"},
		{0x1780, 0x17ff, 2, "Khmer"},
		{0x1800, 0x18af, 5, "Mongolian"},
		{0x2000, 0x206f, 28, "general punctuation"},
		{0x2070, 0x3163, 0, "symbols and Kana"},
		{0x3164, 0xd7ff, 1, "Hangul: the filler"},
		{0xe000, 0xfdff, 0, "private use"},
		{0xfe00, 0xfe0f, 16, "variation selectors"},
		{0xfe10, 0xffff, 14, "forms and specials"},
		{0x10000, 0x1ffff, 30, "the first plane"},
		{0x20000, 0xdffff, 0, "ideographs"},
		{0xe0000, 0xe0fff, 4096, "tags"},
		{0xe1000, 0x10ffff, 0, "the rest"},
	};
	struct buffer out = BUFFER_EMPTY;

	for (size_t i = 0; i < COUNT(blocks); i++) {
		unsigned visible = 0;

		for (uint32_t c = blocks[i].first; c <= blocks[i].last; c++) {
			char expected[16];
			char text[4];
			size_t size = encode_utf8(c, text);

			buffer_clear(&out);
			safe_append_name(&out, text, size);
			snprintf(expected, sizeof(expected), "\\u{%x}",
				(unsigned)c);
			visible += is(&out, expected, strlen(expected));
			visible -= !is(&out, expected, strlen(expected)) &&
				   !is(&out, text, size);
		}
		tap_is_int(visible, blocks[i].count, blocks[i].name);
	}
	buffer_fini(&out);
}

/* Appends `count` times the code point `c`. */
static void repeat(struct buffer *out, uint32_t c, size_t count)
{
	char bytes[4];
	size_t size = encode_utf8(c, bytes);

	while (count-- > 0)
		buffer_append(out, bytes, size);
}

#define ACUTE "\xcc\x81"

/* Characters that take no column, in a row, between letters and at the ends. */
static void rows(void)
{
	static const struct {
		uint32_t code_point;
		size_t count;
		const char *counted; /* NULL: they pass */
	} cases[] = {
		{0x301, SAFE_UNSEEN_MAX, NULL},
		{0x301, SAFE_UNSEEN_MAX + 1, "\\u{+1}"},
		{0x301, 1234 + SAFE_UNSEEN_MAX, "\\u{+1234}"},
		{0x20dd, 20000, "\\u{+19992}"}, /* enclosing circle */
		{0x200b, 100, "\\u{+92}"},      /* zero width space */
		{0x200d, 100, "\\u{+92}"},      /* joiner */
		{0x2060, 9, "\\u{+1}"},         /* word joiner */
		{0xfeff, 9, "\\u{+1}"},         /* byte order mark */
		{0xfe0f, 9, "\\u{+1}"},         /* variation selector */
		{0x1161, 9, "\\u{+1}"},         /* a vowel of jamo */
		{0xe0041, 50, "\\u{+42}"},      /* tag */
		{0xe0100, 9, "\\u{+1}"},        /* variation selector */
		{0x93e, 1000, NULL},            /* takes a column */
		{0xac00, 1000, NULL},
	};
	struct buffer out = BUFFER_EMPTY;
	struct buffer text = BUFFER_EMPTY;
	struct buffer expected = BUFFER_EMPTY;

	for (size_t i = 0; i < COUNT(cases); i++) {
		for (unsigned ends = 0; ends < 4; ends++) {
			const char *before = ends & 1 ? "a" : "";
			const char *behind = ends & 2 ? "z" ACUTE : "";
			char name[80];

			buffer_clear(&text);
			buffer_clear(&expected);
			buffer_append_string(&text, before);
			repeat(&text, cases[i].code_point, cases[i].count);
			buffer_append_string(&text, behind);
			buffer_append_string(&expected, before);
			repeat(&expected, cases[i].code_point,
				cases[i].counted ? SAFE_UNSEEN_MAX
						 : cases[i].count);
			if (cases[i].counted)
				buffer_append_string(
					&expected, cases[i].counted);
			buffer_append_string(&expected, behind);
			appended(safe_append_text, &out, buffer_bytes(&text),
				buffer_size(&text));
			snprintf(name, sizeof(name), "%zu of U+%04X %s %s",
				cases[i].count, (unsigned)cases[i].code_point,
				before, behind);
			tap_ok(is(&out, buffer_bytes(&expected),
				       buffer_size(&expected)),
				"%s", name);
		}
	}
	buffer_fini(&out);
	buffer_fini(&text);
	buffer_fini(&expected);
}

#define FIVE ACUTE ACUTE ACUTE ACUTE ACUTE

/* Rows that other characters interrupt: nothing is lost in between. */
static void broken_rows(void)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"a" FIVE "b" FIVE, "a" FIVE "b" FIVE},
		{"a" FIVE "\t" FIVE, "a" FIVE "\t" FIVE},
		{"a" FIVE "\xed\x95\x9c" FIVE, "a" FIVE "\xed\x95\x9c" FIVE},
		{"a" FIVE "\x1b" FIVE, "a" FIVE "\\x1b" FIVE},
		{"a" FIVE "\xff" FIVE "z", "a" FIVE "\\xff" FIVE "z"},
		{FIVE FIVE "\x1b", FIVE ACUTE ACUTE ACUTE "\\u{+2}\\x1b"},
		{"\n" FIVE FIVE "\n",
			"\\n" FIVE ACUTE ACUTE ACUTE "\\u{+2}\\n"},
		{"a" FIVE FIVE "b" FIVE FIVE "c",
			"a" FIVE ACUTE ACUTE ACUTE
			"\\u{+2}b" FIVE ACUTE ACUTE ACUTE "\\u{+2}c"},
	};
	struct buffer out = BUFFER_EMPTY;

	for (size_t i = 0; i < COUNT(cases); i++) {
		appended(safe_append_text, &out, cases[i].text,
			strlen(cases[i].text));
		expect(&out, cases[i].expected, cases[i].expected);
	}
	buffer_fini(&out);
}

/* What people write in real scripts is unchanged. */
static void scripts(void)
{
	static const struct {
		const char *text;
		const char *name;
	} cases[] = {
		{"\xf0\x9f\x91\xa9\xf0\x9f\x8f\xbd\xe2\x80\x8d"
		 "\xe2\x9d\xa4\xef\xb8\x8f\xe2\x80\x8d"
		 "\xf0\x9f\x92\x8b\xe2\x80\x8d\xf0\x9f\x91\xa8"
		 "\xf0\x9f\x8f\xbf",
			"an emoji of ten code points"},
		{"\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2"
		 "\xf3\xa0\x81\xa5\xf3\xa0\x81\xae\xf3\xa0\x81\xa7"
		 "\xf3\xa0\x81\xbf",
			"the flag of England"},
		{"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"
		 "\xe1\x84\x80\xe1\x85\xb3\xe1\x86\xaf",
			"Hangul as jamo"},
		{"\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7"
		 "\xe0\xa4\xbf",
			"Devanagari with a joiner"},
		{"\xe0\xbd\xa7\xe0\xbd\xb1\xe0\xbd\xb4\xe0\xbe\x83",
			"Tibetan, stacked"},
	};
	struct buffer out = BUFFER_EMPTY;

	for (size_t i = 0; i < COUNT(cases); i++) {
		appended(safe_append_text, &out, cases[i].text,
			strlen(cases[i].text));
		expect(&out, cases[i].text, cases[i].name);
	}
	appended(safe_append_name, &out, cases[2].text, strlen(cases[2].text));
	expect(&out, cases[2].text, "jamo in a name");
	buffer_fini(&out);
}

static void names(void)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"lee\xe2\x80\x8b", "lee\\u{200b}"},
		{"l\xe2\x80\x8d\xe2\x80\x8c"
		 "ee",
			"l\\u{200d}\\u{200c}ee"},
		{"lee\xef\xb8\x8f", "lee\\u{fe0f}"},
		{"lee\xf3\xa0\x81\xa1", "lee\\u{e0061}"},
		{"\xe3\x85\xa4", "\\u{3164}"},
		{"\xe2\x80\xae"
		 "eel",
			"\\u{202e}eel"},
		{"lee\n", "lee\\n"},
		{"Jos\xc3\xa9, e" ACUTE, "Jos\xc3\xa9, e" ACUTE},
		{"e" FIVE FIVE, "e" FIVE ACUTE ACUTE ACUTE "\\u{+2}"},
	};
	struct buffer out = BUFFER_EMPTY;

	for (size_t i = 0; i < COUNT(cases); i++) {
		appended(safe_append_name, &out, cases[i].text,
			strlen(cases[i].text));
		expect(&out, cases[i].expected, cases[i].expected);
	}
	buffer_fini(&out);
}

static void texts(void)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"", ""},
		{"plain", "plain"},
		{"back\\slash \"quote\"", "back\\slash \"quote\""},
		{"\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"},
		{"\xc2\x9b"
		 "31m",
			"\\u{9b}31m"},
		{"a\nmallory: b", "a\\nmallory: b"},
		{"\n", "\\n"},
		{"\n\n", "\\n\\n"},
		{"\r\n", "\\r\\n"},
		{"\xea\xb0\x80\ta\xf0\x9f\x98\x80",
			"\xea\xb0\x80\ta\xf0\x9f\x98\x80"},
		{"\xea\xb0\x80\x1b", "\xea\xb0\x80\\x1b"},
		{"\x1b\xea\xb0\x80", "\\x1b\xea\xb0\x80"},
		/* Ill-formed: each byte for itself, C1 as a bare byte too. */
		{"\x9b", "\\x9b"},
		{"a\xff\xfez", "a\\xff\\xfez"},
		{"a\xc0\x9bz", "a\\xc0\\x9bz"},
		{"\xea\xb0", "\\xea\\xb0"},
		{"\xea\xb0\x1b", "\\xea\\xb0\\x1b"},
		{"\xf0\x9f\x98z", "\\xf0\\x9f\\x98z"},
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"},
		{"\xe0\x82\x9b", "\\xe0\\x82\\x9b"},
	};
	struct buffer out = BUFFER_EMPTY;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		appended(safe_append_text, &out, cases[i].text,
			strlen(cases[i].text));
		expect(&out, cases[i].expected, cases[i].expected);
	}
	appended(safe_append_text, &out, "a\0b", 3);
	expect(&out, "a\\x00b", "a NUL in the middle");
	buffer_clear(&out);
	buffer_append_string(&out, "before ");
	safe_append_text(&out, NULL, 0);
	safe_append_name(&out, "a", 1);
	expect(&out, "before a", "safe text is appended to what is there");
	buffer_fini(&out);
}

/* Whether text is well-formed and holds nothing unsafe but tabs. */
static bool is_harmless(const char *text, size_t size)
{
	size_t at = 0;

	while (at < size) {
		uint32_t c;

		at += utf8_decode(text + at, size - at, &c);
		if (c == UTF8_INVALID || (safe_is_unsafe(c) && c != '\t'))
			return false;
	}
	return true;
}

/* Any four of the bytes that matter come out harmless. */
static void any_bytes(void)
{
	static const unsigned char mix[] = {0x00, 0x0a, 0x1b, 'a', 0x7f, 0x80,
		0x8e, 0x9b, 0x9f, 0xa0, 0xa8, 0xae, 0xc2, 0xd8, 0xe2, 0xed,
		0xf0, 0xff};
	const size_t n = sizeof(mix);
	struct buffer out = BUFFER_EMPTY;
	unsigned wrong = 0;
	size_t i;

	for (i = 0; i < n * n * n * n; i++) {
		char text[4] = {(char)mix[i % n], (char)mix[i / n % n],
			(char)mix[i / n / n % n], (char)mix[i / n / n / n]};

		buffer_clear(&out);
		safe_append_text(&out, text, sizeof(text));
		if (!is_harmless(buffer_bytes(&out), buffer_size(&out)))
			wrong++;
	}
	tap_is_int(wrong, 0, "any bytes come out harmless");
	buffer_fini(&out);
}

/* Whether at most SAFE_UNSEEN_MAX in a row take no column. */
static bool is_bounded(const char *text, size_t size)
{
	size_t unseen = 0;
	size_t at = 0;

	while (at < size) {
		enum width_kind kind;
		uint32_t c;

		at += utf8_decode(text + at, size - at, &c);
		kind = width_kind(c);
		if (c == '\t' || (kind != WIDTH_ZERO && kind != WIDTH_HIDDEN))
			unseen = 0;
		else if (++unseen > SAFE_UNSEEN_MAX)
			return false;
	}
	return true;
}

/* Random rows, with characters that end a row between them, come out harmless
 * and bounded; what is harmless and bounded already is unchanged. */
static void any_rows(void)
{
	static const uint32_t mix[] = {0x301, 0x301, 0x301, 0x200b, 0x200d,
		0xfe0f, 0xe0041, 0x1161, 'a', '\t', 0x1b, 0x202e, 0xac00,
		0x93e};
	struct buffer text = BUFFER_EMPTY;
	struct buffer out = BUFFER_EMPTY;
	unsigned wrong = 0;

	random_restart();
	for (int i = 0; i < 20000; i++) {
		buffer_clear(&text);
		for (size_t j = random_below(8); j > 0; j--)
			repeat(&text, mix[random_below(COUNT(mix))],
				1 + random_below(12));
		appended(safe_append_text, &out, buffer_bytes(&text),
			buffer_size(&text));
		wrong += !is_harmless(buffer_bytes(&out), buffer_size(&out));
		wrong += !is_bounded(buffer_bytes(&out), buffer_size(&out));
		if (is_bounded(buffer_bytes(&text), buffer_size(&text)) &&
			is_harmless(buffer_bytes(&text), buffer_size(&text)))
			wrong += !is(
				&out, buffer_bytes(&text), buffer_size(&text));
		appended(safe_append_name, &out, buffer_bytes(&text),
			buffer_size(&text));
		wrong += !is_bounded(buffer_bytes(&out), buffer_size(&out));
	}
	if (!tap_ok(wrong == 0, "any rows come out bounded"))
		tap_note("%u wrong with SEED=%llu", wrong,
			(unsigned long long)random_seed());
	buffer_fini(&text);
	buffer_fini(&out);
}

int main(void)
{
	printable();
	each_control();
	each_steering_character();
	every_other_character();
	every_format_in_a_name();
	texts();
	rows();
	broken_rows();
	scripts();
	names();
	any_bytes();
	any_rows();
	return tap_done();
}
