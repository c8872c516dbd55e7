/* SPDX-License-Identifier: ISC */
#include "random.h"

#include <stdlib.h>

static uint64_t state;

uint64_t random_seed(void)
{
	const char *given = getenv("SEED");

	/* Odd, since xorshift never leaves zero. */
	return given ? strtoull(given, NULL, 10) | 1 : 20250101;
}

void random_restart(void)
{
	state = random_seed();
}

/* Marsaglia's xorshift64. */
uint64_t random_next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

size_t random_below(size_t bound)
{
	return (size_t)(random_next() % bound);
}
