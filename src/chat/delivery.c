/* SPDX-License-Identifier: ISC */
#include "mchat/chat/delivery.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/notice.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"
#include "mchat/view/name.h"

void delivery_init(struct delivery *delivery, struct instant now)
{
	delivery->started = now;
	delivery->met_at = now;
	delivery->deadline = INSTANT_NEVER;
	delivery->look_at = INSTANT_NEVER;
	delivery->met = 0;
	delivery->missed_count = 0;
}

/* Looks who is here. */
static void look(struct delivery *delivery, const struct engine *engine,
	struct instant now)
{
	size_t count = engine_member_count(engine);

	if (count > delivery->met)
		delivery->met_at = now;
	delivery->met = count;
}

/* Goes on waiting until the time is over, which began at the first call. */
static enum delivery_state wait(struct delivery *delivery, struct instant now)
{
	if (instant_is_never(delivery->deadline))
		delivery->deadline = instant_after(now, delivery->timeout);
	delivery->look_at = delivery->deadline;
	return instant_before(now, delivery->deadline) ? DELIVERY_WAITING
						       : DELIVERY_TIMED_OUT;
}

enum delivery_state delivery_begin(struct delivery *delivery,
	const struct engine *engine, struct instant now)
{
	look(delivery, engine, now);
	if (delivery->met < delivery->wanted)
		return wait(delivery, now);
	delivery->deadline = INSTANT_NEVER;
	delivery->look_at = INSTANT_NEVER;
	return DELIVERY_DONE;
}

/* Until when somebody who is here may still show up. */
static struct instant settled(const struct delivery *delivery)
{
	/* Whoever came may have left again. */
	if (!instant_before(delivery->started, delivery->met_at))
		return instant_after(
			delivery->started, duration_ms(DELIVERY_ALONE_MS));
	return instant_after(delivery->met_at, duration_ms(DELIVERY_SETTLE_MS));
}

/* Whether all was sent, and everybody who is here has it. */
static bool is_had_by_all(const struct engine *engine)
{
	struct engine_member member;

	if (!engine_is_confirmed(engine))
		return false;
	for (size_t i = 0; engine_member_at(engine, i, &member); i++) {
		if (member.lacks > 0)
			return false;
	}
	return true;
}

enum delivery_state delivery_end(struct delivery *delivery,
	const struct engine *engine, struct instant now)
{
	if (engine_said_last(engine) == 0)
		return DELIVERY_DONE;
	look(delivery, engine, now);
	if (!is_had_by_all(engine))
		return wait(delivery, now);
	if (instant_before(now, settled(delivery))) {
		enum delivery_state state = wait(delivery, now);

		delivery->look_at =
			instant_earlier(delivery->look_at, settled(delivery));
		return state;
	}
	/* More will not confirm it when all who are here have. */
	return DELIVERY_DONE;
}

static void add_name(struct buffer *names, size_t count, const char *nick,
	size_t nick_size, uint64_t id)
{
	if (count >= DELIVERY_NAMES_MAX)
		return;
	if (count > 0)
		buffer_append(names, ", ", 2);
	name_append(names, id, nick, nick_size);
}

/* A member that had left came back, and has all now. */
static void forgive(struct delivery *delivery, uint64_t id)
{
	struct delivery_missed *missed = delivery->missed;
	size_t i = 0;

	while (i < delivery->missed_count && i < DELIVERY_NAMES_MAX &&
		missed[i].id != id)
		i++;
	if (i == delivery->missed_count || i == DELIVERY_NAMES_MAX)
		return;
	/* Of those behind the last that has a name nothing is known. */
	if (delivery->missed_count <= DELIVERY_NAMES_MAX)
		missed[i] = missed[--delivery->missed_count];
}

void delivery_note(struct delivery *delivery, const struct event *event)
{
	const struct event_member *member = &event->member;
	struct delivery_missed *missed;

	if (event->kind != EVENT_LEAVE)
		return;
	if (event->leave.lacks == 0) {
		if (!event->leave.has_skipped)
			forgive(delivery, member->id);
		return;
	}
	/* One that left of its own will is missed only by -w. */
	if (!event->leave.is_timeout && delivery->wanted == 0)
		return;
	if (delivery->missed_count++ >= DELIVERY_NAMES_MAX)
		return;
	missed = &delivery->missed[delivery->missed_count - 1];
	missed->id = member->id;
	missed->nick_size = member->nick_size < WIRE_NICK_MAX
				    ? member->nick_size
				    : WIRE_NICK_MAX;
	memcpy(missed->nick, member->nick, missed->nick_size);
}

/* Whether a member that had left is here again, and not without a loss. */
static bool has_come_back(const struct engine *engine, uint64_t id)
{
	struct engine_member member;

	return engine_member_find(engine, id, &member) && member.hears_us &&
	       !member.has_skipped;
}

/* Adds the names of who has not confirmed; returns how many there are. */
static size_t add_unconfirmed(const struct delivery *delivery,
	const struct engine *engine, struct buffer *names)
{
	struct engine_member member;
	size_t count = 0;

	for (size_t i = 0; i < delivery->missed_count; i++) {
		const struct delivery_missed *missed;

		if (i >= DELIVERY_NAMES_MAX) {
			count++;
			continue;
		}
		missed = &delivery->missed[i];
		if (!has_come_back(engine, missed->id))
			add_name(names, count++, missed->nick,
				missed->nick_size, missed->id);
	}
	for (size_t i = 0; engine_member_at(engine, i, &member); i++) {
		if (member.lacks > 0)
			add_name(names, count++, member.nick, member.nick_size,
				member.id);
	}
	return count;
}

bool delivery_report(
	const struct delivery *delivery, const struct engine *engine)
{
	struct buffer names = BUFFER_EMPTY;
	size_t confirmers = engine_confirmer_count(engine);
	size_t count;

	if (engine_said_last(engine) == 0)
		return true;
	count = add_unconfirmed(delivery, engine, &names);
	if (count > DELIVERY_NAMES_MAX)
		buffer_append_format(
			&names, " and %zu more", count - DELIVERY_NAMES_MAX);
	buffer_append_char(&names, '\0');
	if (count > 0)
		notice_error("not confirmed by %s", buffer_bytes(&names));
	buffer_fini(&names);
	if (count == 0 && confirmers < delivery->wanted)
		notice_error("confirmed by %zu of %zu members", confirmers,
			delivery->wanted);
	return count == 0 && confirmers >= delivery->wanted;
}
