/* SPDX-License-Identifier: ISC */
#include "mchat/io/fault_injection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define MANY 10000

static struct instant at_ms(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

static struct datagram datagram_of(const char *text)
{
	return (struct datagram){
		.bytes = text,
		.size = strlen(text),
		.interface_index = 3,
		.hop_limit = 64,
	};
}

/* How many times a datagram is taken at once. */
static unsigned take(struct fault_injection *injection,
	const struct datagram *datagram, struct instant now)
{
	static const unsigned times[] = {
		[FAULT_NONE] = 1,
		[FAULT_DROP] = 0,
		[FAULT_REORDER] = 0,
		[FAULT_DUPLICATE] = 2,
	};

	return times[fault_injection_take(injection, datagram, now)];
}

/* Takes what is due, and writes it behind `out`. */
static size_t take_due(
	struct fault_injection *injection, struct instant now, char *out)
{
	struct datagram held;
	size_t count = 0;

	for (; fault_injection_next(injection, now, &held); count++) {
		strncat(out, held.bytes, held.size);
		free((void *)(uintptr_t)held.bytes);
	}
	return count;
}

/* How many come of MANY datagrams, all at one time. */
static unsigned take_many(struct fault_injection *injection)
{
	struct datagram datagram = datagram_of("x");
	unsigned taken = 0;
	char out[2 * MANY] = "";

	for (int i = 0; i < MANY; i++) {
		taken += take(injection, &datagram, at_ms(0));
		taken += (unsigned)take_due(injection, at_ms(0), out);
	}
	return taken;
}

static void test_never_and_always(void)
{
	struct fault_injection none = {.prng = {1}};
	struct fault_injection drop = {.rates = {.drop = 100}, .prng = {1}};
	struct fault_injection twice = {
		.rates = {.duplicate = 100}, .prng = {1}};

	tap_is_int(take_many(&none), MANY, "without faults each comes once");
	tap_is_int((intmax_t)none.prng.state, 1,
		"without faults no random number is drawn");
	tap_is_int(take_many(&drop), 0, "100 percent lost: none comes");
	tap_is_int((intmax_t)drop.dropped, MANY,
		"100 percent lost: all are counted");
	tap_is_int(take_many(&twice), INTMAX_C(2) * MANY,
		"100 percent doubled: each comes twice");
	tap_is_int((intmax_t)twice.duplicated, MANY,
		"100 percent doubled: each is counted once");
}

/* The rate is kept: 30 percent, give or take five standard deviations. */
static void test_rate(void)
{
	struct fault_injection injection = {.rates = {.drop = 30}, .prng = {7}};

	take_many(&injection);
	tap_ok(injection.dropped > 2770 && injection.dropped < 3230,
		"30 percent of %d are lost: %ju", MANY,
		(uintmax_t)injection.dropped);
}

/* Writes what a seed makes of 64 datagrams, a digit for each. */
static void play(uint64_t seed, char out[65])
{
	struct fault_injection injection = {
		.rates = {.drop = 20, .duplicate = 20, .reorder = 20},
		.prng = {seed},
	};
	struct datagram datagram = datagram_of("x");
	char due[65] = "";

	for (size_t i = 0; i < 64; i++) {
		unsigned taken = take(&injection, &datagram, at_ms(0));
		size_t more = take_due(&injection, at_ms(0), due);

		out[i] = (char)('0' + taken + 3 * more);
	}
	out[64] = '\0';
	fault_injection_fini(&injection);
}

static void test_seeds(void)
{
	char first[65];
	char again[65];
	char other[65];

	play(1, first);
	play(1, again);
	play(2, other);
	tap_is_string(again, first, "the same seed makes the same faults");
	tap_ok(strcmp(other, first) != 0, "another seed makes other faults");
}

/* A datagram that is held back comes when enough others went past it. */
static void test_overtaken(void)
{
	unsigned behind_least = FAULT_INJECTION_BEHIND_MAX;
	unsigned behind_most = 0;

	for (uint64_t seed = 0; seed < 100; seed++) {
		struct fault_injection injection = {
			.rates = {.reorder = 100}, .prng = {seed}};
		struct datagram datagram = datagram_of("late");
		char out[65] = "";
		unsigned passed = 0;

		take(&injection, &datagram, at_ms(0));
		injection.rates.reorder = 0;
		while (passed < 2 * FAULT_INJECTION_BEHIND_MAX &&
			take_due(&injection, at_ms(0), out) == 0)
			passed += take(&injection, &datagram, at_ms(0));
		if (passed < behind_least)
			behind_least = passed;
		if (passed > behind_most)
			behind_most = passed;
		fault_injection_fini(&injection);
	}
	tap_is_int(behind_least, 1,
		"at least one datagram overtakes what is held back");
	tap_is_int(behind_most, FAULT_INJECTION_BEHIND_MAX,
		"at most so many datagrams overtake what is held back");
}

static void test_time(void)
{
	struct fault_injection injection = {
		.rates = {.reorder = 100}, .prng = {1}};
	struct datagram datagram = datagram_of("late");
	struct datagram held;
	char out[65] = "";

	tap_ok(instant_is_never(fault_injection_deadline(&injection)),
		"when nothing is held back nothing is due");
	tap_is_int(take(&injection, &datagram, at_ms(0)), 0,
		"a datagram that is held back is not taken now");
	tap_is_int((intmax_t)injection.reordered, 1,
		"a datagram that is held back is counted");
	tap_is_int(fault_injection_deadline(&injection).ns,
		at_ms(FAULT_INJECTION_HELD_MS).ns,
		"a held datagram is due in time even if no others come");
	tap_is_int((intmax_t)take_due(
			   &injection, at_ms(FAULT_INJECTION_HELD_MS - 1), out),
		0, "a held datagram does not come before it is due");
	tap_ok(fault_injection_next(
		       &injection, at_ms(FAULT_INJECTION_HELD_MS), &held),
		"a held datagram comes when it is due");
	tap_ok(held.bytes != datagram.bytes, "a held datagram is a copy");
	tap_is_bytes(held.bytes, held.size, "late", 4,
		"a held datagram has the same bytes");
	tap_ok(held.hop_limit == 64 && held.interface_index == 3,
		"a held datagram knows its interface and hop limit");
	free((void *)(uintptr_t)held.bytes);
	tap_ok(!fault_injection_next(
		       &injection, at_ms(FAULT_INJECTION_HELD_MS), &held),
		"a held datagram comes once");
}

/* More than can be held back pass at once; the held ones keep their order. */
static void test_bound(void)
{
	struct fault_injection injection = {
		.rates = {.reorder = 100}, .prng = {1}};
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	char out[65] = "";
	unsigned passed = 0;

	for (size_t i = 0; i < sizeof(letters) - 1; i++) {
		struct datagram datagram = {.bytes = &letters[i], .size = 1};

		passed += take(&injection, &datagram, at_ms(0));
	}
	tap_is_int(passed, sizeof(letters) - 1 - FAULT_INJECTION_HELD_MAX,
		"datagrams beyond what can be held pass at once");
	tap_is_int((intmax_t)take_due(
			   &injection, at_ms(FAULT_INJECTION_HELD_MS), out),
		FAULT_INJECTION_HELD_MAX,
		"every datagram that was held back comes");
	tap_is_string(out, "abcdefghijklmnop",
		"datagrams that were held back come in order");
}

static void test_empty(void)
{
	struct fault_injection injection = {
		.rates = {.reorder = 100}, .prng = {1}};
	struct datagram datagram = datagram_of("");
	struct datagram held = {.size = 77};

	take(&injection, &datagram, at_ms(0));
	tap_ok(fault_injection_next(
		       &injection, at_ms(FAULT_INJECTION_HELD_MS), &held) &&
			held.size == 0,
		"an empty datagram may be held back, too");
	free((void *)(uintptr_t)held.bytes);
	take(&injection, &datagram, at_ms(0));
	fault_injection_fini(&injection);
	tap_ok(instant_is_never(fault_injection_deadline(&injection)),
		"after fini nothing is held back");
}

int main(void)
{
	test_never_and_always();
	test_rate();
	test_seeds();
	test_overtaken();
	test_time();
	test_bound();
	test_empty();
	return tap_done();
}
