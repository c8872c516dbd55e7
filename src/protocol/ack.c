/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/ack.h"

#include <assert.h>

#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/limiting.h"
#include "mchat/protocol/member_counts.h"
#include "mchat/protocol/timers.h"

/* A packet that left this shortly before a member started may have reached it:
 * its loss is reported, rather than hidden. */
#define OWED_SLACK_MS 5

void ack_init(struct engine *e)
{
	e->ack_rtt = duration_ms(RTT_FIRST_MS);
}

uint32_t ack_count_sent(struct engine *e)
{
	return ++e->own_sent;
}

/* How long a member has for the next packets. */
static struct duration stall_time(const struct engine *e)
{
	return duration_longer(duration_ms(ACK_STALL_MS),
		duration_times(timers_confirm_spread(e), ACK_STALL_CONFIRMS));
}

static_assert(SEND_WINDOW_PACKETS < ACK_SLOTS, "each unconfirmed has a slot");

static uint32_t *slot(struct engine *e, uint64_t number)
{
	return &e->ack_counts.waiting[number % ACK_SLOTS];
}

bool ack_is_complete(const struct engine *e)
{
	/* Who came up later may lack what nobody was there to confirm; and who
	 * was there to hear it may not hear us. */
	return send_window_is_confirmed(&e->send_window) &&
	       member_counts_caught_up(e) == e->members.here;
}

/* Whether nobody is to be asked any more: when no more is said, also those are
 * of whom we have not heard that they hear us. */
static bool is_done(const struct engine *e)
{
	return e->is_finishing ? ack_is_complete(e)
			       : send_window_is_confirmed(&e->send_window);
}

/* Goes on to the first packet that somebody needs, or behind the last sent. */
static void advance(struct engine *e)
{
	struct send_window *s = &e->send_window;

	if (e->ack_counts.members == 0)
		s->confirmed = s->unsent;
	while (s->confirmed < s->unsent && *slot(e, s->confirmed) == 0)
		s->confirmed++;
	if (is_done(e))
		timers_stop_heartbeat(e);
}

/* Members that are silent about what they lack are looked for then. */
static void schedule_look(struct engine *e, struct instant now)
{
	if (instant_is_never(e->stall_look))
		e->stall_look = instant_after(now, stall_time(e));
}

/* Takes the member out of the counts. */
static void remove_member(struct engine *e, struct member *m)
{
	if (!m->is_awaited)
		return;
	m->is_awaited = false;
	e->ack_counts.members--;
	--*slot(e, m->awaited_at);
}

void ack_update(struct engine *e, struct member *m)
{
	bool is_awaited = m->is_here && m->has_heard_us && !m->is_stalled;
	uint64_t confirmed = e->send_window.confirmed;

	remove_member(e, m);
	if (is_awaited) {
		m->is_awaited = true;
		/* What was confirmed stays so; for a member that began late
		 * see engine_is_confirmed. */
		m->awaited_at =
			m->acked_next > confirmed ? m->acked_next : confirmed;
		e->ack_counts.members++;
		++*slot(e, m->awaited_at);
	}
	member_counts_update(e, m);
	advance(e);
}

void ack_expect(struct engine *e, struct instant now)
{
	advance(e);
	if (e->ack_counts.members > 0)
		schedule_look(e, now);
}

/* ---- progress ---- */

/* From now on the member has that long for the next ACK_FLOOR packets. */
static void expect_progress(
	struct engine *e, struct member *m, struct instant now)
{
	uint64_t goal = m->acked_next + ACK_FLOOR;

	if (goal > e->send_window.unsent)
		goal = e->send_window.unsent;
	m->progress = now;
	m->progress_from = m->acked_next;
	m->progress_goal = goal > m->acked_next ? goal : m->acked_next + 1;
}

/* Whether a member that was let go is waited for again: at once when it has
 * caught up or was not let go before, else when it is fast enough by now. */
static bool is_back(
	const struct engine *e, const struct member *m, struct instant now)
{
	struct instant stalled = instant_after(m->progress, stall_time(e));

	return m->acked_next >= e->send_window.unsent || m->stalls == 1 ||
	       (m->acked_next >= m->progress_goal &&
		       instant_before(now, stalled));
}

static void note_progress(
	struct engine *e, struct member *m, struct instant now)
{
	if (m->is_stalled && is_back(e, m, now)) {
		m->is_stalled = false;
		expect_progress(e, m, now);
	} else if (m->acked_next >= m->progress_goal) {
		expect_progress(e, m, now);
	}
}

void ack_stall(struct engine *e, struct member *m, struct instant now)
{
	struct instant forgiven =
		instant_after(m->stalled_at, duration_ms(ACK_FORGIVE_MS));

	if (!instant_before(now, forgiven))
		m->stalls = 0;
	m->stalls++;
	m->stalled_at = now;
	m->is_stalled = true;
	expect_progress(e, m, now);
	ack_update(e, m);
}

struct instant ack_deadline(const struct engine *e, const struct member *m)
{
	const struct packet *first;
	struct instant begun = m->progress;

	if (!m->is_awaited || m->acked_next >= e->send_window.unsent)
		return INSTANT_NEVER;
	/* Nothing was to be confirmed before it was sent. */
	first = packet_store_get(&e->send_window.store, m->progress_from);
	if (first && instant_before(begun, first->sent_at))
		begun = first->sent_at;
	return instant_after(begun, stall_time(e));
}

/* Who lacks something by now has that deadline; who comes to lack something
 * later has one behind the next look. */
