/* SPDX-License-Identifier: ISC */
/*
 * Grapheme clusters (UAX #29): what a reader takes for one character, and the
 * cursor for one step.  Base and marks, Hangul jamo of one syllable, emoji
 * sequences and pairs of regional indicators are one cluster each; a control
 * and a byte that is no UTF-8 are clusters of their own.
 *
 * Terminals do not agree how wide a cluster of several code points is: some add
 * up the code points, some draw one glyph.  Here it is as wide as the widest of
 * these opinions, and is drawn so that in either terminal all that comes after
 * it stands where it should.
 */
#ifndef MCHAT_TERMINAL_CLUSTER_H
#define MCHAT_TERMINAL_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/*
 * A cluster beyond these is shown as one U+FFFD: no script needs it, and what
 * is drawn for one key must be bounded.  The widest emoji sequence, a kiss of
 * two skin tones, adds up to 12 columns and 35 bytes.
 */
#define CLUSTER_WIDTH_MAX 12
#define CLUSTER_SIZE_MAX  128

enum cluster_look {
	CLUSTER_PLAIN,
	CLUSTER_LONE,     /* marks without a base: a blank carries them */
	CLUSTER_CARET,    /* a control: ^X */
	CLUSTER_REPLACED, /* invalid, invisible or too large: U+FFFD */
};

struct cluster {
	size_t size;    /* bytes */
	unsigned width; /* columns it takes when drawn, 1 to CLUSTER_WIDTH_MAX
			 */
	enum cluster_look look;
	bool is_contested; /* terminals do not agree on its width */
};

/* The cluster at the start of `text`, of `size` > 0 bytes. */
struct cluster cluster_at(const char *text, size_t size);

/* The columns that text takes when drawn; above `limit`, any number that is. */
unsigned cluster_columns(const char *text, size_t size, unsigned limit);

/* Where the cluster begins that ends at, or reaches over, `at` > 0. */
size_t cluster_before(const char *text, size_t size, size_t at);

/* The first boundary between clusters at or after `at`. */
size_t cluster_boundary(const char *text, size_t size, size_t at);

/*
 * Appends what draws `cluster`, whose bytes are at `text`, with its left edge
 * in `column` (0 is the leftmost), where the terminal's cursor is already.
 */
void cluster_draw(struct buffer *out, const struct cluster *cluster,
	const char *text, unsigned column);

#endif
