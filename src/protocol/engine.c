/* SPDX-License-Identifier: ISC */
/*
 * The parts joined: what comes in is sorted to the member it is about, timers
 * decide what goes out.  Each timer only marks; engine_next_packet makes the
 * packet.
 */
#include "mchat/protocol/engine.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/base/prng.h"
#include "mchat/protocol/backoff.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/members.h"
#include "mchat/protocol/notices.h"
#include "mchat/protocol/pacing.h"
#include "mchat/protocol/repairs.h"
#include "mchat/protocol/sender.h"
#include "mchat/protocol/stream.h"

/* Whoever hears of an author less than this after the author joined, or after
 * joining itself, has a special beginning. */
#define FRESH_MS 2000

/* A member whose numbers are first met late is heard from this far back, since
 * its beginning may just have been missed. */
#define MEET_BACK 256

/* Presence: the group as a whole says so many STATEs a second, each member
 * one in so many seconds at the most often (RFC 3550, section 6.2). */
#define PRESENCE_PER_SECOND 40
#define PRESENCE_MIN_MS     2000

/* Silence of so many intervals is a timeout (RFC 3550, section 6.3.5: 5). */
#define PRESENCE_MISSES 5

/* The turn-around of the group: as first guessed, at least, at most. */
#define RTT_FIRST_MS 5
#define RTT_MIN_US   1000
#define RTT_MAX_MS   300

/* A confirmation follows a packet by at most this, and by this for each
 * member, so that they do not come all at once; and so for each member what
 * only tells that we are here and hear it. */
#define CONFIRM_MS      5
#define CONFIRM_EACH_US 3000
#define ANSWER_EACH_US  10000

/* Who hears whom is told at once in a group of so many; in a larger one, where
 * that is a million pairs, by and by with what is sent for presence. */
#define ACQUAINTED_MAX 256

/* The author's heartbeat begins with this, and doubles (LBRM). */
#define HEARTBEAT_FIRST_MS 10

/* Asking again: the wait doubles up to this. */
#define ASK_AGAIN_MAX_MS 1000

/* Asks without an answer after which what the author no longer keeps is given
 * up, and the time after which everything is. */
#define ASKS_FOR_OTHERS 4
#define GIVE_UP_MS      30000

/* History that nobody has sent by then is done without. */
#define HISTORY_GIVE_UP_MS 3000

/* An author waits so long for a member that makes no progress. */
#define STALL_MS 5000

/* Repairs sent at most before something new has its turn. */
#define REPAIRS_IN_ROW 4

/* Bytes that packets of others take at most, all authors together. */
#define MEMORY_MAX ((size_t)64 * 1024 * 1024)

/* They are added up after so many bytes. */
#define MEMORY_LOOK ((size_t)1024 * 1024)

/* An author has this long to repair what is asked for before others do; and
 * longer, up to the second, as long as it is heard. */
#define AUTHOR_MS     100
#define AUTHOR_MAX_MS 1000

/* Numbers that an author may have gone on while we heard nothing of it. */
#define JUMP_MAX (UINT64_C(1) << 32)

/* An author that was silent for so long may be gone, and then what others know
 * of it counts. */
#define SILENT_MS 100

/* The least time between two STATEs: whoever makes us ask, so often at most. */
#define STATE_SPACING_US 1000

/* Old STATEs in a row, each after the other, that are believed. */
#define OLDS_MAX 4

/* Byes sent on leaving while somebody is here, and the time between two: some
 * may be lost, and so may a burst of them. */
#define BYES       5
#define BYE_GAP_MS 15

struct engine {
	struct engine_config config;
	struct prng prng;
	struct instant started;
	uint64_t counter;      /* of our STATEs */
	unsigned byes;         /* still to be sent */
	struct instant bye_at; /* the next */
	bool has_left;

	struct members members;
	struct sender sender;
	struct pacing pacing;
	struct repairs repairs;
	struct allowance allowance; /* of repairs that all ask for */
	struct notices notices;
	struct duration rtt;        /* from an ask to its answer */
	struct duration turnaround; /* from a packet to its confirmation */

	struct instant presence_at;
	struct instant confirm_at;   /* report what came in then */
	struct instant heartbeat_at; /* while something is unconfirmed */
	struct duration heartbeat;
	struct instant soonest; /* no timer of a member is due before this */
	struct instant state_after; /* no STATE before this */
	bool state_is_due;
	bool presence_is_due; /* the next STATE speaks of all */
	bool wants_answer;    /* in the next STATE */
	unsigned whys;        /* of the next STATE: bits by enum engine_why */
	struct engine_reason reason; /* of the next STATE, then of the last
				      * packet */
	uint64_t asker;              /* who wants an answer first */
	unsigned asks;               /* and how often it is wanted */
	unsigned repairs_in_row;
	uint32_t own_sent;   /* packets of ours, repairs too */
	size_t memory;       /* bytes that the streams held at the last look */
	size_t memory_since; /* and at most so many more since */
	size_t rotation;     /* of the reports that presence adds */

	struct member *queue[MEMBERS_MAX]; /* that have messages to hand out */
	size_t queue_head;
	size_t queue_count;
	struct notice notice; /* that the last event borrowed from */
	struct nick own_nick; /* among the nicks of members */
	enum engine_took took;
	struct engine_counts counts;
};

/* ---- timers ---- */

static void set_timer(
	struct engine *e, struct instant *timer, struct instant when)
{
	*timer = when;
	e->soonest = instant_earlier(e->soonest, when);
}

static struct duration times(struct duration d, int64_t factor)
{
	return (struct duration){d.ns * factor};
}

