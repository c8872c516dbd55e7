/* SPDX-License-Identifier: ISC */
/* Numbers: form, range, and the ends of what an int64_t holds. */
#include "mchat/base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/base/time.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The value of *out where it must stay untouched. */
#define UNTOUCHED 4711

/* A string whose terminator ends its allocation. */
static char *exact(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size);

	if (!copy)
		abort();
	memcpy(copy, text, size);
	return copy;
}

static void integers_in_range(void)
{
	static const struct {
		const char *text;
		int64_t low;
		int64_t high;
		enum number_result result;
		int64_t value;
	} cases[] = {
		{"0", 0, 255, NUMBER_OK, 0},
		{"255", 0, 255, NUMBER_OK, 255},
		{"256", 0, 255, NUMBER_TOO_LARGE, 0},
		{"-1", 0, 255, NUMBER_TOO_SMALL, 0},
		{"1", 2, 2, NUMBER_TOO_SMALL, 0},
		{"2", 2, 2, NUMBER_OK, 2},
		{"3", 2, 2, NUMBER_TOO_LARGE, 0},
		{"-5", -10, -1, NUMBER_OK, -5},
		{"-0", 0, 0, NUMBER_OK, 0},
		{"010", 0, 99, NUMBER_OK, 10}, /* not octal */
		{"00000000000000000000000000007", 0, 9, NUMBER_OK, 7},
		{"9223372036854775807", INT64_MIN, INT64_MAX, NUMBER_OK,
			INT64_MAX},
		{"9223372036854775808", INT64_MIN, INT64_MAX, NUMBER_TOO_LARGE,
			0},
		{"-9223372036854775807", INT64_MIN, INT64_MAX, NUMBER_OK,
			-INT64_MAX},
		{"-9223372036854775808", INT64_MIN, INT64_MAX, NUMBER_OK,
			INT64_MIN},
		{"-9223372036854775809", INT64_MIN, INT64_MAX, NUMBER_TOO_SMALL,
			0},
		{"18446744073709551615", INT64_MIN, INT64_MAX, NUMBER_TOO_LARGE,
			0},
		{"18446744073709551616", 0, 9, NUMBER_TOO_LARGE, 0},
		{"18446744073709551617", 0, 9, NUMBER_TOO_LARGE, 0},
		{"-18446744073709551617", -9, 9, NUMBER_TOO_SMALL, 0},
		{"184467440737095516160", 0, 9, NUMBER_TOO_LARGE, 0},
		{"99999999999999999999999999999999", 0, 9, NUMBER_TOO_LARGE, 0},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		char *text = exact(cases[i].text);
		int64_t value = UNTOUCHED;

		tap_is_int(
			number_parse(text, cases[i].low, cases[i].high, &value),
			cases[i].result, cases[i].text);
		tap_is_int(value,
			cases[i].result == NUMBER_OK ? cases[i].value
						     : UNTOUCHED,
			"the value of the number");
		free(text);
	}
}

static void malformed_integers(void)
{
	static const char *const texts[] = {"", "-", "--1", "+1", " 1", "1 ",
		"1\n", "\t1", "0x10", "1e3", "1.0", "1,000", "a", "1a", "-a",
		"- 1", "1-", "99999999999999999999x", "-99999999999999999999x",
		"\xd9\xa1" /* ARABIC-INDIC DIGIT ONE */};
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		char *text = exact(texts[i]);
		int64_t value = UNTOUCHED;

		tap_ok(number_parse(text, INT64_MIN, INT64_MAX, &value) ==
					NUMBER_MALFORMED &&
				value == UNTOUCHED,
			"malformed integer %zu", i);
		free(text);
	}
}

