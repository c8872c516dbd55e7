/* SPDX-License-Identifier: ISC */
/* Numbers given by people: checked for form and range, never guessed. */
#ifndef MCHAT_BASE_NUMBER_H
#define MCHAT_BASE_NUMBER_H

#include <stdint.h>

struct duration;

enum number_result {
	NUMBER_OK = 0,
	NUMBER_MALFORMED = -1,
	NUMBER_TOO_SMALL = -2,
	NUMBER_TOO_LARGE = -3,
};

/*
 * Reads `text`, all of it, as a decimal integer within [low, high].  The only
 * sign allowed is '-'; blanks are not.  On failure *out is untouched.
 */
enum number_result number_parse(
	const char *text, int64_t low, int64_t high, int64_t *out);

/*
 * Reads `text`, all of it, as seconds with at most nine decimals ("10",
 * "0.25", ".25"), from 0 to `high` seconds.  On failure *out is untouched.
 */
enum number_result number_parse_seconds(
	const char *text, int64_t high, struct duration *out);

/*
 * Reads `text`, all of it, as percent with at most nine decimals, from 0 to
 * 100.  On failure *out is untouched.
 */
enum number_result number_parse_percent(const char *text, double *out);

#endif
