/* SPDX-License-Identifier: ISC */
/* JSON byte by byte, dates against gmtime_r, base64 against a decoder. */
#include "mchat/view/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "encode.h"
#include "random.h"
#include "tap.h"
#include "mchat/base/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Compares what was written with `expected`, and gives the buffer back. */
static void expect(struct buffer *out, const char *expected, const char *name)
{
	tap_is_bytes(buffer_bytes(out), buffer_size(out), expected,
		strlen(expected), name);
	buffer_fini(out);
}

/* Writes {"text":…} from a copy that ends where its allocation ends. */
static void write_text(struct buffer *out, const char *text, size_t size)
{
	char *copy = malloc(size > 0 ? size : 1);
	struct json json;

	if (!copy)
		abort();
	memcpy(copy, text, size);
	json_begin(&json, out);
	json_text(&json, "text", copy, size);
	json_end(&json);
	free(copy);
}

static void objects(void)
{
	struct buffer out = BUFFER_EMPTY;
	struct json json;

	json_begin(&json, &out);
	json_end(&json);
	expect(&out, "{}\n", "an empty object is a line");

	buffer_append_string(&out, "before\n");
	json_begin(&json, &out);
	json_string(&json, "s", "x");
	json_number(&json, "n", 7);
	json_text(&json, "t", "", 0);
	json_time(&json, "when", (struct wall_time){0});
	json_end(&json);
	json_begin(&json, &out);
	json_text(&json, "bytes", "\xff", 1);
	json_string(&json, "s", "");
	json_end(&json);
	expect(&out,
		"before\n"
		"{\"s\":\"x\",\"n\":7,\"t\":\"\","
		"\"when\":\"1970-01-01T00:00:00.000Z\"}\n"
		"{\"bytes\":\"\xef\xbf\xbd\",\"base64\":\"/w==\",\"s\":\"\"}\n",
		"members are separated by commas");
}

static void numbers(void)
{
	static const struct {
		int64_t value;
		const char *expected;
	} cases[] = {
		{0, "0"},
		{9, "9"},
		{10, "10"},
		{-1, "-1"},
		{-1090, "-1090"},
		{INT64_MAX, "9223372036854775807"},
		{INT64_MIN, "-9223372036854775808"},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct buffer out = BUFFER_EMPTY;
		char expected[40];
		struct json json;

		json_begin(&json, &out);
		json_number(&json, "n", cases[i].value);
		json_end(&json);
		snprintf(expected, sizeof(expected), "{\"n\":%s}\n",
			cases[i].expected);
		expect(&out, expected, cases[i].expected);
	}
}

/* Writes the form that `c` must have in a string. */
static void write_escape(uint32_t c, char out[8])
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *found = NULL;
	size_t i;

	for (i = 0; i + 1 < sizeof(shorts) - 1; i += 2)
		if ((unsigned char)shorts[i] == c)
			found = &shorts[i];
	if (found)
		snprintf(out, 8, "\\%c", found[1]);
	else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
		 c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
		 (c >= 0x2066 && c <= 0x2069))
		snprintf(out, 8, "\\u%04x", (unsigned)c & 0xffff);
	else
		out[encode_utf8(c, out)] = '\0';
}

static void every_character(void)
{
	struct buffer out = BUFFER_EMPTY;
	unsigned wrong = 0;
	uint32_t c;

	for (c = 0; c <= 0x10ffff; c++) {
		char expected[32];
		char escape[8];
		char text[6] = {'<'};
		size_t size;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		size = 1 + encode_utf8(c, text + 1);
		text[size++] = '>';
		write_escape(c, escape);
		snprintf(expected, sizeof(expected), "{\"text\":\"<%s>\"}\n",
			escape);
		buffer_clear(&out);
		write_text(&out, text, size);
		if (buffer_size(&out) == strlen(expected) &&
			memcmp(buffer_bytes(&out), expected,
				strlen(expected)) == 0)
			continue;
		if (wrong++ == 0)
			tap_note("U+%04X is not %s", (unsigned)c, expected);
	}
	tap_is_int(wrong, 0, "each character is itself or its escape");
	buffer_fini(&out);
}

