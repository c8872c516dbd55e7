/* SPDX-License-Identifier: ISC */
/*
 * Time as types: a point on the monotonic clock, a length of time, and a point
 * on the wall clock cannot be mistaken for one another or for a bare number.
 */
#ifndef MCHAT_BASE_TIME_H
#define MCHAT_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* A point on the monotonic clock, whose origin is arbitrary. */
struct instant {
	int64_t ns;
};

/* A length of time; may be negative. */
struct duration {
	int64_t ns;
};

/* A point on the wall clock: time since 1970, UTC. */
struct wall_time {
	int64_t ms;
};

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  INT64_C(1000000000)

/* Later than every instant: the deadline when nothing is waited for. */
#define INSTANT_NEVER ((struct instant){INT64_MAX})

static inline struct duration duration_us(int64_t us)
{
	return (struct duration){us * NS_PER_US};
}

static inline struct duration duration_ms(int64_t ms)
{
	return (struct duration){ms * NS_PER_MS};
}

static inline struct duration duration_times(struct duration d, int64_t factor)
{
	return (struct duration){d.ns * factor};
}

static inline struct duration duration_longer(
	struct duration a, struct duration b)
{
	return a.ns > b.ns ? a : b;
}

static inline struct duration duration_shorter(
	struct duration a, struct duration b)
{
	return a.ns < b.ns ? a : b;
}

static inline bool instant_is_never(struct instant a)
{
	return a.ns == INT64_MAX;
}

static inline bool instant_before(struct instant a, struct instant b)
{
	return a.ns < b.ns;
}

static inline struct instant instant_earlier(struct instant a, struct instant b)
{
	return a.ns < b.ns ? a : b;
}

/* `a` plus `d`, for d >= 0; saturates at INSTANT_NEVER. */
static inline struct instant instant_after(struct instant a, struct duration d)
{
	return a.ns > INT64_MAX - d.ns ? INSTANT_NEVER
				       : (struct instant){a.ns + d.ns};
}

/* The time from `a` to `b`. */
static inline struct duration instant_until(struct instant a, struct instant b)
{
	return (struct duration){b.ns - a.ns};
}

/* Seconds since 1970, rounded down. */
static inline int64_t wall_time_seconds(struct wall_time a)
{
	return a.ms / 1000 - (a.ms % 1000 < 0);
}

#endif
