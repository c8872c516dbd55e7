/* SPDX-License-Identifier: ISC */
/*
 * Grapheme clusters (UAX #29): what a reader takes for one character, and what
 * the cursor steps over at once.  A base with its marks, the Hangul jamo of one
 * syllable, an emoji sequence and a pair of regional indicators are one cluster
 * each; a control character, and a byte that is not valid UTF-8, is a cluster
 * of its own.
 *
 * Terminals disagree on the width of a cluster of several code points: some add
 * up the code points' widths, some draw a single glyph.  Here it has the
 * largest width that any of them gives it, and is drawn so that whatever
 * follows it is in the right column on all of them.
 */
#ifndef MCHAT_TERMINAL_CLUSTER_H
#define MCHAT_TERMINAL_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/*
 * A cluster that exceeds these is shown as one U+FFFD: no script needs it, and
 * what one key makes the terminal draw must be bounded.  The widest emoji
 * sequence, a kiss with two skin tones, adds up to 12 columns and 35 bytes.
 */
#define CLUSTER_WIDTH_MAX 12
#define CLUSTER_SIZE_MAX  128

enum cluster_look {
	CLUSTER_PLAIN,
	CLUSTER_LONE,     /* marks without a base: drawn on a blank */
	CLUSTER_CARET,    /* a control character: drawn as ^X */
	CLUSTER_REPLACED, /* invalid, invisible or too large: drawn as U+FFFD */
};

struct cluster {
	size_t size;    /* bytes */
	unsigned width; /* columns it takes when drawn, 1 to CLUSTER_WIDTH_MAX
			 */
	enum cluster_look look;
	bool is_contested; /* terminals disagree on its width */
};

/* The first cluster of `text`, which has `size` > 0 bytes. */
struct cluster cluster_at(const char *text, size_t size);

/* The columns that the text takes when drawn.  Once above `limit`, counting
 * stops: the result is then some number above it. */
unsigned cluster_columns(const char *text, size_t size, unsigned limit);

/* The start of the cluster that ends at `at` > 0 or extends across it. */
size_t cluster_before(const char *text, size_t size, size_t at);

/* The first boundary between clusters at or after `at`. */
size_t cluster_boundary(const char *text, size_t size, size_t at);

/*
 * Appends what draws `cluster`, whose bytes are at `text`, from `column` on (0
 * is the leftmost), where the terminal's cursor already is.
 */
void cluster_draw(struct buffer *out, const struct cluster *cluster,
	const char *text, unsigned column);

#endif
