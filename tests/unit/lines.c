/* SPDX-License-Identifier: ISC */
/* Lines out of a stream: the same however its bytes arrive. */
#include "mchat/base/lines.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tap.h"
#include "mchat/base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t all_at_once(void)
{
	return SIZE_MAX;
}

static size_t byte_by_byte(void)
{
	return 1;
}

static size_t at_random(void)
{
	return 1 + random_below(random_below(8) == 0 ? 300 : 7);
}

static void feed(struct lines *lines, const char *bytes, size_t size)
{
	char *room = lines_reserve(lines, size);

	if (!room)
		abort();
	memcpy(room, bytes, size);
	lines_commit(lines, size);
}

/* Writes a piece as "+text>": '+' when it continues a line, '>' when the line
 * is cut after it, '|' when the line ends with it. */
static void write_piece(struct buffer *out, const struct line *line)
{
	if (line->is_rest)
		buffer_append_char(out, '+');
	buffer_append(out, line->text, line->size);
	buffer_append_char(out, line->is_cut ? '>' : '|');
}

/* Takes all pieces there are, and reads them only after the last one. */
static void take(struct lines *lines, struct buffer *out)
{
	static struct line taken[100000];
	size_t count = 0;
	size_t i;

	while (count < COUNT(taken) && lines_next(lines, &taken[count]))
		count++;
	for (i = 0; i < count; i++)
		write_piece(out, &taken[i]);
}

/* Feeds `size` bytes in steps of `next_step` and writes all pieces. */
static void cut_stream(const char *bytes, size_t size, size_t limit,
	size_t (*next_step)(void), struct buffer *out)
{
	struct lines lines;
	size_t at = 0;

	lines_init(&lines, limit);
	while (at < size) {
		size_t step = next_step();

		if (step > size - at)
			step = size - at;
		feed(&lines, bytes + at, step);
		take(&lines, out);
		at += step;
	}
	if (lines_is_done(&lines))
		buffer_append_string(out, "(done before the end)");
	lines_end(&lines);
	take(&lines, out);
	if (!lines_is_done(&lines))
		buffer_append_string(out, "(not done)");
	lines_fini(&lines);
}

#define HAN   "\xea\xb0\x80"     /* three bytes */
#define SMILE "\xf0\x9f\x98\x80" /* four */

/* Pieces as write_piece writes them. */
static const struct {
	size_t limit;
	const char *bytes;
	const char *pieces;
} cases[] = {
	{4, "", ""},
	{4, "\n", "|"},
	{4, "\n\n", "||"},
	{4, "a", "a|"},
	{4, "a\n", "a|"},
	{4, "a\nb", "a|b|"},
	{4, "a\n\nb\n", "a||b|"},
	{4, "a\r\n", "a\r|"},
	/* At the limit, one below and above, with and without end. */
	{4, "abc\n", "abc|"},
	{4, "abcd\n", "abcd|"},
	{4, "abcd", "abcd|"},
	{4, "abcde\n", "abcd>+e|"},
	{4, "abcde", "abcd>+e|"},
	{4, "abcdef\n", "abcd>+ef|"},
	{4, "abcdefg\n", "abcd>+efg|"},
	{4, "abcdefgh\n", "abcd>+efgh|"},
	{4, "abcdefgh", "abcd>+efgh|"},
	{4, "abcdefghi\n", "abcd>+efgh>+i|"},
	{4, "abcdefghi\nj\n", "abcd>+efgh>+i|j|"},
	{4, "abcdefgh\n\nj", "abcd>+efgh||j|"},
	{8, "abcdefgh\nijklmnopq\n", "abcdefgh|ijklmnop>+q|"},
	/* Cut between characters. */
	{4, HAN HAN "\n", HAN ">+" HAN "|"},
	{4, HAN HAN, HAN ">+" HAN "|"},
	{4, "a" HAN HAN "\n", "a" HAN ">+" HAN "|"},
	{4, "ab" HAN "\n", "ab>+" HAN "|"},
	{4, "abc" HAN "\n", "abc>+" HAN "|"},
	{4, "abcd" HAN "\n", "abcd>+" HAN "|"},
	{4, SMILE "\n", SMILE "|"},
	{4, "a" SMILE "\n", "a>+" SMILE "|"},
	{4, "abc" SMILE "\n", "abc>+" SMILE "|"},
	{4, "abc" SMILE, "abc>+" SMILE "|"},
	{4, SMILE SMILE, SMILE ">+" SMILE "|"},
	/* Bytes that are no characters are cut at the limit. */
	{4, "\x80\x80\x80\x80\x80\n", "\x80\x80\x80\x80>+\x80|"},
	{4, "abc\xf0\x9f\n", "abc\xf0>+\x9f|"},
	{4, "abc\xf0\x9f\x98\n", "abc\xf0>+\x9f\x98|"},
	{4, "abc\xf0\x9f\x98", "abc\xf0>+\x9f\x98|"},
	{4, "abc\xf0\x9f\x98z", "abc\xf0>+\x9f\x98z|"},
	{4, "abc\xf0z\n", "abc\xf0>+z|"},
};

