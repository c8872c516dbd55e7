/* SPDX-License-Identifier: ISC */
/* Ends the program, aloud, when a call of an engine does not come back. */
#ifndef MCHAT_TESTS_SIM_WATCHDOG_H
#define MCHAT_TESTS_SIM_WATCHDOG_H

#include <stdint.h>

/*
 * From here on this run may take so many seconds of processor time; past that,
 * the command that replays it is printed and the program exits with status 1.
 */
void watchdog_start(const char *command, const char *scenario, uint64_t seed,
	unsigned seconds);
void watchdog_stop(void);

#endif
