/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/backoff.h"

#include <stdint.h>

#include "mchat/base/prng.h"

/* Of 1 and more: how often it can be halved, with a linear fraction.  Good to
 * a tenth, which is enough here, and needs no libm. */
static double log2_about(double x)
{
	double whole = 0;

	while (x >= 2) {
		x /= 2;
		whole++;
	}
	return whole + x - 1;
}

struct duration backoff_wait(
	struct prng *prng, struct duration longest, size_t group)
{
	/*
	 * The density grows like 2^(steps * t): seen from the end, each step
	 * of equal length halves the number of members that are through.
	 */
	double steps = log2_about((double)(group + 1)) + 1;
	double level = 1;
	double unit = prng_unit(prng);

	for (int i = 0; i < (int)steps + 1; i++)
		level *= 2;
	return (struct duration){
		(int64_t)((double)longest.ns *
			  log2_about(1 + unit * (level - 1)) / (steps + 1))};
}
