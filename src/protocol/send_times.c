/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/send_times.h"

void send_times_init(struct send_times *log)
{
	log->count = 0;
	log->length = duration_ms(SEND_TIMES_GRAIN_MS);
}

/* Makes one grain of those that together are no longer than a grain may be. */
static void join_neighbours(struct send_times *log)
{
	size_t kept = 0;

	for (size_t i = 1; i < log->count; i++) {
		struct send_times_grain *last = &log->grains[kept];
		const struct send_times_grain *grain = &log->grains[i];

		if (instant_before(grain->ended,
			    instant_after(last->begun, log->length))) {
			last->ended = grain->ended;
			last->next = grain->next;
		} else {
			log->grains[++kept] = *grain;
		}
	}
	log->count = kept + 1;
}

/* Where nothing was sent for long, grains stay apart longest. */
static void thin_out(struct send_times *log)
{
	do {
		log->length = duration_times(log->length, 2);
		join_neighbours(log);
	} while (log->count > SEND_TIMES_MAX - SEND_TIMES_MAX / 4);
}

void send_times_add(struct send_times *log, struct instant now,
	struct send_mark packet, struct send_mark next)
{
	struct send_times_grain *last =
		log->count > 0 ? &log->grains[log->count - 1] : NULL;

	if (last &&
		instant_before(now, instant_after(last->begun, log->length))) {
		last->ended = now;
		last->next = next;
		return;
	}
	if (log->count == SEND_TIMES_MAX)
		thin_out(log);
	log->grains[log->count++] = (struct send_times_grain){
		.begun = now,
		.ended = now,
		.first = packet,
		.next = next,
	};
}

bool send_times_find(const struct send_times *log, struct instant since,
	struct send_mark *out)
{
	size_t low = 0;
	size_t high = log->count;
	const struct send_times_grain *grain;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (instant_before(since, log->grains[middle].begun))
			high = middle;
		else
			low = middle + 1;
	}
	if (low == 0)
		return false;
	grain = &log->grains[low - 1];
	*out = instant_before(grain->ended, since) ? grain->next : grain->first;
	return true;
}
