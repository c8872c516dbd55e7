/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/presence_events.h"

#include <stdlib.h>

void presence_events_fini(struct presence_events *notices)
{
	free(notices->ring);
	*notices = (struct presence_events){0};
}

bool presence_events_add(
	struct presence_events *notices, const struct presence_event *notice)
{
	if (!notices->ring)
		notices->ring =
			calloc(PRESENCE_EVENTS_MAX, sizeof(*notices->ring));
	if (!notices->ring || notices->count == PRESENCE_EVENTS_MAX)
		return false;
	notices->ring[(notices->head + notices->count++) %
		      PRESENCE_EVENTS_MAX] = *notice;
	return true;
}

bool presence_events_take(
	struct presence_events *notices, struct presence_event *out)
{
	if (notices->count == 0)
		return false;
	*out = notices->ring[notices->head];
	notices->head = (notices->head + 1) % PRESENCE_EVENTS_MAX;
	notices->count--;
	return true;
}
