/* SPDX-License-Identifier: ISC */
/*
 * Which of the last 4096 numbers of a session came in: the anti-replay window
 * of RFC 6479, a bit for each number in a ring.  Looking and marking are two
 * steps, since only what is authentic may be marked.
 */
#ifndef MCHAT_SEAL_REPLAY_WINDOW_H
#define MCHAT_SEAL_REPLAY_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

/* At 130,000 packets a second, of which one is late by 20 ms, 2600 are
 * needed. */
#define REPLAY_WINDOW_SIZE 4096

/* Begins as {0}. */
struct replay_window {
	uint64_t highest; /* that was marked; 0: none */
	uint64_t bits[REPLAY_WINDOW_SIZE / 64];
};

/* Whether a number, from 1 on, was not marked; false, too, where that is not
 * known any more: REPLAY_WINDOW_SIZE or more below the highest. */
bool replay_window_is_new(const struct replay_window *window, uint64_t number);

/* Marks a number that is new. */
void replay_window_mark(struct replay_window *window, uint64_t number);

#endif
