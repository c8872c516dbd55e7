/* SPDX-License-Identifier: ISC */
/*
 * What a process must not forget when it leaves one private group for another:
 * the clock that it opens with, and the sessions that it sealed under.
 */
#ifndef MCHAT_SEAL_HISTORY_H
#define MCHAT_SEAL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/seal/opening_clock.h"

/* Former sessions that are still known for ours.  An older one is no danger:
 * its packets are out of time, or have our own member id. */
#define SEAL_HISTORY_SESSIONS_MAX 64

/* Begins as {0}, and outlives every seal that was given it. */
struct seal_history {
	struct opening_clock clock;
	uint64_t sessions[SEAL_HISTORY_SESSIONS_MAX]; /* a ring */
	size_t count;                                 /* ever added */
};

/* Adds a session under which nothing will be sealed any more. */
void seal_history_add(struct seal_history *history, uint64_t session);

bool seal_history_has(const struct seal_history *history, uint64_t session);

#endif
