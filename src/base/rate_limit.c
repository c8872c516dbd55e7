/* SPDX-License-Identifier: ISC */
#include "mchat/base/rate_limit.h"

bool rate_limit_take(struct rate_limit *limit, unsigned per_second,
	uint64_t earned, struct instant now)
{
	struct duration passed = instant_until(limit->filled, now);

	limit->left += (double)passed.ns * per_second / (double)NS_PER_S;
	limit->left += (double)(earned - limit->earned);
	if (limit->filled.ns == 0 || limit->left > per_second)
		limit->left = per_second;
	limit->filled = now;
	limit->earned = earned;
	if (limit->left < 1)
		return false;
	limit->left--;
	return true;
}