static struct duration longer(struct duration a, struct duration b)
{
	return a.ns > b.ns ? a : b;
}

/* A STATE is to be sent, or this is a reason more for one that is. */
static void want_state(struct engine *e, enum engine_why why)
{
	e->whys |= 1U << why;
	e->state_is_due = true;
}

static struct duration presence_interval(const struct engine *e)
{
	int64_t ms =
		(int64_t)(e->members.here + 1) * 1000 / PRESENCE_PER_SECOND;

	return duration_ms(ms > PRESENCE_MIN_MS ? ms : PRESENCE_MIN_MS);
}

/* Between half and one and a half intervals (RFC 3550, section 6.3.1). */
static void schedule_presence(struct engine *e, struct instant now)
{
	struct duration interval = presence_interval(e);

	e->presence_at = instant_after(
		now, prng_duration(&e->prng, (struct duration){interval.ns / 2},
			     (struct duration){interval.ns * 3 / 2}));
}

static struct duration confirm_spread(const struct engine *e, int64_t each_us)
{
	return longer(duration_ms(CONFIRM_MS),
		duration_us((int64_t)e->members.here * each_us));
}

/* Sees to it that a STATE leaves within the spread for so much a member. */
static void schedule_confirm(
	struct engine *e, int64_t each_us, struct instant now)
{
	struct duration spread = confirm_spread(e, each_us);

	e->whys |= 1U << ENGINE_CONFIRM;
	if (instant_before(instant_after(now, spread), e->confirm_at))
		e->confirm_at = instant_after(
			now, prng_duration(&e->prng,
				     (struct duration){spread.ns / 4}, spread));
}

/* Packets of the member came in. */
static void confirm(struct engine *e, struct member *m, struct instant now)
{
	m->is_unconfirmed = true;
	schedule_confirm(e, CONFIRM_EACH_US, now);
}

/* The member wants to hear from us, or to learn that we hear it. */
static void answer(struct engine *e, struct member *m, struct instant now)
{
	m->is_unconfirmed = true;
	schedule_confirm(e, ANSWER_EACH_US, now);
}

static void schedule_ask(struct engine *e, struct member *m, struct instant now)
{
	struct duration longest = times(e->rtt, 2);

	set_timer(e, &m->ask_at,
		instant_after(
			now, backoff_wait(&e->prng, longest, e->members.here)));
}

/* After an ask, ours or another's: time for the answer, and patience. */
static void schedule_ask_again(
	struct engine *e, struct member *m, struct instant now)
{
	struct duration wait = times(e->rtt, 2);
	struct duration most = duration_ms(ASK_AGAIN_MAX_MS);

	for (unsigned i = 1; i < m->asks && wait.ns < most.ns; i++)
		wait = times(wait, 2);
	if (wait.ns > most.ns)
		wait = most;
	wait.ns += backoff_wait(&e->prng, times(e->rtt, 2), e->members.here).ns;
	set_timer(e, &m->ask_at, instant_after(now, wait));
}

static void start_heartbeat(struct engine *e, struct instant now)
{
	struct duration spread = confirm_spread(e, CONFIRM_EACH_US);

	e->heartbeat = longer(duration_ms(HEARTBEAT_FIRST_MS),
		(struct duration){spread.ns / 4});
	e->heartbeat_at = instant_after(now, e->heartbeat);
}

/* ---- birth and death ---- */

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
	if (e->config.packet_size < ENGINE_PACKET_MIN)
		e->config.packet_size = ENGINE_PACKET_MIN;
	e->prng.state = config->seed;
	e->started = now;
	e->rtt = duration_ms(RTT_FIRST_MS);
	e->soonest = INSTANT_NEVER;
	e->heartbeat_at = INSTANT_NEVER;
	e->confirm_at = INSTANT_NEVER;
	e->turnaround = duration_ms(RTT_FIRST_MS);
	want_state(e, ENGINE_HELLO);
	e->presence_is_due = true;
	e->wants_answer = true;
	nick_init(&e->own_nick, config->id);
	nicks_add(&e->members.nicks, &e->own_nick);
	sender_init(
		&e->sender, config->id, config->room, e->config.packet_size);
	pacing_init(&e->pacing, now);
	engine_set_nick(e, config->nick, now);
	schedule_presence(e, now);
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	members_fini(&e->members);
	sender_fini(&e->sender);
	repairs_fini(&e->repairs);
	notices_fini(&e->notices);
	free(e);
}

uint64_t engine_id(const struct engine *e)
{
	return e->config.id;
}

void engine_set_nick(struct engine *e, const char *nick, struct instant now)
{
	(void)now;
	sender_set_nick(&e->sender, nick);
	nicks_remove(&e->members.nicks, &e->own_nick);
	nick_set(&e->own_nick, e->sender.nick, strlen(e->sender.nick));
	nicks_add(&e->members.nicks, &e->own_nick);
	want_state(e, ENGINE_NICK);
}

void engine_set_hop_limit(struct engine *e, uint8_t hop_limit)
{
	e->config.hop_limit = hop_limit;
}

static bool is_fresh(const struct engine *e, struct instant now)
{
	return instant_before(
		now, instant_after(e->started, duration_ms(FRESH_MS)));
}

/* ---- what we said ---- */

/* Whether an author has to wait for the member's confirmation. */
static bool is_waited_for(const struct member *m)
{
	return m->is_here && m->has_heard_us && !m->is_excluded;
}

