/* SPDX-License-Identifier: ISC */
/* Plays a scenario with many seeds, sums up, and prints what came of it. */
#ifndef MCHAT_TESTS_SIM_TALLY_H
#define MCHAT_TESTS_SIM_TALLY_H

#include <stdint.h>

struct scenario;

/* The names of the columns of what follows. */
void tally_print_head(void);

/*
 * Plays `seeds` seeds from `seed` on, or one in as many as the scenario costs,
 * and prints a line; before it the first violation, which `command` replays.
 * Returns the number of violations, and adds to *steps.
 */
uint64_t tally_play(const struct scenario *scenario, uint64_t seeds,
	uint64_t seed, const char *command, uint64_t *steps);

#endif
