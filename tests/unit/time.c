/* SPDX-License-Identifier: ISC */
/* Arithmetic on instants and durations, and where it saturates. */
#include "mchat/base/time.h"

#include "tap.h"

static struct instant at(int64_t ns)
{
	return (struct instant){ns};
}

static void units(void)
{
	tap_is_int(duration_us(1).ns, 1000, "a microsecond");
	tap_is_int(duration_ms(1).ns, 1000000, "a millisecond");
	tap_is_int(duration_ms(-3).ns, -3000000,
		"a negative number of milliseconds");
	tap_ok(duration_us(1000).ns == duration_ms(1).ns &&
			duration_ms(1000).ns == NS_PER_S,
		"a thousand of each is the next");
	tap_is_int(duration_ms(INT64_C(86400000) * 365).ns,
		INT64_C(31536000000000000), "a year of milliseconds fits");
}

static void order(void)
{
	tap_ok(instant_before(at(-1), at(0)),
		"an earlier instant is before a later one");
	tap_ok(!instant_before(at(0), at(0)),
		"an instant is not before itself");
	tap_ok(!instant_before(at(1), at(0)),
		"a later instant is not before an earlier one");
	tap_ok(instant_before(at(INT64_MAX - 1), INSTANT_NEVER),
		"everything is before never");
	tap_is_int(instant_earlier(at(3), at(5)).ns, 3,
		"the earlier of two, given first");
	tap_is_int(instant_earlier(at(5), at(3)).ns, 3,
		"the earlier of two, given second");
	tap_is_int(instant_earlier(INSTANT_NEVER, at(3)).ns, 3,
		"an instant is earlier than never");
	tap_ok(instant_is_never(INSTANT_NEVER) &&
			!instant_is_never(at(INT64_MAX - 1)) &&
			!instant_is_never(at(0)),
		"only never is never");
}

static void sums(void)
{
	struct duration second = {NS_PER_S};
	struct duration none = {0};
	struct duration longest = {INT64_MAX};

	tap_is_int(instant_after(at(5), second).ns, NS_PER_S + 5,
		"a second after an instant");
	tap_is_int(instant_after(at(-5), none).ns, -5,
		"no time after an instant is the same instant");
	tap_ok(instant_is_never(instant_after(INSTANT_NEVER, none)),
		"never stays never");
	tap_ok(instant_is_never(instant_after(INSTANT_NEVER, second)),
		"a second after never is never");
	tap_is_int(instant_after(at(INT64_MAX - NS_PER_S - 1), second).ns,
		INT64_MAX - 1, "the last sum that fits");
	tap_ok(instant_is_never(
		       instant_after(at(INT64_MAX - NS_PER_S + 1), second)),
		"a sum that does not fit is never");
	tap_ok(instant_is_never(instant_after(at(1), longest)),
		"the longest duration after an instant is never");
	tap_is_int(instant_after(at(-1), longest).ns, INT64_MAX - 1,
		"the longest duration fits after an instant before zero");
	tap_is_int(instant_until(at(3), at(10)).ns, 7,
		"until a later instant the duration is positive");
	tap_is_int(instant_until(at(10), at(3)).ns, -7,
		"until an earlier instant the duration is negative");
}

int main(void)
{
	units();
	order();
	sums();
	return tap_done();
}
