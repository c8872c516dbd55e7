/* SPDX-License-Identifier: ISC */
#include "mchat/view/event_time.h"

#include <inttypes.h>

#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"

struct wall_time event_time_shown(const struct event *event)
{
	return event->is_misdated ? event->received : event->time;
}

void event_time_append_offset(struct buffer *out, int64_t delay_ms)
{
	static const struct {
		int64_t ms;
		const char *name;
	} units[] = {
		{INT64_C(365) * 24 * 60 * 60 * 1000, "year"},
		{INT64_C(24) * 60 * 60 * 1000, "day"},
		{INT64_C(60) * 60 * 1000, "hour"},
		{INT64_C(60) * 1000, "minute"},
		{1000, "second"},
	};
	int64_t size_ms = delay_ms < -INT64_MAX ? INT64_MAX
			  : delay_ms < 0        ? -delay_ms
						: delay_ms;
	size_t i = 0;

	while (i + 1 < sizeof(units) / sizeof(units[0]) &&
		size_ms < units[i].ms)
		i++;
	size_ms /= units[i].ms;
	buffer_append_format(out, "%" PRId64 " %s%s %s", size_ms, units[i].name,
		size_ms == 1 ? "" : "s", delay_ms < 0 ? "ahead of" : "behind");
}
