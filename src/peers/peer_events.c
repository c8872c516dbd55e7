/* SPDX-License-Identifier: ISC */
#include "mchat/peers/peer_events.h"

#include <stdio.h>
#include <string.h>

void peer_events_add(struct peer_events *events, enum event_peer_state state,
	const char *name, const struct address *address)
{
	struct peer_event *event = &events->events[events->count];

	if (events->count == PEER_EVENTS_MAX)
		return;
	event->state = state;
	event->address = address ? *address : (struct address){0};
	snprintf(event->name, sizeof(event->name), "%s", name);
	events->count++;
}

void peer_events_add_told(struct peer_events *events,
	const struct wire_peer *packet, const struct address *to)
{
	if (events->told_count < PEER_EVENTS_MAX)
		events->told[events->told_count++] =
			(struct peer_told){*packet, *to};
}

bool peer_events_take(struct peer_events *events, struct event *out)
{
	if (events->count == 0)
		return false;
	events->taken = events->events[0];
	events->count--;
	memmove(events->events, events->events + 1,
		events->count * sizeof(events->events[0]));
	*out = (struct event){
		.kind = EVENT_PEER,
		.peer = {.name = events->taken.name,
			.address = events->taken.address,
			.state = events->taken.state},
	};
	return true;
}

bool peer_events_take_told(struct peer_events *events, struct peer_told *out)
{
	if (events->told_count == 0)
		return false;
	*out = events->told[0];
	events->told_count--;
	memmove(events->told, events->told + 1,
		events->told_count * sizeof(events->told[0]));
	return true;
}
