/* SPDX-License-Identifier: ISC */
/* Chance: each run has its own, and one seed decides all of it. */
#ifndef MCHAT_TESTS_SIM_DICE_H
#define MCHAT_TESTS_SIM_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

/* The same seed gives another run in another scenario. */
void dice_init(struct dice *dice, uint64_t seed, const char *scenario);

uint64_t dice_next(struct dice *dice);

/* Less than `bound`; 0 when that is 0. */
uint64_t dice_below(struct dice *dice, uint64_t bound);

/* True `ppm` times in a million. */
bool dice_chance(struct dice *dice, unsigned ppm);

/* One step of mixing, for hashes. */
uint64_t dice_mix(uint64_t value);

#endif
