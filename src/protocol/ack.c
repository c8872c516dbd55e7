/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/ack.h"

#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/timers.h"

/* How long a member has for the next packets. */
static struct duration stall_time(const struct engine *e)
{
	return duration_longer(duration_ms(ACK_STALL_MS),
		duration_times(timers_confirm_spread(e), ACK_STALL_CONFIRMS));
}

static uint32_t *slot(struct engine *e, uint64_t number)
{
	return &e->ack_counts.waiting[number % ACK_SLOTS];
}

/* Goes on to the first packet that somebody needs, or behind the last sent. */
static void advance(struct engine *e)
{
	struct send_window *s = &e->send_window;

	if (e->ack_counts.members == 0)
		s->confirmed = s->unsent;
	while (s->confirmed < s->unsent && *slot(e, s->confirmed) == 0)
		s->confirmed++;
	if (send_window_is_confirmed(s))
		e->heartbeat_at = INSTANT_NEVER;
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
	advance(e);
}

void ack_expect(struct engine *e, struct instant now)
{
	struct instant stalled = instant_after(now, stall_time(e));

	advance(e);
	if (e->ack_counts.members > 0)
		e->soonest = instant_earlier(e->soonest, stalled);
}

/* ---- progress ---- */

void ack_expect_progress(struct engine *e, struct member *m, struct instant now)
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

void ack_note_progress(struct engine *e, struct member *m, struct instant now)
{
	if (m->is_stalled && is_back(e, m, now)) {
		m->is_stalled = false;
		ack_expect_progress(e, m, now);
	} else if (m->acked_next >= m->progress_goal) {
		ack_expect_progress(e, m, now);
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
	ack_expect_progress(e, m, now);
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
