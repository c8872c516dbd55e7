/* SPDX-License-Identifier: ISC */
/* Random numbers for tests: the same everywhere for the same seed. */
#ifndef MCHAT_TESTS_RANDOM_H
#define MCHAT_TESTS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The seed of this run: the environment's SEED, or a fixed one. */
uint64_t random_seed(void);

/* Starts again from the seed, which a failing test should print. */
void random_restart(void);

/* The next number; and one that is less than `bound` > 0. */
uint64_t random_next(void);
size_t random_below(size_t bound);

#endif
