/* SPDX-License-Identifier: ISC */
#include "mchat/io/throttle.h"

void throttle_add(struct throttle *throttle, uint64_t count, struct instant now)
{
	if (count == 0)
		return;
	if (throttle->count == 0)
		throttle->due = instant_after(now, duration_ms(THROTTLE_MS));
	throttle->count += count;
}

bool throttle_take(struct throttle *throttle, struct instant now, uint64_t *out)
{
	if (throttle->count == 0 || instant_before(now, throttle->due))
		return false;
	*out = throttle->count;
	*throttle = THROTTLE_NONE;
	return true;
}
