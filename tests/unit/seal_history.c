/* SPDX-License-Identifier: ISC */
/* The sessions that were ours. */
#include "mchat/seal/history.h"

#include "tap.h"

int main(void)
{
	struct seal_history history = {0};
	size_t wrong = 0;

	tap_ok(!seal_history_has(&history, 0), "no session is ours, nor is 0");
	for (uint64_t i = 1; i <= SEAL_HISTORY_SESSIONS_MAX; i++)
		seal_history_add(&history, i);
	for (uint64_t i = 1; i <= SEAL_HISTORY_SESSIONS_MAX; i++)
		wrong += !seal_history_has(&history, i);
	tap_is_int((intmax_t)wrong, 0, "64 are known");
	seal_history_add(&history, 100);
	tap_ok(seal_history_has(&history, 100), "and the next one");
	tap_ok(!seal_history_has(&history, 1), "in the place of the first");
	tap_ok(seal_history_has(&history, 2), "the second is still there");
	return tap_done();
}
