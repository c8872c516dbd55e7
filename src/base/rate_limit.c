/* SPDX-License-Identifier: ISC */
#include "mchat/base/rate_limit.h"

bool rate_limit_take(struct rate_limit *allowance, unsigned per_second,
	uint64_t first, struct instant now)
{
	struct duration passed = instant_until(allowance->filled, now);

	allowance->left += (double)passed.ns * per_second / (double)NS_PER_S;
	allowance->left += (double)(first - allowance->seen);
	if (allowance->filled.ns == 0 || allowance->left > per_second)
		allowance->left = per_second;
	allowance->filled = now;
	allowance->seen = first;
	if (allowance->left < 1)
		return false;
	allowance->left--;
	return true;
}