void ack_tick(struct engine *e, struct instant now)
{
	if (instant_before(now, e->stall_look))
		return;
	e->stall_look = INSTANT_NEVER;
	for (size_t i = 0; i < e->members.here; i++) {
		struct member *m = e->members.list[i];
		struct instant stalled = ack_deadline(e, m);

		if (instant_is_never(stalled))
			continue;
		timers_wake(e, m, stalled);
		schedule_look(e, now);
	}
	e->counts.steps += e->members.here;
}

/* ---- what a member has of us ---- */

void ack_meet(const struct engine *e, struct member *m)
{
	m->has_from = e->send_window.unsent;
	m->owed_message = 1;
	m->owed_as_of = INSTANT_NEVER;
}

void ack_forget_hearing(struct member *m)
{
	m->has_heard_us = false;
}

void ack_note_owed_told(struct member *m)
{
	m->wants_owed = false;
}

/* The member started at `started`, or before: what it is owed begins there. */
static void learn_owed(
	struct engine *e, struct member *m, struct instant started)
{
	struct send_mark owed;

	if (!instant_before(started, m->owed_as_of))
		return;
	m->owed_as_of = started;
	owed = send_window_owed_since(&e->send_window, started);
	m->has_from = owed.number;
	/* What was under way when it started may have reached it or not: it
	 * is told rather of one too many. */
	owed = send_window_owed_since(&e->send_window,
		(struct instant){started.ns - OWED_SLACK_MS * NS_PER_MS});
	m->owed_message = owed.message;
	member_counts_update(e, m);
}

void ack_learn_age(struct engine *e, struct member *m, struct duration age)
{
	m->told_age = age;
	learn_owed(e, m, m->born);
}

/*
 * When the member started, by the two ages in one STATE, its own and the one
 * that we have as it knows: too early rather than too late, however long that
 * STATE waited in our socket.
 */
static struct instant start_by_report(const struct engine *e,
	const struct member *m, const struct wire_report *report)
{
	return (struct instant){
		e->started.ns + report->age.age.ns - m->told_age.ns};
}

/* A packet of ours was confirmed after this time, not counting that for which
 * the member held it. */
static void note_turnaround(struct engine *e, struct duration sample)
{
	if (sample.ns < 0)
		sample.ns = 0;
	if (sample.ns > duration_ms(RTT_MAX_MS).ns)
		sample = duration_ms(RTT_MAX_MS);
	e->ack_rtt.ns += (sample.ns - e->ack_rtt.ns) / 8;
}

/* The member knows our packets up to this one, which it did not before. */
static void measure(struct engine *e, struct member *m,
	const struct wire_report *report, struct duration held,
	struct instant now)
{
	const struct packet *packet =
		packet_store_get(&e->send_window.store, report->known);
	struct instant shrunk = e->congestion.shrunk;

	if (!packet)
		return;
	if (held.ns < duration_us(WIRE_HELD_MAX_US).ns)
		note_turnaround(
			e, (struct duration){
				   instant_until(packet->touched, now).ns -
				   held.ns});
	/* What left after that one may still be under way. */
	congestion_report(&e->congestion, &e->pacing, &m->share,
		&(struct congestion_sample){
			.sent = packet->sent,
			.received = report->received,
			.ack_rtt = e->ack_rtt,
		},
		now);
	limiting_report(
		e, m, instant_before(shrunk, e->congestion.shrunk), now);
}

/* It has lost messages of ours, from this one on. */
static void note_skipped(struct member *m, uint64_t message)
{
	if (m->has_skipped)
		return;
	m->has_skipped = true;
	m->skipped_from = message;
}

/* What comes before is confirmed, or was said before the member started. */
static uint64_t confirmed_before(const struct member *m)
{
	return m->acked_next > m->has_from ? m->acked_next : m->has_from;
}

/* It has confirmed packets of ours that it had not before. */
static void note_confirmed(
	struct engine *e, struct member *m, uint64_t next, struct instant now)
{
	double bytes = (double)(next - m->acked_next) * e->pacing.mean_size;

	/* What its first report confirms need not have reached it. */
	if (m->has_heard_us)
		repair_credit_add_confirmed(&m->credit,
			bytes < (double)REPAIR_CREDIT_MAX ? (size_t)bytes
							  : REPAIR_CREDIT_MAX);
	m->acked_next = next;
	e->has_confirmed = true;
	note_progress(e, m, now);
}

bool ack_take_report(struct engine *e, struct member *m,
	const struct wire_report *report, struct duration held,
	struct instant now)
{
	if (report->next > e->send_window.unsent) {
		/* It claims what was never sent. */
		e->counts.bad++;
		return false;
	}
	if (!m->has_heard_us && e->own_sent == 0)
		congestion_share_begin(&m->share, now);
	m->reported_next = report->next;
	if (report->flags & WIRE_REPORT_LOST)
		note_skipped(m, send_window_message_at(
					&e->send_window, confirmed_before(m)));
	if (report->next > m->acked_next)
		note_confirmed(e, m, report->next, now);
	if (!m->has_heard_us)
		expect_progress(e, m, now);
	m->has_heard_us = true;
	ack_update(e, m);
	if (m->is_awaited && m->acked_next < e->send_window.unsent)
		schedule_look(e, now);
	if (report->known > m->reported_known &&
		report->known < e->send_window.unsent) {
		m->reported_known = report->known;
		/* Who is not waited for does not set the pace either. */
		if (m->is_awaited)
			measure(e, m, report, held, now);
	}
	if (report->flags & WIRE_REPORT_COUNTS) {
		learn_owed(e, m, start_by_report(e, m, report));
		m->wants_owed = true;
		timers_answer(e, m, now);
	}
	if (send_window_is_confirmed(&e->send_window) &&
		report->next < e->send_window.unsent &&
		instant_is_never(e->heartbeat_at))
		timers_start_heartbeat(e, now);
	return true;
}
