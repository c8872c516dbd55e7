/* SPDX-License-Identifier: ISC */
#include "mchat/chat/presence_notices.h"

#include "mchat/protocol/event.h"

void presence_notices_init(struct presence_notices *notices)
{
	*notices = (struct presence_notices){
		.list_at = INSTANT_NEVER, .alone_at = INSTANT_NEVER};
}

static struct instant after(struct instant now, int64_t ms)
{
	return instant_after(now, duration_ms(ms));
}

void presence_notices_begin(
	struct presence_notices *notices, struct instant now)
{
	*notices = (struct presence_notices){
		.is_on = true,
		.list_at = after(now, PRESENCE_NOTICES_FIRST_MS),
		.list_end = after(now, PRESENCE_NOTICES_LIST_MS),
		.alone_at = after(now, PRESENCE_NOTICES_ALONE_MS),
	};
}

/* ---- what is held ---- */

static struct presence_notice *find(
	struct presence_notices *notices, uint64_t id)
{
	for (size_t i = 0; i < notices->count; i++)
		if (notices->held[i].id == id)
			return &notices->held[i];
	return NULL;
}

/* Their order is of no use. */
static void release(
	struct presence_notices *notices, struct presence_notice *notice)
{
	*notice = notices->held[--notices->count];
}

bool presence_notices_holds(const struct presence_notices *notices, uint64_t id)
{
	for (size_t i = 0; i < notices->count; i++)
		if (notices->held[i].id == id && !notices->held[i].has_spoken)
			return true;
	return false;
}

static bool is_listing(const struct presence_notices *notices)
{
	return !instant_is_never(notices->list_at);
}

/* ---- events ---- */

static bool take_join(struct presence_notices *notices, uint64_t id,
	bool was_here, struct instant now)
{
	struct instant quiet = after(now, PRESENCE_NOTICES_QUIET_MS);

	notices->alone_at = INSTANT_NEVER;
	if (is_listing(notices) && was_here) {
		if (instant_before(notices->list_at, quiet))
			notices->list_at =
				instant_earlier(quiet, notices->list_end);
		return true;
	}
	if (notices->count == PRESENCE_NOTICES_MAX || find(notices, id))
		return false;
	notices->held[notices->count++] = (struct presence_notice){
		.id = id, .due = after(now, PRESENCE_NOTICES_HOLD_MS)};
	return true;
}

static bool take_leave(struct presence_notices *notices,
	struct presence_notice *held, const struct event *event)
{
	/* It was to be told that one is here who is not any more. */
	if (!held)
		return is_listing(notices);
	release(notices, held);
	return !event->leave.is_timeout;
}

bool presence_notices_take(struct presence_notices *notices,
	const struct event *event, bool was_here, struct instant now)
{
	struct presence_notice *held;

	if (!notices->is_on)
		return false;
	held = find(notices, event->member.id);
	switch (event->kind) {
	case EVENT_JOIN:
		return take_join(notices, event->member.id, was_here, now);
	case EVENT_LEAVE:
		return take_leave(notices, held, event);
	case EVENT_NICK:
		return held && !held->has_spoken;
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		if (held) {
			held->has_spoken = true;
			held->due = after(now, PRESENCE_NOTICES_SPOKEN_MS);
		}
		return false;
	default:
		return false;
	}
}

/* ---- when it is time ---- */

static bool take(struct instant *due, struct instant now)
{
	if (instant_before(now, *due))
		return false;
	*due = INSTANT_NEVER;
	return true;
}

bool presence_notices_take_list(
	struct presence_notices *notices, struct instant now)
{
	return take(&notices->list_at, now);
}

bool presence_notices_take_alone(
	struct presence_notices *notices, struct instant now)
{
	return take(&notices->alone_at, now);
}

bool presence_notices_take_join(
	struct presence_notices *notices, struct instant now, uint64_t *id)
{
	size_t i = 0;

	while (i < notices->count) {
		struct presence_notice notice = notices->held[i];

		if (instant_before(now, notice.due)) {
			i++;
			continue;
		}
		release(notices, &notices->held[i]);
		if (notice.has_spoken)
			continue;
		*id = notice.id;
		return true;
	}
	return false;
}

struct instant presence_notices_deadline(const struct presence_notices *notices)
{
	struct instant next =
		instant_earlier(notices->list_at, notices->alone_at);

	for (size_t i = 0; i < notices->count; i++)
		next = instant_earlier(next, notices->held[i].due);
	return next;
}
