/* SPDX-License-Identifier: ISC */
#include "mchat/chat/missed.h"

#include <string.h>

#include "mchat/protocol/event.h"

/* Where its row is, or is to be. */
static size_t find(const struct missed *missed, uint64_t id)
{
	size_t i = 0;

	while (i < missed->count && missed->rows[i].id != id)
		i++;
	return i;
}

void missed_note(struct missed *missed, const struct event *event)
{
	const struct event_member *member = &event->member;
	const struct event_leave *leave = &event->leave;
	size_t i = find(missed, member->id);
	struct missed_row *row = &missed->rows[i];

	if (i == MISSED_MAX) {
		missed->beyond++;
		return;
	}
	if (i == missed->count || !leave->has_skipped)
		row->lacks_from = leave->lacks_from;
	if (i == missed->count)
		missed->count++;
	row->id = member->id;
	row->nick_size = member->nick_size < WIRE_NICK_MAX ? member->nick_size
							   : WIRE_NICK_MAX;
	memcpy(row->nick, member->nick, row->nick_size);
	row->is_timeout = leave->is_timeout;
	row->heard_at = leave->heard_at;
}

void missed_forget(struct missed *missed, uint64_t id)
{
	size_t i = find(missed, id);

	if (i == missed->count)
		return;
	missed->count--;
	memmove(&missed->rows[i], &missed->rows[i + 1],
		(missed->count - i) * sizeof(missed->rows[0]));
}
