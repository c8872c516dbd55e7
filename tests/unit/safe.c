/* SPDX-License-Identifier: ISC */
/* What must not reach a terminal does not, and all else does unchanged. */
#include "mchat/view/safe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"
#include "tap.h"

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

/* Appends by `append` from a copy that ends where its allocation ends. */
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

static void each_control(void)
{
	struct buffer out = BUFFER_EMPTY;
	unsigned c;

	for (c = 0; c < 0xa0; c++) {
		char text[6] = {'a'};
		char expected[16];
		char name[40];
		size_t size = 1 + utf8_encode(c, text + 1);

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
		tap_ok(safe_is_unsafe(c), "is unsafe");
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
		size_t size = 1 + utf8_encode(steering[i], text + 1);

		text[size++] = 'z';
		snprintf(expected, sizeof(expected), "a\\u{%x}z",
			(unsigned)steering[i]);
		appended(safe_append_text, &out, text, size);
		expect(&out, expected, expected);
	}
	buffer_fini(&out);
}

/* There are no more unsafe ones than these, and the rest goes unchanged. */
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
		size = utf8_encode(c, text);
		buffer_clear(&out);
		safe_append_name(&out, text, size);
		if (safe_is_unsafe(c) != is_unsafe ||
			is(&out, text, size) == is_unsafe)
			wrong++;
	}
	tap_is_int(wrong, 0, "all other characters go unchanged");
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
	expect(&out, "before a", "it appends");
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

/* Any two, three and four bytes of those that matter come out harmless. */
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

int main(void)
{
	each_control();
	each_steering_character();
	every_other_character();
	texts();
	any_bytes();
	return tap_done();
}
