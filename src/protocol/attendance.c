/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/attendance.h"

#include <string.h>

#include "mchat/protocol/core.h"
#include "mchat/protocol/handout.h"
#include "mchat/protocol/timing.h"

/* Silence of so many intervals is a timeout (RFC 3550, section 6.3.5: 5). */
#define PRESENCE_MISSES 5

/* An author waits so long for a member that makes no progress. */
#define STALL_MS 5000

bool attendance_is_waited_for(const struct member *m)
{
	return m->is_here && m->has_heard_us && !m->is_excluded;
}

void attendance_update_confirmed(struct engine *e)
{
	uint64_t confirmed = e->sender.unsent;

	for (size_t i = 0; i < e->members.count; i++) {
		const struct member *m = e->members.list[i];

		if (attendance_is_waited_for(m) && m->has_next < confirmed)
			confirmed = m->has_next;
	}
	if (confirmed > e->sender.confirmed)
		e->sender.confirmed = confirmed;
	if (sender_is_confirmed(&e->sender))
		e->heartbeat_at = INSTANT_NEVER;
}

struct instant attendance_deadline(
	const struct engine *e, const struct member *m)
{
	struct instant next = m->ask_at;

	if (!m->is_here)
		return next;
	next = instant_earlier(
		next, instant_after(m->heard,
			      duration_times(timing_presence_interval(e),
				      PRESENCE_MISSES)));
	if (attendance_is_waited_for(m) && m->has_next < e->sender.unsent)
		next = instant_earlier(next,
			instant_after(m->progress, duration_ms(STALL_MS)));
	return next;
}

static bool tell(struct engine *e, enum notice_kind kind,
	const struct member *m, const struct nick *old)
{
	struct notice notice = {
		.kind = kind,
		.id = m->id,
		.nick_size = m->nick.size,
		.old_nick_size = old->size,
	};

	memcpy(notice.nick, m->nick.text, m->nick.size);
	memcpy(notice.old_nick, old->text, old->size);
	return notices_add(&e->notices, &notice);
}

struct member *attendance_meet(
	struct engine *e, uint64_t id, struct instant now)
{
	struct member *m = members_find(&e->members, id);

	if (m)
		return m;
	m = members_victim(&e->members);
	if (m) {
		if (m->was_told)
			tell(e, NOTICE_LEAVE, m, &m->nick);
		members_forget(&e->members, m);
	}
	m = members_add(&e->members, id, now);
	if (!m) {
		e->counts.bad++;
		return NULL;
	}
	m->has_from = e->sender.unsent;
	timing_answer(e, m, now);
	return m;
}

void attendance_leave(struct engine *e, struct member *m, bool is_timeout)
{
	if (!m->is_here)
		return;
	members_set_here(&e->members, m, false);
	/* Who never told that it hears us lacks all since we met. */
	m->left_lacking = e->sender.unsent -
			  (m->has_heard_us ? m->has_next : m->has_from);
	m->left_from = sender_message_at(&e->sender, m->has_next);
	m->has_heard_us = false;
	m->is_leaving = m->was_told;
	m->left_by_timeout = is_timeout;
	attendance_update_confirmed(e);
	handout_add(e, m);
}

void attendance_arrive(
	struct engine *e, struct member *m, const struct wire_state *state)
{
	struct nick old = m->nick;

	nick_set(&old, state->nick, state->nick_size);
	if (!nick_is_same(&old, &m->nick)) {
		old = m->nick;
		members_rename(&e->members, m, state->nick, state->nick_size);
		if (m->was_told)
			tell(e, NOTICE_NICK, m, &old);
	}
	if (!m->is_here) {
		members_set_here(&e->members, m, true);
		m->is_leaving = false;
		/* It may be the only one whose silence is to be noticed. */
		e->soonest =
			instant_earlier(e->soonest, attendance_deadline(e, m));
		timing_answer(e, m, m->heard);
	}
	if (!m->was_told)
		m->was_told = tell(e, NOTICE_JOIN, m, &m->nick);
}

void attendance_expect(struct engine *e, struct instant now)
{
	struct instant stalled = instant_after(now, duration_ms(STALL_MS));

	for (size_t i = 0; i < e->members.here; i++) {
		struct member *m = e->members.list[i];

		if (attendance_is_waited_for(m) &&
			m->has_next + 1 == e->sender.unsent) {
			m->progress = now;
			e->soonest = instant_earlier(e->soonest, stalled);
		}
	}
}

void attendance_tick(struct engine *e, struct member *m, struct instant now)
{
	struct duration silence =
		duration_times(timing_presence_interval(e), PRESENCE_MISSES);
	struct duration stall = duration_ms(STALL_MS);

	if (!m->is_here)
		return;
	if (!instant_before(now, instant_after(m->heard, silence)))
		attendance_leave(e, m, true);
	if (!attendance_is_waited_for(m))
		return;
	if (m->has_next >= e->sender.unsent)
		m->progress = now;
	if (!instant_before(now, instant_after(m->progress, stall))) {
		attendance_leave(e, m, true);
		m->is_excluded = true;
	}
}
