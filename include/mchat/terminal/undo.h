/* SPDX-License-Identifier: ISC */
/*
 * What the line was before each change of it, so that changes can be undone.
 * Bounded in number and bytes: the oldest states are dropped.
 */
#ifndef MCHAT_TERMINAL_UNDO_H
#define MCHAT_TERMINAL_UNDO_H

#include <stdbool.h>
#include <stddef.h>

struct line_buffer;

/* States: more changes than anyone takes back one by one.  Bytes: sixteen of
 * the longest lines. */
#define UNDO_STATES 200
#define UNDO_BYTES  ((size_t)1024 * 1024)

struct undo_state {
	size_t size;
	size_t cursor;
	char text[];
};

struct undo {
	struct undo_state *states[UNDO_STATES]; /* owned, the oldest first */
	size_t count;
	size_t bytes; /* of all texts together */
};

void undo_init(struct undo *undo);
void undo_fini(struct undo *undo);

/* Call this before a change: keeps the line as it is.  Out of memory it does
 * not. */
void undo_save(struct undo *undo, const struct line_buffer *line_buffer);

/* Brings back the last state kept that differs from the line; false when there
 * is none. */
bool undo_restore(struct undo *undo, struct line_buffer *line_buffer);

/* Forgets all states: the line is another one. */
void undo_clear(struct undo *undo);

#endif
