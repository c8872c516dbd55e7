/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/testimony.h"

#include <string.h>

#include "mchat/protocol/ack.h"
#include "mchat/protocol/attendance.h"
#include "mchat/protocol/core.h"
#include "mchat/protocol/listening.h"
#include "mchat/protocol/mending.h"
#include "mchat/protocol/receive_memory.h"
#include "mchat/protocol/timing.h"

/* A member that started so long after something was sent is told of it if it
 * is lost. */
#define OWED_SLACK_MS 5

/* Old STATEs in a row, each after the other, that are believed; but for so long
 * after a bye none, since those that left before it may still be under way. */
#define OLDS_MAX     4
#define BYE_FINAL_MS 1000

/* The member knows our packets up to this one, which it did not before. */
static void measure(struct engine *e, struct member *m,
	const struct wire_report *report, struct instant now)
{
	const struct packet *packet =
		store_get(&e->sender.store, report->known);
	struct duration sample;

	if (!packet)
		return;
	sample = instant_until(packet->touched, now);
	if (sample.ns > duration_ms(RTT_MAX_MS).ns)
		sample = duration_ms(RTT_MAX_MS);
	e->turnaround.ns += (sample.ns - e->turnaround.ns) / 8;
	/* What left after that one may still be under way. */
	pacing_report(&e->pacing, &m->share, packet->sent, report->received,
		e->turnaround, now);
}

/* It will never have what we said from this message on. */
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
	return m->has_next > m->has_from ? m->has_next : m->has_from;
}

/* It has confirmed packets of ours that it had not before. */
static void note_confirmed(
	struct engine *e, struct member *m, uint64_t next, struct instant now)
{
	double bytes = (double)(next - m->has_next) * e->pacing.mean_size;

	/* What it has from the first is nothing that we know to have reached
	 * it. */
	if (m->has_heard_us)
		repair_credit_add_confirmed(&m->credit,
			bytes < (double)REPAIR_CREDIT_MAX ? (size_t)bytes
							  : REPAIR_CREDIT_MAX);
	/* It cannot have got what we did not keep for it. */
	if (confirmed_before(m) < e->sender.store.first)
		note_skipped(
			m, m->left_from > 0 ? m->left_from : m->owed_message);
	m->has_next = next;
	ack_note_progress(e, m, now);
}

static void take_confirmation(struct engine *e, struct member *m,
	const struct wire_report *report, struct instant now)
{
	if (report->next > e->sender.unsent) {
		/* It claims what was never sent. */
		e->counts.bad++;
		return;
	}
	if (!m->has_heard_us && e->own_sent == 0)
		pacing_share_begin(&m->share, now);
	m->seeks_from = report->next;
	if (report->flags & WIRE_REPORT_LOST)
		note_skipped(
			m, sender_message_at(&e->sender, confirmed_before(m)));
	if (report->next > m->has_next)
		note_confirmed(e, m, report->next, now);
	if (!m->has_heard_us)
		ack_expect_progress(e, m, now);
	m->has_heard_us = true;
	ack_update(e, m);
	if (report->known > m->has_known && report->known < e->sender.unsent) {
		m->has_known = report->known;
		/* Who is not waited for does not set the pace either. */
		if (m->is_awaited)
			measure(e, m, report, now);
	}
	if (report->flags & WIRE_REPORT_COUNTS) {
		m->wants_owed = true;
		timing_answer(e, m, now);
	}
	if (report->flags & WIRE_REPORT_OWED)
		listening_learn_owed(e, m, report->owed, now);
	if (sender_is_confirmed(&e->sender) &&
		report->next < e->sender.unsent &&
		instant_is_never(e->heartbeat_at))
		timing_start_heartbeat(e, now);
}

/* What a member reports of an author other than us. */
static void take_report(struct engine *e, struct member *m,
	const struct wire_report *report, struct ask *ask)
{
	struct member *origin = members_find(&e->members, report->origin);
	uint64_t confirmed = hearings_take(&m->hearings, report, ask->at);

	if (!origin)
		origin = listening_meet(e, report, ask->at);
	if (!origin || !origin->stream.is_open)
		return;
	/* It claims what was never sent, as far as we know. */
	if (report->next > origin->stream.known + 1)
		confirmed = 0;
	repair_credit_add_confirmed(
		&m->credit, confirmed * stream_mean_size(&origin->stream));
	listening_hear_of(e, origin, report, ask->at);
	mending_ask_others(e, ask, origin, report);
}

