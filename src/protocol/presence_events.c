/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/presence_events.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/protocol/members.h"

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

bool presence_events_tell(struct presence_events *notices,
	enum presence_event_kind kind, const struct member *m,
	const struct nick *old)
{
	struct presence_event notice = {
		.kind = kind,
		.id = m->id,
		.nick_size = m->nick.size,
		.old_nick_size = old->size,
	};

	memcpy(notice.nick, m->nick.text, m->nick.size);
	memcpy(notice.old_nick, old->text, old->size);
	return presence_events_add(notices, &notice);
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
