/* SPDX-License-Identifier: ISC */
/*
 * The text being typed: bytes and a cursor that stands between clusters.
 * Invalid bytes are kept as they are.  No call here needs memory, so none can
 * fail for want of it.
 */
#ifndef MCHAT_TERMINAL_DRAFT_H
#define MCHAT_TERMINAL_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes: as long as one message may be. */
#define DRAFT_MAX ((size_t)64 * 1024)

struct draft {
	char text[DRAFT_MAX];
	size_t size;
	size_t cursor; /* a boundary between clusters */

	char killed[DRAFT_MAX]; /* what draft_yank brings back */
	size_t killed_size;
	bool is_killing; /* the next kill adds to what was killed */
};

/* Where a motion, an erasure or a kill goes to from the cursor. */
enum draft_target {
	DRAFT_START,
	DRAFT_END,
	DRAFT_LEFT, /* by one cluster */
	DRAFT_RIGHT,
	DRAFT_WORD_LEFT, /* a word is of letters, digits and non-ASCII */
	DRAFT_WORD_RIGHT,
	DRAFT_BLANK_LEFT, /* a word is what stands between blanks */
};

/* An empty one, nothing killed.  The caller provides the storage. */
void draft_init(struct draft *draft);

/* Empties it; what was killed stays. */
void draft_clear(struct draft *draft);

/* Makes it `text`, of at most DRAFT_MAX bytes, the cursor at `cursor` or the
 * next boundary. */
void draft_set(
	struct draft *draft, const char *text, size_t size, size_t cursor);

/* Inserts at the cursor; false, and nothing is done, when it does not fit. */
bool draft_insert(struct draft *draft, const char *text, size_t size);

/* Each of these returns false when there was nothing to do. */
bool draft_move(struct draft *draft, enum draft_target target);
bool draft_erase(struct draft *draft, enum draft_target target);

/* Erases, too, but keeps it for draft_yank; kills in a row add up. */
bool draft_kill(struct draft *draft, enum draft_target target);

/* The next kill starts anew: something else was done. */
void draft_end_kill(struct draft *draft);

bool draft_yank(struct draft *draft);

/* Swaps the clusters around the cursor, at the end the last two, and steps
 * over them. */
bool draft_transpose(struct draft *draft);

/* Puts `text` in place of the bytes from `start` to the cursor; false, and
 * nothing is done, when it does not fit. */
bool draft_replace(
	struct draft *draft, size_t start, const char *text, size_t size);

#endif
