/* SPDX-License-Identifier: ISC */
/*
 * Cuts a stream of bytes into lines.  A line longer than the limit comes out
 * as several pieces, cut between characters; nothing is dropped.
 */
#ifndef MCHAT_BASE_LINES_H
#define MCHAT_BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/buffer.h"

struct lines {
	struct buffer pending;
	size_t limit;    /* bytes a line may have, its newline not counted */
	size_t searched; /* bytes of pending known to hold no newline */
	bool at_end;     /* no more bytes will come */
	bool continues;  /* the last piece given did not end its line */
};

struct line {
	const char *text; /* in the stream's buffer, without the newline */
	size_t size;
	bool is_cut;  /* the line goes on in the next piece */
	bool is_rest; /* this piece continues the one before */
};

/* Starts a stream whose lines have at most `limit` >= 4 bytes. */
void lines_init(struct lines *lines, size_t limit);
void lines_fini(struct lines *lines);

/*
 * Room for `size` bytes of input, or NULL when there is no memory; lines_commit
 * then says how many were read into it.
 */
char *lines_reserve(struct lines *lines, size_t size);
void lines_commit(struct lines *lines, size_t size);

/* The stream has ended: what is left is the last line, newline or not. */
void lines_end(struct lines *lines);

/*
 * Takes the next line or piece.  False when more input is needed, or at the
 * end.  *out stays valid until the next lines_reserve.
 */
bool lines_next(struct lines *lines, struct line *out);

/* Whether the stream has ended and every line of it was taken. */
bool lines_is_done(const struct lines *lines);

/*
 * How many whole lines are there to be taken; at the end of the stream the
 * rest counts as one.  Scans every pending byte.
 */
size_t lines_left(const struct lines *lines);

#endif
