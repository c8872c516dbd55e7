/* SPDX-License-Identifier: ISC */
#include "mchat/seal/opening_clock.h"

/* 2026-01-01 00:00:00 UTC: nobody ran this program before. */
#define EARLIEST_S INT64_C(1767225600)

int64_t opening_clock_read(
	struct opening_clock *clock, struct wall_time wall, struct instant now)
{
	int64_t ms = clock->ms + instant_until(clock->read, now).ns / NS_PER_MS;

	if (!clock->is_running) {
		clock->ms = wall.ms;
		clock->read = now;
		clock->is_running = true;
	} else if (wall.ms > ms) {
		if (wall.ms - ms > OPENING_CLOCK_STEP_MS) {
			clock->jumped = now;
			clock->has_jumped = true;
		}
		clock->ms = wall.ms;
		clock->read = now;
	} else if (ms > clock->ms) {
		/* Whole milliseconds: what is less waits for the next time. */
		clock->read.ns += (ms - clock->ms) * NS_PER_MS;
		clock->ms = ms;
	}
	return opening_clock_seconds(clock);
}

int64_t opening_clock_seconds(const struct opening_clock *clock)
{
	return wall_time_seconds((struct wall_time){clock->ms});
}

bool opening_clock_is_set(const struct opening_clock *clock)
{
	return opening_clock_seconds(clock) >= EARLIEST_S;
}
