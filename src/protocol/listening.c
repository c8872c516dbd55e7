/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/listening.h"

#include <string.h>

#include "mchat/protocol/attendance.h"
#include "mchat/protocol/core.h"
#include "mchat/protocol/handout.h"
#include "mchat/protocol/timing.h"

/* A member whose numbers are first met late is heard from this far back, since
 * its beginning may just have been missed. */
#define MEET_BACK 256

/* The turn-around of the group is at least this. */
#define RTT_MIN_US 1000

/* Asks without an answer after which what the author no longer keeps is given
 * up, and the time after which everything is. */
#define ASKS_FOR_OTHERS 4
#define GIVE_UP_MS      30000

/* Whoever wants history meets authors that have left by what others tell of
 * them for so long after joining: each other member speaks several times. */
#define HISTORY_HEARSAY_MS 10000

/* History that nobody has sent by then is done without. */
#define HISTORY_GIVE_UP_MS 3000

/* Bytes that packets of others take at most, all authors together. */
#define MEMORY_MAX ((size_t)64 * 1024 * 1024)

/* They are added up after so many bytes. */
#define MEMORY_LOOK ((size_t)1024 * 1024)

/* Numbers that an author may have gone on while we heard nothing of it. */
#define JUMP_MAX (UINT64_C(1) << 32)

/* An author that was silent for so long may be gone, and then what others know
 * of it counts. */
#define SILENT_MS 100

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Begins with what will be said, and as much of the past as is wanted. */
static void begin_with_history(struct engine *e, struct member *m,
	uint64_t first, uint64_t last, struct instant now)
{
	stream_open(&m->stream, last + 1);
	stream_want_history(&m->stream, e->config.history, first);
	m->stuck = now;
}

/* Whether all that the author has said had left before we joined; what was
 * under way meanwhile counts for us. */
static bool is_before_us(const struct engine *e, const struct wire_state *state,
	struct instant now)
{
	struct duration quiet =
		duration_ms((int64_t)state->quiet * WIRE_QUIET_MS);

	return !instant_before(instant_after(e->started, quiet), now);
}

/* Begins to listen to an author, of whom `last` is the last number we know. */
static void begin(struct engine *e, struct member *m, uint64_t first,
	uint64_t last, bool author_is_fresh, struct instant now)
{
	uint64_t start = first;

	if (!author_is_fresh && timing_is_fresh(e, now)) {
		begin_with_history(e, m, first, last, now);
		return;
	}
	/* We were here all along: its beginning may have been lost. */
	if (!author_is_fresh && last >= MEET_BACK)
		start = larger(first, last - MEET_BACK + 1);
	stream_open(&m->stream, start);
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

/* The first gap is another one than before. */
static void begin_to_wait(struct member *m, struct instant now)
{
	m->stuck = now;
	m->stuck_known = m->stream.known;
	m->asks = 0;
}

/* The window moved, or a gap appeared or went. */
static void check_gaps(struct engine *e, struct member *m, uint64_t next_before,
	struct instant now)
{
	struct stream *s = &m->stream;

	if (s->next > next_before) {
		begin_to_wait(m, now);
		handout_add(e, m);
	}
	if (!stream_has_gap(s)) {
		m->ask_at = INSTANT_NEVER;
		if (m->is_leaving)
			handout_add(e, m);
	} else if (s->next < next_before || instant_is_never(m->ask_at)) {
		/* There was none; or history begins earlier. */
		begin_to_wait(m, now);
		timing_schedule_ask(e, m, now);
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
	e->rtt = duration_longer(
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

enum engine_took listening_receive(struct engine *e,
	const struct wire_header *header, const struct wire_data *data,
	const void *packet, size_t size, struct instant now)
{
	bool is_repair = header->flags & WIRE_REPAIR;
	struct member *m = is_repair ? members_find(&e->members, header->member)
				     : attendance_meet(e, header->member, now);
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
	timing_confirm(e, m, now);
	check_gaps(e, m, next_before, now);
	return took;
}

struct member *listening_meet(
	struct engine *e, const struct wire_report *report, struct instant now)
{
	struct duration history = duration_ms(HISTORY_HEARSAY_MS);
	bool may_meet = timing_is_fresh(e, now) ||
			(e->config.history > 0 &&
				instant_before(now,
					instant_after(e->started, history)));
	struct member *m;

	/* Nobody gives way for it, least of all who speaks of it just now. */
	if (!may_meet || report->known >= WIRE_SEQUENCE_MAX ||
		e->members.count == MEMBERS_MAX)
		return NULL;
	m = attendance_meet(e, report->origin, now);
	if (!m)
		return NULL;
	begin_with_history(e, m, 1, report->known, now);
	m->is_hearsay = true;
	check_gaps(e, m, m->stream.next, now);
	return m;
}

void listening_hear_of(struct engine *e, struct member *origin,
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

void listening_learn(struct engine *e, struct member *m,
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
			header->flags & WIRE_HELLO &&
				!is_before_us(e, state, now),
			now);
	next_before = s->next;
	m->kept_first = state->first;
	stream_learn(s, state->last, state->messages);
	check_gaps(e, m, next_before, now);
}

/* All that was missing up to `last` has been waited for long enough; of history
 * that begins earlier now, not yet. */
static void give_up_to(struct member *m, uint64_t last)
{
	struct stream *s = &m->stream;
	uint64_t before;

	do {
		before = s->next;
		stream_skip(s, stream_gap_end(s));
	} while (stream_has_gap(s) && s->next > before && s->next <= last);
}

/* When what we are stuck at has been waited for long enough. */
static struct instant patience_end(const struct member *m)
{
	bool is_history = m->stream.next < m->stream.anchor;

	return instant_after(m->stuck,
		duration_ms(is_history ? HISTORY_GIVE_UP_MS : GIVE_UP_MS));
}

/* Gives up what nobody can send any more, and what took too long. */
static void give_up(struct engine *e, struct member *m, struct instant now)
{
	struct stream *s = &m->stream;
	bool is_history = s->next < s->anchor;
	uint64_t next_before = s->next;

	if (m->asks >= ASKS_FOR_OTHERS && m->kept_first > s->next)
		stream_skip(s, m->kept_first);
	else if (!instant_before(now, patience_end(m)))
		give_up_to(m, is_history ? s->anchor - 1 : m->stuck_known);
	check_gaps(e, m, next_before, now);
}

void listening_suppress(struct engine *e, struct member *m, struct instant now)
{
	if (!stream_has_gap(&m->stream) || instant_is_never(m->ask_at))
		return;
	m->asked = now;
	timing_schedule_ask_again(e, m, patience_end(m), now);
}

void listening_tick(struct engine *e, struct member *m, struct instant now)
{
	if (!instant_before(now, m->ask_at) && stream_has_gap(&m->stream)) {
		give_up(e, m, now);
		if (stream_has_gap(&m->stream) &&
			!instant_before(now, m->ask_at)) {
			m->asks++;
			m->asked = now;
			m->wants_report = true;
			timing_want_state(e, ENGINE_ASK);
			timing_schedule_ask_again(e, m, INSTANT_NEVER, now);
		}
	}
}