#define U "\xef\xbf\xbd" /* U+FFFD */

static void ill_formed_texts(void)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"\xff", "\"" U "\",\"base64\":\"/w==\""},
		{"\xff\xff", "\"" U U "\",\"base64\":\"//8=\""},
		{"\xff\xff\xff", "\"" U U U "\",\"base64\":\"////\""},
		{"\xff\xff\xff\xff", "\"" U U U U "\",\"base64\":\"/////w==\""},
		{"\xfb\xef\xbe\n", "\"" U U "\\n\",\"base64\":\"++++Cg==\""},
		/* One U+FFFD for a maximal subpart, and all bytes in base64. */
		{"a\xf1\x80\x80z", "\"a" U "z\",\"base64\":\"YfGAgHo=\""},
		{"\xed\xa0\x80", "\"" U U U "\",\"base64\":\"7aCA\""},
		{"\"\xe2\x82", "\"\\\"" U "\",\"base64\":\"IuKC\""},
		{"\xc2\x1b", "\"" U "\\u001b\",\"base64\":\"whs=\""},
		/* U+FFFD itself is a character. */
		{U, "\"" U "\""},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct buffer out = BUFFER_EMPTY;
		char expected[100];

		snprintf(expected, sizeof(expected), "{\"text\":%s}\n",
			cases[i].expected);
		write_text(&out, cases[i].text, strlen(cases[i].text));
		expect(&out, expected, cases[i].expected);
	}
}

static void nul_and_strings(void)
{
	struct buffer out = BUFFER_EMPTY;
	struct json json;

	write_text(&out, "a\0b", 3);
	expect(&out, "{\"text\":\"a\\u0000b\"}\n", "a NUL is escaped");
	json_begin(&json, &out);
	json_string(&json, "s", "\"\\\n\x1b\xff\xe2\x80\xae");
	json_end(&json);
	expect(&out, "{\"s\":\"\\\"\\\\\\n\\u001b" U "\\u202e\"}\n",
		"a string is made safe, too, without base64");
	json_begin(&json, &out);
	json_text(&json, "t", NULL, 0);
	json_end(&json);
	expect(&out, "{\"t\":\"\"}\n", "no bytes need no pointer");
}

/* Decodes four characters; returns how many bytes, 0 when malformed. */
static size_t decode_four(const char *four, unsigned char out[3])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	size_t count = four[3] != '=' ? 3 : four[2] != '=' ? 2 : 1;
	uint32_t group = 0;
	size_t i;

	for (i = 0; i < 4; i++) {
		const char *found = strchr(alphabet, four[i]);

		if (!found && i <= count)
			return 0;
		group = group * 64 + (found ? (uint32_t)(found - alphabet) : 0);
	}
	/* The bits that no byte takes must be 0 (RFC 4648, 3.5). */
	if (group & ((UINT32_C(1) << (24 - 8 * count)) - 1))
		return 0;
	out[0] = (unsigned char)(group >> 16);
	out[1] = (unsigned char)(group >> 8);
	out[2] = (unsigned char)group;
	return count;
}

/* Whether the base64 member of `line` holds just these bytes. */
static bool carries(const char *line, const char *bytes, size_t size)
{
	const char *at = strstr(line, "\",\"base64\":\"");
	size_t done = 0;

	if (!at)
		return false;
	at += strlen("\",\"base64\":\"");
	while (*at != '"') {
		unsigned char three[3];
		size_t count;

		if (strlen(at) < 4)
			return false;
		count = decode_four(at, three);
		if (count == 0 || count > size - done ||
			memcmp(three, bytes + done, count) != 0 ||
			(count < 3 && at[4] != '"'))
			return false;
		done += count;
		at += 4;
	}
	return done == size && strcmp(at, "\"}\n") == 0;
}

static void base64_of_each_length(void)
{
	struct buffer out = BUFFER_EMPTY;
	unsigned wrong = 0;
	size_t size;

	random_restart();
	for (size = 1; size < 2000; size++) {
		char bytes[2000];
		size_t i;

		for (i = 0; i < size; i++)
			bytes[i] = (char)random_next();
		bytes[size - 1] = '\xff';
		buffer_clear(&out);
		write_text(&out, bytes, size);
		buffer_append_char(&out, '\0');
		if (!carries(buffer_bytes(&out), bytes, size))
			wrong++;
	}
	tap_ok(wrong == 0,
		"base64 of each length decodes to the bytes (SEED=%ju)",
		(uintmax_t)random_seed());
	buffer_fini(&out);
}

