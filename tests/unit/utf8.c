/* SPDX-License-Identifier: ISC */
/* UTF-8 against Table 3-7, Table 3-8 and Python's decode("replace"). */
#include "mchat/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A copy that ends where its allocation ends, so that ASan sees over-reads. */
static char *exact(const char *text, size_t size)
{
	char *copy = malloc(size > 0 ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, text, size);
	return copy;
}

static bool is_surrogate(uint32_t c)
{
	return c >= 0xd800 && c <= 0xdfff;
}

static void every_character(void)
{
	uint32_t wrong = UTF8_INVALID;
	uint32_t c;

	for (c = 0; c <= 0x10ffff && wrong == UTF8_INVALID; c++) {
		char bytes[4];
		uint32_t decoded;
		size_t size;

		if (is_surrogate(c))
			continue;
		size = encode_utf8(c, bytes);
		if (utf8_decode(bytes, size, &decoded) != size ||
			decoded != c || !utf8_is_valid(bytes, size))
			wrong = c;
	}
	if (!tap_ok(wrong == UTF8_INVALID, "each character is decoded"))
		tap_note("U+%04X", (unsigned)wrong);
}

/* What the decoder should return, from the set of all well-formed sequences. */
struct oracle {
	uint32_t *two;   /* bit sets of the byte strings of this length */
	uint32_t *three; /* that begin a well-formed sequence */
};

static void set(uint32_t *bits, uint32_t i)
{
	bits[i / 32] |= UINT32_C(1) << i % 32;
}

static bool has(const uint32_t *bits, uint32_t i)
{
	return (bits[i / 32] >> i % 32 & 1) != 0;
}

static struct oracle oracle_new(void)
{
	struct oracle oracle = {
		calloc((1 << 16) / 32, 4), calloc((1 << 24) / 32, 4)};
	uint32_t c;

	if (!oracle.two || !oracle.three)
		abort();
	for (c = 0x80; c <= 0x10ffff; c++) {
		unsigned char b[4];
		size_t size = encode_utf8(c, (char *)b);

		if (is_surrogate(c))
			continue;
		set(oracle.two, (uint32_t)b[0] << 8 | b[1]);
		if (size > 2)
			set(oracle.three, (uint32_t)b[0] << 16 |
						  (uint32_t)b[1] << 8 | b[2]);
	}
	return oracle;
}

/* The length of the character or maximal subpart at the start of `b`. */
static size_t oracle_length(
	const struct oracle *oracle, const unsigned char *b, size_t size)
{
	size_t whole = b[0] < 0x80 ? 1 : b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;

	if (whole == 1 || size == 1 ||
		!has(oracle->two, (uint32_t)b[0] << 8 | b[1]))
		return 1;
	if (whole == 2 || size == 2 ||
		!has(oracle->three,
			(uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2]))
		return 2;
	if (whole == 3 || size == 3 || (b[3] & 0xc0) != 0x80)
		return 3;
	return 4;
}

/* Whether decoding `b` gives what the oracle says, and the character encodes
 * back to the same bytes. */
static bool decodes(
	const struct oracle *oracle, const unsigned char *b, size_t size)
{
	const char *text = (const char *)b;
	uint32_t c;
	size_t length = utf8_decode(text, size, &c);
	bool is_whole;

	if (length != oracle_length(oracle, b, size))
		return false;
	is_whole = c != UTF8_INVALID;
	if (is_whole != utf8_is_valid(text, length))
		return false;
	if (is_whole) {
		char back[4];

		return encode_utf8(c, back) == length &&
		       memcmp(back, b, length) == 0;
	}
	/* A maximal subpart is shorter than the whole character. */
	return b[0] >= 0x80 &&
	       (length == 1 || length < (b[0] < 0xf0 ? 3U : 4U));
}

