/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/state_receive.h"

#include <string.h>

#include "mchat/protocol/ack.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/presence.h"
#include "mchat/protocol/receive.h"
#include "mchat/protocol/receive_memory.h"
#include "mchat/protocol/repair.h"
#include "mchat/protocol/timers.h"

/* A packet that left this shortly before a member started may have reached it:
 * its loss is reported, rather than hidden. */
#define OWED_SLACK_MS 5

/* This many old STATEs in a row, in order, are believed to be right and the
 * newest to have been false; but none for this long after a bye, since STATEs
 * that left before it may still be under way. */
#define OLDS_MAX     4
#define BYE_FINAL_MS 1000

/* The member knows our packets up to this one, which it did not before. */
static void measure(struct engine *e, struct member *m,
	const struct wire_report *report, struct instant now)
{
	const struct packet *packet =
		packet_store_get(&e->send_window.store, report->known);
	struct duration sample;

	if (!packet)
		return;
	sample = instant_until(packet->touched, now);
	if (sample.ns > duration_ms(RTT_MAX_MS).ns)
		sample = duration_ms(RTT_MAX_MS);
	e->ack_rtt.ns += (sample.ns - e->ack_rtt.ns) / 8;
	/* What left after that one may still be under way. */
	congestion_report(&e->congestion, &e->pacing, &m->share,
		&(struct congestion_sample){
			.sent = packet->sent,
			.received = report->received,
			.ack_rtt = e->ack_rtt,
		},
		now);
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

	/* What it has from the first is nothing that we know to have reached
	 * it. */
	if (m->has_heard_us)
		repair_credit_add_confirmed(&m->credit,
			bytes < (double)REPAIR_CREDIT_MAX ? (size_t)bytes
							  : REPAIR_CREDIT_MAX);
	m->acked_next = next;
	ack_note_progress(e, m, now);
}

static void take_confirmation(struct engine *e, struct member *m,
	const struct wire_report *report, struct instant now)
{
	if (report->next > e->send_window.unsent) {
		/* It claims what was never sent. */
		e->counts.bad++;
		return;
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
		ack_expect_progress(e, m, now);
	m->has_heard_us = true;
	ack_update(e, m);
	if (report->known > m->reported_known &&
		report->known < e->send_window.unsent) {
		m->reported_known = report->known;
		/* Who is not waited for does not set the pace either. */
		if (m->is_awaited)
			measure(e, m, report, now);
	}
	if (report->flags & WIRE_REPORT_COUNTS) {
		m->wants_owed = true;
		timers_answer(e, m, now);
	}
	if (report->flags & WIRE_REPORT_OWED)
		receive_learn_owed(e, m, report->owed, now);
	if (send_window_is_confirmed(&e->send_window) &&
		report->next < e->send_window.unsent &&
		instant_is_never(e->heartbeat_at))
		timers_start_heartbeat(e, now);
}

/* What a member reports of an author other than us. */
static void take_report(struct engine *e, struct member *m,
	const struct wire_report *report, struct repair_request *request)
{
	struct member *origin = members_find(&e->members, report->origin);
	uint64_t confirmed =
		peer_reports_take(&m->peer_reports, report, request->at);

	if (!origin)
		origin = receive_meet(e, report, request->at);
	if (!origin || !origin->window.is_open)
		return;
	/* It claims what was never sent, as far as we know. */
	if (report->next > origin->window.known + 1)
		confirmed = 0;
	repair_credit_add_confirmed(&m->credit,
		confirmed * receive_window_mean_size(&origin->window));
	receive_hear_of(e, origin, report, request->at);
	repair_plan_others(e, request, origin, report);
}

static void receive_reports(struct engine *e, struct member *m,
	const struct wire_state *state, struct instant now)
{
	struct repair_request request = {
		.member = m, .at = now, .looks = REPAIR_LOOKS_MAX};
	struct wire_report report;
	struct reader reader;

	/* What nobody else repairs so soon is the first that its credit is
	 * spent on. */
	reader_init(&reader, state->reports, state->reports_size);
	while (wire_report_next(&reader, &report)) {
		if (report.origin != e->config.id)
			continue;
		take_confirmation(e, m, &report, now);
		repair_plan_ours(e, &request, &report);
	}
	reader_init(&reader, state->reports, state->reports_size);
	while (wire_report_next(&reader, &report))
		/* Of who is silent nothing can be missing. */
		if (report.origin != e->config.id && report.known > 0)
			take_report(e, m, &report, &request);
	e->counts.steps += REPAIR_LOOKS_MAX - request.looks;
	receive_memory_update(e, m);
}

/* The member tells its age: what it owes us, and we it, begins there. */
static void learn_age(struct engine *e, struct member *m)
{
	struct send_mark owed;

	if (m->times_heard > 1)
		return;
	owed = send_window_owed_since(&e->send_window, m->born);
	m->has_from = owed.number;
	/* What was under way when it started may have reached it or not: it
	 * is told rather of one too many. */
	owed = send_window_owed_since(&e->send_window,
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
	if (e->requests++ == 0)
		e->requester = m->id;
	e->reasons |= 1U << ENGINE_ANSWER;
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

enum engine_disposition state_receive(struct engine *e,
	const struct wire_header *header, const struct wire_state *state,
	int hop_limit, struct instant now)
{
	struct member *m = presence_meet(e, header->member, now);

	if (!m)
		return ENGINE_DISPOSITION_NOTHING;
	if (m->times_heard > 0 && is_old(m, state->counter, now))
		return ENGINE_DISPOSITION_OLD_STATE;
	m->olds = 0;
	e->counts.states_received++;
	m->counter = state->counter;
	m->heard = now;
	m->interval = timers_presence_interval(e);
	m->times_heard++;
	repair_credit_add_state(
		&m->credit, wire_state_size(state) / count_asked(state));
	if (hop_limit >= 0 && state->hop_limit >= hop_limit)
		m->hops = state->hop_limit - hop_limit;
	receive_learn(e, m, header, state, now);
	learn_age(e, m);
	receive_reports(e, m, state, now);
	if (header->flags & WIRE_FULL)
		presence_hear_full(e, m);
	/* A stalled member comes back by making progress. */
	if (!(header->flags & WIRE_BYE) && !m->is_stalled)
		presence_arrive(e, m, state);
	/* A bye may be all that is ever heard of it. */
	else if (m->nick.size == 0)
		members_rename(&e->members, m, state->nick, state->nick_size);
	if (header->flags & WIRE_ANSWER) {
		timers_answer(e, m, now);
		note_asker(e, m);
	}
	if (header->flags & WIRE_HELLO && header->flags & WIRE_ANSWER)
		e->presence_is_due = true;
	if (header->flags & WIRE_BYE)
		presence_leave(e, m, false);
	return ENGINE_DISPOSITION_STATE;
}
