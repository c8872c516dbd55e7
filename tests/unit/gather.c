/* SPDX-License-Identifier: ISC */
#include "mchat/chat/gather.h"

#include "tap.h"

static struct instant at_ms(int64_t ms)
{
	return (struct instant){ms * NS_PER_MS};
}

int main(void)
{
	struct gather gather = GATHER_NOTHING;
	uint64_t count = 77;

	tap_ok(instant_is_never(gather.due), "without news nothing is due");
	tap_ok(!gather_take(&gather, INSTANT_NEVER, &count) && count == 77,
		"nor is anything taken");
	gather_add(&gather, 0, at_ms(0));
	tap_ok(instant_is_never(gather.due), "none is no news");
	gather_add(&gather, 3, at_ms(1000));
	gather_add(&gather, 4, at_ms(1200));
	tap_is_int(gather.due.ns, at_ms(1000 + GATHER_MS).ns,
		"the first of them says when");
	tap_ok(!gather_take(&gather, at_ms(999 + GATHER_MS), &count),
		"before that they wait");
	tap_ok(gather_take(&gather, at_ms(1000 + GATHER_MS), &count) &&
			count == 7,
		"then all are told");
	tap_ok(!gather_take(&gather, INSTANT_NEVER, &count), "once");
	gather_add(&gather, 1, at_ms(5000));
	tap_ok(gather_take(&gather, INSTANT_NEVER, &count) && count == 1,
		"at the end nothing waits");
	return tap_done();
}