static void update_confirmed(struct engine *e)
{
	uint64_t confirmed = e->sender.unsent;

	for (size_t i = 0; i < e->members.count; i++) {
		const struct member *m = e->members.list[i];

		if (is_waited_for(m) && m->has_next < confirmed)
			confirmed = m->has_next;
	}
	if (confirmed > e->sender.confirmed)
		e->sender.confirmed = confirmed;
	if (sender_is_confirmed(&e->sender))
		e->heartbeat_at = INSTANT_NEVER;
}

enum engine_said engine_say(struct engine *e, bool is_action, const char *text,
	size_t size, struct wall_time wall, struct instant now)
{
	if (e->has_left)
		return ENGINE_LEFT;
	if (size > ENGINE_MESSAGE_MAX)
		return ENGINE_TOO_LONG;
	if (!is_fresh(e, now))
		e->sender.is_fresh = false;
	return sender_say(&e->sender, is_action, text, size, wall, now)
		       ? ENGINE_SAID
		       : ENGINE_FULL;
}

void engine_leave(struct engine *e, struct instant now)
{
	if (e->has_left)
		return;
	e->has_left = true;
	e->byes = e->members.here > 0 ? BYES : 1;
	e->bye_at = now;
}

bool engine_is_confirmed(const struct engine *e)
{
	return sender_is_confirmed(&e->sender);
}

uint64_t engine_said_last(const struct engine *e)
{
	return sender_last_said(&e->sender);
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
			 (m->has_heard_us || all > 0);
	}
	return count;
}

/* ---- who is here ---- */

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

bool engine_member_at(
	const struct engine *e, size_t index, struct engine_member *out)
{
	const struct member *m;

	if (index >= e->members.here)
		return false;
	m = e->members.list[index];
	*out = (struct engine_member){
		.id = m->id,
		.nick = m->nick.text,
		.nick_size = m->nick.size,
		.is_nick_shared = nicks_is_shared(&e->members.nicks, &m->nick),
		.hops = m->hops,
		.hears_us = m->has_heard_us,
		.lacks = behind(m->has_heard_us ? m->has_next : 1,
			e->sender.unsent - 1),
		.lost = m->stream.is_open
				? behind(m->stream.next, m->stream.known)
				: 0,
		.heard_at = m->heard,
	};
	for (size_t i = 0; i < m->hearings.count; i++)
		out->hears += heard_author(e, &m->hearings.list[i]) != NULL;
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

/* ---- members come and go ---- */

/* The next timer of a member, those that only get later not counted. */
static struct instant member_deadline(
	const struct engine *e, const struct member *m)
{
	struct instant next = m->ask_at;

	if (!m->is_here)
		return next;
	next = instant_earlier(
		next, instant_after(m->heard,
			      times(presence_interval(e), PRESENCE_MISSES)));
	if (is_waited_for(m) && m->has_next < e->sender.unsent)
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

static struct member *meet(struct engine *e, uint64_t id, struct instant now)
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
	answer(e, m, now);
	return m;
}

static void queue(struct engine *e, struct member *m)
{
	size_t at;

	if (m->is_queued || !(stream_is_ready(&m->stream) || m->is_leaving))
		return;
	m->is_queued = true;
	at = (e->queue_head + e->queue_count++) % MEMBERS_MAX;
	e->queue[at] = m;
}

static void leave(struct engine *e, struct member *m, bool is_timeout)
{
	if (!m->is_here)
		return;
	members_set_here(&e->members, m, false);
	m->left_lacking = m->has_heard_us ? e->sender.unsent - m->has_next : 0;
	m->has_heard_us = false;
	m->is_leaving = m->was_told;
	m->left_by_timeout = is_timeout;
	update_confirmed(e);
	queue(e, m);
}

static void arrive(
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
		e->soonest = instant_earlier(e->soonest, member_deadline(e, m));
		answer(e, m, m->heard);
	}
	if (!m->was_told)
		m->was_told = tell(e, NOTICE_JOIN, m, &m->nick);
}

/* ---- streams ---- */

/* Begins to listen to an author, of whom `last` is the last number we know. */
static void begin(struct engine *e, struct member *m, uint64_t first,
	uint64_t last, bool author_is_fresh, struct instant now)
{
	uint64_t start = first;
	uint64_t anchor = first;

	if (!author_is_fresh && is_fresh(e, now)) {
		anchor = last + 1;
		start = last >= e->config.history ? anchor - e->config.history
						  : 1;
	} else if (!author_is_fresh) {
		/* We were here all along: its beginning may have been lost. */
		anchor = last >= MEET_BACK ? last - MEET_BACK + 1 : 1;
		start = anchor;
	}
	if (start < first)
		start = first;
	if (anchor < start)
		anchor = start;
	stream_open(&m->stream, start, anchor);
	m->stuck = now;
}

/* The author itself is at this number: where others said that it would begin
 * was too late. */
static void begin_earlier(struct member *m, uint64_t number)
{
	if (m->is_hearsay && number < m->stream.next && m->stream.received == 0)
		stream_fini(&m->stream);
	m->is_hearsay = false;
}

/* The window moved, or a gap appeared or went. */
static void check_gaps(struct engine *e, struct member *m, uint64_t next_before,
	struct instant now)
{
	struct stream *s = &m->stream;

	if (s->next > next_before) {
		m->stuck = now;
		m->stuck_known = s->known;
		m->asks = 0;
		queue(e, m);
	}
	if (!stream_has_gap(s)) {
		m->ask_at = INSTANT_NEVER;
		if (m->is_leaving)
			queue(e, m);
	} else if (instant_is_never(m->ask_at)) {
		m->stuck = now;
		m->stuck_known = s->known;
		m->asks = 0;
		schedule_ask(e, m, now);
	}
}

