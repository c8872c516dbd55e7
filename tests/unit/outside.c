/* SPDX-License-Identifier: ISC */
/* What is told of who is outside of a private group, and how often. */
#include "mchat/chat/outside.h"

#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"

struct fixture {
	struct outside outside;
	struct instant now;
	struct event event;
};

static void fixture_init(struct fixture *f)
{
	*f = (struct fixture){.now = {NS_PER_S}};
	outside_init(&f->outside);
}

static void pass_ms(struct fixture *f, int64_t ms)
{
	f->now = instant_after(f->now, duration_ms(ms));
}

static struct address host(uint8_t number)
{
	return (struct address){
		.family = ADDRESS_IPV4,
		.bytes = {192, 0, 2, number},
		.port = 40000,
	};
}

/* A datagram comes from a host; whether that is told. */
static bool hear(struct fixture *f, enum seal_result result, uint8_t number)
{
	const struct address from = host(number);

	return outside_note(&f->outside, result, &from, f->now, &f->event);
}

static void test_notices(void)
{
	struct fixture f;

	fixture_init(&f);
	tap_ok(hear(&f, SEAL_PLAIN, 9), "the first is told at once");
	tap_is_int(f.event.kind, EVENT_OUTSIDE, "as an event");
	tap_is_int(f.event.outside.kind, EVENT_OUTSIDE_PLAIN, "of its kind");
	tap_is_int((intmax_t)f.event.outside.count, 1, "of one datagram");
	tap_is_int(f.event.outside.address.bytes[3], 9, "with its address");
	tap_is_int((intmax_t)f.event.member.id, 0, "and of no member");
	tap_ok(hear(&f, SEAL_OTHER_KEY, 9),
		"another kind is told at once, too");
	tap_is_int(f.event.outside.kind, EVENT_OUTSIDE_OTHER_KEY, "as that");
	tap_ok(hear(&f, SEAL_FORGED, 9), "and the third");
	tap_is_int(f.event.outside.kind, EVENT_OUTSIDE_FORGED, "as that");

	pass_ms(&f, OUTSIDE_INTERVAL_MS - 1);
	for (uint8_t i = 0; i < 100; i++)
		if (hear(&f, SEAL_PLAIN, i))
			break;
	tap_ok(!hear(&f, SEAL_PLAIN, 1),
		"then nothing is told for ten minutes, from wherever it comes");
	pass_ms(&f, 1);
	tap_ok(hear(&f, SEAL_PLAIN, 7), "after these it is");
	tap_is_int((intmax_t)f.event.outside.count, 102,
		"with how many came since");
	tap_is_int(f.event.outside.address.bytes[3], 7,
		"and the address of the last");
}

/* Two interfaces make replays, and our own are none of them. */
static void test_silence(void)
{
	static const enum seal_result silent[] = {SEAL_OPENED, SEAL_IGNORED,
		SEAL_ECHO, SEAL_REPLAYED, SEAL_UNPROVEN, SEAL_FULL,
		SEAL_COPIED};
	struct buffer summary = BUFFER_EMPTY;
	struct fixture f;
	int told = 0;

	fixture_init(&f);
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		told += hear(&f, silent[i], 9);
	tap_is_int(told, 0, "nothing else is told");
	tap_ok(!outside_append_summary(&f.outside, f.now, &summary),
		"and nobody is outside");
	tap_is_int((intmax_t)buffer_size(&summary), 0, "so nothing is said");
	buffer_fini(&summary);
}

static void summary_is(struct fixture *f, const char *expected)
{
	struct buffer summary = BUFFER_EMPTY;

	(void)outside_append_summary(&f->outside, f->now, &summary);
	buffer_append_char(&summary, '\0');
	tap_is_string(buffer_bytes(&summary), expected,
		*expected ? expected : "nobody is outside any more");
	buffer_fini(&summary);
}

static void test_summary(void)
{
	struct fixture f;

	fixture_init(&f);
	hear(&f, SEAL_OTHER_KEY, 1);
	summary_is(&f, "outside: 1 address with another key or room");
	pass_ms(&f, 1);
	hear(&f, SEAL_OTHER_KEY, 2);
	hear(&f, SEAL_OTHER_KEY, 2);
	hear(&f, SEAL_PLAIN, 2);
	summary_is(&f, "outside: 2 addresses with another key or room, "
		       "1 without a key");
	hear(&f, SEAL_FORGED, 3);
	pass_ms(&f, OUTSIDE_PRESENT_MS - 1);
	summary_is(&f, "outside: 1 address with another key or room, "
		       "1 without a key, 1 with forged or damaged packets");
	pass_ms(&f, 1);
	summary_is(&f, "");
	for (uint8_t i = 0; i < 200; i++) {
		pass_ms(&f, 1);
		hear(&f, SEAL_PLAIN, i);
	}
	summary_is(&f, "outside: 16 addresses without a key");
	hear(&f, SEAL_OTHER_KEY, 1);
	summary_is(&f, "outside: 1 address with another key or room, "
		       "15 without a key");
}

/* ---- clocks ---- */

static bool hear_clock(struct fixture *f, uint64_t session, int64_t ahead_s)
{
	const struct seal_opened opened = {
		.session = session, .ahead_s = ahead_s};
	const struct address from = host(5);

	return outside_note_clock(&f->outside, &opened, &from, &f->event);
}

static void test_clocks(void)
{
	struct fixture f;

	fixture_init(&f);
	tap_ok(!hear_clock(&f, 1, 10) && !hear_clock(&f, 1, -10),
		"ten seconds are nothing to be told");
	tap_ok(hear_clock(&f, 1, 11), "eleven are");
	tap_is_int(f.event.outside.kind, EVENT_OUTSIDE_TIME, "as of the time");
	tap_is_int((intmax_t)f.event.outside.ahead_s, 11, "with how much");
	tap_is_int(f.event.outside.address.bytes[3], 5, "and from where");
	tap_ok(!hear_clock(&f, 1, 3600), "once for a session");
	tap_ok(hear_clock(&f, 2, -11), "another is told of, too");
	for (uint64_t i = 3; i < 3 + OUTSIDE_SESSIONS - 2; i++)
		if (!hear_clock(&f, i, 60))
			tap_ok(false, "session %d is told of", (int)i);
	tap_ok(!hear_clock(&f, 1, 60), "64 sessions are remembered");
	tap_ok(hear_clock(&f, 1000, 60), "of one more");
	tap_ok(hear_clock(&f, 1, 60), "the first is forgotten");
}

int main(void)
{
	test_notices();
	test_silence();
	test_summary();
	test_clocks();
	return tap_done();
}
