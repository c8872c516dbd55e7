/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/testimony.h"

#include <string.h>

#include "mchat/protocol/attendance.h"
#include "mchat/protocol/core.h"
#include "mchat/protocol/listening.h"
#include "mchat/protocol/mending.h"
#include "mchat/protocol/timing.h"

/* Old STATEs in a row, each after the other, that are believed. */
#define OLDS_MAX 4

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

static void take_confirmation(struct engine *e, struct member *m,
	const struct wire_report *report, struct instant now)
{
	if (report->next > e->sender.unsent) {
		/* It claims what was never sent. */
		e->counts.bad++;
		return;
	}
	if (!m->has_heard_us || report->next > m->has_next)
		m->progress = now;
	if (report->next > m->has_next)
		m->is_excluded = false;
	if (!m->has_heard_us && e->own_sent == 0)
		pacing_share_begin(&m->share, now);
	m->has_heard_us = true;
	m->seeks_from = report->next;
	if (report->next < m->has_from)
		m->has_from = report->next;
	if (report->next > m->has_next) {
		/* It cannot have got what nobody was to wait for any more. */
		if (m->has_next >= m->has_from &&
			m->has_next < e->sender.store.first)
			m->has_skipped = true;
		m->has_next = report->next;
	}
	if (report->known > m->has_known) {
		m->has_known = report->known;
		measure(e, m, report, now);
	}
	mending_ask_ours(e, m, report, now);
	if (!sender_is_confirmed(&e->sender))
		attendance_update_confirmed(e);
	else if (report->next < e->sender.unsent &&
		 instant_is_never(e->heartbeat_at))
		timing_start_heartbeat(e, now);
}

static void receive_reports(struct engine *e, struct member *m,
	const struct wire_state *state, struct instant now)
{
	struct wire_report report;
	struct reader reader;

	reader_init(&reader, state->reports, state->reports_size);
	while (wire_report_next(&reader, &report)) {
		struct member *origin;

		if (report.origin == e->config.id) {
			take_confirmation(e, m, &report, now);
			continue;
		}
		/* Of who is silent nothing can be missing. */
		if (report.known == 0)
			continue;
		hearings_take(&m->hearings, &report, now);
		origin = members_find(&e->members, report.origin);
		if (!origin)
			origin = listening_meet(e, &report, now);
		if (!origin || !origin->stream.is_open)
			continue;
		listening_hear_of(e, origin, &report, now);
		mending_ask_others(e, m, origin, &report, now);
	}
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
static bool is_old(struct member *m, uint64_t counter)
{
	if (counter > m->counter)
		return false;
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
	if (m->times_heard > 0 && is_old(m, state->counter))
		return ENGINE_TOOK_OLD_STATE;
	m->olds = 0;
	e->counts.states_received++;
	m->counter = state->counter;
	m->heard = now;
	m->times_heard++;
	if (hop_limit >= 0 && state->hop_limit >= hop_limit)
		m->hops = state->hop_limit - hop_limit;
	listening_learn(e, m, header, state, now);
	receive_reports(e, m, state, now);
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