/* An answer to an ask shows the turn-around of the group. */
static void measure_rtt(
	struct engine *e, const struct member *m, struct instant now)
{
	struct duration sample = instant_until(m->asked, now);
	struct duration least = duration_us(RTT_MIN_US);

	if (m->asks != 1 || sample.ns > duration_ms(RTT_MAX_MS).ns)
		return;
	e->rtt = longer(
		least, (struct duration){(7 * e->rtt.ns + sample.ns) / 8});
}

static struct member *find_largest(struct engine *e)
{
	struct member *largest = NULL;

	e->memory = 0;
	e->memory_since = 0;
	for (size_t i = 0; i < e->members.count; i++) {
		struct member *it = e->members.list[i];
		size_t size = stream_memory(&it->stream);

		e->memory += size;
		if (!largest || size > stream_memory(&largest->stream))
			largest = it;
	}
	return largest;
}

/*
 * Whether a packet of this number may be kept.  What was handed out is kept
 * for those who lack it as long as there is memory; then the largest store
 * gives way, and at last what cannot be handed out at once is not taken.
 */
static bool has_memory(
	struct engine *e, const struct member *m, uint64_t number, size_t size)
{
	struct member *largest;

	e->memory_since += sizeof(struct packet) + size;
	if (e->memory + e->memory_since < MEMORY_MAX &&
		e->memory_since < MEMORY_LOOK)
		return true;
	largest = find_largest(e);
	if (e->memory < MEMORY_MAX)
		return true;
	store_drop_before(&largest->stream.store, largest->stream.delivered);
	return number == m->stream.next;
}

static enum engine_took receive_data(struct engine *e,
	const struct wire_header *header, const struct wire_data *data,
	const void *packet, size_t size, struct instant now)
{
	bool is_repair = header->flags & WIRE_REPAIR;
	struct member *m = is_repair ? members_find(&e->members, header->member)
				     : meet(e, header->member, now);
	enum engine_took took = ENGINE_TOOK_NOTHING;
	struct packet *had;
	uint64_t next_before;

	/* Somebody else's history is no way to meet an author. */
	if (!m || (is_repair && !m->stream.is_open))
		return ENGINE_TOOK_NOTHING;
	if (!is_repair)
		begin_earlier(m, data->sequence);
	if (!m->stream.is_open)
		begin(e, m, 1, data->sequence - 1, header->flags & WIRE_FRESH,
			now);
	if (data->sequence > m->stream.next + JUMP_MAX) {
		e->counts.bad++;
		return ENGINE_TOOK_NOTHING;
	}
	if (!is_repair)
		m->heard = now;
	next_before = m->stream.next;
	if (!has_memory(e, m, data->sequence, size))
		return ENGINE_TOOK_NOTHING;
	switch (stream_take(&m->stream, data->sequence, packet, size, now)) {
	case STREAM_NEW:
		took = ENGINE_TOOK_NEW;
		e->counts.data_received++;
		if (is_repair) {
			took = ENGINE_TOOK_REPAIR;
			e->counts.repaired++;
			measure_rtt(e, m, now);
		}
		break;
	case STREAM_DOUBLE:
		took = ENGINE_TOOK_DOUBLE;
		e->counts.doubles++;
		had = store_get(&m->stream.store, data->sequence);
		if (had)
			had->touched = now;
		break;
	case STREAM_LATE:
		took = ENGINE_TOOK_LATE;
		e->counts.late++;
		break;
	case STREAM_TOO_FAR:
		took = ENGINE_TOOK_TOO_FAR;
		break;
	case STREAM_NO_MEMORY:
		break;
	}
	confirm(e, m, now);
	check_gaps(e, m, next_before, now);
	return took;
}

/* ---- reports ---- */

/* Plans a repair of this packet that the member asks for, or notes that it
 * wants it, too; not more than it may cause, nor all may. */
static void plan_repair(struct engine *e, struct member *m,
	struct packet *packet, const struct repair *repair)
{
	uint64_t first = e->counts.data_sent;

	if (packet->asks > 0) {
		packet->asks += packet->asker != m->id;
	} else if (allowance_take(&m->allowance, ALLOWANCE_OF_ONE, first,
			   repair->asked) &&
		   allowance_take(&e->allowance, ALLOWANCE_OF_ALL, first,
			   repair->asked) &&
		   repairs_add(&e->repairs, repair)) {
		packet->asker = m->id;
		packet->asks = 1;
	}
}

/* The member asks for packets of ours. */
static void repair_ours(struct engine *e, struct member *m,
	const struct wire_report *report, struct instant now)
{
	struct sender *s = &e->sender;
	struct repair repair = {
		.due = now, .asked = now, .origin = e->config.id};
	struct instant held_off = {now.ns - longer(e->rtt, e->turnaround).ns};

	for (size_t i = 0; i < report->gap_count; i++) {
		uint64_t number = report->gaps[i].first;
		uint64_t end = number + report->gaps[i].count;

		if (number < s->store.first)
			number = s->store.first;
		for (; number < end && number < s->unsent; number++) {
			struct packet *packet = store_get(&s->store, number);

			/* What left just now need not leave again. */
			repair.number = number;
			if (packet && instant_before(packet->touched, held_off))
				plan_repair(e, m, packet, &repair);
		}
	}
}

/* The member asks for packets of another that we may have, or lack as well. */
static void repair_others(struct engine *e, struct member *m,
	struct member *origin, const struct wire_report *report,
	struct instant now)
{
	struct stream *s = &origin->stream;
	struct repair repair = {.asked = now, .origin = origin->id};
	/* The author comes first, if there still is one. */
	struct duration head_start = {0};

