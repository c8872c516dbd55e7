/* SPDX-License-Identifier: ISC */
/*
 * The text being typed: bytes and a cursor that stands between clusters.
 * Invalid bytes are kept as they are.  No call here needs memory, so none can
 * fail for want of it.
 */
#ifndef MCHAT_TERMINAL_LINE_BUFFER_H
#define MCHAT_TERMINAL_LINE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes: as long as one message may be. */
#define LINE_BUFFER_MAX ((size_t)64 * 1024)

struct line_buffer {
	char text[LINE_BUFFER_MAX];
	size_t size;
	size_t cursor; /* a boundary between clusters */

	char killed[LINE_BUFFER_MAX]; /* what line_buffer_yank brings back */
	size_t killed_size;
	bool is_killing; /* the next kill adds to what was killed */
};

/* Where a motion, an erasure or a kill goes to from the cursor. */
enum line_buffer_target {
	LINE_BUFFER_START,
	LINE_BUFFER_END,
	LINE_BUFFER_LEFT, /* by one cluster */
	LINE_BUFFER_RIGHT,
	LINE_BUFFER_WORD_LEFT, /* a word is of letters, digits and non-ASCII */
	LINE_BUFFER_WORD_RIGHT,
	LINE_BUFFER_BLANK_LEFT, /* a word is what stands between blanks */
};

/* An empty one, nothing killed.  The caller provides the storage. */
void line_buffer_init(struct line_buffer *line_buffer);

/* Empties it; what was killed stays. */
void line_buffer_clear(struct line_buffer *line_buffer);

/* Makes it `text`, of at most LINE_BUFFER_MAX bytes, the cursor at `cursor` or
 * the next boundary. */
void line_buffer_set(struct line_buffer *line_buffer, const char *text,
	size_t size, size_t cursor);

/* Inserts at the cursor; false, and nothing is done, when it does not fit. */
bool line_buffer_insert(
	struct line_buffer *line_buffer, const char *text, size_t size);

/* Each of these returns false when there was nothing to do. */
bool line_buffer_move(
	struct line_buffer *line_buffer, enum line_buffer_target target);
bool line_buffer_erase(
	struct line_buffer *line_buffer, enum line_buffer_target target);

/* Erases, too, but keeps it for line_buffer_yank; kills in a row add up. */
bool line_buffer_kill(
	struct line_buffer *line_buffer, enum line_buffer_target target);

/* The next kill starts anew: something else was done. */
void line_buffer_end_kill(struct line_buffer *line_buffer);

bool line_buffer_yank(struct line_buffer *line_buffer);

/* Swaps the clusters around the cursor, at the end the last two, and steps
 * over them. */
bool line_buffer_transpose(struct line_buffer *line_buffer);

/* Puts `text` in place of the bytes from `start` to the cursor; false, and
 * nothing is done, when it does not fit. */
bool line_buffer_replace(struct line_buffer *line_buffer, size_t start,
	const char *text, size_t size);

#endif
