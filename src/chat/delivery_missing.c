/* SPDX-License-Identifier: ISC */
#include "mchat/chat/delivery_missing.h"

#include <string.h>

#include "mchat/protocol/event.h"

/* Where its row is, or is to be. */
static size_t find(const struct delivery_missing *missing, uint64_t id)
{
	size_t i = 0;

	while (i < missing->count && missing->rows[i].id != id)
		i++;
	return i;
}

void delivery_missing_note(
	struct delivery_missing *missing, const struct event *event)
{
	const struct event_member *member = &event->member;
	const struct event_leave *leave = &event->leave;
	size_t i = find(missing, member->id);
	struct delivery_missing_row *row = &missing->rows[i];

	if (i == DELIVERY_MISSING_MAX) {
		missing->beyond++;
		return;
	}
	if (i == missing->count || !leave->has_skipped)
		row->lacks_from = leave->lacks_from;
	if (i == missing->count)
		missing->count++;
	row->id = member->id;
	row->is_nick_shared = member->is_nick_shared;
	row->nick_size = member->nick_size < WIRE_NICK_MAX ? member->nick_size
							   : WIRE_NICK_MAX;
	memcpy(row->nick, member->nick, row->nick_size);
	row->is_timeout = leave->is_timeout;
	row->heard_at = leave->heard_at;
}

void delivery_missing_forget(struct delivery_missing *missing, uint64_t id)
{
	size_t i = find(missing, id);

	if (i == missing->count)
		return;
	missing->count--;
	memmove(&missing->rows[i], &missing->rows[i + 1],
		(missing->count - i) * sizeof(missing->rows[0]));
}
