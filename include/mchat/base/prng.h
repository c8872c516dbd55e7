/* SPDX-License-Identifier: ISC */
/* Random choices from a seed: splitmix64 (Steele, Lea, Flood 2014). */
#ifndef MCHAT_BASE_PRNG_H
#define MCHAT_BASE_PRNG_H

#include <stdint.h>

#include "mchat/base/time.h"

struct prng {
	uint64_t state; /* initially the seed, which may be any number */
};

static inline uint64_t prng_next(struct prng *prng)
{
	uint64_t z = prng->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* At least 0 and less than 1. */
static inline double prng_unit(struct prng *prng)
{
	return (double)(prng_next(prng) >> 11) * 0x1p-53;
}

/* At least `low` and less than `high`; `low` when they are equal. */
static inline struct duration prng_duration(
	struct prng *prng, struct duration low, struct duration high)
{
	double span = (double)(high.ns - low.ns);

	return (struct duration){low.ns + (int64_t)(prng_unit(prng) * span)};
}

#endif