	if (report->gap_count == 0)
		return;
	if (origin->is_here)
		head_start = longer(times(e->rtt, 3), duration_ms(AUTHOR_MS));
	repair.due = instant_after(instant_after(now, head_start),
		backoff_wait(&e->prng, times(e->rtt, 2), e->members.here));
	if (stream_has_gap(s) && report->gaps[0].first <= s->next &&
		!instant_is_never(origin->ask_at)) {
		/* It asked for us, too. */
		origin->asked = now;
		schedule_ask_again(e, origin, now);
	}
	for (size_t i = 0; i < report->gap_count; i++) {
		uint64_t number = report->gaps[i].first;
		uint64_t end = number + report->gaps[i].count;

		if (number < s->store.first)
			number = s->store.first;
		for (; number < end && number < s->store.end; number++) {
			struct packet *packet = store_get(&s->store, number);

			repair.number = number;
			if (packet)
				plan_repair(e, m, packet, &repair);
		}
	}
}

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
	if (!m->has_heard_us || report->next > m->has_next) {
		m->progress = now;
		m->is_excluded = false;
	}
	m->has_heard_us = true;
	if (report->next < m->has_from)
		m->has_from = report->next;
	if (report->next > m->has_next)
		m->has_next = report->next;
	if (report->known > m->has_known) {
		m->has_known = report->known;
		measure(e, m, report, now);
	}
	repair_ours(e, m, report, now);
	if (!sender_is_confirmed(&e->sender))
		update_confirmed(e);
}

/*
 * An author that we have not heard yet: what it says from here on is ours to
 * have, and its history is with others if it has left.
 */
static struct member *meet_by_hearsay(
	struct engine *e, const struct wire_report *report, struct instant now)
{
	struct member *m = NULL;

	/* Nobody gives way for it, least of all who speaks of it just now. */
	if (e->members.count < MEMBERS_MAX && report->known > 0 &&
		report->known < WIRE_SEQUENCE_MAX)
		m = meet(e, report->origin, now);
	if (m) {
		begin(e, m, 1, report->known, false, now);
		m->is_hearsay = true;
		m->stream.known = report->known;
		check_gaps(e, m, m->stream.next, now);
	}
	return m;
}

/* Of an author that is silent others may have heard more than we. */
static void learn_by_hearsay(struct engine *e, struct member *origin,
	const struct wire_report *report, struct instant now)
{
	struct stream *s = &origin->stream;
	uint64_t next_before = s->next;
	struct instant silent =
		instant_after(origin->heard, duration_ms(SILENT_MS));

	if (report->known <= s->known || instant_before(now, silent) ||
		report->known >= s->next + STREAM_WINDOW)
		return;
	s->known = report->known;
	check_gaps(e, origin, next_before, now);
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
		if (!origin && is_fresh(e, now))
			origin = meet_by_hearsay(e, &report, now);
		if (!origin || !origin->stream.is_open)
			continue;
		learn_by_hearsay(e, origin, &report, now);
		repair_others(e, m, origin, &report, now);
	}
}

/* What the author says of its own packets. */
static void learn(struct engine *e, struct member *m,
	const struct wire_header *header, const struct wire_state *state,
	struct instant now)
{
	struct stream *s = &m->stream;
	uint64_t next_before;

	if (s->is_open && state->last > s->next + JUMP_MAX) {
		e->counts.bad++;
		return;
	}
	if (s->is_open && state->last + 1 + STREAM_WINDOW < s->next)
		stream_fini(s); /* we were told of numbers that never were */
	begin_earlier(m, state->last + 1);
	if (!s->is_open)
		begin(e, m, state->first, state->last,
			header->flags & WIRE_HELLO, now);
	next_before = s->next;
	m->kept_first = state->first;
	stream_learn(s, state->last, state->messages);
	check_gaps(e, m, next_before, now);
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

static enum engine_took receive_state(struct engine *e,
	const struct wire_header *header, const struct wire_state *state,
	int hop_limit, struct instant now)
{
	struct member *m = meet(e, header->member, now);

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
	learn(e, m, header, state, now);
	receive_reports(e, m, state, now);
	/* Who was waited for in vain is back when it makes progress. */
	if (!(header->flags & WIRE_BYE) && !m->is_excluded)
		arrive(e, m, state);
	if (header->flags & WIRE_ANSWER) {
		answer(e, m, now);
		note_asker(e, m);
	}
	if (header->flags & WIRE_HELLO && header->flags & WIRE_ANSWER)
		e->presence_is_due = true;
	if (header->flags & WIRE_BYE)
		leave(e, m, false);
	return ENGINE_TOOK_STATE;
}

enum engine_took engine_packet_took(const struct engine *e)
{
	return e->took;
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
	if (result == WIRE_OK && size > WIRE_PACKET_MAX)
		result = WIRE_BAD_VALUE;
	if (result == WIRE_OK)
		result = header.type == WIRE_DATA
				 ? wire_data_decode(&reader, &data)
				 : wire_state_decode(&reader, &state);
	if (result != WIRE_OK) {
		e->counts.bad++;
		return result;
	}
	if (header.room != e->config.room) {
		e->took = ENGINE_TOOK_OTHER_ROOM;
	} else if (header.member == e->config.id) {
		/* Our own echo; or a repair by another, which our members
		 * count among what they receive of us. */
		e->own_sent +=
			header.type == WIRE_DATA && header.flags & WIRE_REPAIR;
		e->took = ENGINE_TOOK_ECHO;
	} else if (header.type == WIRE_DATA) {
		e->took = receive_data(e, &header, &data, packet, size, now);
	} else {
		e->took = receive_state(e, &header, &state, hop_limit, now);
	}
	return WIRE_OK;
}

/* ---- time ---- */

/* All that was missing when we got stuck has been waited for long enough. */
static void give_up_known(struct member *m)
{
	struct stream *s = &m->stream;

	do
		stream_skip(s, stream_gap_end(s));
	while (stream_has_gap(s) && s->next <= m->stuck_known);
}

/* Gives up what nobody can send any more, and what took too long. */
static void give_up(struct engine *e, struct member *m, struct instant now)
{
	struct stream *s = &m->stream;
	bool is_history = s->next < s->anchor;
	struct duration patience =
		duration_ms(is_history ? HISTORY_GIVE_UP_MS : GIVE_UP_MS);
	uint64_t next_before = s->next;

	if (m->asks >= ASKS_FOR_OTHERS && m->kept_first > s->next)
		stream_skip(s, m->kept_first);
	else if (!instant_before(now, instant_after(m->stuck, patience)))
		give_up_known(m);
	check_gaps(e, m, next_before, now);
}

static void tick_stream(struct engine *e, struct member *m, struct instant now)
{
	if (!instant_before(now, m->ask_at) && stream_has_gap(&m->stream)) {
		give_up(e, m, now);
		if (stream_has_gap(&m->stream) &&
			!instant_before(now, m->ask_at)) {
			m->asks++;
			m->asked = now;
			m->wants_report = true;
			want_state(e, ENGINE_ASK);
			schedule_ask_again(e, m, now);
		}
	}
}

static void tick_presence(
	struct engine *e, struct member *m, struct instant now)
{
	struct duration silence = times(presence_interval(e), PRESENCE_MISSES);
	struct duration stall = duration_ms(STALL_MS);

