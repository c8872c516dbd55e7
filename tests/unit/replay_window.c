/* SPDX-License-Identifier: ISC */
/* Each number is new once, and none below the window is. */
#include "mchat/seal/replay_window.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/base/prng.h"

#define SIZE ((uint64_t)REPLAY_WINDOW_SIZE)

static bool take(struct replay_window *window, uint64_t number)
{
	if (!replay_window_is_new(window, number))
		return false;
	replay_window_mark(window, number);
	return true;
}

static void test_order(void)
{
	struct replay_window window = {0};
	bool in_order = true;

	for (uint64_t number = 1; number <= 3 * SIZE; number++)
		in_order = in_order && take(&window, number);
	tap_ok(in_order, "numbers in order are new");
	tap_ok(!take(&window, 3 * SIZE), "the last one is not, again");
	tap_ok(!take(&window, 2 * SIZE + 1),
		"the oldest of the window neither");
	tap_ok(!take(&window, 1), "nor the first one of all");
}

static void test_edges(void)
{
	struct replay_window window = {0};

	tap_ok(take(&window, SIZE + 100), "a number far ahead is new");
	tap_ok(take(&window, 101), "4095 behind is new");
	tap_ok(!take(&window, 101), "once");
	tap_ok(!take(&window, 100), "4096 behind is too old");
	tap_ok(take(&window, SIZE + 101), "the next one is new");
	tap_ok(!take(&window, 101), "and has moved the window by one");
	tap_ok(take(&window, 102), "exactly");
	tap_ok(take(&window, SIZE + 101 + SIZE), "a jump by the window's size");
	tap_ok(take(&window, SIZE + 102), "leaves all others new");
	tap_ok(!take(&window, SIZE + 101), "within the window");
	tap_ok(take(&window, (UINT64_C(1) << 40) - 1), "the largest number");
	tap_ok(!take(&window, (UINT64_C(1) << 40) - 1), "once");
	tap_ok(take(&window, (UINT64_C(1) << 40) - 2), "the one before");
}

/* Looking changes nothing: what was not authentic is not marked. */
static void test_looking(void)
{
	struct replay_window window = {0};
	struct replay_window before;

	take(&window, 5000);
	before = window;
	replay_window_is_new(&window, 7000);
	replay_window_is_new(&window, 4999);
	replay_window_is_new(&window, 1);
	tap_ok(memcmp(&window, &before, sizeof(window)) == 0,
		"looking leaves the window as it is");
}

/* Against a list of all that were taken. */
static void test_model(void)
{
	enum { NUMBERS = 60000, STEPS = 200000 };
	struct replay_window window = {0};
	struct prng prng = {7};
	bool *seen = calloc(NUMBERS + 1, sizeof(*seen));
	uint64_t highest = 0;
	size_t wrong = 0;

	if (!seen)
		abort();
	for (int i = 0; i < STEPS; i++) {
		uint64_t centre = (uint64_t)i / 4 + 1;
		uint64_t reach = i % 1000 == 0 ? 9000 : i % 10 ? 70 : 4200;
		uint64_t number = centre + prng_next(&prng) % reach;
		bool expected;

		if (number > NUMBERS)
			number = NUMBERS;
		expected = !seen[number] && number + SIZE > highest;
		wrong += take(&window, number) != expected;
		seen[number] = seen[number] || expected;
		if (number > highest)
			highest = number;
	}
	free(seen);
	tap_is_int((intmax_t)wrong, 0, "as a list of all numbers has it");
}

int main(void)
{
	test_order();
	test_edges();
	test_looking();
	test_model();
	return tap_done();
}
