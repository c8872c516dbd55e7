/* SPDX-License-Identifier: ISC */
#include "mchat/chat/hold.h"

/* A small datagram takes this much of the receive buffer on Linux: its bytes
 * and its socket buffer structure, of both of which half is granted twice. */
#define DATAGRAM_COST 384

/* A hold may fill a quarter of the buffer at a datagram a microsecond. */
#define SHARE 4

void hold_init(struct hold *hold, int buffer)
{
	int us = buffer / DATAGRAM_COST / SHARE;

	*hold = (struct hold){
		.length = duration_us(us < HOLD_MAX_US ? us : HOLD_MAX_US),
	};
}

void hold_note(struct hold *hold, size_t received, struct instant now)
{
	struct instant end =
		instant_after(hold->window, duration_us(HOLD_WINDOW_US));

	if (!instant_before(now, end)) {
		hold->window = now;
		hold->count = 0;
	}
	hold->count += received;
	if (hold->count >= HOLD_DENSE) {
		hold->until = instant_after(now, hold->length);
		hold->window = hold->until;
		hold->count = 0;
	}
}