	if (!m->is_here)
		return;
	if (!instant_before(now, instant_after(m->heard, silence)))
		leave(e, m, true);
	if (!is_waited_for(m))
		return;
	if (m->has_next >= e->sender.unsent)
		m->progress = now;
	if (!instant_before(now, instant_after(m->progress, stall))) {
		leave(e, m, true);
		m->is_excluded = true;
	}
}

static void tick_members(struct engine *e, struct instant now)
{
	struct instant soonest = INSTANT_NEVER;

	for (size_t i = 0; i < e->members.count; i++) {
		struct member *m = e->members.list[i];

		tick_stream(e, m, now);
		tick_presence(e, m, now);
		soonest = instant_earlier(soonest, member_deadline(e, m));
	}
	e->soonest = soonest;
}

void engine_tick(struct engine *e, struct instant now)
{
	if (!instant_before(now, e->soonest))
		tick_members(e, now);
	if (!instant_before(now, e->confirm_at)) {
		e->confirm_at = INSTANT_NEVER;
		want_state(e, ENGINE_CONFIRM);
	}
	if (!instant_before(now, e->presence_at)) {
		want_state(e, ENGINE_PRESENCE);
		e->presence_is_due = true;
		schedule_presence(e, now);
	}
	if (!instant_before(now, e->heartbeat_at)) {
		want_state(e, ENGINE_HEARTBEAT);
		/* The confirmations need their time. */
		if (e->heartbeat.ns >= confirm_spread(e, CONFIRM_EACH_US).ns)
			e->wants_answer = true;
		e->heartbeat = times(e->heartbeat, 2);
		if (e->heartbeat.ns > presence_interval(e).ns)
			e->heartbeat = presence_interval(e);
		e->heartbeat_at = instant_after(now, e->heartbeat);
	}
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
	struct instant next = instant_earlier(e->soonest, e->presence_at);

	/* After the last bye there is nothing to do. */
	if (e->has_left)
		return e->byes > 0 ? e->bye_at : INSTANT_NEVER;
	next = instant_earlier(next, e->confirm_at);
	if (e->state_is_due)
		next = instant_earlier(next, e->state_after);
	next = instant_earlier(next, e->heartbeat_at);
	return instant_earlier(next, sending_deadline(e));
}

/* ---- packets out ---- */

static struct wire_report make_report(const struct member *m)
{
	const struct stream *s = &m->stream;
	struct wire_report report = {
		.origin = m->id,
		.next = s->is_open ? s->next : 1,
		.known = s->is_open ? s->known : 0,
		.received = s->received,
	};

	if (s->is_open)
		report.gap_count =
			(uint8_t)stream_gaps(s, report.gaps, WIRE_GAPS_MAX);
	return report;
}

static void explain_ask(struct engine *e, const struct wire_report *report)
{
	if (e->reason.origins++ == 0)
		e->reason.origin = report->origin;
	for (size_t i = 0; i < report->gap_count; i++)
		e->reason.packets += report->gaps[i].count;
}

/* The first reason that there is for the STATE that is being made. */
static enum engine_why strongest(unsigned whys)
{
	enum engine_why why = ENGINE_BYE;

