/* SPDX-License-Identifier: ISC */
#include "mchat/io/clock.h"

#include <time.h>

/* Linux's CLOCK_MONOTONIC stops while the computer is suspended; but the ages
 * of members on two computers are compared, so time has to go on. */
#ifdef CLOCK_BOOTTIME
#define CLOCK CLOCK_BOOTTIME
#else
#define CLOCK CLOCK_MONOTONIC
#endif

struct instant clock_now(void)
{
	struct timespec now;

	/* A kernel may lack CLOCK; every one has the monotonic clock. */
	if (clock_gettime(CLOCK, &now) < 0)
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (struct instant){now.tv_sec * NS_PER_S + now.tv_nsec};
}

struct wall_time clock_wall(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (struct wall_time){
		now.tv_sec * (NS_PER_S / NS_PER_MS) + now.tv_nsec / NS_PER_MS};
}

void clock_sleep(struct duration duration)
{
	const struct timespec time = {
		.tv_sec = (time_t)(duration.ns / NS_PER_S),
		.tv_nsec = (long)(duration.ns % NS_PER_S),
	};

	(void)nanosleep(&time, NULL);
}
