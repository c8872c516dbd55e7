/* SPDX-License-Identifier: ISC */
#include "mchat/io/receive_coalescing.h"

#include "tap.h"

#define LARGE_BUFFER (4 * 1024 * 1024)

static struct instant at_us(int64_t us)
{
	return (struct instant){NS_PER_S + us * NS_PER_US};
}

static bool is_held(const struct receive_coalescing *coalescing, int64_t us)
{
	return instant_before(at_us(us), coalescing->until);
}

static void test_sparse(void)
{
	struct receive_coalescing coalescing;
	bool held = false;

	receive_coalescing_init(&coalescing, LARGE_BUFFER);
	for (int64_t us = 0; us < 1000000; us += 100) {
		receive_coalescing_note(&coalescing, 1, at_us(us));
		held = held || is_held(&coalescing, us);
	}
	tap_ok(!held, "10,000 single datagrams a second are never held");
}

static void test_dense(void)
{
	struct receive_coalescing coalescing;

	receive_coalescing_init(&coalescing, LARGE_BUFFER);
	receive_coalescing_note(
		&coalescing, RECEIVE_COALESCING_DENSE - 1, at_us(0));
	tap_ok(!is_held(&coalescing, 0), "one less than dense is not held");
	receive_coalescing_note(
		&coalescing, 1, at_us(RECEIVE_COALESCING_WINDOW_US));
	tap_ok(!is_held(&coalescing, RECEIVE_COALESCING_WINDOW_US),
		"a datagram in a new window is not held");
	receive_coalescing_note(&coalescing, RECEIVE_COALESCING_DENSE - 1,
		at_us(RECEIVE_COALESCING_WINDOW_US + 1));
	tap_ok(is_held(&coalescing, RECEIVE_COALESCING_WINDOW_US + 1),
		"dense traffic is held");
	tap_ok(is_held(&coalescing, RECEIVE_COALESCING_WINDOW_US +
					    RECEIVE_COALESCING_MAX_US),
		"dense traffic is held for the full time");
	tap_ok(!is_held(&coalescing, RECEIVE_COALESCING_WINDOW_US +
					     RECEIVE_COALESCING_MAX_US + 1),
		"dense traffic is held no longer than that");
}

static void test_small_buffer(void)
{
	struct receive_coalescing coalescing;

	receive_coalescing_init(&coalescing, 212992 / 2);
	receive_coalescing_note(
		&coalescing, RECEIVE_COALESCING_DENSE, at_us(0));
	tap_ok(is_held(&coalescing, 0) && !is_held(&coalescing, 100),
		"a small receive buffer is held for less");
	receive_coalescing_init(&coalescing, 0);
	receive_coalescing_note(
		&coalescing, RECEIVE_COALESCING_DENSE, at_us(0));
	tap_ok(!is_held(&coalescing, 0),
		"with no receive buffer nothing is held");
}

int main(void)
{
	test_sparse();
	test_dense();
	test_small_buffer();
	return tap_done();
}
