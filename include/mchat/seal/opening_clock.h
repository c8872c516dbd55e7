/* SPDX-License-Identifier: ISC */
/*
 * The clock that sealed datagrams are judged by: the wall clock, but it never
 * runs back, so that setting the wall clock back makes nothing fresh again.  It
 * follows steps forward, and resuming from sleep.
 */
#ifndef MCHAT_SEAL_OPENING_CLOCK_H
#define MCHAT_SEAL_OPENING_CLOCK_H

#include <stdbool.h>

#include "mchat/base/time.h"

/* A step forward by more than this makes others' clocks look wrong, so they are
 * asked at once. */
#define OPENING_CLOCK_STEP_MS 10000

/* Begins as {0}. */
struct opening_clock {
	int64_t ms;            /* since 1970, at `read` */
	struct instant read;   /* when it was last read */
	struct instant jumped; /* when it last went forward at once */
	bool is_running;       /* was read before */
	bool has_jumped;
};

/* Reads it: its time in seconds since 1970. */
int64_t opening_clock_read(
	struct opening_clock *clock, struct wall_time wall, struct instant now);

/* Its time when it was last read, in seconds since 1970. */
int64_t opening_clock_seconds(const struct opening_clock *clock);

/* Whether it can be right: it is past the beginning of 2026. */
bool opening_clock_is_set(const struct opening_clock *clock);

#endif
