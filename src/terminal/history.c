/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/history.h"

#include <stdlib.h>
#include <string.h>

void history_init(struct history *history)
{
	*history = (struct history){0};
}

/* The index in `lines` of the line that is `back` steps back. */
static size_t slot(const struct history *history, size_t back)
{
	return (history->newest + HISTORY_LINES - (back - 1)) % HISTORY_LINES;
}

static void forget_oldest(struct history *history)
{
	struct history_line **oldest =
		&history->lines[slot(history, history->count)];

	history->bytes -= (*oldest)->size;
	free(*oldest);
	*oldest = NULL;
	history->count--;
}

void history_fini(struct history *history)
{
	while (history->count > 0)
		forget_oldest(history);
}

const struct history_line *history_get(
	const struct history *history, size_t back)
{
	return history->lines[slot(history, back)];
}

static bool is_newest(
	const struct history *history, const char *text, size_t size)
{
	const struct history_line *newest;

	if (history->count == 0)
		return false;
	newest = history_get(history, 1);
	return newest->size == size && memcmp(newest->text, text, size) == 0;
}

static void add(struct history *history, const char *text, size_t size,
	bool is_discarded)
{
	struct history_line *line;

	if (size == 0)
		return;
	if (is_newest(history, text, size)) {
		history->lines[history->newest]->is_discarded &= is_discarded;
		return;
	}
	line = malloc(sizeof(*line) + size);
	if (!line)
		return;
	line->size = size;
	line->is_discarded = is_discarded;
	memcpy(line->text, text, size);
	while (history->count == HISTORY_LINES ||
		history->bytes > HISTORY_BYTES - size)
		forget_oldest(history);
	history->newest = (history->newest + 1) % HISTORY_LINES;
	history->lines[history->newest] = line;
	history->count++;
	history->added++;
	history->bytes += size;
}

void history_add(struct history *history, const char *text, size_t size)
{
	add(history, text, size, false);
}

void history_add_discarded(
	struct history *history, const char *text, size_t size)
{
	add(history, text, size, true);
}

/* Whether `line` contains `query`; *at is where it last does. */
static bool holds(const struct history_line *line, const char *query,
	size_t size, size_t *at)
{
	if (size > line->size)
		return false;
	for (size_t i = line->size - size + 1; i > 0; i--)
		if (memcmp(line->text + i - 1, query, size) == 0) {
			*at = i - 1;
			return true;
		}
	return false;
}

size_t history_find(const struct history *history, size_t back,
	const char *query, size_t size, size_t *at)
{
	for (; back <= history->count; back++)
		if (holds(history_get(history, back), query, size, at))
			return back;
	return 0;
}

size_t history_find_newer(const struct history *history, size_t back,
	const char *query, size_t size, size_t *at)
{
	if (back > history->count)
		back = history->count;
	while (back > 0 && !holds(history_get(history, back), query, size, at))
		back--;
	return back;
}
