/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/state_receive.h"

#include <string.h>

#include "mchat/protocol/ack.h"
#include "mchat/protocol/coded_repair.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/lacks.h"
#include "mchat/protocol/nack.h"
#include "mchat/protocol/packet_size.h"
#include "mchat/protocol/presence.h"
#include "mchat/protocol/receive.h"
#include "mchat/protocol/receive_memory.h"
#include "mchat/protocol/repair.h"
#include "mchat/protocol/timers.h"

/* This many old STATEs in a row, in order, are believed to be right and the
 * newest to have been false; but none for this long after a bye, since STATEs
 * that left before it may still be under way. */
#define OLDS_MAX     4
#define BYE_FINAL_MS 1000

/* What a member reports of an author other than us. */
static void take_report(struct engine *e, struct member *m,
	const struct wire_state *state, const struct wire_report *report,
	struct repair_request *request)
{
	struct member *origin = members_find(&e->members, report->origin);
	uint64_t confirmed =
		peer_reports_take(&m->peer_reports, report, request->at);

	if (!origin)
		origin = receive_meet(e, m, state, report, request->at);
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

/* What a member lacks of the blocks of an author other than us. */
static void hear_lacks(struct engine *e, struct repair_request *request,
	const struct wire_report *report, const struct wire_lacks *lacks)
{
	struct member *origin = members_find(&e->members, report->origin);

	if (!origin || !origin->window.is_open)
		return;
	if (lacks_are_asked(e, origin, report->next, lacks, request->at))
		nack_suppress(e, origin, request->at);
	coded_repair_plan_others(e, request, origin, report->next, lacks);
}

static void receive_reports(struct engine *e, struct member *m,
	const struct wire_state *state, struct instant now)
{
	struct repair_request request = {
		.member = m, .at = now, .looks = REPAIR_LOOKS_MAX};
	struct wire_report report;
	struct reader reader;

	/* Its credit is spent first on our own packets, which nobody else
	 * repairs so soon. */
	reader_init(&reader, state->reports, state->reports_size);
	for (unsigned i = 0; wire_report_next(&reader, &report); i++) {
		if (report.origin != e->config.id)
			continue;
		if (ack_take_report(
			    e, m, &report, wire_state_held(state, i), now) &&
			report.flags & WIRE_REPORT_OWED)
			receive_learn_owed(e, m, report.owed, now);
		repair_plan_ours(e, &request, &report);
		if (wire_state_lacks(state, i))
			coded_repair_plan_ours(e, &request, &report,
				wire_state_lacks(state, i));
	}
	reader_init(&reader, state->reports, state->reports_size);
	for (unsigned i = 0; wire_report_next(&reader, &report); i++) {
		/* Nothing is missing of an author that said nothing. */
		if (report.origin == e->config.id || report.known == 0)
			continue;
		take_report(e, m, state, &report, &request);
		if (wire_state_lacks(state, i))
			hear_lacks(e, &request, &report,
				wire_state_lacks(state, i));
	}
	e->counts.steps += REPAIR_LOOKS_MAX - request.looks;
	receive_memory_update(e, m);
}

/* The member polls others, and perhaps us. */
static void hear_poll(struct engine *e, struct member *m,
	const struct wire_state *state, struct instant now)
{
	bool was_limited = m->is_limited_by_us;

	m->is_limited_by_us = false;
	for (unsigned i = 0; i < state->polled_count; i++) {
		if (wire_state_polled(state, i) != e->config.id)
			continue;
		m->is_limited_by_us = i == 0;
		if (!was_limited || i > 0)
			timers_poll(e, m, now);
	}
}

/* The authors that a STATE asks for packets, at least 1: each of them repairs,
 * so that they share what it may cause. */
static size_t count_asked(const struct wire_state *state)
{
	struct wire_report report;
	struct reader reader;
	size_t count = 0;

	reader_init(&reader, state->reports, state->reports_size);
	for (unsigned i = 0; wire_report_next(&reader, &report); i++)
		count += report.gap_count > 0 || wire_state_lacks(state, i);
	return count > 0 ? count : 1;
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
	presence_hear_state(e, m, state, now);
	packet_size_hear(m, state->largest);
	repair_credit_add_state(
		&m->credit, (state->size + WIRE_BELOW) / count_asked(state));
	if (hop_limit >= 0 && state->hop_limit >= hop_limit)
		m->hops = state->hop_limit - hop_limit;
	receive_learn(e, m, header, state, now);
	ack_learn_age(e, m, state->age.age);
	receive_reports(e, m, state, now);
	hear_poll(e, m, state, now);
	if (header->flags & WIRE_FULL)
		presence_hear_full(e, m);
	/* A stalled member comes back by making progress. */
	if (!(header->flags & WIRE_BYE) && !m->is_stalled)
		presence_arrive(e, m, state);
	/* A bye may be all that is ever heard of it. */
	else if (m->nick.size == 0)
		members_rename(&e->members, m, state->nick, state->nick_size);
	if (header->flags & WIRE_ANSWER) {
		if (header->flags & WIRE_HELLO)
			timers_greet(e, m, now);
		else
			timers_answer(e, m, now);
		state_wanted_answer(&e->wanted, m->id);
	}
	if (header->flags & WIRE_HELLO && header->flags & WIRE_ANSWER)
		state_wanted_of_all(&e->wanted);
	if (header->flags & WIRE_BYE)
		presence_leave(e, m, false);
	packet_size_update(e, m, now);
	return ENGINE_DISPOSITION_STATE;
}
