/* SPDX-License-Identifier: ISC */
/* Numbers and dates are formatted by hand, for speed: each event has both. */
#include "mchat/view/json.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"
#include "mchat/view/safe.h"

#define MS_PER_DAY INT64_C(86400000)

/*
 * RFC 3339 has years 0000 to 9999 only, and a hostile author's clock can say
 * anything: the first and the last millisecond that can be written.
 */
#define TIME_MIN_MS INT64_C(-62167219200000)
#define TIME_MAX_MS INT64_C(253402300799999)

void json_begin(struct json *json, struct buffer *out)
{
	json->out = out;
	json->has_member = false;
	buffer_append_char(out, '{');
}

void json_end(struct json *json)
{
	buffer_append(json->out, "}\n", 2);
}

static void append_key(struct json *json, const char *key)
{
	if (json->has_member)
		buffer_append_char(json->out, ',');
	json->has_member = true;
	buffer_append_char(json->out, '"');
	buffer_append_string(json->out, key);
	buffer_append(json->out, "\":", 2);
}

/* The letter of the short escape for a code point; 0 when it has none. */
static char short_escape(uint32_t code_point)
{
	switch (code_point) {
	case '"':
	case '\\':
		return (char)code_point;
	case '\b':
		return 'b';
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\f':
		return 'f';
	case '\r':
		return 'r';
	default:
		return 0;
	}
}

/* Writes the last `count` hexadecimal digits of `value` to `at`. */
static void put_hexadecimal(char *at, int count, uint64_t value)
{
	while (count-- > 0) {
		at[count] = "0123456789abcdef"[value & 0xf];
		value >>= 4;
	}
}

/* All that view/safe.h calls unsafe is below U+10000: no surrogate pairs. */
static void append_escape(struct buffer *out, uint32_t code_point)
{
	char escape[6] = {'\\', short_escape(code_point)};

	if (escape[1] != 0) {
		buffer_append(out, escape, 2);
		return;
	}
	escape[1] = 'u';
	put_hexadecimal(escape + 2, 4, code_point);
	buffer_append(out, escape, sizeof(escape));
}

/* Appends the inside of a string; returns whether `bytes` were well-formed. */
static bool append_escaped(struct buffer *out, const char *bytes, size_t size)
{
	bool is_valid = true;
	size_t done = 0; /* all before is in `out` */
	size_t i = 0;

	while (i < size) {
		unsigned char byte = (unsigned char)bytes[i];
		uint32_t code_point;
		size_t length;

		if (byte >= 0x20 && byte < 0x7f && byte != '"' &&
			byte != '\\') {
			i++;
			continue;
		}
		length = utf8_decode(bytes + i, size - i, &code_point);
		if (code_point == UTF8_INVALID) {
			buffer_append(out, bytes + done, i - done);
			buffer_append(out, "\xef\xbf\xbd", 3); /* U+FFFD */
			is_valid = false;
			done = i + length;
		} else if (code_point == '"' || code_point == '\\' ||
			   safe_is_unsafe(code_point)) {
			buffer_append(out, bytes + done, i - done);
			append_escape(out, code_point);
			done = i + length;
		}
		i += length;
	}
	if (done < size)
		buffer_append(out, bytes + done, size - done);
	return is_valid;
}

/* Appends a member; returns whether `bytes` were well-formed. */
static bool append_string(
	struct json *json, const char *key, const char *bytes, size_t size)
{
	bool is_valid;

	append_key(json, key);
	buffer_append_char(json->out, '"');
	is_valid = append_escaped(json->out, bytes, size);
	buffer_append_char(json->out, '"');
	return is_valid;
}

void json_string(struct json *json, const char *key, const char *value)
{
	append_string(json, key, value, strlen(value));
}

void json_name(
	struct json *json, const char *key, const char *bytes, size_t size)
{
	append_string(json, key, bytes, size);
}