	while (why < ENGINE_PRESENCE && !(whys & 1U << why))
		why++;
	return why;
}

/* Begins the reason of a STATE, and forgets what led to it. */
static void explain_state(struct engine *e)
{
	e->reason = (struct engine_reason){.why = strongest(e->whys)};
	if (e->reason.why == ENGINE_ANSWER) {
		e->reason.asker = e->asker;
		e->reason.asks = e->asks;
	}
	e->counts.states_sent++;
	e->counts.asks_sent += e->whys >> ENGINE_ASK & 1;
	e->asks = 0;
	e->whys = 0;
}

/* Adds a report to our STATE of that counter; false when it does not fit. */
static bool add_report(struct member *m, struct writer *writer, uint8_t *count,
	struct wire_report *out, uint64_t counter)
{
	*out = make_report(m);
	if (*count >= WIRE_REPORTS_MAX ||
		!wire_report_encode(writer, count, out))
		return false;
	m->is_unconfirmed = false;
	m->reported = counter;
	return true;
}

static bool asks(const struct member *m)
{
	return m->wants_report;
}

static bool confirms_something(const struct member *m)
{
	return m->is_unconfirmed && m->stream.known > 0;
}

static bool is_greeting(const struct member *m)
{
	return m->is_unconfirmed;
}

/* Adds the reports on these members; false when one did not fit. */
static bool add_reports(struct engine *e, struct writer *writer, uint8_t *count,
	bool (*is_wanted)(const struct member *))
{
	struct wire_report report;

	for (size_t i = 0; i < e->members.count; i++) {
		struct member *m = e->members.list[i];

		if (!is_wanted(m))
			continue;
		if (!add_report(m, writer, count, &report, e->counter))
			return false;
		if (m->wants_report)
			explain_ask(e, &report);
		m->wants_report = false;
	}
	return true;
}

/* Fills up with the others, in turn. */
static void add_others(struct engine *e, struct writer *writer, uint8_t *count)
{
	for (size_t i = 0; i < e->members.count; i++) {
		size_t at = (e->rotation + i) % e->members.count;
		struct member *m = e->members.list[at];
		struct wire_report report;

		/* Of who has left only what others may still want. */
		if (m->reported == e->counter ||
			(!m->is_here && m->stream.known == 0))
			continue;
		if (!add_report(m, writer, count, &report, e->counter)) {
			e->rotation = at;
			return;
		}
	}
}

/* Not all who came could be greeted at once. */
static void greet_again(struct engine *e, struct instant now)
{
	if (e->members.here <= ACQUAINTED_MAX)
		schedule_confirm(e, ANSWER_EACH_US, now);
}

static size_t make_state(struct engine *e, uint8_t *out, struct instant now)
{
	struct wire_header header = {
		.type = WIRE_STATE,
		.flags = (uint8_t)((is_fresh(e, now) ? WIRE_HELLO : 0) |
				   (e->wants_answer ? WIRE_ANSWER : 0) |
				   (e->byes > 0 ? WIRE_BYE : 0)),
		.room = e->config.room,
		.member = e->config.id,
	};
	struct wire_state state = {
		.counter = ++e->counter,
		.hop_limit = e->config.hop_limit,
		.nick = e->sender.nick,
		.nick_size = (uint8_t)strlen(e->sender.nick),
		.first = e->sender.store.first,
		.last = e->sender.unsent - 1,
		.messages = sender_messages_sent(&e->sender),
	};
	struct writer writer;
	uint8_t *count;

	writer_init(&writer, out, e->config.packet_size);
	wire_header_encode(&writer, &header);
	count = wire_state_encode(&writer, &state);
	bool is_presence = e->presence_is_due;

	e->state_is_due = false;
	e->presence_is_due = false;
	e->wants_answer = false;
	if (!count)
		return 0;
	explain_state(e);
	e->confirm_at = INSTANT_NEVER;
	if (!add_reports(e, &writer, count, asks) ||
		!add_reports(e, &writer, count, confirms_something))
		want_state(e, ENGINE_CONFIRM);
	else if (!add_reports(e, &writer, count, is_greeting))
		greet_again(e, now);
	else if (is_presence)
		add_others(e, &writer, count);
	return writer_size(&writer);
}

/* Whether the only one who asked has told meanwhile that it has the packet. */
static bool is_had(const struct engine *e, const struct packet *packet,
	const struct repair *repair)
{
	const struct member *asker = members_find(&e->members, packet->asker);

	if (!asker || packet->asks > 1)
		return false;
	if (repair->origin == e->config.id)
		return asker->has_next > repair->number;
	return hearings_next(&asker->hearings, repair->origin) > repair->number;
}

/* The packet of a planned repair; NULL when it is not kept any more. */
static struct packet *find_repair(struct engine *e, const struct repair *repair)
{
	const struct member *m;

	if (repair->origin == e->config.id)
		return store_get(&e->sender.store, repair->number);
	m = members_find(&e->members, repair->origin);
	return m && m->stream.is_open
		       ? store_get(&m->stream.store, repair->number)
		       : NULL;
}

/* Whether the author was heard since, so that it will repair it itself. */
static bool is_for_author(
	struct engine *e, const struct repair *repair, struct instant now)
{
	const struct member *m = members_find(&e->members, repair->origin);
	struct duration recent = duration_ms(AUTHOR_MS);
	struct duration longest = duration_ms(AUTHOR_MAX_MS);

