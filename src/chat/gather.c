/* SPDX-License-Identifier: ISC */
#include "mchat/chat/gather.h"

void gather_add(struct gather *gather, uint64_t count, struct instant now)
{
	if (count == 0)
		return;
	if (gather->count == 0)
		gather->due = instant_after(now, duration_ms(GATHER_MS));
	gather->count += count;
}

bool gather_take(struct gather *gather, struct instant now, uint64_t *out)
{
	if (gather->count == 0 || instant_before(now, gather->due))
		return false;
	*out = gather->count;
	*gather = GATHER_NOTHING;
	return true;
}
