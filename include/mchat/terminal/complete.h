/* SPDX-License-Identifier: ISC */
/*
 * What Tab makes of the word before the cursor, given all the words that it
 * could be.  A word that begins the line with a slash is a command, any other
 * is a nick; the case of ASCII letters does not matter.
 */
#ifndef MCHAT_TERMINAL_COMPLETE_H
#define MCHAT_TERMINAL_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/* One of the words; borrowed, not terminated. */
struct complete_word {
	const char *text;
	size_t size;
};

/* The word that is to be completed: `size` bytes at `start` of the line. */
struct complete_query {
	size_t start;
	size_t size;
	bool is_command;
};

/* The word that ends at `cursor`, a command's without its '/'; its size is 0
 * after a blank. */
struct complete_query complete_find(const char *text, size_t cursor);

/*
 * Returns how many of the words `prefix` may become.  *common is what those
 * have in common, of which the first one's spelling is taken and no character
 * is split; with one match it is that word.
 */
size_t complete_common(const char *prefix, size_t prefix_size,
	const struct complete_word *words, size_t count,
	struct complete_word *common);

/*
 * Appends the words that `prefix` may become, in lines that fit in so many
 * columns, each ended by a newline.  They may come from the network: controls
 * are drawn as safely as the line that is typed.
 */
void complete_list(const char *prefix, size_t prefix_size,
	const struct complete_word *words, size_t count, unsigned columns,
	struct buffer *out);

/* What follows a word that is complete. */
const char *complete_suffix(const struct complete_query *query);

#endif
