/* SPDX-License-Identifier: ISC */
#include "mchat/chat/clock.h"

#include <time.h>

struct instant clock_now(void)
{
	struct timespec now;

	/* Cannot fail: every system here has the monotonic clock. */
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
