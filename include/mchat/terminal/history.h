/* SPDX-License-Identifier: ISC */
/*
 * The lines that were entered, newest first, bounded in number and bytes: the
 * oldest are forgotten.
 */
#ifndef MCHAT_TERMINAL_HISTORY_H
#define MCHAT_TERMINAL_HISTORY_H

#include <stddef.h>

/* More than anyone goes back through by hand; and what it may hold in all:
 * sixteen of the longest lines. */
#define HISTORY_LINES 500
#define HISTORY_BYTES ((size_t)1024 * 1024)

struct history_line {
	size_t size;
	char text[];
};

struct history {
	struct history_line *lines[HISTORY_LINES]; /* owned; a ring */
	size_t newest;                             /* in lines */
	size_t count;
	size_t bytes; /* of all texts */
	size_t added; /* lines, since the beginning */
};

void history_init(struct history *history);
void history_fini(struct history *history);

/*
 * Adds a copy of `text`, of at most HISTORY_BYTES, as the newest line; an empty
 * one or one like the newest is not added.  Without memory it is not kept.
 */
void history_add(struct history *history, const char *text, size_t size);

/* The line `back` steps before the next one: 1 is the newest, at most count. */
const struct history_line *history_get(
	const struct history *history, size_t back);

/*
 * Searches from `back` on to older lines for one that holds `query`.  Returns
 * how far back it is, 0 when there is none, and where in it the last such
 * place begins in *at.
 */
size_t history_find(const struct history *history, size_t back,
	const char *query, size_t size, size_t *at);

#endif
