/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* ppoll */
#include "mchat/io/timed_poll.h"

#include <stddef.h>
#include <time.h>

int timed_poll(
	struct pollfd *descriptors, nfds_t count, const struct duration *limit)
{
	struct timespec time = {0};

	if (limit) {
		time.tv_sec = (time_t)(limit->ns / NS_PER_S);
		time.tv_nsec = (long)(limit->ns % NS_PER_S);
	}
	return ppoll(descriptors, count, limit ? &time : NULL, NULL);
}
