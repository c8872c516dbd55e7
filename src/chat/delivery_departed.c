/* SPDX-License-Identifier: ISC */
#include "mchat/chat/delivery_departed.h"

#include <string.h>

#include "mchat/protocol/event.h"

/* Where its row is, or is to be. */
static size_t find(const struct delivery_departed *departed, uint64_t id)
{
	size_t i = 0;

	while (i < departed->count && departed->rows[i].id != id)
		i++;
	return i;
}

void delivery_departed_note(
	struct delivery_departed *departed, const struct event *event)
{
	const struct event_member *member = &event->member;
	const struct event_leave *leave = &event->leave;
	size_t i = find(departed, member->id);
	struct delivery_departed_row *row = &departed->rows[i];

	if (i == DELIVERY_DEPARTED_MAX) {
		departed->beyond++;
		return;
	}
	if (i == departed->count || !leave->has_skipped) {
		row->lacks_from = leave->lacks_from;
		row->lacks_to = leave->lacks_from + leave->lacks - 1;
	}
	if (i == departed->count)
		departed->count++;
	row->id = member->id;
	row->is_nick_shared = member->is_nick_shared;
	row->nick_size = member->nick_size < WIRE_NICK_MAX ? member->nick_size
							   : WIRE_NICK_MAX;
	memcpy(row->nick, member->nick, row->nick_size);
	row->is_timeout = leave->is_timeout;
	row->got_only_small = leave->got_only_small;
	row->heard_at = leave->heard_at;
}

void delivery_departed_forget(struct delivery_departed *departed, uint64_t id)
{
	size_t i = find(departed, id);

	if (i == departed->count)
		return;
	departed->count--;
	memmove(&departed->rows[i], &departed->rows[i + 1],
		(departed->count - i) * sizeof(departed->rows[0]));
}
