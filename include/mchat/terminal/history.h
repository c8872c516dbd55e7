/* SPDX-License-Identifier: ISC */
/*
 * The lines that were entered.  Their number and their bytes are bounded: the
 * oldest lines are dropped.
 */
#ifndef MCHAT_TERMINAL_HISTORY_H
#define MCHAT_TERMINAL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

/* Lines: more than anyone steps back through by hand.  Bytes: sixteen lines of
 * the greatest length. */
#define HISTORY_LINES 500
#define HISTORY_BYTES ((size_t)1024 * 1024)

struct history_line {
	size_t size;
	bool is_discarded; /* Ctrl-C cleared it: no file keeps it */
	char text[];
};

struct history {
	struct history_line *lines[HISTORY_LINES]; /* owned; a ring */
	size_t newest;                             /* its index in lines */
	size_t count;
	size_t bytes; /* of all texts together */
	size_t added; /* lines added since history_init, dropped ones too */
};

void history_init(struct history *history);
void history_fini(struct history *history);

/*
 * Adds a copy of `text`, of at most HISTORY_BYTES, as the newest line.  An
 * empty line, and one that equals the newest, is not added; nor is any when out
 * of memory.
 */
void history_add(struct history *history, const char *text, size_t size);

/* The same for a line that was not entered but discarded. */
void history_add_discarded(
	struct history *history, const char *text, size_t size);

/* The line `back` steps back: 1 is the newest, history->count the oldest. */
const struct history_line *history_get(
	const struct history *history, size_t back);

/*
 * Searches for a line that contains `query`, from `back` on towards older ones.
 * Returns how far back it is, and sets *at to where its last occurrence of
 * `query` begins; returns 0 when there is none.
 */
size_t history_find(const struct history *history, size_t back,
	const char *query, size_t size, size_t *at);

/* The same from `back` on towards newer ones. */
size_t history_find_newer(const struct history *history, size_t back,
	const char *query, size_t size, size_t *at);

#endif
