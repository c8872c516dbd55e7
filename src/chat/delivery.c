/* SPDX-License-Identifier: ISC */
#include "mchat/chat/delivery.h"

#include "mchat/chat/delivery_report.h"
#include "mchat/io/diagnostics.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"

void delivery_init(struct delivery *delivery, struct instant now)
{
	delivery->started = now;
	delivery->met_at = now;
	delivery->deadline = INSTANT_NEVER;
	delivery->check_at = INSTANT_NEVER;
	delivery->met = 0;
	delivery->departed.count = 0;
	delivery->departed.beyond = 0;
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
static enum delivery_state wait_on(
	struct delivery *delivery, struct instant now)
{
	if (instant_is_never(delivery->deadline))
		delivery->deadline = instant_after(now, delivery->timeout);
	delivery->check_at = delivery->deadline;
	return instant_before(now, delivery->deadline) ? DELIVERY_WAITING
						       : DELIVERY_TIMED_OUT;
}

enum delivery_state delivery_begin(struct delivery *delivery,
	const struct engine *engine, struct instant now)
{
	look(delivery, engine, now);
	if (delivery->met < delivery->wanted)
		return wait_on(delivery, now);
	delivery->deadline = INSTANT_NEVER;
	delivery->check_at = INSTANT_NEVER;
	return DELIVERY_DONE;
}

size_t delivery_absent_count(const struct delivery *delivery)
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

/* Whether as many have it as were wanted: then nobody else is waited for. */
static bool is_had_by_wanted(
	const struct delivery *delivery, const struct engine *engine)
{
	return delivery->wanted > 0 &&
	       engine_confirmer_count(engine) >= delivery->wanted;
}

/* Whether it had all that was said by the time that it left, as it said in one
 * of its byes. */
static bool has_confirmed(
	const struct engine *engine, const struct delivery_departed_row *row)
{
	return engine_has_confirmed(engine, row->id, row->lacks_to);
}

/* Until when somebody who left may still say so. */
static struct instant byes_end(
	const struct delivery *delivery, const struct engine *engine)
{
	const struct delivery_departed *departed = &delivery->departed;
	struct instant last = {INT64_MIN}; /* when one of them said bye */

	for (size_t i = 0; i < departed->count; i++) {
		const struct delivery_departed_row *row = &departed->rows[i];

		if (instant_before(last, row->heard_at) && !row->is_timeout &&
			!has_confirmed(engine, row))
			last = row->heard_at;
	}
	return instant_after(last, duration_ms(DELIVERY_BYES_MS));
}

enum delivery_state delivery_end(struct delivery *delivery,
	const struct engine *engine, struct instant now)
{
	struct instant end;

	if (engine_said_last(engine) == 0)
		return DELIVERY_DONE;
	look(delivery, engine, now);
	if (!engine_is_confirmed(engine))
		return wait_on(delivery, now);
	end = byes_end(delivery, engine);
	if (!is_had_by_wanted(delivery, engine) &&
		instant_before(end, settled(delivery)))
		end = settled(delivery);
	if (instant_before(now, end)) {
		enum delivery_state state = wait_on(delivery, now);

		delivery->check_at = instant_earlier(delivery->check_at, end);
		return state;
	}
	/* More will not confirm it when all who are here have. */
	return DELIVERY_DONE;
}

void delivery_note(struct delivery *delivery, const struct event *event)
{
	const struct event_leave *leave = &event->leave;

	if (event->kind != EVENT_LEAVE)
		return;
	/* However it left: it was here when that was said. */
	if (leave->lacks > 0 || leave->has_skipped)
		delivery_departed_note(&delivery->departed, event);
	else if (!leave->has_skipped)
		delivery_departed_forget(&delivery->departed, event->member.id);
}

/* ---- the report ---- */

/* Why a member that left lacks something. */
static enum delivery_report_reason why_departed(
	const struct delivery_departed_row *row)
{
	if (!row->is_timeout)
		return DELIVERY_REPORT_LEFT;
	return row->got_only_small ? DELIVERY_REPORT_SMALL
				   : DELIVERY_REPORT_SILENT;
}

/* Adds who left, unless it is here again. */
static void add_missed(const struct delivery *delivery,
	const struct engine *engine, struct delivery_report *report)
{
	struct engine_member member;

	for (size_t i = 0; i < delivery->departed.count; i++) {
		const struct delivery_departed_row *row =
			&delivery->departed.rows[i];
		struct delivery_report_entry entry = {
			.name =
				{
					.id = row->id,
					.nick = row->nick,
					.nick_size = row->nick_size,
					.is_nick_shared = row->is_nick_shared,
				},
			.why = why_departed(row),
			.lacks_from = row->lacks_from,
			.heard_at = row->heard_at,
		};

		if (engine_member_find(engine, row->id, &member) ||
			has_confirmed(engine, row))
			continue;
		delivery_report_add(report, &entry);
	}
}

static bool has_timed_out(const struct delivery *delivery, struct instant now)
{
	return !instant_is_never(delivery->deadline) &&
	       !instant_before(now, delivery->deadline);
}

/* Why a member that is here lacks something, or went on without it. */
static enum delivery_report_reason why_present(const struct delivery *delivery,
	const struct engine_member *member, struct instant now)
{
	struct instant silent = instant_after(
		member->heard_at, duration_ms(DELIVERY_SILENT_MS));

	if (member->lacks == 0)
		return DELIVERY_REPORT_SKIPPED;
	if (!member->hears_us)
		return DELIVERY_REPORT_DEAF;
	if (!instant_before(now, silent))
		return DELIVERY_REPORT_SILENT;
	if (member->gets_only_small)
		return DELIVERY_REPORT_SMALL;
	return has_timed_out(delivery, now) ? DELIVERY_REPORT_BEHIND
					    : DELIVERY_REPORT_HURRIED;
}

/* Adds who is here and lacks something, or went on without it. */
static void add_present(const struct delivery *delivery,
	const struct engine *engine, struct delivery_report *report)
{
	struct engine_member member;

	for (size_t i = 0; engine_member_at(engine, i, &member); i++) {
		if (member.lacks == 0 && !member.has_skipped)
			continue;
		delivery_report_add(report,
			&(struct delivery_report_entry){
				.name = engine_member_name(&member),
				.why = why_present(
					delivery, &member, report->now),
				.lacks_from = member.lacks == 0
						      ? member.skipped_from
						      : member.lacks_from,
				.heard_at = member.heard_at,
			});
	}
}

/* Once at the end: small rather than fast. */
__attribute__((cold)) bool delivery_conclude(const struct delivery *delivery,
	const struct engine *engine, const char *before, struct instant now)
{
	struct delivery_report report = {
		.said = engine_said_messages(engine), .now = now};
	size_t confirmers = engine_confirmer_count(engine);

	if (engine_said_last(engine) == 0)
		return true;
	add_missed(delivery, engine, &report);
	add_present(delivery, engine, &report);
	report.names.count += delivery->departed.beyond;
	delivery_report_say(&report, before);
	if (report.names.count == 0 && confirmers < delivery->wanted)
		diagnostics_error(
			"%sconfirmed by %zu of %zu members; say it again "
			"when all of them are here",
			before, confirmers, delivery->wanted);
	return report.names.count == 0 && confirmers >= delivery->wanted;
}
