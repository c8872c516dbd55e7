/* SPDX-License-Identifier: ISC */
/* The heartbeat of an author whose packets are not confirmed. */
#include "mchat/protocol/timers.h"

#include "ether.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"

enum { ANN, BOB };

/* As mchat-protocol(7) has them. */
#define FIRST_MS 6
#define MAX_MS   1500

/* Beats until the longest interval is reached, and some more. */
#define DOUBLINGS 8
#define BEATS     20

static int64_t ms(struct duration duration)
{
	return duration.ns / NS_PER_MS;
}

/* From the first interval on each is twice the one before, up to the longest:
 * however long nobody confirms, the next beat is never further off. */
static void test_intervals(struct engine *e, struct instant start)
{
	int64_t expected = FIRST_MS;
	struct instant now = start;

	timers_start_heartbeat(e, now);
	for (unsigned beat = 0; beat < BEATS; beat++) {
		tap_is_int(ms(instant_until(now, e->heartbeat_at)), expected,
			"the interval before a beat");
		now = e->heartbeat_at;
		timers_tick(e, now);
		expected = beat < DOUBLINGS - 1 ? 2 * expected : MAX_MS;
	}
}

static void test_restart(struct engine *e, struct instant now)
{
	timers_start_heartbeat(e, now);
	tap_is_int(ms(instant_until(now, e->heartbeat_at)), FIRST_MS,
		"what is said next begins anew");
	timers_stop_heartbeat(e);
	tap_ok(instant_is_never(e->heartbeat_at),
		"when all is confirmed there is no beat");
}

int main(void)
{
	struct ether ether;

	ether_init(&ether);
	ether_meet(&ether, 2);
	test_intervals(ether.engines[ANN], ether.now);
	test_restart(ether.engines[ANN], ether.now);
	ether_fini(&ether);
	return tap_done();
}
