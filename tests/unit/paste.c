/* SPDX-License-Identifier: ISC */
/* Pastes: their lines, their bounds. */
#include "mchat/terminal/paste.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/terminal/line_buffer.h"

/* Checks that the paste has these lines, written in brackets.  '|' in `parts`
 * is only a mark. */
static void has_lines(const char *parts, size_t count, const char *expected)
{
	struct paste paste;
	struct line line;
	struct buffer got = BUFFER_EMPTY;

	paste_init(&paste);
	for (const char *at = parts; *at; at++)
		if (*at != '|')
			paste_add(&paste, at, 1);
	paste_end(&paste);
	tap_is_int((intmax_t)paste_left(&paste), (intmax_t)count, expected);
	while (paste_next(&paste, &line)) {
		buffer_append_char(&got, '[');
		buffer_append(&got, line.text, line.size);
		buffer_append_char(&got, ']');
	}
	tap_is_bytes(buffer_bytes(&got), buffer_size(&got), expected,
		strlen(expected), "the lines of the paste");
	buffer_fini(&got);
	tap_is_int((intmax_t)paste_left(&paste), 0,
		"no line of the paste is left");
	paste_fini(&paste);
}

static void bounds(void)
{
	struct paste paste;
	struct line line;
	char *text = malloc(PASTE_MAX);

	if (!text)
		abort();
	memset(text, 'x', PASTE_MAX);
	paste_init(&paste);
	paste_add(&paste, text, PASTE_MAX);
	tap_ok(!paste.is_too_large, "a paste of the largest size is taken");
	paste_add(&paste, text, 1);
	tap_ok(paste.is_too_large, "a paste of one byte more is too large");
	paste_end(&paste);
	tap_ok(paste_next(&paste, &line) && line.is_cut &&
			line.size == LINE_BUFFER_MAX,
		"a long line comes in pieces");
	paste_fini(&paste);
	free(text);
}

int main(void)
{
	has_lines("", 0, "");
	has_lines("one", 1, "[one]");
	has_lines("one\r", 1, "[one]");
	has_lines("one\rtwo", 2, "[one][two]");
	has_lines("one\ntwo\n", 2, "[one][two]");
	has_lines("one\r\ntwo\r\n", 2, "[one][two]");
	has_lines("one\r|\ntwo", 2, "[one][two]");
	has_lines("\r\r\n\n", 3, "[][][]");
	bounds();
	return tap_done();
}
