/* SPDX-License-Identifier: ISC */
/*
 * The text being typed, as bytes, and a cursor that is always on a boundary
 * between grapheme clusters.  Bytes that are not valid UTF-8 are kept, and so
 * are newlines: the text is one message, of one line or more.  Nothing here
 * allocates memory, so nothing fails for lack of it.
 */
#ifndef MCHAT_TERMINAL_LINE_BUFFER_H
#define MCHAT_TERMINAL_LINE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/terminal/kill_ring.h"

/* The longest line, in bytes: as long as one message may be. */
#define LINE_BUFFER_MAX ((size_t)64 * 1024)

struct line_buffer {
	char text[LINE_BUFFER_MAX];
	size_t size;
	size_t cursor; /* a boundary between clusters */

	struct kill_ring kills;
	bool is_yanking;    /* line_buffer_yank was the last call: */
	size_t yank_start;  /* where it inserted, */
	size_t yank_size;   /* how much, */
	size_t yanked_back; /* and which of the kills */
};

enum line_buffer_case {
	LINE_BUFFER_CAPITALS,
	LINE_BUFFER_SMALL,
	LINE_BUFFER_CAPITALIZED, /* the first letter is a capital */
};

/* How far a motion, an erasure or a kill reaches from the cursor. */
enum line_buffer_target {
	LINE_BUFFER_START,
	LINE_BUFFER_END,
	LINE_BUFFER_LEFT, /* one cluster */
	LINE_BUFFER_RIGHT,
	LINE_BUFFER_WORD_LEFT, /* words: letters, digits, _ and non-ASCII */
	LINE_BUFFER_WORD_RIGHT,
	LINE_BUFFER_BLANK_LEFT, /* words: whatever blanks separate */
	LINE_BUFFER_BLANK_RIGHT,
};

/* Makes it empty, with nothing killed.  The caller provides the storage. */
void line_buffer_init(struct line_buffer *line_buffer);

/* Empties it; what was killed stays. */
void line_buffer_clear(struct line_buffer *line_buffer);

/* Sets the text, of at most LINE_BUFFER_MAX bytes, and puts the cursor at
 * `cursor`, or at the next cluster boundary. */
void line_buffer_set(struct line_buffer *line_buffer, const char *text,
	size_t size, size_t cursor);

/* Inserts at the cursor; returns false and changes nothing when the text does
 * not fit. */
bool line_buffer_insert(
	struct line_buffer *line_buffer, const char *text, size_t size);

/* Moves the cursor to the target, or erases up to it.  False when there was
 * nothing to do. */
bool line_buffer_move(
	struct line_buffer *line_buffer, enum line_buffer_target target);
bool line_buffer_erase(
	struct line_buffer *line_buffer, enum line_buffer_target target);

/* Erases likewise, and keeps the text for line_buffer_yank; consecutive kills
 * add up. */
bool line_buffer_kill(
	struct line_buffer *line_buffer, enum line_buffer_target target);

/* Empties the line, and keeps it for line_buffer_yank, by itself. */
void line_buffer_kill_line(struct line_buffer *line_buffer);

/* The next kill is not consecutive: it is kept by itself. */
void line_buffer_end_kill(struct line_buffer *line_buffer);

/* Inserts what was killed last; false when there is none, or no room. */
bool line_buffer_yank(struct line_buffer *line_buffer);

/* Replaces what line_buffer_yank inserted with what was killed before that, in
 * a circle; false when it was not the last call, or there is no room. */
bool line_buffer_yank_older(struct line_buffer *line_buffer);

/* line_buffer_yank_older is refused from now on: something else was done. */
void line_buffer_end_yank(struct line_buffer *line_buffer);

/* Changes the letters from the cursor to the end of the word, as far as
 * letter_case knows them, and moves the cursor there; false at the end. */
bool line_buffer_change_case(
	struct line_buffer *line_buffer, enum line_buffer_case to);

/* Swaps the word at or after the cursor (at the end of the line, the last one)
 * with the word before it, and moves the cursor behind both; false when there
 * are no two. */
bool line_buffer_transpose_words(struct line_buffer *line_buffer);

/* Swaps the clusters before and after the cursor (at the end of the line, the
 * last two) and moves the cursor behind them; false when there are no two. */
bool line_buffer_transpose(struct line_buffer *line_buffer);

/* Replaces the bytes from `start` to the cursor with `text`; returns false and
 * changes nothing when it does not fit. */
bool line_buffer_replace(struct line_buffer *line_buffer, size_t start,
	const char *text, size_t size);

/* Replaces the bytes [from, to) with `text` and puts the cursor behind it;
 * returns false and changes nothing when it does not fit. */
bool line_buffer_splice(struct line_buffer *line_buffer, size_t from, size_t to,
	const char *text, size_t size);

#endif
