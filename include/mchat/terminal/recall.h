/* SPDX-License-Identifier: ISC */
/*
 * Bringing back what was entered before, step by step or by a search as in
 * readline.  The half-typed line is kept meanwhile.  All of these write into
 * the draft, and return false when there is nothing to bring back.
 */
#ifndef MCHAT_TERMINAL_RECALL_H
#define MCHAT_TERMINAL_RECALL_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/buffer.h"
#include "mchat/terminal/history.h"

struct draft;

/* Bytes of what is searched for: more does not fit before the line. */
#define RECALL_QUERY_MAX 64

struct recall {
	struct history history;
	size_t back; /* of the line in the draft; 0: the half-typed one */
	struct buffer half; /* the half-typed line, while back > 0 */
	size_t half_cursor;
	char query[RECALL_QUERY_MAX];
	size_t query_size;
	bool has_failed; /* no line holds the query; the last one that did shows
			  */
};

void recall_init(struct recall *recall);
void recall_fini(struct recall *recall);

/* The draft was entered: it becomes the newest line, and all begins anew. */
void recall_add(struct recall *recall, const struct draft *draft);

/* What is in the draft is the half-typed line now. */
void recall_forget(struct recall *recall);

/* One line older or newer. */
bool recall_older(struct recall *recall, struct draft *draft);
bool recall_newer(struct recall *recall, struct draft *draft);

/* A search for nothing yet. */
void recall_search(struct recall *recall);

/* Adds to what is searched for, and searches on from the line that shows. */
bool recall_search_add(struct recall *recall, struct draft *draft,
	const char *text, size_t size);

/* Takes the last character away, and searches again from the newest line. */
bool recall_search_erase(struct recall *recall, struct draft *draft);

/* The next older line that holds it. */
bool recall_search_older(struct recall *recall, struct draft *draft);

/* Brings the half-typed line back. */
bool recall_half(struct recall *recall, struct draft *draft);

#endif
