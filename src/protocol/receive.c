/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/receive.h"

#include "mchat/protocol/backfill.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/event_queue.h"
#include "mchat/protocol/nack.h"
#include "mchat/protocol/presence.h"
#include "mchat/protocol/receive_memory.h"
#include "mchat/protocol/timers.h"

/* Recent are at most so many packets. */
#define RECENT_MAX 2048

/* For this long after joining, a member that wants history also takes up
 * authors that have left, from what others report of them: by then each other
 * member has spoken several times. */
#define HISTORY_BY_REPORT_MS 10000

/* How far an author's numbers may have advanced while we did not hear it. */
#define JUMP_MAX (UINT64_C(1) << 32)

/* After this silence an author may be gone, and what others report of its
 * packets is believed. */
#define SILENT_MS 100

/* STATEs in a row that claim less was sent than we know of, before we believe
 * them (as RFC 3550, A.1, does with sequence numbers). */
#define LOWS_MAX 4

/* Two clocks drift apart by less than one part in this many: an author that
 * looks younger than that allows was only delayed. */
#define DRIFT 4096

/* ---- the author's time line ---- */

/* The author is this old now.  The delay of the packet that said so makes it
 * look younger, so the earliest birth that was computed is kept. */
static void note_age(struct member *m, struct duration age, struct instant now)
{
	struct instant born = {now.ns - age.ns};
	int64_t drift = instant_until(m->aged, now).ns / DRIFT;

	if (m->has_born && born.ns > m->born.ns + drift)
		born.ns = m->born.ns + drift;
	m->born = born;
	m->has_born = true;
	m->aged = now;
}

/* The age of an author when we started, in whole milliseconds as packets have
 * it, or less; negative when it started later. */
static struct duration start_for(const struct engine *e, struct instant born)
{
	int64_t ns = instant_until(born, e->started).ns;
	int64_t ms = ns / NS_PER_MS;

	return duration_ms(ns < 0 && ns % NS_PER_MS != 0 ? ms - 1 : ms);
}

static struct extent extent_of_report(const struct wire_report *report)
{
	return (struct extent){
		.last = report->known,
		.messages = report->messages,
		.is_counted = report->flags & WIRE_REPORT_COUNTED,
		.sent = wire_age_before(report->age),
	};
}

/* Goes on where the messages of the author stopped when it was forgotten. */
static bool resume(
	struct engine *e, struct member *m, const struct extent *extent)
{
	const struct resume_point *point = members_resume(&e->members, m->id);
	struct receive_window *s = &m->window;

	if (!point || point->packet > extent->last + 1)
		return false;
	receive_window_open(s, point->packet, point->message);
	s->offset = point->offset;
	s->shown = point->shown;
	s->part_predates = false;
	receive_window_hear_of(s, extent);
	return true;
}

/* Opens the receive window of an author that has sent this much. */
static void begin(struct engine *e, struct member *m,
	const struct extent *extent, struct instant now)
{
	if (!resume(e, m, extent))
		backfill_begin(&m->window, extent, start_for(e, m->born),
			e->config.history, m->kept_first);
	nack_begin(m, now);
}

/* The author itself tells its age: what others said of that and of its numbers
 * is forgotten, as far as nothing came out by then. */
static void hear_own_age(struct engine *e, struct member *m,
	struct duration age, struct instant now)
{
	struct receive_window *s = &m->window;

	if (m->from_report_only)
		m->has_born = false;
	note_age(m, age, now);
	if (m->from_report_only && s->is_open && !s->has_begun) {
		if (s->shown == 0)
			receive_window_fini(s);
		else
			backfill_correct_start(s, start_for(e, m->born));
	}
	m->from_report_only = false;
}

/*
 * The author itself says that it has sent no more than `last` so far: what was
 * given up behind that, because others had told of it, may still be said.
 */
static void hear_own_word(struct member *m, uint64_t last)
{
	struct receive_window *s = &m->window;

	if (s->is_open && last >= s->own.last && last + 1 < s->next)
		receive_window_unskip(s);
}

/* Opens the receive window of an author whose first packet to reach us is this
 * one. */
