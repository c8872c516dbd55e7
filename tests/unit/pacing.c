/* SPDX-License-Identifier: ISC */
/* The token bucket: bursts, waits, and a clock that does not move. */
#include "mchat/protocol/pacing.h"

#include <stdint.h>

#include "tap.h"

#define PACKET 1400
#define RATE   1000000.0 /* bytes a second */

static void bucket(void)
{
	struct instant now = {NS_PER_S};
	struct pacing pacing;
	double sent = 0;

	pacing_init(&pacing, now);
	while (pacing_allows(&pacing, RATE, now)) {
		pacing_spend(&pacing, PACKET);
		sent += PACKET;
	}
	tap_is_int((intmax_t)sent, INT64_C(10) * PACKET,
		"at first ten packets may leave at once");
	tap_ok(instant_before(now, pacing_deadline(&pacing, RATE)),
		"after the burst there is a wait");
	for (int64_t i = 0; i < 10000; i++) {
		struct instant due = pacing_deadline(&pacing, RATE);

		if (!instant_before(now, due) && i > 0)
			break;
		now = due;
		while (pacing_allows(&pacing, RATE, now)) {
			pacing_spend(&pacing, PACKET);
			sent += PACKET;
		}
	}
	sent /= (double)(now.ns - NS_PER_S) / (double)NS_PER_S;
	tap_ok(sent > RATE * 0.99 && sent < RATE * 1.01,
		"waiting for each deadline gives the rate: %.0f bytes a second",
		sent);
}

static void time_stands_still(void)
{
	struct instant now = {NS_PER_S};
	struct instant earlier = {NS_PER_S / 2};
	struct pacing pacing;

	pacing_init(&pacing, now);
	pacing_spend(&pacing, 100000);
	tap_ok(!pacing_allows(&pacing, RATE, earlier),
		"in debt, nothing may leave at an earlier time");
	tap_ok(!pacing_allows(&pacing, RATE, now),
		"in debt, nothing may leave at the same time");
	now.ns += 3600 * NS_PER_S;
	tap_ok(pacing_allows(&pacing, RATE, now) &&
			pacing.tokens <= PACING_BURST,
		"an hour later one burst may leave, not more");
}

int main(void)
{
	bucket();
	time_stands_still();
	return tap_done();
}
