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

/* ---- changes of recalled lines ---- */

static void forget_edit(struct history_edit *edit)
{
	edit->back = 0;
	buffer_fini(&edit->text);
}

static struct history_edit *find_edit(
	struct history_search *search, size_t back)
{
	for (size_t i = 0; i < HISTORY_SEARCH_EDITS; i++)
		if (search->edits[i].back == back)
			return &search->edits[i];
	return NULL;
}

static bool is_changed(const struct history_search *search,
	const struct line_buffer *line_buffer)
{
	const struct history_line *line =
		history_get(&search->history, search->back);

	return line->size != line_buffer->size ||
	       memcmp(line->text, line_buffer->text, line->size) != 0;
}

/* Keeps the line shown, before another one is.  Out of memory its change is
 * lost, but not what was entered. */
static void keep_edit(
	struct history_search *search, const struct line_buffer *line_buffer)
{
	struct history_edit *edit = find_edit(search, search->back);

	if (edit)
		forget_edit(edit);
	if (!is_changed(search, line_buffer))
		return;
	edit = find_edit(search, 0);
	if (!edit) {
		edit = &search->edits[search->next_edit];
		search->next_edit =
			(search->next_edit + 1) % HISTORY_SEARCH_EDITS;
		forget_edit(edit);
	}
	buffer_append(&edit->text, line_buffer->text, line_buffer->size);
	if (edit->text.failed)
		forget_edit(edit);
	else
		edit->back = search->back;
}

/* ---- recalling ---- */

void history_search_fini(struct history_search *search)
{
	history_search_forget(search);
	history_fini(&search->history);
	buffer_fini(&search->half);
}

void history_search_add(
	struct history_search *search, const struct line_buffer *line_buffer)
{
	history_add(&search->history, line_buffer->text, line_buffer->size);
	history_search_forget(search);
}

void history_search_discard(
	struct history_search *search, const struct line_buffer *line_buffer)
{
	if (search->back == 0 || is_changed(search, line_buffer))
		history_add_discarded(
			&search->history, line_buffer->text, line_buffer->size);
	history_search_forget(search);
}

void history_search_forget(struct history_search *search)
{
	search->back = 0;
	search->is_stepping = false;
	for (size_t i = 0; i < HISTORY_SEARCH_EDITS; i++)
		forget_edit(&search->edits[i]);
}

/* Keeps the line shown, the unfinished one or a recalled one. */
static bool keep(
	struct history_search *search, const struct line_buffer *line_buffer)
{
	if (search->back > 0) {
		keep_edit(search, line_buffer);
		return true;
	}
	buffer_clear(&search->half);
	buffer_append(&search->half, line_buffer->text, line_buffer->size);
	search->half_cursor = line_buffer->cursor;
	return !search->half.failed;
}

/* Puts the line that is `back` steps back into the line buffer, its cursor at
 * `cursor` or at its end, 0 < back <= count. */
static bool bring(struct history_search *search,
	struct line_buffer *line_buffer, size_t back, size_t cursor)
{
	const struct history_line *line = history_get(&search->history, back);
	const struct history_edit *edit = find_edit(search, back);
	const char *text = edit ? buffer_bytes(&edit->text) : line->text;
	size_t size = edit ? buffer_size(&edit->text) : line->size;

	if (back == search->back) {
		/* It is there, with its changes. */
		text = line_buffer->text;
		size = line_buffer->size;
	} else if (!keep(search, line_buffer)) {
		return false;
	}
	search->back = back;
	line_buffer_set(line_buffer, text, size, cursor < size ? cursor : size);
	return true;
}

bool history_search_half(
	struct history_search *search, struct line_buffer *line_buffer)
{
	if (search->back == 0)
		return false;
	keep_edit(search, line_buffer);
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
	       bring(search, line_buffer, back, LINE_BUFFER_MAX);
}

bool history_search_newer(
	struct history_search *search, struct line_buffer *line_buffer)
{
	return search->back <= 1 ? history_search_half(search, line_buffer)
				 : bring(search, line_buffer, search->back - 1,
					   LINE_BUFFER_MAX);
}

static void begin_step(
	struct history_search *search, const struct line_buffer *line_buffer)
{
	if (!search->is_stepping)
		search->prefix_size =
			search->back == 0 ? line_buffer->cursor : 0;
	search->is_stepping = true;
}

/* Whether the line begins as the unfinished one, and is not the one shown. */
static bool is_step(const struct history_search *search,
	const struct line_buffer *line_buffer, size_t back)
{
	const struct history_line *line = history_get(&search->history, back);
	const char *prefix = search->back == 0 ? line_buffer->text
					       : buffer_bytes(&search->half);

	return line->size >= search->prefix_size &&
	       memcmp(line->text, prefix, search->prefix_size) == 0 &&
	       (line->size != line_buffer->size ||
		       memcmp(line->text, line_buffer->text, line->size) != 0);
}

bool history_search_step_older(
	struct history_search *search, struct line_buffer *line_buffer)
{
	size_t back = search->back + 1;

	begin_step(search, line_buffer);
	if (search->prefix_size == 0)
		return history_search_older(search, line_buffer);
	while (back <= search->history.count &&
		!is_step(search, line_buffer, back))
		back++;
	return back <= search->history.count &&
	       bring(search, line_buffer, back, LINE_BUFFER_MAX);
}

bool history_search_step_newer(
	struct history_search *search, struct line_buffer *line_buffer)
{
	size_t back = search->back;

	begin_step(search, line_buffer);
	if (search->prefix_size == 0 || back == 0)
		return history_search_newer(search, line_buffer);
	back--;
	while (back > 0 && !is_step(search, line_buffer, back))
		back--;
	return back > 0 ? bring(search, line_buffer, back, LINE_BUFFER_MAX)
			: history_search_half(search, line_buffer);
}

void history_search_end_steps(struct history_search *search)
{
	search->is_stepping = false;
}

/* ---- search ---- */

void history_search_begin(struct history_search *search, bool is_forward)
{
	search->is_forward = is_forward;
	search->query_size = 0;
	search->has_failed = false;
}

static bool find_from(struct history_search *search,
	struct line_buffer *line_buffer, size_t from)
{
	size_t at = 0;
	size_t back = (search->is_forward ? history_find_newer : history_find)(
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
	return find_from(search, line_buffer,
		search->back == 0 && !search->is_forward ? 1 : search->back);
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
	search->is_forward = false;
	return find_from(search, line_buffer, 1);
}

bool history_search_query_older(
	struct history_search *search, struct line_buffer *line_buffer)
{
	search->is_forward = false;
	return search->query_size > 0 &&
	       find_from(search, line_buffer, search->back + 1);
}

bool history_search_query_newer(
	struct history_search *search, struct line_buffer *line_buffer)
{
	search->is_forward = true;
	return search->query_size > 0 &&
	       find_from(search, line_buffer,
		       search->back > 0 ? search->back - 1 : 0);
}
