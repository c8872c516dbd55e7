/* SPDX-License-Identifier: ISC */
#include "mchat/chat/hold.h"

#include "tap.h"

#define LARGE_BUFFER (4 * 1024 * 1024)

static struct instant at_us(int64_t us)
{
	return (struct instant){NS_PER_S + us * NS_PER_US};
}

static bool is_held(const struct hold *hold, int64_t us)
{
	return instant_before(at_us(us), hold->until);
}

static void test_sparse(void)
{
	struct hold hold;
	bool held = false;

	hold_init(&hold, LARGE_BUFFER);
	for (int64_t us = 0; us < 1000000; us += 100) {
		hold_note(&hold, 1, at_us(us));
		held = held || is_held(&hold, us);
	}
	tap_ok(!held, "10,000 single datagrams a second are never held");
}

static void test_dense(void)
{
	struct hold hold;

	hold_init(&hold, LARGE_BUFFER);
	hold_note(&hold, HOLD_DENSE - 1, at_us(0));
	tap_ok(!is_held(&hold, 0), "one less than dense is not held");
	hold_note(&hold, 1, at_us(HOLD_WINDOW_US));
	tap_ok(!is_held(&hold, HOLD_WINDOW_US), "nor is one in a new window");
	hold_note(&hold, HOLD_DENSE - 1, at_us(HOLD_WINDOW_US + 1));
	tap_ok(is_held(&hold, HOLD_WINDOW_US + 1), "dense traffic is held");
	tap_ok(is_held(&hold, HOLD_WINDOW_US + HOLD_MAX_US), "for the time");
	tap_ok(!is_held(&hold, HOLD_WINDOW_US + HOLD_MAX_US + 1),
		"and not longer");
}

static void test_small_buffer(void)
{
	struct hold hold;

	hold_init(&hold, 212992 / 2);
	hold_note(&hold, HOLD_DENSE, at_us(0));
	tap_ok(is_held(&hold, 0) && !is_held(&hold, 100),
		"a small receive buffer is held for less");
	hold_init(&hold, 0);
	hold_note(&hold, HOLD_DENSE, at_us(0));
	tap_ok(!is_held(&hold, 0), "none is not held");
}

int main(void)
{
	test_sparse();
	test_dense();
	test_small_buffer();
	return tap_done();
}
