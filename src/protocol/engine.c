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
#include "mchat/protocol/code_receive.h"
#include "mchat/protocol/coded_repair.h"
#include "mchat/protocol/copies.h"
#include "mchat/protocol/deadlines.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/fragments.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/event_queue.h"
#include "mchat/protocol/gathering.h"
#include "mchat/protocol/limiting.h"
#include "mchat/protocol/member_counts.h"
#include "mchat/protocol/nack.h"
#include "mchat/protocol/packet_size.h"
#include "mchat/protocol/path_mtu.h"
#include "mchat/protocol/presence.h"
#include "mchat/protocol/receive.h"
#include "mchat/protocol/repair.h"
#include "mchat/protocol/state_receive.h"
#include "mchat/protocol/state_send.h"
#include "mchat/protocol/timers.h"

/* The least time between two STATEs: whoever makes us ask, so often at most. */
#define STATE_SPACING_US 1000

/* What is sent again, and what is new, leave by turns: whoever asks and asks
 * must not silence us.  Of what leaves at the same time each turn has so many
 * packets: those of one size can be handed to the kernel in one (UDP_SEGMENT).
 */
#define TURN_MAX 16

/* Members whose timers are served at a time. */
#define TICK_BATCH 64

/* Between two looks at the timers of members, for each of them, up to so many:
 * the more there are, the more of their timers one look is to serve, and what
 * is due together goes in one STATE. */
#define TICK_EACH_US  2
#define TICK_EACH_MAX 2048

/* Byes sent on leaving while somebody is here, and the time between two: some
 * may be lost, and so may a burst of them.  Among many that leave at the same
 * time, as when all have got what they waited for, each repeats it later: byes
 * must not flood the group (RFC 3550, section 6.3.7, which delays them). */
#define BYES            5
#define BYES_LARGE      3  /* in a group that is not small */
#define BYES_LOSSY      10 /* where much was lost on the way to us */
#define BYE_GAP_MS      15
#define BYE_GAP_EACH_US 1000
#define BYE_GAP_MAX_MS  80 /* BYES_LARGE within LAST_SEND_MS */

static size_t fit_packet_size(size_t size)
{
	if (size > WIRE_USUAL_MAX)
		return WIRE_USUAL_MAX;
	return size > ENGINE_PACKET_MIN ? size : ENGINE_PACKET_MIN;
}

/* Sets both sizes; the one in use is found anew, no larger than it was. */
static void set_sizes(struct engine *e, size_t size, size_t largest)
{
	struct packet_size *of = &e->packet_size;

	e->config.packet_size = fit_packet_size(size);
	e->config.packet_largest =
		largest < WIRE_PACKET_MAX ? largest : WIRE_PACKET_MAX;
	if (e->config.packet_largest < e->config.packet_size)
		e->config.packet_largest = e->config.packet_size;
	of->agreed = e->config.packet_size;
	of->has_looked = false;
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
	set_sizes(e, config->packet_size, config->packet_largest);
	e->prng.state = config->seed;
	e->started = now;
	nack_init(e);
	ack_init(e);
	state_wanted_hello(&e->wanted);
	nick_init(&e->own_nick, config->id);
	nicks_add(&e->members.nicks, &e->own_nick);
	send_window_init(&e->send_window, &e->config, now);
	congestion_init(&e->congestion);
	pacing_init(&e->pacing, now);
	copies_init(&e->copies);
	gathering_init(e);
	packet_size_apply(e);
	engine_set_nick(e, config->nick);
	timers_init(e, now);
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	members_fini(&e->members);
	deadlines_fini(&e->deadlines);
	send_window_fini(&e->send_window);
	repair_queue_fini(&e->repair_queue);
	fragments_fini(&e->fragments);
	buffer_fini(&e->scratch);
	free(e->symbols);
	presence_events_fini(&e->presence_events);
	free(e);
}

