/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/event_queue.h"

#include <string.h>

#include "mchat/protocol/backfill.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/path_mtu.h"
#include "mchat/protocol/reassembly.h"
#include "mchat/protocol/record.h"

void event_queue_note_told(struct member *m, bool was_told)
{
	m->was_told = was_told;
}

void event_queue_leave(struct member *m)
{
	m->is_leaving = m->was_told;
}

void event_queue_stay(struct member *m)
{
	m->is_leaving = false;
}

void event_queue_add(struct engine *e, struct member *m)
{
	if (m->is_queued || !(reassembly_is_ready(&m->window) || m->is_leaving))
		return;
	m->is_queued = true;
	m->queued_after = NULL;
	if (e->queue_first)
		e->queue_last->queued_after = m;
	else
		e->queue_first = m;
	e->queue_last = m;
}

/* This and what else is seldom stands apart, so that a message pays for none of
 * it. */
#define SELDOM __attribute__((noinline))

SELDOM static void give_notice(struct engine *e, struct event *out)
{
	const struct presence_event *n = &e->presence_event;
	struct nick nick = {.owner = n->id, .size = n->nick_size};

	memcpy(nick.text, n->nick, n->nick_size);
	*out = (struct event){
		.member =
			{
				.id = n->id,
				.nick = n->nick,
				.nick_size = n->nick_size,
				.is_nick_shared = nicks_is_shared(
					&e->members.nicks, &nick),
			},
	};
	switch (n->kind) {
	case PRESENCE_EVENT_FULL:
		out->kind = EVENT_FULL;
		out->full.members = MEMBERS_MAX;
		break;
	case PRESENCE_EVENT_REFUSED:
		out->kind = EVENT_FULL;
		out->full.members = MEMBERS_MAX;
		out->full.is_refused = true;
		break;
	case PRESENCE_EVENT_PATH_MTU:
		out->kind = EVENT_PATH_MTU;
		break;
	case PRESENCE_EVENT_JOIN:
		out->kind = EVENT_JOIN;
		break;
	case PRESENCE_EVENT_LEAVE:
		out->kind = EVENT_LEAVE;
		out->leave.is_timeout = true;
		break;
	case PRESENCE_EVENT_NICK:
		out->kind = EVENT_NICK;
		out->nick.old_nick = n->old_nick;
		out->nick.old_nick_size = n->old_nick_size;
		nick_set(&nick, n->old_nick, n->old_nick_size);
		out->nick.is_old_nick_shared =
			nicks_is_shared(&e->members.nicks, &nick);
		break;
	}
}

/* The author goes by the nick at the beginning of its next packet, when none is
 * known yet: what comes before it is lost. */
static void peek_nick(struct member *m)
{
	const struct packet *packet =
		packet_store_get(&m->window.store, m->window.delivered);
	struct record record;
	struct wire_data data;
	struct reader reader;

	if (m->said_nick.size > 0 || m->nick.size > 0 || !packet ||
		!wire_data_open(packet->bytes, packet->size, &data))
		return;
	reader_init(&reader, data.records, data.records_size);
	if (!record_next(&reader, &record) || record.type != RECORD_NICK)
		return;
	nick_set(&m->said_nick, (const char *)record.bytes, record.size);
	m->shared_as_of = 0;
}

/* The member under the nick of what it said. */
static struct event_member author_of(struct engine *e, struct member *m)
{
	const struct nicks *nicks = &e->members.nicks;
	const struct nick *nick =
		m->said_nick.size > 0 ? &m->said_nick : &m->nick;

	if (m->shared_as_of != nicks->changes) {
		m->shared_as_of = nicks->changes;
		m->is_said_shared = nicks_is_shared(nicks, nick);
	}
	return (struct event_member){
		.id = m->id,
		.nick = nick->text,
		.nick_size = nick->size,
		.is_nick_shared = m->is_said_shared,
		.is_nick_plain = nick->is_plain,
	};
}

bool event_queue_note_nick(struct member *m, const struct reassembly_item *item)
{
	if (item->kind != REASSEMBLY_NICK)
		return false;
	nick_set(&m->said_nick, item->text, item->size);
	m->shared_as_of = 0;
	return true;
}

SELDOM static void give_loss(struct engine *e, struct member *m,
	const struct reassembly_item *item, struct event *out)
{
	peek_nick(m);
	*out = (struct event){
		.kind = EVENT_LOST,
		.time = item->time,
		.member = author_of(e, m),
		.lost =
			{
				.count = item->count,
				.is_before = item->count == 0,
				.why = item->count > 0
					       ? "nobody has them any more"
					       : "nobody has it any more",
			},
	};
	e->counts.lost += item->count;
}

/* Nothing beyond what a message has is written: there are many of them, and
 * other events are much larger. */
static void give_message(struct engine *e, struct member *m,
	const struct reassembly_item *item, struct event *out)
{
	out->kind =
		item->kind == REASSEMBLY_ACTION ? EVENT_ACTION : EVENT_MESSAGE;
	out->time = item->time;
	out->received.ms = 0;
	out->is_misdated = false;
	out->member = author_of(e, m);
	out->message = (struct event_message){
		.sequence = item->number,
		.number = item->message,
		.text = item->text,
		.size = item->size,
		.is_history = item->is_history,
	};
	e->counts.delivered++;
}

/* Turns what the author said into an event; false for its nick. */
static bool give_item(struct engine *e, struct member *m,
	const struct reassembly_item *item, struct event *out)
{
	if (event_queue_note_nick(m, item))
		return false;
	if (item->kind == REASSEMBLY_LOST)
		give_loss(e, m, item, out);
	else
		give_message(e, m, item, out);
	return true;
}

/* The member left, which is told once nothing more of it is to come. */
SELDOM static bool give_leave(
	struct engine *e, struct member *m, struct event *out)
{
	if (!m->is_leaving || receive_window_has_gap(&m->window) ||
		backfill_is_counting(&m->window))
		return false;
	m->is_leaving = false;
	m->was_told = false;
	*out = (struct event){
		.kind = EVENT_LEAVE,
		.member =
			{
				.id = m->id,
				.nick = m->nick.text,
				.nick_size = m->nick.size,
				.is_nick_shared = nicks_is_shared(
					&e->members.nicks, &m->nick),
			},
		.leave =
			{
				.is_timeout = m->left_by_timeout,
				.lacks = m->left_lacking,
				.lacks_from = m->left_lacking > 0
						      ? m->left_from
						      : m->skipped_from,
				.has_skipped = m->has_skipped,
				.got_only_small = path_mtu_is_limited(m),
				.heard_at = m->heard,
			},
	};
	return true;
}

/* The next event of a queued member; false when it has no more. */
static bool next_of_member(
	struct engine *e, struct member *m, struct event *out)
{
	struct reassembly_item item;

	while (reassembly_next(&m->window, &e->scratch, &item)) {
		if (give_item(e, m, &item, out))
			return true;
	}
	return give_leave(e, m, out);
}

bool event_queue_next(struct engine *e, struct event *out)
{
	if (presence_events_take(&e->presence_events, &e->presence_event)) {
		give_notice(e, out);
		return true;
	}
	while (e->queue_first) {
		struct member *m = e->queue_first;

		if (next_of_member(e, m, out))
			return true;
		m->is_queued = false;
		e->queue_first = m->queued_after;
	}
	return false;
}
