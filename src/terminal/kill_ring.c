/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/kill_ring.h"

#include <string.h>

void kill_ring_init(struct kill_ring *ring)
{
	ring->newest = 0;
	ring->count = 0;
	ring->is_open = false;
}

static void begin(struct kill_ring *ring)
{
	ring->newest = (ring->newest + 1) % KILL_RING_TEXTS;
	ring->sizes[ring->newest] = 0;
	if (ring->count < KILL_RING_TEXTS)
		ring->count++;
	ring->is_open = true;
}

void kill_ring_add(struct kill_ring *ring, const char *text, size_t size,
	enum kill_ring_side side)
{
	char *newest;
	size_t old_size;
	size_t at;

	if (!ring->is_open ||
		size > KILL_RING_TEXT_MAX - ring->sizes[ring->newest])
		begin(ring);
	newest = ring->texts[ring->newest];
	old_size = ring->sizes[ring->newest];
	at = side == KILL_RING_BEFORE ? 0 : old_size;
	memmove(newest + at + size, newest + at, old_size - at);
	memcpy(newest + at, text, size);
	ring->sizes[ring->newest] = old_size + size;
}

void kill_ring_end(struct kill_ring *ring)
{
	ring->is_open = false;
}

size_t kill_ring_get(
	const struct kill_ring *ring, size_t back, const char **text)
{
	size_t at = (ring->newest + KILL_RING_TEXTS - back) % KILL_RING_TEXTS;

	*text = ring->texts[at];
	return ring->sizes[at];
}
