/* SPDX-License-Identifier: ISC */
#include "mchat/io/coalesce.h"

/* A small datagram takes this much of the receive buffer on Linux: its bytes
 * and its socket buffer structure, of both of which half is granted twice. */
#define DATAGRAM_COST 384

/* A hold may fill a quarter of the buffer at a datagram a microsecond. */
#define SHARE 4

void coalesce_init(struct coalesce *coalesce, int buffer)
{
	int us = buffer / DATAGRAM_COST / SHARE;

	*coalesce = (struct coalesce){
		.length = duration_us(
			us < COALESCE_MAX_US ? us : COALESCE_MAX_US),
	};
}

void coalesce_note(
	struct coalesce *coalesce, size_t received, struct instant now)
{
	struct instant end = instant_after(
		coalesce->window, duration_us(COALESCE_WINDOW_US));

	if (!instant_before(now, end)) {
		coalesce->window = now;
		coalesce->count = 0;
	}
	coalesce->count += received;
	if (coalesce->count >= COALESCE_DENSE) {
		coalesce->until = instant_after(now, coalesce->length);
		coalesce->window = coalesce->until;
		coalesce->count = 0;
	}
}