static void begin_by_data(struct engine *e, struct member *m,
	const struct wire_data *data, struct instant now)
{
	struct extent extent = {
		.last = data->sequence - 1,
		.messages = data->message - 1,
		.is_counted = true,
		.sent = wire_age_before(data->sent),
	};

	begin(e, m, &extent, now);
}

/* Counts a recent packet; half of them are forgotten when there are too many.
 */
static void note_recent(struct engine *e, bool is_repair)
{
	e->recent++;
	e->recent_repairs += is_repair;
	if (e->recent < RECENT_MAX)
		return;
	e->recent /= 2;
	e->recent_repairs /= 2;
}

enum engine_disposition receive_take(struct engine *e, struct member *m,
	const struct receive_arrival *arrival, struct instant now)
{
	enum engine_disposition took = ENGINE_DISPOSITION_NOTHING;
	struct packet *had;

	switch (backfill_take(&m->window, arrival->data, arrival->packet,
		arrival->size, now)) {
	case RECEIVE_WINDOW_NEW:
		took = ENGINE_DISPOSITION_NEW;
		e->counts.data_received++;
		note_recent(e, arrival->is_repair);
		if (arrival->is_repair) {
			took = ENGINE_DISPOSITION_REPAIR;
			e->counts.repaired++;
			nack_measure_rtt(e, m, now);
		}
		break;
	case RECEIVE_WINDOW_DOUBLE:
		took = ENGINE_DISPOSITION_DOUBLE;
		e->counts.doubles++;
		had = packet_store_get(
			&m->window.store, arrival->data->sequence);
		if (had)
			had->touched = now;
		break;
	case RECEIVE_WINDOW_LATE:
		took = ENGINE_DISPOSITION_LATE;
		e->counts.late++;
		break;
	case RECEIVE_WINDOW_TOO_FAR:
		took = ENGINE_DISPOSITION_TOO_FAR;
		break;
	case RECEIVE_WINDOW_NO_MEMORY:
		break;
	}
	return took;
}

enum engine_disposition receive_data(struct engine *e,
	const struct wire_header *header, const struct wire_data *data,
	const void *packet, size_t size, struct instant now)
{
	struct receive_arrival arrival = {
		.data = data,
		.packet = packet,
		.size = size,
		.is_repair = header->flags & WIRE_REPAIR,
	};
	struct member *m = arrival.is_repair
				   ? members_find(&e->members, header->member)
				   : presence_meet(e, header->member, now);
	enum engine_disposition took;
	uint64_t next_before;

	/* An author is not met by a repair that somebody else asked for. */
	if (!m || (arrival.is_repair && !m->window.is_open))
		return ENGINE_DISPOSITION_NOTHING;
	if (!arrival.is_repair)
		hear_own_age(e, m, data->sent.age, now);
	if (!m->window.is_open)
		begin_by_data(e, m, data, now);
	if (data->sequence > m->window.next + JUMP_MAX) {
		e->counts.bad++;
		return ENGINE_DISPOSITION_NOTHING;
	}
	if (!arrival.is_repair) {
		presence_hear(m, now);
		hear_own_word(m, data->sequence - 1);
	}
	next_before = m->window.next;
	if (!receive_memory_admits(e, size))
		return ENGINE_DISPOSITION_NOTHING;
	/* Of what was known of it by the reports of others nothing could come
	 * in as yet: a private group may still have had to name its session. */
	if (m->window.received == 0)
		nack_begin(m, now);
	receive_window_count(&m->window, size);
	took = receive_take(e, m, &arrival, now);
	byte_rate_add(&e->receiving, size, now);
	timers_confirm(e, m, true, now);
	nack_update(e, m, next_before, now);
	return took;
}

/* Whether an author that we have not heard ourselves is to be met by what
 * another member reports of it: something of it is owed to us, or may be our
 * history. */
static bool is_to_be_met(const struct engine *e,
	const struct wire_report *report, struct instant left,
	struct instant now)
{
	struct instant joined =
		instant_after(e->started, duration_ms(HISTORY_BY_REPORT_MS));
	struct instant born = {left.ns - report->age.age.ns};
	struct duration start = start_for(e, born);

