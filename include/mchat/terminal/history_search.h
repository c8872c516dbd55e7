/* SPDX-License-Identifier: ISC */
/*
 * Bringing back what was entered before, step by step or by a search as in
 * readline.  The half-typed line is kept meanwhile.  All of these write into
 * the line buffer, and return false when there is nothing to bring back.
 */
#ifndef MCHAT_TERMINAL_HISTORY_SEARCH_H
#define MCHAT_TERMINAL_HISTORY_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/buffer.h"
#include "mchat/terminal/history.h"

struct line_buffer;

/* Bytes of what is searched for: more does not fit before the line. */
#define HISTORY_SEARCH_QUERY_MAX 64

struct history_search {
	struct history history;
	size_t back;        /* of the line that shows; 0: the half-typed one */
	struct buffer half; /* the half-typed line, while back > 0 */
	size_t half_cursor;
	char query[HISTORY_SEARCH_QUERY_MAX];
	size_t query_size;
	bool has_failed; /* no line holds the query; the last one that did shows
			  */
};

void history_search_init(struct history_search *search);
void history_search_fini(struct history_search *search);

/* The line was entered: it becomes the newest line, and all begins anew. */
void history_search_add(
	struct history_search *search, const struct line_buffer *line_buffer);

/* What is in the line buffer is the half-typed line now. */
void history_search_forget(struct history_search *search);

/* One line older or newer. */
bool history_search_older(
	struct history_search *search, struct line_buffer *line_buffer);
bool history_search_newer(
	struct history_search *search, struct line_buffer *line_buffer);

/* A search for nothing yet. */
void history_search_begin(struct history_search *search);

/* Adds to what is searched for, and searches on from the line that shows. */
bool history_search_query_add(struct history_search *search,
	struct line_buffer *line_buffer, const char *text, size_t size);

/* Takes the last character away, and searches again from the newest line. */
bool history_search_query_erase(
	struct history_search *search, struct line_buffer *line_buffer);

/* The next older line that holds it. */
bool history_search_query_older(
	struct history_search *search, struct line_buffer *line_buffer);

/* Brings the half-typed line back. */
bool history_search_half(
	struct history_search *search, struct line_buffer *line_buffer);

#endif
