/* SPDX-License-Identifier: ISC */
/* The lines that were entered: order, bounds, search. */
#include "mchat/terminal/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static void add(struct history *history, const char *text)
{
	history_add(history, text, strlen(text));
}

static void is_line(const struct history *history, size_t back,
	const char *expected, const char *what)
{
	const struct history_line *line = history_get(history, back);

	tap_is_bytes(line->text, line->size, expected, strlen(expected), what);
}

static void order(void)
{
	struct history history;

	history_init(&history);
	add(&history, "");
	tap_is_int((intmax_t)history.count, 0, "an empty line is not kept");
	add(&history, "one");
	add(&history, "two");
	add(&history, "two");
	tap_is_int((intmax_t)history.count, 2,
		"the same line twice in a row is kept once");
	is_line(&history, 1, "two", "the newest line comes first");
	is_line(&history, 2, "one", "the line before comes second");
	add(&history, "one");
	tap_is_int((intmax_t)history.count, 3,
		"a line may come again after another");
	history_fini(&history);
	tap_is_int((intmax_t)history.bytes, 0, "all bytes are given back");
}

static void bounds(void)
{
	struct history history;
	size_t large = (size_t)64 * 1024;
	char *text = malloc(large);
	char name[16];

	if (!text)
		abort();
	history_init(&history);
	for (size_t i = 0; i < HISTORY_LINES + 3; i++) {
		snprintf(name, sizeof(name), "line %zu", i);
		add(&history, name);
	}
	tap_is_int((intmax_t)history.count, HISTORY_LINES,
		"the history is bounded in lines");
	is_line(&history, HISTORY_LINES, "line 3",
		"the oldest lines are forgotten");
	is_line(&history, 1, name, "the newest line is kept");
	for (size_t i = 0; i < 20; i++) {
		memset(text, (int)('a' + i), large);
		history_add(&history, text, large);
	}
	tap_is_int((intmax_t)history.count, (intmax_t)(HISTORY_BYTES / large),
		"the history is bounded in bytes");
	tap_is_int((intmax_t)history.bytes, HISTORY_BYTES,
		"the history may be filled to its last byte");
	tap_is_int(history_get(&history, 1)->text[0], 'a' + 19,
		"the bytes kept are those of the newest lines");
	history_fini(&history);
	free(text);
}

static void search(void)
{
	struct history history;
	size_t at = 99;

	history_init(&history);
	add(&history, "the cat and the dog");
	add(&history, "a bird");
	add(&history, "the cow");
	tap_is_int((intmax_t)history_find(&history, 1, "the", 3, &at), 1,
		"a search finds the newest line that holds the text");
	tap_is_int((intmax_t)history_find(&history, 2, "the", 3, &at), 3,
		"a search goes on to the next older line");
	tap_is_int(
		(intmax_t)at, 12, "a search finds the last place in the line");
	tap_is_int((intmax_t)history_find(&history, 4, "the", 3, &at), 0,
		"a search beyond the oldest line finds nothing");
	tap_is_int((intmax_t)history_find(&history, 1, "a bird!", 7, &at), 0,
		"a text that is longer than any line is not found");
	history_fini(&history);
}

int main(void)
{
	order();
	bounds();
	search();
	return tap_done();
}