static void every_class_of_bytes(void)
{
	/* The first and last of each range of Table 3-7, and beyond. */
	static const unsigned char edges[] = {0x00, 0x41, 0x7f, 0x80, 0x8f,
		0x90, 0x9f, 0xa0, 0xaf, 0xb0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
		0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4,
		0xf5, 0xff};
	struct oracle oracle = oracle_new();
	const size_t n = COUNT(edges);
	size_t wrong = 0;
	size_t i;

	for (i = 0; i < n * n * n * n; i++) {
		unsigned char b[4] = {edges[i % n], edges[i / n % n],
			edges[i / n / n % n], edges[i / n / n / n]};
		size_t size;

		for (size = 1; size <= 4; size++) {
			if (decodes(&oracle, b, size))
				continue;
			if (wrong++ == 0)
				tap_note("%02x %02x %02x %02x, first %zu", b[0],
					b[1], b[2], b[3], size);
		}
	}
	tap_ok(wrong == 0, "%zu byte strings of edges decode as defined",
		4 * n * n * n * n);
	free(oracle.two);
	free(oracle.three);
}

/* Python's bytes.decode("utf-8", "replace"), with '?' for U+FFFD. */
static const struct {
	const char *bytes;
	const char *expected;
} replaced[] = {
	/* Unicode 15, Tables 3-8 to 3-11. */
	{"a\xf1\x80\x80\xe1\x80\xc2"
	 "b\x80"
	 "c\x80\xbf"
	 "d",
		"a???b?c??d"},
	{"\xc0\xaf\xe0\x80\xbf\xf0\x81\x82"
	 "A",
		"????????A"},
	{"\xed\xa0\x80\xed\xbf\xbf\xed\xaf"
	 "A",
		"????????A"},
	{"\xf4\x91\x92\x93\xff"
	 "A\x80\xbf"
	 "B",
		"?????A??B"},
	{"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf"
	 "A",
		"????A"},
	/* Overlong, of each length. */
	{"\xc1\xbf", "??"},
	{"\xe0\x9f\xbf", "???"},
	{"\xf0\x8f\xbf\xbf", "????"},
	/* Beyond U+10FFFF, and the forms of RFC 2279. */
	{"\xf4\x90\x80\x80", "????"},
	{"\xf5\x80\x80\x80", "????"},
	{"\xf8\x88\x80\x80\x80", "?????"},
	{"\xfc\x84\x80\x80\x80\x80", "??????"},
	{"\xfe\xff", "??"},
	/* Stray continuation bytes. */
	{"\x80", "?"},
	{"\xbf\x80", "??"},
	/* Truncated by the end. */
	{"\xc3", "?"},
	{"\xe2", "?"},
	{"\xe2\x82", "?"},
	{"\xf0", "?"},
	{"\xf0\x9f", "?"},
	{"\xf0\x9f\x98", "?"},
	/* Truncated by another character. */
	{"\xc3(", "?("},
	{"\xe2(\xa1", "?(?"},
	{"\xe2\x82(", "?("},
	{"\xf0(\x8c\xbc", "?(??"},
	{"\xf0\x90(\xbc", "?(?"},
	{"\xf0\x90\x8c(", "?("},
};

static void replaces_as_python_does(void)
{
	size_t i;

	for (i = 0; i < COUNT(replaced); i++) {
		size_t size = strlen(replaced[i].bytes);
		char *text = exact(replaced[i].bytes, size);
		char got[32];
		char name[64];
		size_t count = 0;
		size_t at = 0;

		while (at < size) {
			uint32_t c;

			at += utf8_decode(text + at, size - at, &c);
			got[count++] = (char)(c == UTF8_INVALID ? '?' : c);
		}
		got[count] = '\0';
		snprintf(name, sizeof(name), "ill-formed case %zu: %s", i,
			replaced[i].expected);
		tap_is_string(got, replaced[i].expected, name);
		tap_ok(!utf8_is_valid(text, size),
			"ill-formed text is not valid");
		free(text);
	}
}

static void valid_text(void)
{
	static const char edges[] = "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f"
				    "\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80"
				    "\x80\xf4\x8f\xbf\xbf";
	char *text = exact(edges, sizeof(edges));

	tap_ok(utf8_is_valid(text, sizeof(edges)), "edges and NUL are valid");
	tap_ok(!utf8_is_valid(text, sizeof(edges) - 2),
		"text whose last character is cut is not valid");
	free(text);
	tap_ok(utf8_is_valid(NULL, 0), "an empty text is valid");
}

