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

size_t delivery_missing(const struct delivery *delivery)
{
	return delivery->wanted > delivery->met
		       ? delivery->wanted - delivery->met
		       : 0;
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
	missed->is_timeout = event->leave.is_timeout;
	missed->lacks_from = event->leave.lacks_from;
	missed->heard_at = event->leave.heard_at;
}

/* ---- the report ---- */

/* Why a member has not confirmed. */
enum why {
	WHY_SILENT,
	WHY_LEFT,
	WHY_DEAF,
	WHY_BEHIND,
	WHY_SKIPPED,
};

/* What is to be done about it. */
static const char *const steps[] = {
	[WHY_SILENT] = "look whether it still runs, and what its stderr says",
	[WHY_LEFT] = "its stderr may say why it left",
	[WHY_DEAF] = "mchat --trace there shows what comes in",
	[WHY_BEHIND] =
		"a larger -T waits longer, and --trace shows what is lost",
	[WHY_SKIPPED] = "its stderr says how many it lost",
};

/* Who has not confirmed what was said, as text. */
struct absentees {
	struct buffer text;
	size_t count;
	enum why first; /* of them */
	uint64_t said;  /* messages */
	struct instant now;
};

/* A member that has not confirmed, whether it is here or not. */
struct absentee {
	uint64_t id;
	const char *nick;
	size_t nick_size;
	enum why why;
	uint64_t lacks_from;
	struct instant heard_at;
};

static void append_why(
	struct absentees *absentees, const struct absentee *absentee)
{
	struct buffer *out = &absentees->text;
	struct duration silence =
		instant_until(absentee->heard_at, absentees->now);

	switch (absentee->why) {
	case WHY_SILENT:
		buffer_append_format(out, "silent for %jd s",
			(intmax_t)(silence.ns / NS_PER_S));
		break;
	case WHY_LEFT:
		buffer_append_string(out, "has left");
		break;
	case WHY_DEAF:
		buffer_append_string(out, "never heard us");
		break;
	case WHY_BEHIND:
		buffer_append_string(out, "alive");
		break;
	case WHY_SKIPPED:
		buffer_append_string(out, "came back too late");
		break;
	}
}

static void append_lines(
	struct buffer *out, const struct absentee *absentee, uint64_t said)
{
	uint64_t from = absentee->lacks_from;

	if (absentee->why == WHY_SKIPPED)
		buffer_append_format(
			out, ", lost lines from %ju on", (uintmax_t)from);
	else if (from == said)
		buffer_append_format(out, ", lacks line %ju", (uintmax_t)said);
	else
		buffer_append_format(out, ", lacks lines %ju to %ju",
			(uintmax_t)from, (uintmax_t)said);
}

/* Adds "kim (alive, lacks lines 3 to 5)". */
static void add(struct absentees *absentees, const struct absentee *absentee)
{
	struct buffer *out = &absentees->text;

	if (absentees->count++ == 0)
		absentees->first = absentee->why;
	if (absentees->count > DELIVERY_NAMES_MAX)
		return;
	if (absentees->count > 1)
		buffer_append(out, ", ", 2);
	name_append(out, absentee->id, absentee->nick, absentee->nick_size);
	buffer_append(out, " (", 2);
	append_why(absentees, absentee);
	append_lines(out, absentee, absentees->said);
	buffer_append_char(out, ')');
}

/* Adds who left, unless it is here again and has all now, or is told of as one
 * that is here. */
static void add_missed(const struct delivery *delivery,
	const struct engine *engine, struct absentees *absentees)
{
	struct engine_member member;

	for (size_t i = 0; i < delivery->missed_count; i++) {
		const struct delivery_missed *missed;
		struct absentee absentee;

		if (i >= DELIVERY_NAMES_MAX) {
			absentees->count++;
			continue;
		}
		missed = &delivery->missed[i];
		absentee = (struct absentee){
			.id = missed->id,
			.nick = missed->nick,
			.nick_size = missed->nick_size,
			.why = missed->is_timeout ? WHY_SILENT : WHY_LEFT,
			.lacks_from = missed->lacks_from,
			.heard_at = missed->heard_at,
		};
		if (engine_member_find(engine, missed->id, &member)) {
			if (member.lacks > 0 || !member.has_skipped)
				continue;
			absentee.why = WHY_SKIPPED;
		}
		add(absentees, &absentee);
	}
}

/* Adds who is here and lacks something. */
static void add_present(
	const struct engine *engine, struct absentees *absentees)
{
	struct engine_member member;

	for (size_t i = 0; engine_member_at(engine, i, &member); i++) {
		struct instant silent = instant_after(
			member.heard_at, duration_ms(DELIVERY_SILENT_MS));

		if (member.lacks == 0)
			continue;
		add(absentees,
			&(struct absentee){
				.id = member.id,
				.nick = member.nick,
				.nick_size = member.nick_size,
				.why = !member.hears_us ? WHY_DEAF
				       : instant_before(absentees->now, silent)
					       ? WHY_BEHIND
					       : WHY_SILENT,
				.lacks_from = member.lacks_from,
				.heard_at = member.heard_at,
			});
	}
}

bool delivery_report(const struct delivery *delivery,
	const struct engine *engine, const char *before, struct instant now)
{
	struct absentees absentees = {
		.said = engine_said_messages(engine), .now = now};
	size_t confirmers = engine_confirmer_count(engine);

	if (engine_said_last(engine) == 0)
		return true;
	add_missed(delivery, engine, &absentees);
	add_present(engine, &absentees);
	if (absentees.count > DELIVERY_NAMES_MAX)
		buffer_append_format(&absentees.text, " and %zu more",
			absentees.count - DELIVERY_NAMES_MAX);
	buffer_append_char(&absentees.text, '\0');
	if (absentees.count > 0)
		notice_error("%snot confirmed by %s; %s", before,
			buffer_bytes(&absentees.text), steps[absentees.first]);
	buffer_fini(&absentees.text);
	if (absentees.count == 0 && confirmers < delivery->wanted)
		notice_error("%sconfirmed by %zu of %zu members", before,
			confirmers, delivery->wanted);
	return absentees.count == 0 && confirmers >= delivery->wanted;
}
