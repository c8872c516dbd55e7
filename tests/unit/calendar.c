/* SPDX-License-Identifier: ISC */
/* Days, clocks and stamps in several zones; their changes. */
#include "mchat/view/calendar.h"

#include <stdlib.h>
#include <time.h>

#include "tap.h"
#include "mchat/base/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void lines(void)
{
	static const struct {
		const char *zone;
		int64_t ms;
		const char *expected;
	} cases[] = {
		{"UTC0", 1795344250123,
			"10:44|2026-11-22 10:44:10|Sunday, 22 November 2026"},
		{"KST-9", 1795344250123,
			"19:44|2026-11-22 19:44:10|Sunday, 22 November 2026"},
		{"HST10", 1795312800000,
			"16:00|2026-11-21 16:00:00|Saturday, 21 November 2026"},
		{"UTC0", 0,
			"00:00|1970-01-01 00:00:00|Thursday, 1 January "
			"1970"},
		{"UTC0", -1,
			"23:59|1969-12-31 23:59:59|Wednesday, 31 December "
			"1969"},
		{"UTC0", 951782400000,
			"00:00|2000-02-29 00:00:00|Tuesday, 29 February 2000"},
		{"UTC0", -62167219200000,
			"00:00|0000-01-01 00:00:00|Saturday, 1 January 0"},
		{"UTC0", INT64_MAX,
			"07:12|292278994-08-17 07:12:55|Sunday, 17 "
			"August 292278994"},
		{"CET-1CEST,M3.5.0,M10.5.0/3", 1792889999000,
			"02:59|2026-10-25 02:59:59|Sunday, 25 October 2026"},
		{"CET-1CEST,M3.5.0,M10.5.0/3", 1792890000000,
			"02:00|2026-10-25 02:00:00|Sunday, 25 October 2026"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buffer out = BUFFER_EMPTY;
		struct wall_time time = {cases[i].ms};

		set_zone(cases[i].zone);
		calendar_append_clock(&out, time);
		buffer_append_char(&out, '|');
		calendar_append_stamp(&out, time);
		buffer_append_char(&out, '|');
		calendar_append_day(&out, time);
		buffer_append_char(&out, '\0');
		tap_is_string(
			buffer_bytes(&out), cases[i].expected, cases[i].zone);
		buffer_fini(&out);
	}
}

static bool is_same_day(int64_t a, int64_t b)
{
	return calendar_day((struct wall_time){a}) ==
	       calendar_day((struct wall_time){b});
}

static void days(void)
{
	const int64_t new_year = 1798761600000; /* 2027 in UTC */

	set_zone("UTC0");
	tap_ok(!is_same_day(new_year - 1, new_year),
		"the last ms of a year and the first of the next: two days");
	tap_ok(is_same_day(new_year, new_year + 86399999),
		"the first and last ms of a day: one day");
	tap_ok(!is_same_day(new_year, new_year + 86400000),
		"24 hours later is another day");
	tap_ok(!is_same_day(new_year, new_year + INT64_C(365) * 86400000),
		"the same date of another year is another day");
	tap_ok(!is_same_day(-1, 0), "a day ends where the time is 0");
	set_zone("KST-9");
	tap_ok(is_same_day(new_year - 1, new_year),
		"UTC's midnight does not end a day in Korea");
	tap_ok(!is_same_day(new_year + 53999999, new_year + 54000000),
		"15:00 UTC ends a day in Korea");
}

int main(void)
{
	if (sizeof(time_t) < 8)
		tap_skip("dates past 2038", "time_t is short");
	else
		lines();
	days();
	return tap_done();
}
