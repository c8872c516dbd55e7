/* SPDX-License-Identifier: ISC */
/* How fast bytes come: near the truth when they come evenly, and as fast as
 * they came last when nothing comes any more. */
#include "mchat/base/byte_rate.h"

#include "tap.h"

static struct instant at(int64_t us)
{
	return (struct instant){NS_PER_S + us * NS_PER_US};
}

int main(void)
{
	struct byte_rate rate = {0};
	double seen;

	tap_ok(byte_rate_get(&rate) == 0, "at first nothing comes");
	byte_rate_add(&rate, 100, at(0));
	tap_ok(byte_rate_get(&rate) > 0 && byte_rate_get(&rate) < 20000,
		"a lone packet of 100 bytes is slow: %.0f",
		byte_rate_get(&rate));
	for (int64_t i = 1; i <= 1000; i++)
		byte_rate_add(&rate, 1400, at(i * 100));
	seen = byte_rate_get(&rate);
	tap_ok(seen > 0.9 * 14e6 && seen < 1.1 * 14e6,
		"1,400 bytes each 0.1 ms are 14 MB/s: %.0f", seen);
	for (int64_t i = 1; i <= 200; i++)
		byte_rate_add(&rate, 100, at(100000 + i * 10000));
	seen = byte_rate_get(&rate);
	tap_ok(seen > 9000 && seen < 30000,
		"100 bytes each 10 ms are little, soon after: %.0f", seen);
	byte_rate_add(&rate, 0, at(3600 * INT64_C(1000000)));
	tap_ok(byte_rate_get(&rate) < 10, "after an hour nothing is left");
	return tap_done();
}