void engine_set_nick(struct engine *e, const char *nick)
{
	send_window_set_nick(&e->send_window, nick);
	nicks_remove(&e->members.nicks, &e->own_nick);
	nick_set(
		&e->own_nick, e->send_window.nick, strlen(e->send_window.nick));
	nicks_add(&e->members.nicks, &e->own_nick);
	state_wanted_add(&e->wanted, ENGINE_NICK);
}

uint64_t engine_id(const struct engine *e)
{
	return e->config.id;
}

void engine_set_hop_limit(struct engine *e, uint8_t hop_limit)
{
	e->config.hop_limit = hop_limit;
}

void engine_set_packet_size(
	struct engine *e, size_t size, size_t largest, struct instant now)
{
	size_t told = e->config.packet_largest;

	set_sizes(e, size, largest);
	if (e->config.packet_largest != told)
		state_wanted_add(&e->wanted, ENGINE_PRESENCE);
	packet_size_update(e, NULL, now);
	packet_size_apply(e);
}

size_t engine_packet_size(const struct engine *e)
{
	return packet_size_now(e);
}

bool engine_has_large_bursts(const struct engine *e)
{
	return e->members.here > TIMERS_SMALL_GROUP && !engine_is_lossy(e) &&
	       limiting_usual_loss(e) <= ENGINE_LOSSY;
}

void engine_greet(struct engine *e, struct instant now)
{
	state_wanted_hello(&e->wanted);
	if (!send_window_is_confirmed(&e->send_window))
		timers_start_heartbeat(e, now);
}

enum engine_said engine_say(struct engine *e, bool is_action, const char *text,
	size_t size, struct wall_time wall, struct instant now)
{
	if (e->has_left)
		return ENGINE_LEFT;
	if (size > ENGINE_MESSAGE_MAX)
		return ENGINE_TOO_LONG;
	(void)now;
	e->is_finishing = false;
	return send_window_say(&e->send_window, is_action, text, size, wall)
		       ? ENGINE_SAID
		       : ENGINE_FULL;
}

void engine_finish(struct engine *e, struct instant now)
{
	e->is_finishing = true;
	if (!ack_is_complete(e))
		timers_start_heartbeat(e, now);
}

void engine_leave(struct engine *e, struct instant now)
{
	if (e->has_left)
		return;
	e->has_left = true;
	if (e->members.here == 0)
		e->byes = 1;
	else if (engine_is_lossy(e))
		e->byes = BYES_LOSSY;
	else
		e->byes = e->members.here > TIMERS_SMALL_GROUP ? BYES_LARGE
							       : BYES;
	e->bye_at = now;
}

bool engine_is_confirmed(const struct engine *e)
{
	return ack_is_complete(e);
}

uint64_t engine_said_last(const struct engine *e)
{
	return send_window_last_said(&e->send_window);
}

uint64_t engine_said_messages(const struct engine *e)
{
	return e->send_window.messages;
}

uint64_t engine_confirmed(const struct engine *e)
{
	return e->send_window.confirmed - 1;
}

size_t engine_confirmer_count(const struct engine *e)
{
	return member_counts_confirmers(e);
}

bool engine_has_confirmed(const struct engine *e, uint64_t id, uint64_t message)
{
	const struct member *m = members_find(&e->members, id);

	return m && !m->has_skipped &&
	       send_window_message_at(
		       &e->send_window, members_first_lacking(m)) > message;
}

void engine_gather(struct engine *e, size_t wanted, struct instant now)
{
	gathering_set(e, wanted, now);
}

size_t engine_member_count(const struct engine *e)
{
	return e->member_counts.hearing;
}

/* Packets from `next` up to `last`. */
static uint64_t behind(uint64_t next, uint64_t last)
{
	return next <= last ? last + 1 - next : 0;
}

/* The author of a report; NULL when it is not here. */
static const struct member *reported_author(
	const struct engine *e, const struct peer_report *report)
{
	const struct member *author = members_find(&e->members, report->origin);

	return author && author->is_here ? author : NULL;
}

