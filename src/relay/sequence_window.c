/* SPDX-License-Identifier: ISC */
#include "mchat/relay/sequence_window.h"

#include <string.h>

#define WORDS (SEQUENCE_WINDOW_SIZE / 64)

/* Numbers share a word by 64; a word is cleared when the highest enters it, so
 * up to 63 numbers at the lower end are forgotten early. */
#define KEPT (SEQUENCE_WINDOW_SIZE - 64)

static void move_to(struct sequence_window *window, uint64_t number)
{
	uint64_t from = window->highest / 64;
	uint64_t to = number / 64;

	if (to - from >= WORDS)
		memset(window->bits, 0, sizeof(window->bits));
	else
		while (from < to)
			window->bits[++from % WORDS] = 0;
	window->highest = number;
}

enum sequence_result sequence_window_take(
	struct sequence_window *window, uint64_t number)
{
	uint64_t *word = &window->bits[number / 64 % WORDS];
	uint64_t bit = (uint64_t)1 << number % 64;

	if (number > window->highest)
		move_to(window, number);
	else if (window->highest - number >= KEPT)
		return SEQUENCE_OLD;
	if (*word & bit)
		return SEQUENCE_DOUBLE;
	*word |= bit;
	return SEQUENCE_NEW;
}
