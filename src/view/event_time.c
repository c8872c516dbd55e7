/* SPDX-License-Identifier: ISC */
#include "mchat/view/event_time.h"

#include "mchat/protocol/event.h"

struct wall_time event_time_shown(const struct event *event)
{
	return event->is_misdated ? event->received : event->time;
}
