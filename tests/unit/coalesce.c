/* SPDX-License-Identifier: ISC */
#include "mchat/io/coalesce.h"

#include "tap.h"

#define LARGE_BUFFER (4 * 1024 * 1024)

static struct instant at_us(int64_t us)
{
	return (struct instant){NS_PER_S + us * NS_PER_US};
}

static bool is_held(const struct coalesce *coalesce, int64_t us)
{
	return instant_before(at_us(us), coalesce->until);
}

static void test_sparse(void)
{
	struct coalesce coalesce;
	bool held = false;

	coalesce_init(&coalesce, LARGE_BUFFER);
	for (int64_t us = 0; us < 1000000; us += 100) {
		coalesce_note(&coalesce, 1, at_us(us));
		held = held || is_held(&coalesce, us);
	}
	tap_ok(!held, "10,000 single datagrams a second are never held");
}

static void test_dense(void)
{
	struct coalesce coalesce;

	coalesce_init(&coalesce, LARGE_BUFFER);
	coalesce_note(&coalesce, COALESCE_DENSE - 1, at_us(0));
	tap_ok(!is_held(&coalesce, 0), "one less than dense is not held");
	coalesce_note(&coalesce, 1, at_us(COALESCE_WINDOW_US));
	tap_ok(!is_held(&coalesce, COALESCE_WINDOW_US),
		"nor is one in a new window");
	coalesce_note(
		&coalesce, COALESCE_DENSE - 1, at_us(COALESCE_WINDOW_US + 1));
	tap_ok(is_held(&coalesce, COALESCE_WINDOW_US + 1),
		"dense traffic is held");
	tap_ok(is_held(&coalesce, COALESCE_WINDOW_US + COALESCE_MAX_US),
		"for the time");
	tap_ok(!is_held(&coalesce, COALESCE_WINDOW_US + COALESCE_MAX_US + 1),
		"and not longer");
}

static void test_small_buffer(void)
{
	struct coalesce coalesce;

	coalesce_init(&coalesce, 212992 / 2);
	coalesce_note(&coalesce, COALESCE_DENSE, at_us(0));
	tap_ok(is_held(&coalesce, 0) && !is_held(&coalesce, 100),
		"a small receive buffer is held for less");
	coalesce_init(&coalesce, 0);
	coalesce_note(&coalesce, COALESCE_DENSE, at_us(0));
	tap_ok(!is_held(&coalesce, 0), "none is not held");
}

int main(void)
{
	test_sparse();
	test_dense();
	test_small_buffer();
	return tap_done();
}