static void receive_reports(struct engine *e, struct member *m,
	const struct wire_state *state, struct instant now)
{
	struct ask ask = {.member = m, .at = now, .looks = ASK_LOOKS_MAX};
	struct wire_report report;
	struct reader reader;

	reader_init(&reader, state->reports, state->reports_size);
	while (wire_report_next(&reader, &report)) {
		if (report.origin == e->config.id) {
			take_confirmation(e, m, &report, now);
			mending_ask_ours(e, &ask, &report);
		} else if (report.known > 0) {
			/* Of who is silent nothing can be missing. */
			take_report(e, m, &report, &ask);
		}
	}
	e->counts.steps += ASK_LOOKS_MAX - ask.looks;
	receive_memory_update(e, m);
}

/* The member tells its age: what it owes us, and we it, begins there. */
static void learn_age(struct engine *e, struct member *m)
{
	struct send_mark owed;

	if (m->times_heard > 1)
		return;
	owed = sender_owed_since(&e->sender, m->born);
	m->has_from = owed.number;
	/* What was under way when it started may have reached it or not: it
	 * is told rather of one too many. */
	owed = sender_owed_since(&e->sender,
		(struct instant){m->born.ns - OWED_SLACK_MS * NS_PER_MS});
	m->owed_message = owed.message;
}

/* The authors that a STATE asks for packets, at least 1: each of them repairs,
 * so that they share what it may cause. */
static size_t count_asked(const struct wire_state *state)
{
	struct wire_report report;
	struct reader reader;
	size_t count = 0;

	reader_init(&reader, state->reports, state->reports_size);
	while (wire_report_next(&reader, &report))
		count += report.gap_count > 0;
	return count > 0 ? count : 1;
}

static void note_asker(struct engine *e, const struct member *m)
{
	if (e->asks++ == 0)
		e->asker = m->id;
	e->whys |= 1U << ENGINE_ANSWER;
}

/*
 * An older one that was overtaken, or the same on two interfaces.  When older
 * ones follow one another, it is the newest that was false (as RFC 3550, A.1,
 * does with sequence numbers).
 */
static bool is_old(struct member *m, uint64_t counter, struct instant now)
{
	struct instant final =
		instant_after(m->heard, duration_ms(BYE_FINAL_MS));

	if (counter > m->counter)
		return false;
	if (m->has_said_bye && instant_before(now, final))
		return true;
	m->olds = counter > m->old_counter ? m->olds + 1 : 0;
	m->old_counter = counter;
	return m->olds < OLDS_MAX;
}

enum engine_took testimony_receive(struct engine *e,
	const struct wire_header *header, const struct wire_state *state,
	int hop_limit, struct instant now)
{
	struct member *m = attendance_meet(e, header->member, now);

	if (!m)
		return ENGINE_TOOK_NOTHING;
	if (m->times_heard > 0 && is_old(m, state->counter, now))
		return ENGINE_TOOK_OLD_STATE;
	m->olds = 0;
	e->counts.states_received++;
	m->counter = state->counter;
	m->heard = now;
	m->interval = timing_presence_interval(e);
	m->times_heard++;
	repair_credit_add_state(
		&m->credit, wire_state_size(state) / count_asked(state));
	if (hop_limit >= 0 && state->hop_limit >= hop_limit)
		m->hops = state->hop_limit - hop_limit;
	listening_learn(e, m, header, state, now);
	learn_age(e, m);
	receive_reports(e, m, state, now);
	if (header->flags & WIRE_FULL)
		attendance_hear_full(e, m);
	/* Who was waited for in vain is back when it makes progress. */
	if (!(header->flags & WIRE_BYE) && !m->is_excluded)
		attendance_arrive(e, m, state);
	if (header->flags & WIRE_ANSWER) {
		timing_answer(e, m, now);
		note_asker(e, m);
	}
	if (header->flags & WIRE_HELLO && header->flags & WIRE_ANSWER)
		e->presence_is_due = true;
	if (header->flags & WIRE_BYE)
		attendance_leave(e, m, false);
	return ENGINE_TOOK_STATE;
}
