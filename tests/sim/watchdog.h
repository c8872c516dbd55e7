/* SPDX-License-Identifier: ISC */
/* Ends the program, aloud, when a call of an engine does not come back. */
#ifndef MCHAT_TESTS_SIM_WATCHDOG_H
#define MCHAT_TESTS_SIM_WATCHDOG_H

#include <stdint.h>

/*
 * From here on no step of this run may take twice WATCHDOG_SECONDS of processor
 * time, which is many thousand times what it should: past that, the command
 * that replays it is printed and the program exits with status 1.
 */
#define WATCHDOG_SECONDS 60

void watchdog_start(const char *command, const char *scenario, uint64_t seed);
void watchdog_stop(void);

/* A step of the run has begun. */
void watchdog_step(void);

#endif
