/* SPDX-License-Identifier: ISC */
#include "mchat/view/calendar.h"

#include <time.h>

#include "mchat/base/buffer.h"

static struct tm local(struct wall_time time)
{
	time_t seconds = (time_t)(time.ms / 1000 - (time.ms % 1000 < 0));
	struct tm out;

	if (!localtime_r(&seconds, &out))
		out = (struct tm){.tm_year = 70, .tm_mday = 1, .tm_wday = 4};
	return out;
}

/* tm_year counts from 1900 and may be near INT_MAX, so the sum is wider. */
static int64_t year_of(const struct tm *tm)
{
	return INT64_C(1900) + tm->tm_year;
}

void calendar_append_clock(struct buffer *out, struct wall_time time)
{
	struct tm tm = local(time);

	buffer_append_format(out, "%02d:%02d", tm.tm_hour, tm.tm_min);
}

void calendar_append_stamp(struct buffer *out, struct wall_time time)
{
	struct tm tm = local(time);

	buffer_append_format(out, "%04lld-%02d-%02d %02d:%02d:%02d",
		(long long)year_of(&tm), tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec);
}

void calendar_append_day(struct buffer *out, struct wall_time time)
{
	static const char *const days[] = {"Sunday", "Monday", "Tuesday",
		"Wednesday", "Thursday", "Friday", "Saturday"};
	static const char *const months[] = {"January", "February", "March",
		"April", "May", "June", "July", "August", "September",
		"October", "November", "December"};
	struct tm tm = local(time);

	buffer_append_format(out, "%s, %d %s %lld", days[tm.tm_wday],
		tm.tm_mday, months[tm.tm_mon], (long long)year_of(&tm));
}

int64_t calendar_day(struct wall_time time)
{
	struct tm tm = local(time);

	return year_of(&tm) * 366 + tm.tm_yday;
}
