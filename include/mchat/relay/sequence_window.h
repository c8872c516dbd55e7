/* SPDX-License-Identifier: ISC */
/* Which of the last numbers were seen: the anti-replay window of RFC 6479, as a
 * bit for each number below the highest. */
#ifndef MCHAT_RELAY_SEQUENCE_WINDOW_H
#define MCHAT_RELAY_SEQUENCE_WINDOW_H

#include <stdint.h>

/* Numbers that are kept: at 20,000 packets a second a fifth of a second, by
 * which the slower of two ways may be behind. */
#define SEQUENCE_WINDOW_SIZE 4096

struct sequence_window {
	uint64_t highest; /* that was seen; 0: none */
	uint64_t bits[SEQUENCE_WINDOW_SIZE / 64];
};

enum sequence_result {
	SEQUENCE_NEW,
	SEQUENCE_DOUBLE,
	SEQUENCE_OLD, /* below the window: unknown */
};

/* Takes a number, from 1 on, into a window that begins as {0}. */
enum sequence_result sequence_window_take(
	struct sequence_window *window, uint64_t number);

#endif
