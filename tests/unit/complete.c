/* SPDX-License-Identifier: ISC */
/* What Tab makes of a word. */
#include "mchat/terminal/complete.h"

#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define WORD(text)                                                             \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}

static const struct complete_word words[] = {WORD("alice"), WORD("Alina"),
	WORD("bob"), WORD("한결"), WORD("한글"), WORD("\033evil")};

static void finds(const char *line, size_t start, size_t size, bool is_command,
	const char *what)
{
	struct complete_query query = complete_find(line, strlen(line));

	tap_ok(query.start == start && query.size == size &&
			query.is_command == is_command,
		"%s: %zu bytes at %zu", what, query.size, query.start);
}

static void has_common(const char *prefix, size_t matches, const char *common)
{
	struct complete_word got;

	tap_is_int((intmax_t)complete_common(
			   prefix, strlen(prefix), words, COUNT(words), &got),
		(intmax_t)matches, prefix);
	tap_is_bytes(got.text, got.size, common, strlen(common), common);
}

static void lists(const char *prefix, unsigned columns, const char *expected,
	const char *what)
{
	struct buffer out = BUFFER_EMPTY;

	complete_list(
		prefix, strlen(prefix), words, COUNT(words), columns, &out);
	tap_is_bytes(buffer_bytes(&out), buffer_size(&out), expected,
		strlen(expected), what);
	buffer_fini(&out);
}

static void has_suffix(const char *line, const char *expected)
{
	struct complete_query query = complete_find(line, strlen(line));

	tap_is_string(complete_suffix(&query), expected, line);
}

int main(void)
{
	finds("", 0, 0, false, "an empty line");
	finds("al", 0, 2, false, "a nick at the start");
	finds("hi al", 3, 2, false, "a nick later");
	finds("hi ", 3, 0, false, "after a blank");
	finds("/wh", 1, 2, true, "a command");
	finds("/me /wh", 4, 3, false,
		"a slash later in the line is no command");
	has_suffix("al", ": ");
	has_suffix("hi al", " ");
	has_suffix("/wh", " ");
	has_common("b", 1, "bob");
	has_common("AL", 2, "ali");
	has_common("alic", 1, "alice");
	has_common("x", 0, "");
	has_common("", 6, "");
	/* The next bytes of both words are the same, but make no whole
	 * character. */
	has_common("한", 2, "한");
	lists("a", 80, "alice  Alina\n", "the words that match are listed");
	lists("", 20, "alice  Alina  bob\n한결  한글  ^[evil\n",
		"the list is cut into lines that fit, controls are made "
		"visible");
	lists("", 4, "ali\nAli\nbob\n한\n한\n^[e\n",
		"a word that is too long for a line is cut");
	return tap_done();
}
