/* SPDX-License-Identifier: ISC */
#include "mchat/io/receive_coalescing.h"

/* A small datagram takes this much of the receive buffer on Linux: half of its
 * bytes and its sk_buff, since the kernel charges them to twice the buffer that
 * was asked for. */
#define DATAGRAM_COST 384

/* A hold fills at most a quarter of the buffer, at a datagram a microsecond. */
#define SHARE 4

void receive_coalescing_init(struct receive_coalescing *coalescing, int buffer)
{
	int us = buffer / DATAGRAM_COST / SHARE;

	*coalescing = (struct receive_coalescing){
		.length = duration_us(us < RECEIVE_COALESCING_MAX_US
					      ? us
					      : RECEIVE_COALESCING_MAX_US),
	};
}

void receive_coalescing_note(struct receive_coalescing *coalescing,
	size_t received, struct instant now)
{
	struct instant end = instant_after(
		coalescing->window, duration_us(RECEIVE_COALESCING_WINDOW_US));

	if (!instant_before(now, end)) {
		coalescing->window = now;
		coalescing->count = 0;
	}
	coalescing->count += received;
	if (coalescing->count >= RECEIVE_COALESCING_DENSE) {
		coalescing->until = instant_after(now, coalescing->length);
		coalescing->window = coalescing->until;
		coalescing->count = 0;
	}
}