static void describe(const struct engine *e, const struct member *m,
	struct engine_member *out)
{
	uint64_t next = members_first_lacking(m);

	*out = (struct engine_member){
		.id = m->id,
		.nick = m->nick.text,
		.nick_size = m->nick.size,
		.is_nick_shared = nicks_is_shared(&e->members.nicks, &m->nick),
		.hops = m->hops,
		.is_older = m->has_born && instant_before(m->born, e->started),
		.hears_us = m->has_heard_us,
		.lacks = send_window_count_from(&e->send_window, next),
		.lacks_from = send_window_message_at(&e->send_window, next),
		.has_skipped = m->has_skipped,
		.skipped_from = m->skipped_from,
		.gets_only_small = path_mtu_is_limited(m),
		.lost = m->window.is_open
				? behind(m->window.next, m->window.known)
				: 0,
		.heard_at = m->heard,
	};
	for (size_t i = 0; i < m->peer_reports.count; i++)
		out->hears +=
			reported_author(e, &m->peer_reports.list[i]) != NULL;
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

bool engine_peer_report_at(const struct engine *e, uint64_t id, size_t index,
	struct engine_peer_report *out)
{
	const struct member *m = members_find(&e->members, id);

	for (size_t i = 0; m && i < m->peer_reports.count; i++) {
		const struct peer_report *report = &m->peer_reports.list[i];
		const struct member *author = reported_author(e, report);
		uint64_t last;

		if (!author || index-- > 0)
			continue;
		last = author->window.is_open ? author->window.known : 0;
		*out = (struct engine_peer_report){
			.author =
				{
					.id = author->id,
					.nick = author->nick.text,
					.nick_size = author->nick.size,
					.is_nick_shared = nicks_is_shared(
						&e->members.nicks,
						&author->nick),
				},
			.lacks = behind(report->next,
				last > report->known ? last : report->known),
			.told_at = report->told,
		};
		return true;
	}
	return false;
}

enum engine_disposition engine_packet_took(const struct engine *e)
{
	return e->took;
}

unsigned engine_packet_decoded(const struct engine *e)
{
	return e->put_together;
}

/* A packet of ours that another repaired, which our members count among what
 * they receive of us: the last of its fragments stands for all. */
static void take_own(struct engine *e, const struct wire_header *header,
	struct reader *reader)
{
	struct wire_fragment fragment;

