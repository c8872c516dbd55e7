/* SPDX-License-Identifier: ISC */
/*
 * Recalls lines that were entered before, one by one or by an incremental
 * search as in readline.  The unfinished line is kept meanwhile, and so are
 * changes of recalled lines, until a line is entered or discarded.  Where these
 * functions return bool, they write the recalled line into the line buffer, and
 * return false, changing nothing there, when there is none.
 */
#ifndef MCHAT_TERMINAL_HISTORY_SEARCH_H
#define MCHAT_TERMINAL_HISTORY_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/buffer.h"
#include "mchat/terminal/history.h"

struct line_buffer;

/* The longest query, in bytes: it is shown before the line, on the same row. */
#define HISTORY_SEARCH_QUERY_MAX 64

/* Recalled lines whose changes are kept; the one changed first gives way. */
#define HISTORY_SEARCH_EDITS 16

/* A recalled line that was changed. */
struct history_edit {
	size_t back; /* 0: none */
	struct buffer text;
};

struct history_search {
	struct history history;
	size_t back; /* how far back the line shown is; 0: the unfinished one */
	struct buffer half; /* the unfinished line, while back > 0 */
	size_t half_cursor; /* its cursor */
	struct history_edit edits[HISTORY_SEARCH_EDITS];
	size_t next_edit;   /* the one to give way */
	bool is_stepping;   /* Up or Down was the last key, */
	size_t prefix_size; /* for lines that begin as the unfinished one */
	char query[HISTORY_SEARCH_QUERY_MAX];
	size_t query_size;
	bool is_forward; /* towards newer lines */
	bool has_failed; /* no line contains the query; the last one that did
			    is still shown */
};

void history_search_init(struct history_search *search);
void history_search_fini(struct history_search *search);

/* The line was entered: adds it to the history, and stops recalling. */
void history_search_add(
	struct history_search *search, const struct line_buffer *line_buffer);

/* The line was discarded: adds it as such, and stops recalling.  A recalled
 * line that was not changed is there already. */
void history_search_discard(
	struct history_search *search, const struct line_buffer *line_buffer);

/* Stops recalling: the line buffer holds the unfinished line from now on. */
void history_search_forget(struct history_search *search);

/* Recalls the line before, or after, the one shown; after the newest line comes
 * the unfinished one. */
bool history_search_older(
	struct history_search *search, struct line_buffer *line_buffer);
bool history_search_newer(
	struct history_search *search, struct line_buffer *line_buffer);

/*
 * The same, but when the unfinished line has text before its cursor, only lines
 * that begin with that, and are not the one shown.  Steps in a row have the
 * same beginning; history_search_end_steps ends the row.
 */
bool history_search_step_older(
	struct history_search *search, struct line_buffer *line_buffer);
bool history_search_step_newer(
	struct history_search *search, struct line_buffer *line_buffer);
void history_search_end_steps(struct history_search *search);

/* Begins a search, with an empty query. */
void history_search_begin(struct history_search *search, bool is_forward);

/* Adds to the query, and searches for it from the line shown on. */
bool history_search_query_add(struct history_search *search,
	struct line_buffer *line_buffer, const char *text, size_t size);

/* Removes the last character of the query, and searches again from the newest
 * line. */
bool history_search_query_erase(
	struct history_search *search, struct line_buffer *line_buffer);

/* Goes to the next older line that contains the query. */
bool history_search_query_older(
	struct history_search *search, struct line_buffer *line_buffer);

/* Goes to the next newer line that contains the query. */
bool history_search_query_newer(
	struct history_search *search, struct line_buffer *line_buffer);

/* Returns to the unfinished line. */
bool history_search_half(
	struct history_search *search, struct line_buffer *line_buffer);

#endif
