/* SPDX-License-Identifier: ISC */
/* The generator against published numbers, and its ranges. */
#include "mchat/base/prng.h"

#include <stddef.h>

#include "random.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROUNDS       100000

/* What splitmix64.c of Vigna gives for the seed 1234567. */
static void published_numbers(void)
{
	static const uint64_t expected[] = {
		UINT64_C(6457827717110365317),
		UINT64_C(3203168211198807973),
		UINT64_C(9817491932198370423),
		UINT64_C(4593380528125082431),
		UINT64_C(16408922859458223821),
	};
	struct prng prng = {1234567};
	size_t same = 0;

	for (size_t i = 0; i < COUNT(expected); i++)
		same += prng_next(&prng) == expected[i];
	tap_is_int((intmax_t)same, COUNT(expected),
		"the numbers are those published for splitmix64");
}

static void units(void)
{
	struct prng prng = {random_seed()};
	double sum = 0;
	double least = 1;
	double most = 0;

	for (int i = 0; i < ROUNDS; i++) {
		double unit = prng_unit(&prng);

		sum += unit;
		least = unit < least ? unit : least;
		most = unit > most ? unit : most;
	}
	tap_ok(least >= 0 && most < 1, "a unit is at least 0 and less than 1");
	tap_ok(least < 0.001 && most > 0.999, "units come near 0 and 1");
	tap_ok(sum / ROUNDS > 0.49 && sum / ROUNDS < 0.51,
		"units are one half on average");
}

static void durations(void)
{
	struct prng prng = {random_seed()};
	struct duration low = duration_ms(5);
	struct duration high = duration_ms(20);
	int64_t least = INT64_MAX;
	int64_t most = 0;

	for (int i = 0; i < ROUNDS; i++) {
		int64_t ns = prng_duration(&prng, low, high).ns;

		least = ns < least ? ns : least;
		most = ns > most ? ns : most;
	}
	tap_ok(least >= low.ns && most < high.ns,
		"a duration is within its range");
	tap_ok(least < duration_us(5010).ns && most > duration_us(19990).ns,
		"durations come near both ends");
	tap_is_int(prng_duration(&prng, low, low).ns, low.ns,
		"a duration of an empty range is its only value");
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	published_numbers();
	units();
	durations();
	return tap_done();
}
