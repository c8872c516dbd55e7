/* SPDX-License-Identifier: ISC */
#include "mchat/io/throttle.h"

#include "tap.h"

static struct instant at_ms(int64_t ms)
{
	return (struct instant){ms * NS_PER_MS};
}

int main(void)
{
	struct throttle throttle = THROTTLE_NONE;
	uint64_t count = 77;

	tap_ok(instant_is_never(throttle.due), "without news nothing is due");
	tap_ok(!throttle_take(&throttle, INSTANT_NEVER, &count) && count == 77,
		"without news nothing is taken");
	throttle_add(&throttle, 0, at_ms(0));
	tap_ok(instant_is_never(throttle.due), "a count of 0 is no news");
	throttle_add(&throttle, 3, at_ms(1000));
	throttle_add(&throttle, 4, at_ms(1200));
	tap_is_int(throttle.due.ns, at_ms(1000 + THROTTLE_MS).ns,
		"the first news set when all are told");
	tap_ok(!throttle_take(&throttle, at_ms(999 + THROTTLE_MS), &count),
		"news wait until that time");
	tap_ok(throttle_take(&throttle, at_ms(1000 + THROTTLE_MS), &count) &&
			count == 7,
		"at that time all news are told together");
	tap_ok(!throttle_take(&throttle, INSTANT_NEVER, &count),
		"news are told once");
	throttle_add(&throttle, 1, at_ms(5000));
	tap_ok(throttle_take(&throttle, INSTANT_NEVER, &count) && count == 1,
		"at the very end news do not wait");
	return tap_done();
}
