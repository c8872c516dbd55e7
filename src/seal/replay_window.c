/* SPDX-License-Identifier: ISC */
#include "mchat/seal/replay_window.h"

#include <string.h>

#define WORD_BITS 64
#define WORDS     (REPLAY_WINDOW_SIZE / WORD_BITS)

static uint64_t bit_of(uint64_t number)
{
	return (uint64_t)1 << number % WORD_BITS;
}

/* The numbers after the highest, up to `number`, take the bits of those that
 * leave the window. */
static void move_to(struct replay_window *window, uint64_t number)
{
	uint64_t next = window->highest + 1;

	window->highest = number;
	if (number - next >= REPLAY_WINDOW_SIZE) {
		memset(window->bits, 0, sizeof(window->bits));
		return;
	}
	while (next <= number) {
		uint64_t *word = &window->bits[next / WORD_BITS % WORDS];

		if (next % WORD_BITS == 0 && number - next >= WORD_BITS) {
			*word = 0;
			next += WORD_BITS;
		} else {
			*word &= ~bit_of(next++);
		}
	}
}

bool replay_window_is_new(const struct replay_window *window, uint64_t number)
{
	if (number > window->highest)
		return true;
	if (window->highest - number >= REPLAY_WINDOW_SIZE)
		return false;
	return !(window->bits[number / WORD_BITS % WORDS] & bit_of(number));
}

void replay_window_mark(struct replay_window *window, uint64_t number)
{
	if (number > window->highest)
		move_to(window, number);
	window->bits[number / WORD_BITS % WORDS] |= bit_of(number);
}
