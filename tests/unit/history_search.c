/* SPDX-License-Identifier: ISC */
/* Going back to lines that were entered, and searching them. */
#include "mchat/terminal/history_search.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/terminal/line_buffer.h"

struct desk {
	struct history_search history_search;
	struct line_buffer line_buffer;
};

static void is_draft(const struct desk *desk, const char *expected,
	size_t cursor, const char *what)
{
	tap_is_bytes(desk->line_buffer.text, desk->line_buffer.size, expected,
		strlen(expected), what);
	tap_is_int((intmax_t)desk->line_buffer.cursor, (intmax_t)cursor,
		"the cursor of the line");
}

static void set(struct desk *desk, const char *text, size_t cursor)
{
	line_buffer_set(&desk->line_buffer, text, strlen(text), cursor);
}

static void steps(struct desk *desk)
{
	set(desk, "half typed", 4);
	tap_ok(!history_search_newer(&desk->history_search, &desk->line_buffer),
		"a typed line has no newer one");
	history_search_older(&desk->history_search, &desk->line_buffer);
	is_draft(desk, "the cow", 7, "one step back shows the newest line");
	line_buffer_insert(&desk->line_buffer, "!", 1);
	history_search_older(&desk->history_search, &desk->line_buffer);
	history_search_older(&desk->history_search, &desk->line_buffer);
	is_draft(desk, "the cat", 7, "two more steps show the oldest line");
	tap_ok(!history_search_older(&desk->history_search, &desk->line_buffer),
		"the oldest line has no older one");
	history_search_newer(&desk->history_search, &desk->line_buffer);
	history_search_newer(&desk->history_search, &desk->line_buffer);
	is_draft(desk, "the cow!", 8, "the newest again, as it was changed");
	history_search_newer(&desk->history_search, &desk->line_buffer);
	is_draft(desk, "half typed", 4, "the half-typed line comes back");
	history_search_older(&desk->history_search, &desk->line_buffer);
	is_draft(desk, "the cow!", 8,
		"a changed line survives a return to the unfinished line");
	history_search_forget(&desk->history_search);
	set(desk, "", 0);
	history_search_older(&desk->history_search, &desk->line_buffer);
	is_draft(desk, "the cow", 7,
		"an entered line ends the changes of others");
	history_search_forget(&desk->history_search);
}

/* More changed lines than are kept: the first ones are as they were entered. */
static void many_changes(void)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	size_t changed = 0;

	if (!desk)
		abort();
	history_search_init(&desk->history_search);
	for (int i = 0; i <= HISTORY_SEARCH_EDITS; i++) {
		set(desk, i % 2 ? "odd" : "even", 0);
		history_search_add(&desk->history_search, &desk->line_buffer);
	}
	set(desk, "", 0);
	while (history_search_older(&desk->history_search, &desk->line_buffer))
		line_buffer_insert(&desk->line_buffer, "!", 1);
	while (desk->history_search.back > 0) {
		changed += memchr(desk->line_buffer.text, '!',
				   desk->line_buffer.size) != NULL;
		history_search_newer(&desk->history_search, &desk->line_buffer);
	}
	tap_is_int((intmax_t)changed, HISTORY_SEARCH_EDITS,
		"the changes that are kept are bounded");
	history_search_fini(&desk->history_search);
	free(desk);
}

static void prefixes(struct desk *desk)
{
	struct history_search *history_search = &desk->history_search;
	struct line_buffer *line_buffer = &desk->line_buffer;

	set(desk, "the", 3);
	history_search_step_older(history_search, line_buffer);
	is_draft(desk, "the cow", 7,
		"a step finds the newest line that begins so");
	history_search_step_older(history_search, line_buffer);
	is_draft(desk, "the cat", 7, "the next one");
	tap_ok(!history_search_step_older(history_search, line_buffer),
		"no further line begins so");
	history_search_step_newer(history_search, line_buffer);
	is_draft(desk, "the cow", 7,
		"a step back finds the newer line that begins so");
	history_search_step_newer(history_search, line_buffer);
	is_draft(
		desk, "the", 3, "the last step back returns to what was typed");
	history_search_step_older(history_search, line_buffer);
	history_search_end_steps(history_search);
	history_search_step_older(history_search, line_buffer);
	is_draft(desk, "a bird", 6, "a step after another key takes any line");
	history_search_forget(history_search);
}

static void forward(struct desk *desk)
{
	struct history_search *history_search = &desk->history_search;
	struct line_buffer *line_buffer = &desk->line_buffer;

	set(desk, "", 0);
	history_search_begin(history_search, false);
	history_search_query_add(history_search, line_buffer, "the c", 5);
	history_search_query_older(history_search, line_buffer);
	is_draft(desk, "the cat", 0, "an older line");
	history_search_query_newer(history_search, line_buffer);
	is_draft(desk, "the cow", 0, "and forward again");
	tap_ok(!history_search_query_newer(history_search, line_buffer) &&
			history_search->has_failed,
		"nothing is newer than the newest");
	history_search_half(history_search, line_buffer);
	history_search_begin(history_search, true);
	tap_ok(!history_search_query_add(history_search, line_buffer, "the", 3),
		"nothing is newer than the unfinished line");
}

static void search(struct desk *desk)
{
	struct history_search *history_search = &desk->history_search;
	struct line_buffer *line_buffer = &desk->line_buffer;

	set(desk, "half typed", 4);
	history_search_begin(history_search, false);
	tap_ok(!history_search_query_older(history_search, line_buffer),
		"an empty query finds no older line");
	history_search_query_add(history_search, line_buffer, "t", 1);
	history_search_query_add(history_search, line_buffer, "h", 1);
	is_draft(desk, "the cow", 0,
		"a query finds the newest line that holds it");
	history_search_query_older(history_search, line_buffer);
	is_draft(desk, "the cat", 0, "searching on finds the next older line");
	history_search_query_add(history_search, line_buffer, "e cow", 5);
	tap_ok(history_search->has_failed,
		"a longer query that no older line holds fails");
	is_draft(desk, "the cat", 0,
		"a failed query still shows the last line found");
	history_search_query_erase(history_search, line_buffer);
	is_draft(desk, "the cow", 0,
		"a shortened query searches from the newest again");
	tap_ok(!history_search->has_failed,
		"a shortened query that is found has not failed");
	for (size_t i = 0; i < 6; i++)
		history_search_query_erase(history_search, line_buffer);
	is_draft(desk, "half typed", 4, "an empty query shows what was typed");
	history_search_query_add(history_search, line_buffer, "bird", 4);
	is_draft(desk, "a bird", 2,
		"the cursor is at the place in the line found");
	tap_ok(history_search_half(history_search, line_buffer),
		"a search can be given up");
	is_draft(desk, "half typed", 4, "giving up brings back what was typed");
	tap_ok(!history_search_query_add(history_search, line_buffer,
		       "0123456789", HISTORY_SEARCH_QUERY_MAX + 1),
		"a query that is too long is refused");
}

int main(void)
{
	static const char *const lines[] = {"the cat", "a bird", "the cow"};
	struct desk *desk = calloc(1, sizeof(*desk));

	if (!desk)
		abort();
	history_search_init(&desk->history_search);
	for (size_t i = 0; i < 3; i++) {
		set(desk, lines[i], 0);
		history_search_add(&desk->history_search, &desk->line_buffer);
	}
	steps(desk);
	search(desk);
	prefixes(desk);
	forward(desk);
	many_changes();
	history_search_fini(&desk->history_search);
	free(desk);
	return tap_done();
}
