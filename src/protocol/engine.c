/* SPDX-License-Identifier: ISC */
/*
 * The parts joined: what comes in is sorted to the member it is about, timers
 * decide what goes out.  Each timer only marks; engine_next_packet makes the
 * packet.
 */
#include "mchat/protocol/engine.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/protocol/ack.h"
#include "mchat/protocol/attendance.h"
#include "mchat/protocol/core.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/handout.h"
#include "mchat/protocol/listening.h"
#include "mchat/protocol/mending.h"
#include "mchat/protocol/statement.h"
#include "mchat/protocol/testimony.h"
#include "mchat/protocol/timing.h"

/* The least time between two STATEs: whoever makes us ask, so often at most. */
#define STATE_SPACING_US 1000

/* Repairs sent at most before something new has its turn. */
#define REPAIRS_IN_ROW 1

/* Between two looks at the timers of members, for each of them. */
#define TICK_EACH_US 2

/* Hello is said again after this, and then after twice the time. */
#define HELLO_AGAIN_MS 50

/* Byes sent on leaving while somebody is here, and the time between two: some
 * may be lost, and so may a burst of them. */
#define BYES       5
#define BYES_LOSSY 10 /* where this share or more was lost on the way to us */
#define LOSSY      0.05
#define BYE_GAP_MS 15

static size_t fit_packet_size(size_t size)
{
	return size > ENGINE_PACKET_MIN ? size : ENGINE_PACKET_MIN;
}

struct engine *engine_new(
	const struct engine_config *config, struct instant now)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	if (!members_init(&e->members, config->seed)) {
		engine_free(e);
		return NULL;
	}
	e->config = *config;
	e->config.packet_size = fit_packet_size(config->packet_size);
	e->prng.state = config->seed;
	e->started = now;
	e->rtt = duration_ms(RTT_FIRST_MS);
	e->soonest = INSTANT_NEVER;
	e->heartbeat_at = INSTANT_NEVER;
	e->confirm_at = INSTANT_NEVER;
	e->turnaround = duration_ms(RTT_FIRST_MS);
	timing_want_state(e, ENGINE_HELLO);
	e->hello = duration_ms(HELLO_AGAIN_MS);
	e->hello_at = instant_after(now, e->hello);
	e->presence_is_due = true;
	e->wants_answer = true;
	nick_init(&e->own_nick, config->id);
	nicks_add(&e->members.nicks, &e->own_nick);
	sender_init(&e->sender, &e->config, now);
	pacing_init(&e->pacing, now);
	engine_set_nick(e, config->nick);
	timing_schedule_presence(e, now);
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	members_fini(&e->members);
	sender_fini(&e->sender);
	repairs_fini(&e->repairs);
	buffer_fini(&e->scratch);
	notices_fini(&e->notices);
	free(e);
}

void engine_set_nick(struct engine *e, const char *nick)
{
	sender_set_nick(&e->sender, nick);
	nicks_remove(&e->members.nicks, &e->own_nick);
	nick_set(&e->own_nick, e->sender.nick, strlen(e->sender.nick));
	nicks_add(&e->members.nicks, &e->own_nick);
	timing_want_state(e, ENGINE_NICK);
}

uint64_t engine_id(const struct engine *e)
{
	return e->config.id;
}

void engine_set_hop_limit(struct engine *e, uint8_t hop_limit)
{
	e->config.hop_limit = hop_limit;
}

void engine_set_packet_size(struct engine *e, size_t size, struct instant now)
{
	e->config.packet_size = fit_packet_size(size);
	(void)now;
	sender_set_packet_size(&e->sender, e->config.packet_size);
}

void engine_greet(struct engine *e, struct instant now)
{
	timing_want_state(e, ENGINE_HELLO);
	e->presence_is_due = true;
	e->wants_answer = true;
	if (!sender_is_confirmed(&e->sender))
		timing_start_heartbeat(e, now);
}

enum engine_said engine_say(struct engine *e, bool is_action, const char *text,
	size_t size, struct wall_time wall, struct instant now)
{
	if (e->has_left)
		return ENGINE_LEFT;
	if (size > ENGINE_MESSAGE_MAX)
		return ENGINE_TOO_LONG;
	(void)now;
	return sender_say(&e->sender, is_action, text, size, wall)
		       ? ENGINE_SAID
		       : ENGINE_FULL;
}

static bool is_lossy(const struct engine *e)
{
	const struct engine_counts *counts = &e->counts;

	return (double)counts->repaired > LOSSY * (double)counts->data_received;
}

void engine_leave(struct engine *e, struct instant now)
{
	if (e->has_left)
		return;
	e->has_left = true;
	e->byes = is_lossy(e) ? BYES_LOSSY : BYES;
	if (e->members.here == 0)
		e->byes = 1;
	e->bye_at = now;
}

bool engine_is_confirmed(const struct engine *e)
{
	if (!sender_is_confirmed(&e->sender))
		return false;
	/* Who came up later may lack what nobody was there to confirm; and who
	 * was there to hear it may not hear us. */
	for (size_t i = 0; i < e->members.here; i++) {
		const struct member *m = e->members.list[i];
		uint64_t next = m->has_heard_us ? m->has_next : m->has_from;

		if (next < e->sender.unsent)
			return false;
	}
	return true;
}