	if (header->type == WIRE_FRAGMENT
			? wire_fragment_decode(reader, &fragment) == WIRE_OK &&
				  wire_fragment_is_last(&fragment)
			: (header->type == WIRE_DATA &&
				  header->flags & WIRE_REPAIR) ||
				  (header->type == WIRE_CODE &&
					  header->index >= WIRE_CODE_OF_AUTHOR))
		ack_count_sent(e);
	e->took = ENGINE_DISPOSITION_ECHO;
}

void engine_hear_echo(struct engine *e)
{
	e->took = ENGINE_DISPOSITION_ECHO;
}

enum wire_result engine_receive(struct engine *e, const void *packet,
	size_t size, int hop_limit, struct instant now)
{
	struct wire_header header;
	struct reader reader;
	union wire_body body;
	enum wire_result result;

	e->took = ENGINE_DISPOSITION_NOTHING;
	e->put_together = 0;
	reader_init(&reader, packet, size);
	result = wire_header_decode(&reader, &header);
	if (result == WIRE_NOT_OURS)
		return result;
	if (result == WIRE_OK && header.room == e->config.room &&
		header.member == e->config.id) {
		take_own(e, &header, &reader);
		return result;
	}
	if (result == WIRE_OK && size > WIRE_PACKET_MAX)
		result = WIRE_BAD_VALUE;
	if (result == WIRE_OK)
		result = wire_body_decode(&reader, header.type, &body);
	if (result != WIRE_OK) {
		e->counts.bad++;
	} else if (header.room != e->config.room) {
		e->took = ENGINE_DISPOSITION_OTHER_ROOM;
	} else if (header.type == WIRE_DATA) {
		e->took =
			receive_data(e, &header, &body.data, packet, size, now);
		path_mtu_hear_whole(e, header.member, size, now);
		code_receive_after(e, header.member, body.data.sequence, now);
	} else if (header.type == WIRE_STATE) {
		e->took =
			state_receive(e, &header, &body.state, hop_limit, now);
	} else if (header.type == WIRE_CODE) {
		e->took = code_receive(e, &header, &body.code, size, now);
	} else {
		e->took = fragments_receive(e, &header, &body.fragment, now);
		code_receive_after(
			e, header.member, body.fragment.sequence, now);
	}
	return result;
}

static void tick_members(struct engine *e, struct instant now)
{
	struct member *due[TICK_BATCH];
	size_t looked = 0;
	size_t count;

	ack_tick(e, now);
	/* Each of them once at most. */
	while (looked < e->members.count &&
		(count = deadlines_take(&e->deadlines, due, TICK_BATCH, now)) >
			0) {
		for (size_t i = 0; i < count; i++) {
			nack_tick(e, due[i], now);
			presence_tick(e, due[i], now);
			timers_wake(
				e, due[i], presence_deadline(e, due[i], now));
		}
		looked += count;
	}
	e->counts.steps += looked;
	e->ticked = now;
	if (e->members.here == 0)
		packet_size_update(e, NULL, now);
}

/* When members are looked at again. */
static struct instant members_deadline(const struct engine *e)
{
	size_t each = e->members.count < TICK_EACH_MAX ? e->members.count
						       : TICK_EACH_MAX;
	struct instant rested = instant_after(
		e->ticked, duration_us((int64_t)each * TICK_EACH_US));
	struct instant due =
		instant_earlier(deadlines_next(&e->deadlines), e->stall_look);

	return instant_before(due, rested) ? rested : due;
}

void engine_tick(struct engine *e, struct instant now)
{
	if (!instant_before(now, members_deadline(e)))
		tick_members(e, now);
	packet_size_follow_rate(e);
	timers_tick(e, now);
	if (timers_take_probe(e))
		repair_probe(e, now);
	gathering_tick(e, now);
	copies_tick(e, now);
}

/* When the next packet with messages may leave; NEVER without one. */
static struct instant sending_deadline(const struct engine *e)
{
	const struct repair_queue_entry *repair =
		repair_queue_first(&e->repair_queue);
	struct instant due = coded_repair_deadline(e);
	struct instant allowed =
		pacing_deadline(&e->pacing, e->congestion.rate);