static void cases_of_each_kind(void)
{
	size_t (*const steps[])(void) = {all_at_once, byte_by_byte, at_random};
	static const char *const names[] = {
		"at once", "byte by byte", "random"};
	size_t i;

	random_restart();
	for (i = 0; i < COUNT(cases) * COUNT(steps); i++) {
		const char *bytes = cases[i / COUNT(steps)].bytes;
		struct buffer got = BUFFER_EMPTY;
		char name[40];

		cut_stream(bytes, strlen(bytes), cases[i / COUNT(steps)].limit,
			steps[i % COUNT(steps)], &got);
		buffer_append_char(&got, '\0');
		snprintf(name, sizeof(name), "case %zu %s", i / COUNT(steps),
			names[i % COUNT(steps)]);
		tap_is_string(buffer_bytes(&got),
			cases[i / COUNT(steps)].pieces, name);
		buffer_fini(&got);
	}
}

static void nul_is_a_byte(void)
{
	struct buffer got = BUFFER_EMPTY;

	cut_stream("a\0b\n\0", 5, 64, byte_by_byte, &got);
	tap_is_bytes(buffer_bytes(&got), buffer_size(&got), "a\0b|\0|", 6,
		"a NUL is a byte like any other");
	buffer_fini(&got);
}

/* A line that is typed comes as soon as its newline is read. */
static void comes_at_once(void)
{
	static const char *const texts[] = {"", "abc", "abcd", "abcde",
		"abcdef", "abcdefg", ("abc" SMILE), "abc\xf0\x9f"};
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		struct lines lines;
		struct line line = {.is_cut = true};

		lines_init(&lines, 4);
		feed(&lines, texts[i], strlen(texts[i]));
		while (lines_next(&lines, &line))
			;
		feed(&lines, "\n", 1);
		line.is_cut = true;
		while (lines_next(&lines, &line))
			;
		tap_ok(!line.is_cut, "text %zu comes with its newline", i);
		lines_fini(&lines);
	}
}

/* Fills `bytes` with a stream of short, long and ill-formed lines. */
static size_t make_stream(char *bytes, size_t capacity)
{
	static const char *const parts[] = {"a", "bcd", "\n", HAN, SMILE,
		"\xc3\xa9", "\x80", "\xf0\x9f", "\xed\xa0\x80", "\n\n", "z"};
	size_t kinds = 1 + random_below(COUNT(parts));
	size_t first = random_below(COUNT(parts));
	size_t size = 0;

	while (size < capacity - 4) {
		const char *part =
			parts[(first + random_below(kinds)) % COUNT(parts)];

		while (*part)
			bytes[size++] = *part++;
	}
	return random_below(size + 1);
}

