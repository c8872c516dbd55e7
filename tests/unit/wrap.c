/* SPDX-License-Identifier: ISC */
#include "mchat/view/wrap.h"

#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"

#define TEN "123456789 "
#define X70                                                                    \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
	"xx"

static void test_case(const char *mark, int indent, const char *text,
	const char *expected, const char *what)
{
	struct buffer out = BUFFER_EMPTY;

	wrap_append_marked(&out, mark, indent, text);
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out), expected, what);
	buffer_fini(&out);
}

static void in_columns(const char *text, unsigned columns, unsigned indent,
	const char *expected, const char *what)
{
	struct buffer out = BUFFER_EMPTY;

	wrap_append(&out, text, strlen(text), columns, indent);
	buffer_append_char(&out, '\0');
	tap_is_string(buffer_bytes(&out), expected, what);
	buffer_fini(&out);
}

static void test_columns(void)
{
	in_columns("one two three", 0, 2, "one two three",
		"without a limit nothing is wrapped");
	in_columns("one two three", 7, 2, "one two\n  three",
		"a line takes all of its columns");
	in_columns(
		"one two three", 6, 2, "one\n  two\n  three", "and none more");
	in_columns("a   b  c", 6, 1, "a   b\n c",
		"blanks stay within a line, and go at its end");
	in_columns("in 239.255.77.67:62428 on eth0", 16, 1,
		"in\n 239.255.77.67:62428\n on eth0",
		"an address stays whole, even where a line is too short");
	in_columns("say `ls -l` to", 10, 2, "say\n  `ls -l`\n  to",
		"a command in backquotes stays whole");
	in_columns("say `ls -l *.c *.h`, to", 10, 2,
		"say `ls -l\n  *.c\n  *.h`, to",
		"but one that is longer than a line is broken");
	in_columns("it`s a b c d e f", 8, 2, "it`s a b\n  c d e\n  f",
		"a single backquote is none");
	in_columns("한국 어말 abc", 9, 2, "한국 어말\n  abc",
		"wide characters count as two columns");
	in_columns("ééééé ééé", 9, 2, "ééééé ééé", "bytes are no columns");
	in_columns("one two three", 10, 9, "one two\n     three",
		"half of a line is left to the text");
}

/* In any window no line is too long that can be broken. */
static void test_windows(void)
{
	static const char text[] =
		"a long sentence of short words, which has to fit into "
		"windows that are as wide or as narrow as people like";

	tap_is_int(wrap_columns(0), 0, "no window: no limit");
	tap_is_int(wrap_columns(WRAP_COLUMNS_MIN - 1), 0,
		"a window that is too narrow has none");
	for (unsigned window = WRAP_COLUMNS_MIN; window < 130; window++) {
		struct buffer out = BUFFER_EMPTY;
		const char *line;
		size_t longest = 0;

		wrap_append(&out, text, strlen(text), wrap_columns(window), 7);
		buffer_append_char(&out, '\0');
		line = buffer_bytes(&out);
		while (line) {
			size_t size = strcspn(line, "\n");

			longest = size > longest ? size : longest;
			line = strchr(line, '\n') ? line + size + 1 : NULL;
		}
		tap_ok(longest < window, "a window of %u columns: %zu are used",
			window, longest);
		buffer_fini(&out);
	}
}

int main(void)
{
	test_columns();
	test_windows();
	test_case("1.", 4, "short", "1.  short\n", "the mark, then the text");
	test_case("", 0, "", "\n", "no text is an empty line");
	test_case("", 8, TEN TEN TEN TEN TEN TEN TEN "12",
		"        " TEN TEN TEN TEN TEN TEN "123456789\n        12\n",
		"text past the columns goes on under the text");
	test_case("", 8, TEN TEN TEN TEN TEN TEN TEN,
		"        " TEN TEN TEN TEN TEN TEN TEN "\n",
		"text that just fits stays on its line");
	test_case("", 70, X70 " y", /* a word of 70 where 8 fit */
		"                                        "
		"                              " X70
		"\n                                        "
		"                              y\n",
		"a word that is too long stays whole");
	test_case("", 70, X70,
		"                                        "
		"                              " X70 "\n",
		"a last word that is too long stays whole");
	test_case("", 0, "a\x1b[m", "a\\x1b[m\n",
		"what is unsafe is made visible");
	return tap_done();
}