uint64_t engine_said_last(const struct engine *e)
{
	return sender_last_said(&e->sender);
}

uint64_t engine_said_messages(const struct engine *e)
{
	return e->sender.messages;
}

uint64_t engine_confirmed(const struct engine *e)
{
	return e->sender.confirmed - 1;
}

size_t engine_confirmer_count(const struct engine *e)
{
	uint64_t all = sender_last_said(&e->sender);
	size_t count = 0;

	for (size_t i = 0; i < e->members.count; i++) {
		const struct member *m = e->members.list[i];

		count += m->has_from <= 1 && m->has_next > all &&
			 !m->has_skipped && (m->has_heard_us || all > 0);
	}
	return count;
}

size_t engine_member_count(const struct engine *e)
{
	size_t count = 0;

	for (size_t i = 0; i < e->members.here; i++)
		count += e->members.list[i]->has_heard_us;
	return count;
}

/* Packets from `next` up to `last`. */
static uint64_t behind(uint64_t next, uint64_t last)
{
	return next <= last ? last + 1 - next : 0;
}

/* The author of a hearing; NULL when it is not here. */
static const struct member *heard_author(
	const struct engine *e, const struct hearing *hearing)
{
	const struct member *author =
		members_find(&e->members, hearing->origin);

	return author && author->is_here ? author : NULL;
}

static void describe(const struct engine *e, const struct member *m,
	struct engine_member *out)
{
	uint64_t has_next = m->has_heard_us ? m->has_next : m->has_from;

	*out = (struct engine_member){
		.id = m->id,
		.nick = m->nick.text,
		.nick_size = m->nick.size,
		.is_nick_shared = nicks_is_shared(&e->members.nicks, &m->nick),
		.hops = m->hops,
		.hears_us = m->has_heard_us,
		.lacks = behind(has_next, e->sender.unsent - 1),
		.lacks_from = sender_message_at(&e->sender, has_next),
		.has_skipped = m->has_skipped,
		.skipped_from = m->skipped_from,
		.lost = m->stream.is_open
				? behind(m->stream.next, m->stream.known)
				: 0,
		.heard_at = m->heard,
	};
	for (size_t i = 0; i < m->hearings.count; i++)
		out->hears += heard_author(e, &m->hearings.list[i]) != NULL;
}

bool engine_member_at(
	const struct engine *e, size_t index, struct engine_member *out)
{
	if (index >= e->members.here)
		return false;
	describe(e, e->members.list[index], out);
	return true;
}

bool engine_member_find(
	const struct engine *e, uint64_t id, struct engine_member *out)
{
	const struct member *m = members_find(&e->members, id);

	if (!m || !m->is_here)
		return false;
	describe(e, m, out);
	return true;
}

bool engine_hearing_at(const struct engine *e, uint64_t id, size_t index,
	struct engine_hearing *out)
{
	const struct member *m = members_find(&e->members, id);

	for (size_t i = 0; m && i < m->hearings.count; i++) {
		const struct hearing *hearing = &m->hearings.list[i];
		const struct member *author = heard_author(e, hearing);
		uint64_t last;

		if (!author || index-- > 0)
			continue;
		last = author->stream.is_open ? author->stream.known : 0;
		*out = (struct engine_hearing){
			.id = author->id,
			.nick = author->nick.text,
			.nick_size = author->nick.size,
			.lacks = behind(hearing->next,
				last > hearing->known ? last : hearing->known),
			.told_at = hearing->told,
		};
		return true;
	}
	return false;
}

enum engine_took engine_packet_took(const struct engine *e)
{
	return e->took;
}

/* A packet of ours that another repaired, which our members count among what
 * they receive of us. */
static void take_own(struct engine *e, const struct wire_header *header)
{
	e->own_sent += header->type == WIRE_DATA && header->flags & WIRE_REPAIR;
	e->took = ENGINE_TOOK_ECHO;
}

void engine_hear_echo(struct engine *e)
{
	e->took = ENGINE_TOOK_ECHO;
}

enum wire_result engine_receive(struct engine *e, const void *packet,
	size_t size, int hop_limit, struct instant now)
{
	struct wire_header header;
	struct reader reader;
	struct wire_data data;
	struct wire_state state;
	enum wire_result result;

	e->took = ENGINE_TOOK_NOTHING;
	reader_init(&reader, packet, size);
	result = wire_header_decode(&reader, &header);
	if (result == WIRE_NOT_OURS)
		return result;
	if (result == WIRE_OK && header.room == e->config.room &&
		header.member == e->config.id) {
		take_own(e, &header);
		return result;
	}
	if (result == WIRE_OK && size > WIRE_PACKET_MAX)
		result = WIRE_BAD_VALUE;
	if (result == WIRE_OK)
		result = header.type == WIRE_DATA
				 ? wire_data_decode(&reader, &data)
				 : wire_state_decode(&reader, &state);
	if (result != WIRE_OK)
		e->counts.bad++;
	else if (header.room != e->config.room)
		e->took = ENGINE_TOOK_OTHER_ROOM;
	else if (header.type == WIRE_DATA)
		e->took =
			listening_receive(e, &header, &data, packet, size, now);
	else
		e->took = testimony_receive(e, &header, &state, hop_limit, now);
	return result;
}