static void prefix_cases(void)
{
	static const struct {
		const char *text;
		size_t limit;
		size_t expected;
	} cases[] = {
		{"", 0, 0},
		{"", 4, 0},
		{"abc", 0, 0},
		{"abc", 2, 2},
		{"abc", 3, 3},
		{"abc", 9, 3},
		{"a\xc3\xa9z", 2, 1},
		{"a\xc3\xa9z", 3, 3},
		{"\xea\xb0\x80", 1, 0}, /* longer than the limit */
		{"\xea\xb0\x80", 2, 0},
		{"\xea\xb0\x80", 3, 3},
		{"\xea\xb0\x80\xea\xb0\x81", 4, 3},
		{"\xea\xb0\x80\xea\xb0\x81", 5, 3},
		{"\xf0\x9f\x98\x80", 3, 0},
		{"ab\xf0\x9f\x98\x80", 3, 2},
		{"ab\xf0\x9f\x98\x80", 5, 2},
		{"ab\xf0\x9f\x98\x80", 6, 6},
		/* Ill-formed text is cut at the limit. */
		{"\x80\x80\x80\x80\x80\x80", 4, 4},
		{"a\xf0\x9f\x98", 3, 3},
		{"a\xf0\x9f\x98z", 3, 3},
		{"a\xed\xa0\x80", 2, 2},
		{"a\xc0\x80", 2, 2},
		{"\xea\xb0\x80\x80\x80", 4, 4},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		size_t size = strlen(cases[i].text);
		char *text = exact(cases[i].text, size);
		char name[40];

		snprintf(name, sizeof(name), "prefix case %zu", i);
		tap_is_int((intmax_t)utf8_prefix(text, size, cases[i].limit),
			(intmax_t)cases[i].expected, name);
		free(text);
	}
}

/* By definition: walks from the start, as utf8_prefix does not. */
static size_t prefix_by_walking(const char *text, size_t size, size_t limit)
{
	size_t at = 0;

	while (at < size && at < limit) {
		uint32_t c;
		size_t length = utf8_decode(text + at, size - at, &c);

		if (c != UTF8_INVALID && at + length > limit)
			return at;
		at += c == UTF8_INVALID ? 1 : length;
	}
	return at;
}

static void prefix_of_any_bytes(void)
{
	static const char mix[] = "a\x80\xbf\xc3\xa9\xea\xb0\xf0\x9f\xed\xf4";
	const size_t letters = sizeof(mix) - 1;
	size_t wrong = 0;
	size_t tried = 0;
	size_t i;

	for (i = 0; i < letters * letters * letters * letters * letters; i++) {
		char text[5] = {mix[i % letters], mix[i / letters % letters],
			mix[i / letters / letters % letters],
			mix[i / letters / letters / letters % letters],
			mix[i / letters / letters / letters / letters]};
		size_t limit;

		for (limit = 0; limit <= sizeof(text); limit++, tried++)
			if (utf8_prefix(text, sizeof(text), limit) !=
				prefix_by_walking(text, sizeof(text), limit))
				wrong++;
	}
	tap_ok(wrong == 0, "%zu prefixes are as long as can be", tried);
}

/* Every start that walking back finds is one that walking forward finds. */
static bool walks_back(const char *text, size_t size)
{
	size_t starts[5];
	size_t count = 0;
	size_t at = 0;

	while (at < size) {
		uint32_t c;

		starts[count++] = at;
		at += utf8_decode(text + at, size - at, &c);
	}
	while (count > 0 && utf8_previous(text, at) == starts[count - 1])
		at = starts[--count];
	return count == 0;
}

static void previous_of_any_bytes(void)
{
	static const char mix[] = "a\x80\xbf\xc3\xe2\x82\xf0\x9f\xed\xf4\xff";
	const size_t letters = sizeof(mix) - 1;
	size_t wrong = 0;
	size_t tried = letters * letters * letters * letters * letters;
	size_t i;

	for (i = 0; i < tried; i++) {
		char text[5] = {mix[i % letters], mix[i / letters % letters],
			mix[i / letters / letters % letters],
			mix[i / letters / letters / letters % letters],
			mix[i / letters / letters / letters / letters]};
		size_t size;

		for (size = 1; size <= sizeof(text); size++)
			if (!walks_back(text, size))
				wrong++;
	}
	tap_ok(wrong == 0, "%zu strings walk back as they go forward", tried);
}

int main(void)
{
	every_character();
	every_class_of_bytes();
	replaces_as_python_does();
	valid_text();
	prefix_cases();
	prefix_of_any_bytes();
	previous_of_any_bytes();
	return tap_done();
}