static bool time_is(int64_t ms, const char *expected)
{
	struct buffer out = BUFFER_EMPTY;
	char line[64];
	struct json json;
	bool same;

	snprintf(line, sizeof(line), "{\"time\":\"%s\"}\n", expected);
	json_begin(&json, &out);
	json_time(&json, "time", (struct wall_time){ms});
	json_end(&json);
	same = buffer_size(&out) == strlen(line) &&
	       memcmp(buffer_bytes(&out), line, strlen(line)) == 0;
	if (!same)
		tap_note("%jd gives %.*s", (intmax_t)ms, (int)buffer_size(&out),
			buffer_bytes(&out));
	buffer_fini(&out);
	return same;
}

static void times(void)
{
	static const struct {
		int64_t ms;
		const char *expected;
	} cases[] = {
		{0, "1970-01-01T00:00:00.000Z"},
		{1, "1970-01-01T00:00:00.001Z"},
		{-1, "1969-12-31T23:59:59.999Z"},
		{86399999, "1970-01-01T23:59:59.999Z"},
		{86400000, "1970-01-02T00:00:00.000Z"},
		{951825600000, "2000-02-29T12:00:00.000Z"},
		{1704067199999, "2023-12-31T23:59:59.999Z"},
		{1704067200000, "2024-01-01T00:00:00.000Z"},
		{1709251199999, "2024-02-29T23:59:59.999Z"},
		{1709251200000, "2024-03-01T00:00:00.000Z"},
		{1735603200001, "2024-12-31T00:00:00.001Z"},
		{1795344250123, "2026-11-22T10:44:10.123Z"},
		{2147483648000, "2038-01-19T03:14:08.000Z"},
		{4107542399999, "2100-02-28T23:59:59.999Z"},
		{4107542400000, "2100-03-01T00:00:00.000Z"},
		{-2203891200001, "1900-02-28T23:59:59.999Z"},
		{-2203891200000, "1900-03-01T00:00:00.000Z"},
		{-62135596800000, "0001-01-01T00:00:00.000Z"},
		/* The ends of RFC 3339, and what is beyond. */
		{-62167219200000, "0000-01-01T00:00:00.000Z"},
		{-62167219200001, "0000-01-01T00:00:00.000Z"},
		{INT64_MIN, "0000-01-01T00:00:00.000Z"},
		{253402300799999, "9999-12-31T23:59:59.999Z"},
		{253402300800000, "9999-12-31T23:59:59.999Z"},
		{INT64_MAX, "9999-12-31T23:59:59.999Z"},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		tap_ok(time_is(cases[i].ms, cases[i].expected), "%jd ms is %s",
			(intmax_t)cases[i].ms, cases[i].expected);
}

/* Each day from 1600 to 2400, which is more than one era, at random times. */
static void times_as_gmtime_has_them(void)
{
	unsigned wrong = 0;
	int64_t day;

	random_restart();
	for (day = -135140; day < 157054; day++) {
		int64_t ms =
			day * 86400000 + (int64_t)(random_next() % 86400000);
		time_t seconds =
			(time_t)(day * 86400 + (ms - day * 86400000) / 1000);
		struct tm utc;
		char text[40];
		size_t length;

		if (!gmtime_r(&seconds, &utc))
			abort();
		length =
			strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
		snprintf(text + length, sizeof(text) - length, ".%03dZ",
			(int)((ms - day * 86400000) % 1000));
		if (!time_is(ms, text))
			wrong++;
	}
	tap_ok(wrong == 0, "each day is written as gmtime_r has it (SEED=%ju)",
		(uintmax_t)random_seed());
}

int main(void)
{
	objects();
	numbers();
	every_character();
	ill_formed_texts();
	nul_and_strings();
	base64_of_each_length();
	times();
	times_as_gmtime_has_them();
	return tap_done();
}
