/* SPDX-License-Identifier: ISC */
#include "mchat/chat/clock_offset.h"

#include "mchat/view/event_time.h"

#include <inttypes.h>

void clock_offsets_init(struct clock_offsets *offsets)
{
	*offsets = (struct clock_offsets){0};
}

/* The author's, which is new if it is not known. */
static struct clock_offset *find(struct clock_offsets *offsets, uint64_t id)
{
	size_t known = offsets->count < CLOCK_OFFSET_MAX ? offsets->count
							 : CLOCK_OFFSET_MAX;
	size_t at = offsets->last;

	/* Mostly the same one says more. */
	if (known == 0 || offsets->list[at].id != id)
		for (at = 0; at < known && offsets->list[at].id != id; at++)
			continue;
	if (at == known) {
		at = offsets->count++ % CLOCK_OFFSET_MAX;
		offsets->list[at] =
			(struct clock_offset){.id = id, .delay_ms = INT64_MAX};
	}
	offsets->last = at;
	return &offsets->list[at];
}

/* What comes from the network may be any number. */
static int64_t delay(struct wall_time time, struct wall_time received)
{
	int64_t out;

	if (__builtin_sub_overflow(received.ms, time.ms, &out))
		return time.ms < 0 ? INT64_MAX : INT64_MIN;
	return out;
}

bool clock_offset_is_wrong(struct clock_offsets *offsets, uint64_t id,
	struct wall_time time, struct wall_time received, bool *is_news)
{
	struct clock_offset *offset = find(offsets, id);
	int64_t delay_ms = delay(time, received);
	bool is_ahead = delay_ms < -CLOCK_OFFSET_AHEAD_MS;
	bool is_wrong;

	if (!is_ahead && delay_ms < offset->delay_ms)
		offset->delay_ms = delay_ms;
	is_wrong = is_ahead || offset->delay_ms > CLOCK_OFFSET_BEHIND_MS;
	*is_news = is_wrong && !offset->is_told;
	offset->is_told |= is_wrong;
	return is_wrong;
}

void clock_offset_append(
	struct buffer *out, struct wall_time time, struct wall_time received)
{
	event_time_append_offset(out, delay(time, received));
}
