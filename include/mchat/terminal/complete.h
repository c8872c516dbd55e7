/* SPDX-License-Identifier: ISC */
/*
 * Tab completion of the word before the cursor.  A word at the start of the
 * line that begins with a slash is a command, any other word is a nick; ASCII
 * letters match regardless of case.
 */
#ifndef MCHAT_TERMINAL_COMPLETE_H
#define MCHAT_TERMINAL_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/* A word that may be meant; borrowed, without a final NUL. */
struct complete_word {
	const char *text;
	size_t size;
};

/* The word to complete: `size` bytes from offset `start` of the line. */
struct complete_query {
	size_t start;
	size_t size;
	bool is_command;
};

/* Finds the word that ends at `cursor`, without the '/' of a command; its size
 * is 0 after a blank. */
struct complete_query complete_find(const char *text, size_t cursor);

/*
 * Returns how many of the words begin with `prefix`.  *common is the longest
 * beginning that these share, in the spelling of the first of them, cut at a
 * whole character; with a single match it is that word.
 */
size_t complete_common(const char *prefix, size_t prefix_size,
	const struct complete_word *words, size_t count,
	struct complete_word *common);

/*
 * Appends the words that begin with `prefix`, in lines that fit into `columns`
 * columns, each ended by a newline.  The words may come from the network:
 * control characters are made visible, as in the line that is typed.
 */
void complete_list(const char *prefix, size_t prefix_size,
	const struct complete_word *words, size_t count, unsigned columns,
	struct buffer *out);

/* What to insert after a completed word. */
const char *complete_suffix(const struct complete_query *query);

#endif
