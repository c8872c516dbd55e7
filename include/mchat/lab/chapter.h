/* SPDX-License-Identifier: ISC */
/*
 * The experiments in the order of a textbook's chapter on socket options,
 * chapter 5: each has a number there, and the names of the options and flags
 * that it shows.
 */
#ifndef MCHAT_LAB_CHAPTER_H
#define MCHAT_LAB_CHAPTER_H

#include <stdbool.h>
#include <stddef.h>

/* Names of one row; keepalive has the most, 6. */
#define CHAPTER_NAMES_MAX 8

struct chapter_row {
	const char *number; /* "5.2.1" */
	const char *experiment;
	const char *names[CHAPTER_NAMES_MAX]; /* "SO_LINGER"; NULL: no more */
};

/* In the chapter's order; NULL behind the last one. */
const struct chapter_row *chapter_row(size_t index);

/*
 * Whether the word means this experiment: its name; its number, or that of its
 * section or chapter ("5.2", "5"); "all"; or, in letters of either case, an
 * option or a flag that it shows.
 */
bool chapter_means(const struct chapter_row *row, const char *word);

/* Whether the word may mean more than one experiment: "all", "5", "5.2". */
bool chapter_is_section(const char *word);

#endif