static void seconds_in_range(void)
{
	static const struct {
		const char *text;
		int64_t high;
		enum number_result result;
		int64_t ns;
	} cases[] = {
		{"0", 10, NUMBER_OK, 0},
		{"0", 0, NUMBER_OK, 0},
		{"10", 10, NUMBER_OK, 10 * NS_PER_S},
		{"0.25", 10, NUMBER_OK, 250 * NS_PER_MS},
		{"0.1", 10, NUMBER_OK, 100 * NS_PER_MS},
		{".2", 10, NUMBER_OK, 200 * NS_PER_MS},
		{".0", 0, NUMBER_OK, 0},
		{"1.000000001", 10, NUMBER_OK, NS_PER_S + 1},
		{"1.999999999", 10, NUMBER_OK, 2 * NS_PER_S - 1},
		{"1.050", 10, NUMBER_OK, 1050 * NS_PER_MS},
		{"007.5", 10, NUMBER_OK, 7500 * NS_PER_MS},
		{"10.000000000", 10, NUMBER_OK, 10 * NS_PER_S},
		{"10.000000001", 10, NUMBER_TOO_LARGE, 0},
		{"11", 10, NUMBER_TOO_LARGE, 0},
		{"0.000000001", 0, NUMBER_TOO_LARGE, 0},
		{"-0", 10, NUMBER_OK, 0},
		{"-0.0", 10, NUMBER_OK, 0},
		{"-1", 10, NUMBER_TOO_SMALL, 0},
		{"-0.000000001", 10, NUMBER_TOO_SMALL, 0},
		{"-.5", 10, NUMBER_TOO_SMALL, 0},
		{"9223372036.854775807", INT64_MAX, NUMBER_OK, INT64_MAX},
		{"9223372036.854775808", INT64_MAX, NUMBER_TOO_LARGE, 0},
		{"9223372037", INT64_MAX, NUMBER_TOO_LARGE, 0},
		{"18446744073709551616", INT64_MAX, NUMBER_TOO_LARGE, 0},
		{"18446744073709551616.5", 10, NUMBER_TOO_LARGE, 0},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		char *text = exact(cases[i].text);
		struct duration value = {UNTOUCHED};

		tap_is_int(number_parse_seconds(text, cases[i].high, &value),
			cases[i].result, cases[i].text);
		tap_is_int(value.ns,
			cases[i].result == NUMBER_OK ? cases[i].ns : UNTOUCHED,
			"the nanoseconds of the duration");
		free(text);
	}
}

static void malformed_seconds(void)
{
	static const char *const texts[] = {"", "-", ".", "1.", "-.", "..5",
		".5.", "+.5", ".-5", "+1", " 1", "1 ", "1. 5", "1.5 ", "1..5",
		"1.5.5", "1,5", "0.0000000001", "1.0000000000", "1e3", "1s",
		"1.5s", "0x1", "inf", "nan", "1.-5", "--1",
		"99999999999999999999x"};
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		char *text = exact(texts[i]);
		struct duration value = {UNTOUCHED};

		tap_ok(number_parse_seconds(text, 10, &value) ==
					NUMBER_MALFORMED &&
				value.ns == UNTOUCHED,
			"malformed seconds \"%s\"", texts[i]);
		free(text);
	}
}

static void percent(void)
{
	static const struct {
		const char *text;
		enum number_result result;
		double value;
	} cases[] = {
		{"0", NUMBER_OK, 0},
		{"100", NUMBER_OK, 100},
		{"100.000000000", NUMBER_OK, 100},
		{"12.5", NUMBER_OK, 12.5},
		{"0.000000001", NUMBER_OK, 1e-9},
		{"-0", NUMBER_OK, 0},
		{"100.000000001", NUMBER_TOO_LARGE, UNTOUCHED},
		{"101", NUMBER_TOO_LARGE, UNTOUCHED},
		{"-1", NUMBER_TOO_SMALL, UNTOUCHED},
		{"", NUMBER_MALFORMED, UNTOUCHED},
		{"5%", NUMBER_MALFORMED, UNTOUCHED},
		{"1e1", NUMBER_MALFORMED, UNTOUCHED},
		{"nan", NUMBER_MALFORMED, UNTOUCHED},
		{".5", NUMBER_OK, 0.5},
		{".", NUMBER_MALFORMED, UNTOUCHED},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		char *text = exact(cases[i].text);
		double value = UNTOUCHED;

		tap_is_int(number_parse_percent(text, &value), cases[i].result,
			cases[i].text);
		/* Each value is the double nearest to what was written. */
		tap_ok(!(value < cases[i].value) && !(value > cases[i].value),
			"the value of the percentage: %g", value);
		free(text);
	}
}

int main(void)
{
	integers_in_range();
	malformed_integers();
	seconds_in_range();
	malformed_seconds();
	percent();
	return tap_done();
}