static void tick_members(struct engine *e, struct instant now)
{
	struct instant soonest = INSTANT_NEVER;

	/* From the end: who leaves changes places with one that was ticked. */
	for (size_t i = e->members.count; i-- > 0;) {
		struct member *m = e->members.list[i];

		listening_tick(e, m, now);
		attendance_tick(e, m, now);
		soonest = instant_earlier(soonest, attendance_deadline(e, m));
	}
	e->soonest = soonest;
	e->ticked = now;
	e->counts.steps += e->members.count;
}

/* When the members are looked at again: the more there are, the more of their
 * timers one look is to serve. */
static struct instant members_deadline(const struct engine *e)
{
	struct duration pause =
		duration_us((int64_t)e->members.count * TICK_EACH_US);
	struct instant rested = instant_after(e->ticked, pause);

	return instant_before(e->soonest, rested) ? rested : e->soonest;
}

void engine_tick(struct engine *e, struct instant now)
{
	if (!instant_before(now, members_deadline(e)))
		tick_members(e, now);
	timing_tick(e, now);
	if (e->probe_is_due)
		mending_probe(e, now);
	e->probe_is_due = false;
}

/* When the next packet with messages may leave; NEVER without one. */
static struct instant sending_deadline(const struct engine *e)
{
	const struct repair *repair = repairs_first(&e->repairs);
	struct instant allowed = pacing_deadline(&e->pacing);

	if (e->has_left)
		return INSTANT_NEVER;
	if (sender_has_unsent(&e->sender))
		return allowed;
	if (!repair)
		return INSTANT_NEVER;
	return instant_before(repair->due, allowed) ? allowed : repair->due;
}

struct instant engine_deadline(const struct engine *e)
{
	struct instant next =
		instant_earlier(members_deadline(e), e->presence_at);

	/* After the last bye there is nothing to do. */
	if (e->has_left)
		return e->byes > 0 ? e->bye_at : INSTANT_NEVER;
	next = instant_earlier(next, e->confirm_at);
	next = instant_earlier(next, e->hello_at);
	if (e->state_is_due)
		next = instant_earlier(next, e->state_after);
	next = instant_earlier(next, e->heartbeat_at);
	return instant_earlier(next, sending_deadline(e));
}

static size_t next_data(struct engine *e, uint8_t *out, struct instant now)
{
	struct packet *packet = sender_take(&e->sender, now);

	if (!packet)
		return 0;
	memcpy(out, packet->bytes, packet->size);
	e->reason = (struct engine_reason){.why = ENGINE_FIRST};
	e->counts.data_sent++;
	packet->sent = ++e->own_sent;
	timing_start_heartbeat(e, now);
	ack_expect(e, now);
	return packet->size;
}

struct engine_reason engine_packet_reason(const struct engine *e)
{
	return e->reason;
}

size_t engine_next_packet(struct engine *e, uint8_t *out, struct instant now)
{
	size_t size = 0;

	if (e->has_left) {
		if (e->byes == 0 || instant_before(now, e->bye_at))
			return 0;
		e->whys |= 1U << ENGINE_BYE;
		/* Each says what we have, since any of them may be lost. */
		e->presence_is_due = true;
		size = statement_make(e, out, now);
		e->byes--;
		e->bye_at = instant_after(now, duration_ms(BYE_GAP_MS));
		return size;
	}
	if (e->state_is_due && !instant_before(now, e->state_after)) {
		e->state_after =
			instant_after(now, duration_us(STATE_SPACING_US));
		return statement_make(e, out, now);
	}
	if (!pacing_allows(&e->pacing, now))
		return 0;
	/* Repairs first, but whoever asks and asks must not silence us. */
	if (e->repairs_in_row < REPAIRS_IN_ROW)
		size = mending_next(e, out, now);
	e->repairs_in_row = size > 0 ? e->repairs_in_row + 1 : 0;
	if (size == 0)
		size = next_data(e, out, now);
	if (size == 0)
		size = mending_next(e, out, now);
	pacing_spend(&e->pacing, size);
	return size;
}

void engine_count(const struct engine *e, struct engine_counts *out)
{
	*out = e->counts;
	out->memory = e->memory + e->sender.store.memory + e->scratch.capacity +
		      e->repairs.capacity * sizeof(*e->repairs.heap);
	if (e->members.resume)
		out->memory += RESUME_MAX * sizeof(*e->members.resume);
	if (e->notices.ring)
		out->memory += NOTICES_MAX * sizeof(*e->notices.ring);
}

bool engine_next_event(struct engine *e, struct event *out)
{
	return handout_next(e, out);
}