	if (e->has_left)
		return INSTANT_NEVER;
	if (send_window_has_unsent(&e->send_window) || repair_is_cutting(e))
		return allowed;
	if (repair)
		due = instant_earlier(due, repair->due);
	return instant_before(due, allowed) ? allowed : due;
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
	if (e->wanted.is_due)
		next = instant_earlier(next, e->state_after);
	next = instant_earlier(next, e->heartbeat_at);
	next = instant_earlier(next, e->copies.due);
	next = instant_earlier(next, e->gathering.due);
	return instant_earlier(next, sending_deadline(e));
}

static size_t next_data(struct engine *e, uint8_t *out, struct instant now)
{
	struct packet *packet = send_window_take(&e->send_window, now);
	uint64_t number = e->send_window.unsent - 1;

	if (!packet)
		return 0;
	memcpy(out, packet->bytes, packet->size);
	e->reason = (struct engine_reason){.why = ENGINE_FIRST};
	e->counts.data_sent++;
	packet->sent = ack_count_sent(e);
	byte_rate_add(&e->sending, packet->size, now);
	coded_repair_note_sent(e, number, now);
	copies_note_sent(e, number, now);
	timers_note_data(e, now);
	ack_expect(e, now);
	return repair_cut_first(e, packet, number,
		path_mtu_first_forms(e, packet->size), out, now);
}

static size_t next_repair_of_kind(
	struct engine *e, bool is_coded, uint8_t *out, struct instant now)
{
	return is_coded ? coded_repair_next(e, out, &e->reason, now)
			: repair_next(e, out, &e->reason, now);
}

/* By turns, when both wait: combinations that do not come, since they are too
 * large for the way, must not delay the plain repairs that are asked for then.
 */
static size_t next_repair(struct engine *e, uint8_t *out, struct instant now)
{
	bool is_coded = !e->was_coded;
	size_t size = next_repair_of_kind(e, is_coded, out, now);

	if (size == 0) {
		is_coded = !is_coded;
		size = next_repair_of_kind(e, is_coded, out, now);
	}
	e->was_coded = size > 0 && is_coded;
	return size;
}

static size_t next_of_kind(
	struct engine *e, bool is_repair, uint8_t *out, struct instant now)
{
	return is_repair ? next_repair(e, out, now) : next_data(e, out, now);
}

/* A repair, or something new. */
static size_t next_in_turn(struct engine *e, uint8_t *out, struct instant now)
{
	struct engine_turn *turn = &e->turn;
	size_t size;

	if (turn->count == TURN_MAX || instant_before(turn->at, now)) {
		turn->is_repair = !turn->is_repair;
		turn->count = 0;
	}
	size = next_of_kind(e, turn->is_repair, out, now);
	if (size == 0) {
		turn->is_repair = !turn->is_repair;
		turn->count = 0;
		size = next_of_kind(e, turn->is_repair, out, now);
	}
	turn->count++;
	turn->at = now;
	return size;
}

/* The time from one bye to the next. */
static struct duration bye_gap(const struct engine *e)
{
	struct duration gap =
		duration_us((int64_t)e->members.here * BYE_GAP_EACH_US);

	if (engine_is_lossy(e))
		return duration_ms(BYE_GAP_MS);
	return duration_longer(duration_ms(BYE_GAP_MS),
		duration_shorter(gap, duration_ms(BYE_GAP_MAX_MS)));
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
		state_wanted_add_reason(&e->wanted, ENGINE_BYE);
		/* Each says what we have, since any of them may be lost, and
		 * first of those who wait to read it. */
		timers_confirm_authors(e);
		state_wanted_of_all(&e->wanted);
		size = state_send_make(e, out, &e->reason, now);
		e->byes--;
		e->bye_at = instant_after(now, bye_gap(e));
		return size;
	}
	if (e->wanted.is_due && !instant_before(now, e->state_after)) {
		e->state_after =
			instant_after(now, duration_us(STATE_SPACING_US));
		return state_send_make(e, out, &e->reason, now);
	}
	if (!pacing_allows(&e->pacing, e->congestion.rate, now)) {
		if (send_window_has_unsent(&e->send_window))
			limiting_need(e, now);
		return 0;
	}
	size = repair_is_cutting(e) ? repair_next(e, out, &e->reason, now)
				    : next_in_turn(e, out, now);
	pacing_spend(&e->pacing, size);
	return size;
}

void engine_count(const struct engine *e, struct engine_counts *out)
{
	*out = e->counts;
	out->memory = e->memory + e->send_window.store.memory +
		      e->scratch.capacity + fragments_memory(&e->fragments) +
		      e->repair_queue.capacity * sizeof(*e->repair_queue.heap);
	if (e->symbols)
		out->memory += CODING_BLOCK * sizeof(*e->symbols);
	if (e->members.resume)
		out->memory += RESUME_MAX * sizeof(*e->members.resume);
	if (e->presence_events.ring)
		out->memory +=
			PRESENCE_EVENTS_MAX * sizeof(*e->presence_events.ring);
}

bool engine_next_event(struct engine *e, struct event *out)
{
	return event_queue_next(e, out);
}
