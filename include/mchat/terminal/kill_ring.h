/* SPDX-License-Identifier: ISC */
/*
 * The texts that were cut from the line, the newest first; the oldest is
 * dropped for a new one.  Nothing here allocates memory.
 */
#ifndef MCHAT_TERMINAL_KILL_RING_H
#define MCHAT_TERMINAL_KILL_RING_H

#include <stdbool.h>
#include <stddef.h>

/* The longest text, in bytes: a whole line. */
#define KILL_RING_TEXT_MAX ((size_t)64 * 1024)

/* Texts: as many as one remembers to have cut. */
#define KILL_RING_TEXTS 8

/* Where a text goes that follows another one at once. */
enum kill_ring_side {
	KILL_RING_BEFORE, /* it stood before that one */
	KILL_RING_AFTER,
};

struct kill_ring {
	char texts[KILL_RING_TEXTS][KILL_RING_TEXT_MAX];
	size_t sizes[KILL_RING_TEXTS];
	size_t newest; /* its index */
	size_t count;
	bool is_open; /* the next text is added to the newest one */
};

/* Makes it empty.  The caller provides the storage. */
void kill_ring_init(struct kill_ring *ring);

/* Adds a text of at most KILL_RING_TEXT_MAX bytes: to the newest one, unless
 * kill_ring_end was called or it does not fit there. */
void kill_ring_add(struct kill_ring *ring, const char *text, size_t size,
	enum kill_ring_side side);

/* The next text begins a new entry. */
void kill_ring_end(struct kill_ring *ring);

/* Sets *text to the text that is `back` steps back, 0 <= back < ring->count,
 * and returns its size. */
size_t kill_ring_get(
	const struct kill_ring *ring, size_t back, const char **text);

#endif
