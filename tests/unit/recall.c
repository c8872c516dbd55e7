/* SPDX-License-Identifier: ISC */
/* Going back to lines that were entered, and searching them. */
#include "mchat/terminal/recall.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/terminal/draft.h"
#include "tap.h"

struct desk {
	struct recall recall;
	struct draft draft;
};

static void is_draft(const struct desk *desk, const char *expected,
	size_t cursor, const char *what)
{
	tap_is_bytes(desk->draft.text, desk->draft.size, expected,
		strlen(expected), what);
	tap_is_int((intmax_t)desk->draft.cursor, (intmax_t)cursor,
		"and its cursor");
}

static void set(struct desk *desk, const char *text, size_t cursor)
{
	draft_set(&desk->draft, text, strlen(text), cursor);
}

static void steps(struct desk *desk)
{
	set(desk, "half typed", 4);
	tap_ok(!recall_newer(&desk->recall, &desk->draft), "nothing is newer");
	recall_older(&desk->recall, &desk->draft);
	is_draft(desk, "the cow", 7, "the newest line");
	draft_insert(&desk->draft, "!", 1);
	recall_older(&desk->recall, &desk->draft);
	recall_older(&desk->recall, &desk->draft);
	is_draft(desk, "the cat", 7, "the oldest line");
	tap_ok(!recall_older(&desk->recall, &desk->draft), "nothing is older");
	recall_newer(&desk->recall, &desk->draft);
	recall_newer(&desk->recall, &desk->draft);
	is_draft(desk, "the cow", 7, "the newest again, as it was entered");
	recall_newer(&desk->recall, &desk->draft);
	is_draft(desk, "half typed", 4, "the half-typed line comes back");
}

static void search(struct desk *desk)
{
	struct recall *recall = &desk->recall;
	struct draft *draft = &desk->draft;

	set(desk, "half typed", 4);
	recall_search(recall);
	tap_ok(!recall_search_older(recall, draft), "nothing to search for");
	recall_search_add(recall, draft, "t", 1);
	recall_search_add(recall, draft, "h", 1);
	is_draft(desk, "the cow", 0, "the newest that holds it");
	recall_search_older(recall, draft);
	is_draft(desk, "the cat", 0, "the next one");
	recall_search_add(recall, draft, "e cow", 5);
	tap_ok(recall->has_failed, "older than that, none");
	is_draft(desk, "the cat", 0, "the last one shows still");
	recall_search_erase(recall, draft);
	is_draft(desk, "the cow", 0, "a shorter query begins anew");
	tap_ok(!recall->has_failed, "and is found");
	for (size_t i = 0; i < 6; i++)
		recall_search_erase(recall, draft);
	is_draft(desk, "half typed", 4, "without a query, what was typed");
	recall_search_add(recall, draft, "bird", 4);
	is_draft(desk, "a bird", 2, "the place in the line");
	tap_ok(recall_half(recall, draft), "the search is given up");
	is_draft(desk, "half typed", 4, "what was typed comes back");
	tap_ok(!recall_search_add(
		       recall, draft, "0123456789", RECALL_QUERY_MAX + 1),
		"a query is bounded");
}

int main(void)
{
	static const char *const lines[] = {"the cat", "a bird", "the cow"};
	struct desk *desk = calloc(1, sizeof(*desk));

	if (!desk)
		abort();
	recall_init(&desk->recall);
	for (size_t i = 0; i < 3; i++) {
		set(desk, lines[i], 0);
		recall_add(&desk->recall, &desk->draft);
	}
	steps(desk);
	search(desk);
	recall_fini(&desk->recall);
	free(desk);
	return tap_done();
}
