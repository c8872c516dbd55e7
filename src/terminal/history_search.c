/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/history_search.h"

#include <string.h>

#include "mchat/base/utf8.h"
#include "mchat/terminal/line_buffer.h"

void history_search_init(struct history_search *search)
{
	*search = (struct history_search){.back = 0};
	history_init(&search->history);
}

void history_search_fini(struct history_search *search)
{
	history_fini(&search->history);
	buffer_fini(&search->half);
}

void history_search_add(
	struct history_search *search, const struct line_buffer *line_buffer)
{
	history_add(&search->history, line_buffer->text, line_buffer->size);
	history_search_forget(search);
}

void history_search_forget(struct history_search *search)
{
	search->back = 0;
}

/* Puts the line that is `back` steps back into the line buffer,
 * 0 < back <= count. */
static bool bring(struct history_search *search,
	struct line_buffer *line_buffer, size_t back, size_t cursor)
{
	const struct history_line *line = history_get(&search->history, back);

	if (search->back == 0) {
		buffer_clear(&search->half);
		buffer_append(
			&search->half, line_buffer->text, line_buffer->size);
		if (search->half.failed)
			return false;
		search->half_cursor = line_buffer->cursor;
	}
	search->back = back;
	line_buffer_set(line_buffer, line->text, line->size, cursor);
	return true;
}

bool history_search_half(
	struct history_search *search, struct line_buffer *line_buffer)
{
	if (search->back == 0)
		return false;
	line_buffer_set(line_buffer, buffer_bytes(&search->half),
		buffer_size(&search->half), search->half_cursor);
	search->back = 0;
	return true;
}

bool history_search_older(
	struct history_search *search, struct line_buffer *line_buffer)
{
	size_t back = search->back + 1;

	return back <= search->history.count &&
	       bring(search, line_buffer, back,
		       history_get(&search->history, back)->size);
}

bool history_search_newer(
	struct history_search *search, struct line_buffer *line_buffer)
{
	size_t back = search->back;

	if (back <= 1)
		return history_search_half(search, line_buffer);
	return bring(search, line_buffer, back - 1,
		history_get(&search->history, back - 1)->size);
}

/* ---- search ---- */

void history_search_begin(struct history_search *search)
{
	search->query_size = 0;
	search->has_failed = false;
}

static bool find_from(struct history_search *search,
	struct line_buffer *line_buffer, size_t from)
{
	size_t at = 0;
	size_t back = history_find(
		&search->history, from, search->query, search->query_size, &at);

	search->has_failed = back == 0;
	return back > 0 && bring(search, line_buffer, back, at);
}

bool history_search_query_add(struct history_search *search,
	struct line_buffer *line_buffer, const char *text, size_t size)
{
	if (size > HISTORY_SEARCH_QUERY_MAX - search->query_size)
		return false;
	memcpy(search->query + search->query_size, text, size);
	search->query_size += size;
	return find_from(
		search, line_buffer, search->back > 0 ? search->back : 1);
}

bool history_search_query_erase(
	struct history_search *search, struct line_buffer *line_buffer)
{
	if (search->query_size == 0)
		return false;
	search->query_size = utf8_previous(search->query, search->query_size);
	search->has_failed = false;
	if (search->query_size == 0)
		return history_search_half(search, line_buffer);
	return find_from(search, line_buffer, 1);
}

bool history_search_query_older(
	struct history_search *search, struct line_buffer *line_buffer)
{
	return search->query_size > 0 &&
	       find_from(search, line_buffer, search->back + 1);
}