/* What lines_next should give, from the whole stream at once. */
static void cut_whole(
	const char *bytes, size_t size, size_t limit, struct buffer *out)
{
	const char *end = bytes + size;

	while (bytes < end) {
		const char *newline =
			memchr(bytes, '\n', (size_t)(end - bytes));
		const char *stop = newline ? newline : end;
		struct line line = {.text = bytes};

		while ((size_t)(stop - line.text) > limit) {
			line.is_cut = true;
			line.size = utf8_prefix(
				line.text, (size_t)(stop - line.text), limit);
			write_piece(out, &line);
			line.text += line.size;
			line.is_rest = true;
		}
		line.is_cut = false;
		line.size = (size_t)(stop - line.text);
		write_piece(out, &line);
		bytes = newline ? newline + 1 : end;
	}
}

static void any_stream(void)
{
	size_t (*const steps[])(void) = {all_at_once, byte_by_byte, at_random};
	size_t wrong = 0;
	int run;

	random_restart();
	for (run = 0; run < 600; run++) {
		char bytes[1000];
		size_t size = make_stream(bytes, sizeof(bytes));
		size_t limit = 4 + random_below(random_below(2) == 0 ? 8 : 200);
		struct buffer got = BUFFER_EMPTY;
		struct buffer expected = BUFFER_EMPTY;

		cut_whole(bytes, size, limit, &expected);
		cut_stream(bytes, size, limit, steps[run % 3], &got);
		if (buffer_size(&got) != buffer_size(&expected) ||
			memcmp(buffer_bytes(&got), buffer_bytes(&expected),
				buffer_size(&got)) != 0)
			wrong++;
		buffer_fini(&got);
		buffer_fini(&expected);
	}
	tap_ok(wrong == 0,
		"600 random streams are cut the same in any steps (SEED=%ju)",
		(uintmax_t)random_seed());
}

/* Nothing is searched twice: neither while waiting nor across a cut. */
static void searches_once(void)
{
	struct lines lines;
	struct line line;
	char text[1000];
	size_t pieces = 0;

	memset(text, 'x', sizeof(text));
	lines_init(&lines, 2000);
	feed(&lines, text, sizeof(text));
	tap_ok(!lines_next(&lines, &line) && lines.searched == sizeof(text),
		"bytes without a newline are marked as searched");
	lines_fini(&lines);

	lines_init(&lines, 10);
	feed(&lines, text, sizeof(text));
	feed(&lines, "\n", 1);
	while (lines_next(&lines, &line) && line.is_cut) {
		pieces++;
		if (lines.searched != sizeof(text) - 10 * pieces)
			break;
	}
	tap_is_int((intmax_t)pieces, 99,
		"bytes stay marked as searched when a line is cut");
	tap_ok(line.size == 10 && line.is_rest && lines.searched == 0,
		"no byte after the newline is marked as searched");
	lines_fini(&lines);
}

static void the_end(void)
{
	struct lines lines;
	struct line line;

	lines_init(&lines, 4);
	tap_ok(!lines_is_done(&lines), "an open stream is not done");
	lines_end(&lines);
	tap_ok(lines_is_done(&lines) && !lines_next(&lines, &line),
		"an empty stream ends without a line");
	lines_fini(&lines);

	lines_init(&lines, 4);
	feed(&lines, "a\nb", 3);
	lines_end(&lines);
	tap_ok(lines_next(&lines, &line) && !lines_is_done(&lines),
		"an ended stream is not done while a line is left");
	tap_ok(lines_next(&lines, &line) && line.size == 1 &&
			line.text[0] == 'b' && lines_is_done(&lines),
		"an ended stream is done with its last line, without a "
		"newline");
	tap_ok(!lines_next(&lines, &line), "no line follows the last");
	lines_fini(&lines);
}

int main(void)
{
	cases_of_each_kind();
	nul_is_a_byte();
	comes_at_once();
	any_stream();
	searches_once();
	the_end();
	return tap_done();
}