	return m && m->is_here && instant_before(repair->asked, m->heard) &&
	       instant_before(now, instant_after(m->heard, recent)) &&
	       instant_before(now, instant_after(repair->asked, longest));
}

static size_t send_repair(struct engine *e, struct packet *packet, uint8_t *out,
	struct instant now)
{
	packet->touched = now;
	memcpy(out, packet->bytes, packet->size);
	wire_mark_repair(out);
	e->counts.repairs_sent++;
	if (e->reason.why == ENGINE_REPAIR) {
		e->own_sent++;
		start_heartbeat(e, now);
	}
	return packet->size;
}

static size_t next_repair(struct engine *e, uint8_t *out, struct instant now)
{
	const struct repair *first;

	while ((first = repairs_first(&e->repairs)) &&
		!instant_before(now, first->due)) {
		struct repair repair = *first;
		bool is_ours = repair.origin == e->config.id;
		struct packet *packet;
		bool is_needed;

		repairs_drop_first(&e->repairs);
		if (!is_ours && is_for_author(e, &repair, now)) {
			repair.due = instant_after(now, duration_ms(AUTHOR_MS));
			repairs_add(&e->repairs, &repair);
			continue;
		}
		packet = find_repair(e, &repair);
		if (!packet)
			continue;
		e->reason = (struct engine_reason){
			.why = is_ours ? ENGINE_REPAIR : ENGINE_REPAIR_FOR,
			.asker = packet->asker,
			.asks = packet->asks,
			.origin = repair.origin,
		};
		/* Perhaps another member was faster. */
		is_needed = !instant_before(repair.asked, packet->touched) &&
			    !is_had(e, packet, &repair);
		packet->asks = 0;
		if (is_needed)
			return send_repair(e, packet, out, now);
	}
	return 0;
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
	start_heartbeat(e, now);
	update_confirmed(e);
	/* Whoever had all until now is waited for from now on. */
	for (size_t i = 0; i < e->members.count; i++) {
		struct member *m = e->members.list[i];

		if (is_waited_for(m) && m->has_next + 1 == e->sender.unsent) {
			m->progress = now;
			e->soonest = instant_earlier(e->soonest,
				instant_after(now, duration_ms(STALL_MS)));
		}
	}
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
		size = make_state(e, out, now);
		e->byes--;
		e->bye_at = instant_after(now, duration_ms(BYE_GAP_MS));
		return size;
	}
	if (e->state_is_due && !instant_before(now, e->state_after)) {
		e->state_after =
			instant_after(now, duration_us(STATE_SPACING_US));
		return make_state(e, out, now);
	}
	if (!pacing_allows(&e->pacing, now))
		return 0;
	/* Repairs first, but whoever asks and asks must not silence us. */
	if (e->repairs_in_row < REPAIRS_IN_ROW)
		size = next_repair(e, out, now);
	e->repairs_in_row = size > 0 ? e->repairs_in_row + 1 : 0;
	if (size == 0)
		size = next_data(e, out, now);
	if (size == 0)
		size = next_repair(e, out, now);
	pacing_spend(&e->pacing, size);
	return size;
}

/* ---- events out ---- */

static void give_notice(struct engine *e, struct event *out)
{
	const struct notice *n = &e->notice;

	struct nick nick = {.owner = n->id, .size = n->nick_size};

	memcpy(nick.text, n->nick, n->nick_size);
	*out = (struct event){
		.member = {n->id, n->nick, n->nick_size,
			nicks_is_shared(&e->members.nicks, &nick)},
	};
	switch (n->kind) {
	case NOTICE_JOIN:
		out->kind = EVENT_JOIN;
		break;
	case NOTICE_LEAVE:
		out->kind = EVENT_LEAVE;
		out->leave.is_timeout = true;
		break;
	case NOTICE_NICK:
		out->kind = EVENT_NICK;
		out->nick.old_nick = n->old_nick;
		out->nick.old_nick_size = n->old_nick_size;
		break;
	}
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
		m->id, nick->text, nick->size, m->is_said_shared};
}

/* Turns what the author said into an event; false for its nick. */
static bool give_item(struct engine *e, struct member *m,
	const struct stream_item *item, struct event *out)
{
	if (item->kind == STREAM_NICK) {
		nick_set(&m->said_nick, item->text, item->size);
		m->shared_as_of = 0;
		return false;
	}
	*out = (struct event){
		.time = item->time,
		.member = author_of(e, m),
	};
	if (item->kind == STREAM_LOST) {
		out->kind = EVENT_LOST;
		out->lost.count = item->count;
		out->lost.why = "nobody has them any more";
		e->counts.lost += item->count;
		return true;
	}
	out->kind = item->kind == STREAM_ACTION ? EVENT_ACTION : EVENT_MESSAGE;
	out->message.sequence = item->number;
	out->message.number = item->message;
	out->message.text = item->text;
	out->message.size = item->size;
	out->message.is_history = item->is_history;
	e->counts.delivered++;
	return true;
}

/* The next event of a queued member; false when it has no more. */
static bool next_of_member(
	struct engine *e, struct member *m, struct event *out)
{
	struct stream_item item;

	while (stream_next(&m->stream, e->config.history, &item)) {
		if (give_item(e, m, &item, out))
			return true;
	}
	if (!m->is_leaving || stream_has_gap(&m->stream))
		return false;
	m->is_leaving = false;
	m->was_told = false;
	*out = (struct event){
		.kind = EVENT_LEAVE,
		.member = {m->id, m->nick.text, m->nick.size,
			nicks_is_shared(&e->members.nicks, &m->nick)},
		.leave = {m->left_by_timeout, m->left_lacking},
	};
	return true;
}

bool engine_next_event(struct engine *e, struct event *out)
{
	if (notices_take(&e->notices, &e->notice)) {
		give_notice(e, out);
		return true;
	}
	while (e->queue_count > 0) {
		struct member *m = e->queue[e->queue_head];

		if (next_of_member(e, m, out))
			return true;
		m->is_queued = false;
		e->queue_head = (e->queue_head + 1) % MEMBERS_MAX;
		e->queue_count--;
	}
	return false;
}

void engine_count(const struct engine *e, struct engine_counts *out)
{
	*out = e->counts;
	out->memory = e->sender.store.memory;
	for (size_t i = 0; i < e->members.count; i++)
		out->memory += stream_memory(&e->members.list[i]->stream);
}
