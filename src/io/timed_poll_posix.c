/* SPDX-License-Identifier: ISC */
/* macOS has no ppoll(2), and pselect(2) does not tell when the reader of a pipe
 * has gone.  So it takes up to a millisecond longer. */
#include "mchat/io/timed_poll.h"

#include <limits.h>
#include <stdint.h>

int timed_poll(
	struct pollfd *descriptors, nfds_t count, const struct duration *limit)
{
	int64_t ms = -1;

	if (limit)
		ms = (limit->ns + NS_PER_MS - 1) / NS_PER_MS;
	return poll(descriptors, count, ms > INT_MAX ? INT_MAX : (int)ms);
}