void json_id(struct json *json, const char *key, uint64_t value)
{
	char text[] = "\"0000000000000000\"";

	put_hexadecimal(text + 1, 16, value);
	append_key(json, key);
	buffer_append(json->out, text, sizeof(text) - 1);
}

void json_bool(struct json *json, const char *key, bool value)
{
	append_key(json, key);
	buffer_append_string(json->out, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
	append_key(json, key);
	buffer_append_string(json->out, "null");
}

void json_number(struct json *json, const char *key, int64_t value)
{
	/* Kept negative, since -INT64_MIN does not fit an int64_t. */
	int64_t rest = value < 0 ? value : -value;
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' - rest % 10);
		rest /= 10;
	} while (rest != 0);
	if (value < 0)
		digits[--at] = '-';
	append_key(json, key);
	buffer_append(json->out, digits + at, sizeof(digits) - at);
}

/* Writes the last `count` decimal digits of `value` to `at`. */
static void put_digits(char *at, int count, int64_t value)
{
	while (count-- > 0) {
		at[count] = (char)('0' + value % 10);
		value /= 10;
	}
}

/*
 * Writes year, month and day into a "0000-00-00".  `day` is counted from
 * 0000-03-01, so that the leap day ends a year: then month lengths repeat, 153
 * days in five months.  (Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms"; the proleptic Gregorian calendar, as RFC 3339 has it.)
 */
static void put_date(char *out, int64_t day)
{
	int64_t era = (day >= 0 ? day : day - 146096) / 146097;
	int64_t day_of_era = day - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			day_of_era / 146096) /
		365;
	int64_t day_of_year =
		day_of_era -
		(365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153; /* 0 is March */
	int64_t is_next_year = month >= 10;

	put_digits(out, 4, era * 400 + year_of_era + is_next_year);
	put_digits(out + 5, 2, is_next_year ? month - 9 : month + 3);
	put_digits(out + 8, 2, day_of_year - (153 * month + 2) / 5 + 1);
}

void json_time(struct json *json, const char *key, struct wall_time value)
{
	/* Days from 0000-03-01 to 1970-01-01. */
	static const int64_t epoch_day = 719468;
	char text[] = "\"0000-00-00T00:00:00.000Z\"";
	int64_t ms = value.ms < TIME_MIN_MS   ? TIME_MIN_MS
		     : value.ms > TIME_MAX_MS ? TIME_MAX_MS
					      : value.ms;
	int64_t of_day = (ms % MS_PER_DAY + MS_PER_DAY) % MS_PER_DAY;

	put_date(text + 1, (ms - of_day) / MS_PER_DAY + epoch_day);
	put_digits(text + 12, 2, of_day / 3600000);
	put_digits(text + 15, 2, of_day / 60000 % 60);
	put_digits(text + 18, 2, of_day / 1000 % 60);
	put_digits(text + 21, 3, of_day % 1000);
	append_key(json, key);
	buffer_append(json->out, text, sizeof(text) - 1);
}

/* RFC 4648, section 4: with padding. */
static void append_base64(struct buffer *out, const char *bytes, size_t size)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	size_t i = 0;

	while (i < size) {
		char four[4] = {'=', '=', '=', '='};
		uint32_t group = 0;
		size_t count;
		size_t j;

		for (count = 0; count < 3 && i < size; count++, i++)
			group |= (uint32_t)(unsigned char)bytes[i]
				 << (16 - 8 * count);
		for (j = 0; j <= count; j++)
			four[j] = alphabet[(group >> (18 - 6 * j)) & 63];
		buffer_append(out, four, sizeof(four));
	}
}

void json_text(
	struct json *json, const char *key, const char *bytes, size_t size)
{
	if (append_string(json, key, bytes, size))
		return;
	append_key(json, "base64");
	buffer_append_char(json->out, '"');
	append_base64(json->out, bytes, size);
	buffer_append_char(json->out, '"');
}