	if (report->known == 0 || report->known >= WIRE_SEQUENCE_MAX)
		return false;
	return start.ns <= 0 ||
	       backfill_is_owed(extent_of_report(report).sent, start) ||
	       (e->config.history > 0 && instant_before(now, joined));
}

/*
 * When a STATE of this age of its author left: now, or earlier when it was long
 * under way, or in our socket.
 */
static struct instant left_at(const struct member *m,
	const struct wire_state *state, struct instant now)
{
	struct instant left = {m->born.ns + state->age.age.ns};

	return m->has_born && instant_before(left, now) ? left : now;
}

struct member *receive_meet(struct engine *e, const struct member *reporter,
	const struct wire_state *state, const struct wire_report *report,
	struct instant now)
{
	struct extent extent = extent_of_report(report);
	struct instant left = left_at(reporter, state, now);
	struct member *m;

	/* No other member gives way for it, least of all the one that just
	 * reported it. */
	if (e->members.count == MEMBERS_MAX ||
		!is_to_be_met(e, report, left, now))
		return NULL;
	m = presence_meet(e, report->origin, now);
	if (!m)
		return NULL;
	note_age(m, report->age.age, left);
	begin(e, m, &extent, now);
	m->from_report_only = true;
	nack_update(e, m, m->window.next, now);
	return m;
}

void receive_hear_of(struct engine *e, struct member *origin,
	const struct wire_report *report, struct instant now)
{
	struct extent extent = extent_of_report(report);
	struct instant silent =
		instant_after(origin->heard, duration_ms(SILENT_MS));

	/* An author that said bye has told itself how much it sent. */
	if (origin->has_said_bye || instant_before(now, silent) ||
		report->known <= origin->window.known ||
		report->known > origin->window.next + JUMP_MAX)
		return;
	receive_window_hear_of(&origin->window, &extent);
	nack_update(e, origin, origin->window.next, now);
}

/* Whether the author has sent less than we were told, and is believed. */
static bool is_restarted(struct member *m, uint64_t last)
{
	if (last + 1 + RECEIVE_WINDOW_PACKETS >= m->window.next) {
		m->lows = 0;
		return false;
	}
	if (m->lows++ == 0 || last < m->low_last)
		m->low_last = last;
	return m->lows >= LOWS_MAX;
}

/* We were told of numbers that never were: what left before now may have been
 * shown already, and nobody knows how much of it was taken for old. */
static void restart(struct member *m, struct instant now)
{
	struct receive_window *s = &m->window;

	receive_window_fini(s);
	receive_window_open(s, m->low_last + 1, 0);
	s->start = instant_until(m->born, now);
	s->has_unknown_loss = true;
	m->lows = 0;
}

void receive_learn(struct engine *e, struct member *m,
	const struct wire_header *header, const struct wire_state *state,
	struct instant now)
{
	struct receive_window *s = &m->window;
	struct extent extent = {
		.last = state->last,
		.messages = state->messages,
		.is_counted = true,
		.sent = wire_age_before(state->age),
	};
	uint64_t next_before;

	if (s->is_open && state->last > s->next + JUMP_MAX) {
		e->counts.bad++;
		return;
	}
	hear_own_age(e, m, state->age.age, now);
	hear_own_word(m, state->last);
	if (s->is_open && is_restarted(m, state->last))
		restart(m, now);
	if (m->lows > 0)
		return;
	m->kept_first = state->first;
	m->has_said_bye = header->flags & WIRE_BYE;
	if (!s->is_open)
		begin(e, m, &extent, now);
	next_before = s->next;
	receive_window_learn(s, &extent);
	nack_update(e, m, next_before, now);
}

void receive_learn_owed(
	struct engine *e, struct member *m, uint64_t owed, struct instant now)
{
	struct receive_window *s = &m->window;
	uint64_t next_before = s->next;

	if (!s->is_open || owed > s->told.messages + 1)
		return;
	backfill_learn_owed(s, owed);
	nack_update(e, m, next_before, now);
}
