/* SPDX-License-Identifier: ISC */
#include "mchat/io/clock.h"

#include <errno.h>
#include <time.h>

#include "tap.h"

/* The clocks of a simulated system, in seconds. */
#define MONOTONIC_S 1000
#define BOOTTIME_S  5000
#define REALTIME_S  1795344250

static bool has_boottime;

/* Stands in for the C library's. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	*now = (struct timespec){.tv_nsec = 123456789};
	switch (clock) {
	case CLOCK_MONOTONIC:
		now->tv_sec = MONOTONIC_S;
		return 0;
	case CLOCK_REALTIME:
		now->tv_sec = REALTIME_S;
		return 0;
	default:
		now->tv_sec = BOOTTIME_S;
		errno = EINVAL;
		return has_boottime ? 0 : -1;
	}
}

static int64_t at(int64_t seconds)
{
	return seconds * NS_PER_S + 123456789;
}

int main(void)
{
	tap_is_int(clock_now().ns, at(MONOTONIC_S),
		"without CLOCK_BOOTTIME, now is CLOCK_MONOTONIC");
#if defined(__linux__)
	has_boottime = true;
	tap_is_int(clock_now().ns, at(BOOTTIME_S),
		"now includes the time that the computer is suspended");
#else
	tap_skip("suspended time", "CLOCK_MONOTONIC is as it should be here");
#endif
	tap_is_int(clock_wall().ms, REALTIME_S * INT64_C(1000) + 123,
		"the wall clock in milliseconds");
	return tap_done();
}
