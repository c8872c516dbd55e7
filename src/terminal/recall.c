/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/recall.h"

#include <string.h>

#include "mchat/base/utf8.h"
#include "mchat/terminal/draft.h"

void recall_init(struct recall *recall)
{
	*recall = (struct recall){.back = 0};
	history_init(&recall->history);
}

void recall_fini(struct recall *recall)
{
	history_fini(&recall->history);
	buffer_fini(&recall->half);
}

void recall_add(struct recall *recall, const struct draft *draft)
{
	history_add(&recall->history, draft->text, draft->size);
	recall_forget(recall);
}

void recall_forget(struct recall *recall)
{
	recall->back = 0;
}

/* Shows the line that is `back` steps back, 0 < back <= count. */
static bool bring(
	struct recall *recall, struct draft *draft, size_t back, size_t cursor)
{
	const struct history_line *line = history_get(&recall->history, back);

	if (recall->back == 0) {
		buffer_clear(&recall->half);
		buffer_append(&recall->half, draft->text, draft->size);
		if (recall->half.failed)
			return false;
		recall->half_cursor = draft->cursor;
	}
	recall->back = back;
	draft_set(draft, line->text, line->size, cursor);
	return true;
}

bool recall_half(struct recall *recall, struct draft *draft)
{
	if (recall->back == 0)
		return false;
	draft_set(draft, buffer_bytes(&recall->half),
		buffer_size(&recall->half), recall->half_cursor);
	recall->back = 0;
	return true;
}

bool recall_older(struct recall *recall, struct draft *draft)
{
	size_t back = recall->back + 1;

	return back <= recall->history.count &&
	       bring(recall, draft, back,
		       history_get(&recall->history, back)->size);
}

bool recall_newer(struct recall *recall, struct draft *draft)
{
	size_t back = recall->back;

	if (back <= 1)
		return recall_half(recall, draft);
	return bring(recall, draft, back - 1,
		history_get(&recall->history, back - 1)->size);
}

/* ---- search ---- */

void recall_search(struct recall *recall)
{
	recall->query_size = 0;
	recall->has_failed = false;
}

static bool search(struct recall *recall, struct draft *draft, size_t from)
{
	size_t at = 0;
	size_t back = history_search(
		&recall->history, from, recall->query, recall->query_size, &at);

	recall->has_failed = back == 0;
	return back > 0 && bring(recall, draft, back, at);
}

bool recall_search_add(struct recall *recall, struct draft *draft,
	const char *text, size_t size)
{
	if (size > RECALL_QUERY_MAX - recall->query_size)
		return false;
	memcpy(recall->query + recall->query_size, text, size);
	recall->query_size += size;
	return search(recall, draft, recall->back > 0 ? recall->back : 1);
}

bool recall_search_erase(struct recall *recall, struct draft *draft)
{
	if (recall->query_size == 0)
		return false;
	recall->query_size = utf8_previous(recall->query, recall->query_size);
	recall->has_failed = false;
	if (recall->query_size == 0)
		return recall_half(recall, draft);
	return search(recall, draft, 1);
}

bool recall_search_older(struct recall *recall, struct draft *draft)
{
	return recall->query_size > 0 &&
	       search(recall, draft, recall->back + 1);
}
