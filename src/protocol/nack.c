/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/nack.h"

#include "mchat/protocol/backfill.h"
#include "mchat/protocol/lacks.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/event_queue.h"
#include "mchat/protocol/path_mtu.h"
#include "mchat/protocol/receive_memory.h"
#include "mchat/protocol/report_list.h"
#include "mchat/protocol/timers.h"

/* The round trip of the group is taken to be at least this. */
#define RTT_MIN_US 1000

/* Who asks need not get it: others suppress our NACK no more than so often. */
#define SUPPRESSED_MAX       1
#define SUPPRESSED_MAX_LARGE 3

/* NACKs without an answer after which packets that the author no longer keeps
 * are given up, and the time after which all are. */
#define NACKS_FOR_OTHERS 4
#define GIVE_UP_MS       30000

/* History that nobody has sent by then is given up. */
#define HISTORY_GIVE_UP_MS 3000

void nack_init(struct engine *e)
{
	e->rtt = duration_ms(RTT_FIRST_MS);
}

void nack_note_reported(struct engine *e, struct member *m)
{
	m->must_report = false;
	report_list_update(e, m);
}

void nack_begin(struct member *m, struct instant now)
{
	m->gap_since = now;
	m->gap_known = m->window.known;
	m->nacks = 0;
	m->suppressed = 0;
}

/* Whether there is something to send a NACK for. */
static bool lacks_something(const struct member *m)
{
	return receive_window_has_gap(&m->window) ||
	       backfill_is_counting(&m->window);
}

/* How long to wait for the author to say what it owes us. */
static struct duration counting_time(const struct member *m)
{
	return duration_ms(m->has_said_bye ? HISTORY_GIVE_UP_MS : GIVE_UP_MS);
}

void nack_update(struct engine *e, struct member *m, uint64_t next_before,
	struct instant now)
{
	struct receive_window *s = &m->window;

	if (!backfill_is_counting(s))
		m->counting_until = INSTANT_NEVER;
	else if (instant_is_never(m->counting_until))
		m->counting_until = instant_after(now, counting_time(m));
	timers_wake(e, m, m->counting_until);
	report_list_update(e, m);
	if (s->next > next_before)
		nack_begin(m, now);
	event_queue_add(e, m);
	if (!lacks_something(m)) {
		m->nack_at = INSTANT_NEVER;
	} else if (s->next < next_before || instant_is_never(m->nack_at)) {
		/* There was none; or it begins earlier. */
		nack_begin(m, now);
		timers_schedule_nack(e, m, now);
	}
	receive_memory_update(e, m);
}

void nack_measure_rtt(
	struct engine *e, const struct member *m, struct instant now)
{
	struct duration sample = instant_until(m->nacked_at, now);
	struct duration least = duration_us(RTT_MIN_US);

	if (m->nacks != 1 || sample.ns > duration_ms(RTT_MAX_MS).ns)
		return;
	e->rtt = duration_longer(
		least, (struct duration){(7 * e->rtt.ns + sample.ns) / 8});
}

/* ---- giving up, and asking ---- */

/* All that was missing up to `last` has been waited for long enough; of history
 * that begins earlier now, not yet. */
static void give_up_to(struct member *m, uint64_t last)
{
	struct receive_window *s = &m->window;
	uint64_t before;

	do {
		before = s->next;
		backfill_skip(s, receive_window_gap_end(s));
	} while (receive_window_has_gap(s) && s->next > before &&
		 s->next <= last);
}

/* When the first gap is to be given up. */
static struct instant patience_end(const struct member *m)
{
	const struct receive_window *s = &m->window;
	bool is_history = s->phase == BACKFILL_HISTORY && s->next < s->anchor;

	return instant_after(m->gap_since,
		duration_ms(is_history ? HISTORY_GIVE_UP_MS : GIVE_UP_MS));
}

/* Whether the author, which does not keep what we lack, has been heard since we
 * last asked for it, so that others that have it could have answered, too. */
static bool is_nacked_in_vain(const struct member *m)
{
	return m->nacks >= NACKS_FOR_OTHERS && m->kept_first > m->window.next &&
	       instant_before(m->nacked_at, m->heard);
}

/* Gives up what nobody can send any more, and what has taken too long. */
static void give_up(struct engine *e, struct member *m, struct instant now)
{
	struct receive_window *s = &m->window;
	uint64_t next_before = s->next;

	if (!receive_window_has_gap(s))
		return;
	if (is_nacked_in_vain(m))
		backfill_skip(s, m->kept_first);
	else if (!instant_before(now, patience_end(m)))
		give_up_to(
			m, s->next < s->anchor ? s->anchor - 1 : m->gap_known);
	nack_update(e, m, next_before, now);
}

/* How often others may ask for it before we do so ourselves: in a large group
 * more, since there many have waited for the same. */
static unsigned most_suppressed(const struct engine *e)
{
	return e->members.here > TIMERS_SMALL_GROUP ? SUPPRESSED_MAX_LARGE
						    : SUPPRESSED_MAX;
}

void nack_suppress(struct engine *e, struct member *m, struct instant now)
{
	if (!receive_window_has_gap(&m->window) ||
		instant_is_never(m->nack_at) ||
		m->suppressed >= most_suppressed(e))
		return;
	m->suppressed++;
	m->nacked_at = now;
	timers_schedule_nack_again(e, m, patience_end(m), now);
}

void nack_tick(struct engine *e, struct member *m, struct instant now)
{
	if (!instant_before(now, m->counting_until)) {
		uint64_t next_before = m->window.next;

		backfill_stop_counting(&m->window);
		nack_update(e, m, next_before, now);
	}
	if (instant_before(now, m->nack_at) || !lacks_something(m))
		return;
	give_up(e, m, now);
	if (instant_before(now, m->nack_at) || !lacks_something(m))
		return;
	if (lacks_wait(e, m, now)) {
		timers_schedule_nack(e, m, now);
		return;
	}
	m->has_answered =
		m->nacks > 0 &&
		(m->has_answered || !instant_before(m->heard, m->nacked_at));
	m->nacks++;
	m->suppressed = 0;
	m->nacked_at = now;
	path_mtu_note_vain(e, m->nacks, now);
	m->must_report = true;
	report_list_update(e, m);
	/* The author no longer keeps what we lack, and would have no reason to
	 * send a STATE. */
	if (m->kept_first > m->window.next)
		state_wanted_ask(&e->wanted);
	state_wanted_add(&e->wanted, ENGINE_NACK);
	timers_schedule_nack_again(e, m, INSTANT_NEVER, now);
}
