/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/presence.h"

#include "mchat/protocol/ack.h"
#include "mchat/protocol/deadlines.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/event_queue.h"
#include "mchat/protocol/member_counts.h"
#include "mchat/protocol/path_mtu.h"
#include "mchat/protocol/receive_memory.h"
#include "mchat/protocol/report_list.h"
#include "mchat/protocol/timers.h"

/* Silence of so many intervals is a timeout (RFC 3550, section 6.3.5: 5). */
#define PRESENCE_MISSES 5

/* How long the table counts as full after a newcomer was refused. */
#define FULL_MS 10000

/* The silence after which a member is taken for gone.  When it was last heard
 * it, or we, may have known a larger group than we do now, so that it speaks
 * less often: many of that may just have died. */
static struct duration patience(const struct engine *e, const struct member *m)
{
	return duration_times(
		duration_longer(m->interval, timers_presence_interval(e)),
		PRESENCE_MISSES);
}

/* When to look whether it is silent for too long.  While that takes longer than
 * by what was known when it was heard, because others came, they may leave
 * again, and it is looked at after as long again. */
static struct instant silence_look(
	const struct engine *e, const struct member *m, struct instant now)
{
	struct duration least = duration_times(m->interval, PRESENCE_MISSES);
	struct duration most = patience(e, m);
	struct duration again =
		duration_longer(least, instant_until(m->heard, now));

	return most.ns > least.ns
		       ? instant_earlier(instant_after(m->heard, most),
				 instant_after(now, again))
		       : instant_after(m->heard, most);
}

struct instant presence_deadline(
	const struct engine *e, const struct member *m, struct instant now)
{
	struct instant next = m->nack_at;

	next = instant_earlier(next, m->counting_until);
	if (!m->is_here)
		return next;
	next = instant_earlier(next, silence_look(e, m, now));
	return instant_earlier(next, ack_deadline(e, m));
}

/* Forgets a member, but for what was shown of it. */
static void forget(struct engine *e, struct member *m)
{
	members_set_here(&e->members, m, false);
	ack_update(e, m);
	path_mtu_forget(e, m);
	deadlines_remove(&e->deadlines, m);
	report_list_remove(e, m);
	member_counts_forget(e, m);
	receive_memory_remove(e, m);
	members_forget(&e->members, m);
}

/* There is no room for a newcomer: our next STATE says so, and the first time
 * an event does. */
static void refuse(struct engine *e, struct instant now)
{
	struct presence_event notice = {.kind = PRESENCE_EVENT_FULL};

	e->counts.bad++;
	if (!presence_is_full(e, now)) {
		state_wanted_add(&e->wanted, ENGINE_ANSWER);
		if (!e->is_full_told)
			e->is_full_told = presence_events_add(
				&e->presence_events, &notice);
	}
	e->refused_at = now;
}

bool presence_is_full(const struct engine *e, struct instant now)
{
	return e->refused_at.ns != 0 &&
	       instant_before(
		       now, instant_after(e->refused_at, duration_ms(FULL_MS)));
}

void presence_hear_full(struct engine *e, const struct member *m)
{
	struct presence_event notice = {.kind = PRESENCE_EVENT_REFUSED};

	/* A member that reports on us has room for us. */
	if (m->has_heard_us || e->is_refused_told)
		return;
	e->is_refused_told = presence_events_add(&e->presence_events, &notice);
}

/* Adds a member to the table and to what looks at it; NULL without memory. */
static struct member *add(struct engine *e, uint64_t id, struct instant now)
{
	struct member *m = members_add(&e->members, id, now);

	if (!m || deadlines_add(&e->deadlines, m))
		return m;
	members_forget(&e->members, m);
	return NULL;
}

struct member *presence_meet(struct engine *e, uint64_t id, struct instant now)
{
	struct member *m = members_find(&e->members, id);

	if (m)
		return m;
	if (e->members.count == MEMBERS_MAX) {
		m = members_victim(&e->members, now);
		e->counts.steps += MEMBERS_LOOKS;
		if (!m) {
			refuse(e, now);
			return NULL;
		}
		if (m->was_told)
			(void)presence_events_tell(&e->presence_events,
				PRESENCE_EVENT_LEAVE, m, &m->nick);
		forget(e, m);
	}
	m = add(e, id, now);
	if (!m) {
		e->counts.bad++;
		return NULL;
	}
	ack_meet(e, m);
	m->interval = timers_presence_interval(e);
	receive_memory_update(e, m);
	timers_greet(e, m, now);
	return m;
}

void presence_hear(struct member *m, struct instant now)
{
	m->heard = now;
}

/* The longest interval that is believed: that of the largest group. */
static struct duration believed_interval(const struct wire_state *state)
{
	struct duration most = timers_interval_of(MEMBERS_MAX);

	return state->interval.ns < most.ns ? state->interval : most;
}

void presence_hear_state(const struct engine *e, struct member *m,
	const struct wire_state *state, struct instant now)
{
	presence_hear(m, now);
	m->interval = duration_longer(
		timers_presence_interval(e), believed_interval(state));
	m->times_heard++;
}

void presence_leave(struct engine *e, struct member *m, bool is_timeout)
{
	uint64_t next = members_first_lacking(m);

	if (!m->is_here)
		return;
	members_set_here(&e->members, m, false);
	m->left_lacking = send_window_count_from(&e->send_window, next);
	m->left_from = send_window_message_at(&e->send_window, next);
	ack_forget_hearing(m);
	event_queue_leave(m);
	m->left_by_timeout = is_timeout;
	ack_update(e, m);
	path_mtu_forget(e, m);
	event_queue_add(e, m);
}

void presence_arrive(
	struct engine *e, struct member *m, const struct wire_state *state)
{
	struct nick old = m->nick;

	nick_set(&old, state->nick, state->nick_size);
	if (!nick_is_same(&old, &m->nick)) {
		old = m->nick;
		members_rename(&e->members, m, state->nick, state->nick_size);
		if (m->was_told)
			(void)presence_events_tell(&e->presence_events,
				PRESENCE_EVENT_NICK, m, &old);
	}
	if (!m->is_here) {
		members_set_here(&e->members, m, true);
		event_queue_stay(m);
		ack_update(e, m);
		/* It may be the only one whose silence is to be noticed. */
		timers_wake(e, m, presence_deadline(e, m, m->heard));
		timers_greet(e, m, m->heard);
	}
	if (!m->was_told)
		event_queue_note_told(
			m, presence_events_tell(&e->presence_events,
				   PRESENCE_EVENT_JOIN, m, &m->nick));
}

void presence_tick(struct engine *e, struct member *m, struct instant now)
{
	struct instant silent = instant_after(m->heard, patience(e, m));

	if (!m->is_here)
		return;
	if (!instant_before(now, ack_deadline(e, m))) {
		ack_stall(e, m, now);
		presence_leave(e, m, true);
	} else if (!instant_before(now, silent)) {
		presence_leave(e, m, true);
	}
}
