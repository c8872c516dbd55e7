/* SPDX-License-Identifier: ISC */
/* The form is checked before the range: "99999999999999999999x" is malformed,
 * not too large. */
#include "mchat/base/number.h"

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

/* Nine decimals of a second are nanoseconds; more are refused. */
#define DECIMALS_MAX 9
#define BILLION      UINT64_C(1000000000)

/* Reads digits into *out, at most UINT64_MAX; returns how many there are. */
static size_t read_digits(const char *text, uint64_t *out)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9'; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');

		value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX
							  : value * 10 + digit;
	}
	*out = value;
	return i;
}

enum number_result number_parse(
	const char *text, int64_t low, int64_t high, int64_t *out)
{
	bool is_negative = text[0] == '-';
	const char *digits = text + is_negative;
	uint64_t magnitude;
	size_t length = read_digits(digits, &magnitude);
	int64_t value;

	if (length == 0 || digits[length] != '\0')
		return NUMBER_MALFORMED;
	if (is_negative) {
		if (magnitude > (uint64_t)INT64_MAX + 1)
			return NUMBER_TOO_SMALL;
		/* In two steps: -INT64_MIN does not fit an int64_t. */
		value = magnitude ? -(int64_t)(magnitude - 1) - 1 : 0;
	} else {
		if (magnitude > INT64_MAX)
			return NUMBER_TOO_LARGE;
		value = (int64_t)magnitude;
	}
	if (value < low)
		return NUMBER_TOO_SMALL;
	if (value > high)
		return NUMBER_TOO_LARGE;
	*out = value;
	return NUMBER_OK;
}

/* Reads ".25" as billionths, "" as 0; false when malformed. */
static bool read_decimals(const char *text, uint64_t *out)
{
	size_t length;

	if (text[0] == '\0') {
		*out = 0;
		return true;
	}
	if (text[0] != '.')
		return false;
	length = read_digits(text + 1, out);
	if (length == 0 || length > DECIMALS_MAX || text[1 + length] != '\0')
		return false;
	for (; length < DECIMALS_MAX; length++)
		*out *= 10;
	return true;
}

/* Reads a number with decimals, from 0 to `high`, as billionths; the 0 before
 * the point may be left out. */
static enum number_result parse_billionths(
	const char *text, int64_t high, int64_t *out)
{
	bool is_negative = text[0] == '-';
	const char *digits = text + is_negative;
	uint64_t limit = high > 0 ? (uint64_t)high : 0;
	uint64_t whole;
	uint64_t rest;
	size_t length = read_digits(digits, &whole);

	if (length == 0 && digits[0] != '.')
		return NUMBER_MALFORMED;
	if (!read_decimals(digits + length, &rest))
		return NUMBER_MALFORMED;
	if (is_negative && (whole > 0 || rest > 0))
		return NUMBER_TOO_SMALL;
	if (whole > limit || (whole == limit && rest > 0))
		return NUMBER_TOO_LARGE;
	if (whole > (INT64_MAX - rest) / BILLION)
		return NUMBER_TOO_LARGE;
	*out = (int64_t)(whole * BILLION + rest);
	return NUMBER_OK;
}

enum number_result number_parse_seconds(
	const char *text, int64_t high, struct duration *out)
{
	return parse_billionths(text, high, &out->ns);
}

enum number_result number_parse_percent(const char *text, double *out)
{
	int64_t billionths;
	enum number_result result = parse_billionths(text, 100, &billionths);

	if (result == NUMBER_OK)
		*out = (double)billionths / BILLION;
	return result;
}
