/* SPDX-License-Identifier: ISC */
/* A rate limit: full at first, refilled each second, and raised by what is sent
 * for the first time. */
#include "mchat/base/rate_limit.h"

#include "tap.h"

#define PER_SECOND 100

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

static unsigned take_all(
	struct rate_limit *limit, uint64_t first, struct instant now)
{
	unsigned count = 0;

	while (count < 10 * PER_SECOND &&
		rate_limit_take(limit, PER_SECOND, first, now))
		count++;
	return count;
}

int main(void)
{
	struct rate_limit limit = {0};

	tap_is_int(take_all(&limit, 0, at(0)), PER_SECOND,
		"the limit is full at first");
	tap_is_int(take_all(&limit, 0, at(0)), 0,
		"when all is taken the limit is empty");
	tap_is_int(take_all(&limit, 0, at(500)), PER_SECOND / 2,
		"half of a second's worth comes in half a second");
	tap_is_int(take_all(&limit, 0, at(3600000)), PER_SECOND,
		"not more than a second's worth in an hour");
	tap_is_int(take_all(&limit, 30, at(3600000)), 30,
		"one more for each packet sent for the first time");
	tap_is_int(take_all(&limit, 30, at(3600000)), 0, "one more only once");
	for (int64_t ms = 1; ms <= 1000; ms++)
		rate_limit_take(&limit, PER_SECOND, 30, at(3600000 + ms));
	tap_is_int(take_all(&limit, 30, at(3601000)), 0,
		"asking all the time gives no more");
	return tap_done();
}
