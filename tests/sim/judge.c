/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "authors.h"
#include "histogram.h"
#include "journal.h"
#include "memory.h"
#include "owed.h"
#include "parcel.h"
#include "scenario.h"
#include "mchat/protocol/event.h"

/* In a crowd there is room only for what is had of those that talk. */
static unsigned speakers_of(const struct scenario *scenario, unsigned count)
{
	return scenario->flags & SCENARIO_CROWD ? scenario->talk.talkers
						: count;
}

static struct acquaintance *acquaintance(
	const struct judge *judge, uint32_t receiver, uint32_t author)
{
	return &judge->acquaintances[(size_t)receiver * judge->authors->count +
				     author];
}

void judge_init(struct judge *judge, const struct scenario *scenario,
	struct authors *authors, struct journal *journal,
	struct histograms *histograms)
{
	size_t count = authors->count;
	unsigned speakers = speakers_of(scenario, authors->count);

	*judge = (struct judge){
		.scenario = scenario,
		.authors = authors,
		.journal = journal,
		.delays = &histograms->delays,
		.reaches = &histograms->reaches,
		.parts = scenario->crowd > 0 ? 2 : 1,
		.speakers = speakers,
		.pairs = memory_zeroed(count * speakers, sizeof(*judge->pairs)),
		.acquaintances = memory_zeroed(
			count * count, sizeof(*judge->acquaintances)),
	};
	contact_init(&judge->contact, authors->count);
}

void judge_fini(struct judge *judge)
{
	memory_free(judge->pairs);
	memory_free(judge->acquaintances);
	contact_fini(&judge->contact);
}

/*
 * Whether a packet that was handed over is had now.  One that an engine takes
 * for none of its business, although it is owed what is in it, it should have
 * taken; only memory may be short.  A double is had already, or comes before
 * where the engine, which is looking for its beginning, has got to.
 */
static bool is_taken(const struct judge *judge, uint32_t receiver,
	const struct parcel *parcel, enum engine_disposition took)
{
	const struct author *author = &judge->authors->list[parcel->origin];

	if (took == ENGINE_DISPOSITION_NEW || took == ENGINE_DISPOSITION_REPAIR)
		return true;
	if (took != ENGINE_DISPOSITION_NOTHING ||
		judge->scenario->memory_least > 0)
		return false;
	return owed_first_due(judge, receiver, parcel->origin) <=
	       author->sent[parcel->sequence - 1].first_message;
}

static void note_last(uint32_t *last, uint64_t packet, size_t sent_count)
{
	if (packet > sent_count)
		packet = sent_count;
	if (packet > *last)
		*last = (uint32_t)packet;
}

static void take_data(struct judge *judge, uint32_t receiver,
	const struct parcel *parcel, enum engine_disposition took)
{
	struct author *author = &judge->authors->list[parcel->origin];

	if (receiver >= AUTHORS_NOTED ||
		!is_taken(judge, receiver, parcel, took))
		return;
	author->sent[parcel->sequence - 1].handed |= UINT64_C(1) << receiver;
	note_last(&owed_pair(judge, receiver, parcel->origin)->kept,
		parcel->sequence, author->sent_count);
}

/* How late a packet may have come because an outsider had it. */
static int64_t lateness(const struct judge *judge, const struct parcel *parcel)
{
	return judge->scenario->outsider_per_s > 0
		       ? judge->now - parcel->sealed_at
		       : 0;
}

/* Who was stopped when it came to know an author, or heard of it late, takes it
 * for younger than it is, and who jumped for older; so it tells those that have
 * not heard the author themselves. */
static void take_age(struct judge *judge, uint32_t receiver,
	const struct parcel *parcel, uint32_t author)
{
	const struct author *list = judge->authors->list;
	uint32_t sender = parcel->sender;
	const struct pair *told = owed_pair(judge, sender, author);
	struct pair *pair = owed_pair(judge, receiver, author);
	int64_t doubt =
		told->doubt + list[sender].stopped + lateness(judge, parcel);

	if (pair->is_met)
		return;
	if (doubt > pair->doubt)
		pair->doubt = doubt;
	if (list[sender].has_jumped || told->vague > 0)
		pair->vague = list[author].said_count;
}

/* At first hand, or from a repair. */
static void take_origin(
	struct judge *judge, uint32_t receiver, const struct parcel *parcel)
{
	struct pair *pair = owed_pair(judge, receiver, parcel->origin);
	int64_t late = lateness(judge, parcel);

	note_last(&pair->heard, parcel->last,
		judge->authors->list[parcel->origin].sent_count);
	if (parcel->origin != parcel->sender || parcel->is_repair)
		return;
	pair->is_met = true;
	if (late > pair->doubt)
		pair->doubt = late;
}

void judge_given(struct judge *judge, uint32_t receiver,
	const struct parcel *parcel, enum engine_disposition took)
{
	const struct author *list = judge->authors->list;

	if (parcel->origin == PARCEL_NOBODY)
		return;
	if (took == ENGINE_DISPOSITION_STATE)
		acquaintance(judge, receiver, parcel->origin)->is_named = true;
	if (parcel->origin < judge->speakers)
		take_origin(judge, receiver, parcel);
	for (unsigned i = 0; i < parcel->report_count; i++) {
		const struct parcel_report *report = &parcel->reports[i];

		if (report->author >= judge->speakers)
			continue;
		note_last(&owed_pair(judge, receiver, report->author)->reported,
			report->known, list[report->author].sent_count);
		take_age(judge, receiver, parcel, report->author);
	}
	if (parcel->is_data && parcel->origin < judge->speakers)
		take_data(judge, receiver, parcel, took);
}

/* No member gets more history than it asked for; whether it gets all of that is
 * checked at the end. */
static void judge_history(
	const struct judge *judge, uint32_t receiver, uint32_t slot)
{
	const struct scenario *scenario = judge->scenario;
	unsigned wanted = receiver < scenario->members ? 0 : scenario->history;

	if (++owed_pair(judge, receiver, slot)->history > wanted)
		journal_fail(judge->journal,
			"member %" PRIu32 " is shown more than the last %u "
			"messages of member %" PRIu32,
			receiver, wanted, slot);
}

/* Messages were passed over before number `to`. */
static void judge_gap(
	struct judge *judge, uint32_t receiver, uint32_t slot, uint64_t to)
{
	const struct pair *pair = owed_pair(judge, receiver, slot);
	struct owed owed = owed_next(judge, receiver, slot);
	uint64_t most = to > owed.allowed ? to - owed.allowed : 0;
	uint64_t least = to > owed.due ? to - owed.due : 0;

	if (pair->lost < least || pair->lost > most)
		journal_fail(judge->journal,
			"member %" PRIu32 " lacks messages %" PRIu64
			" to %" PRIu64 " of member %" PRIu32
			" but was told of a loss of %" PRIu64 ", not %" PRIu64
			" to %" PRIu64,
			receiver, owed.due, to - 1, slot, pair->lost, least,
			most);
}

/* What was said before this member started is history, the rest is not. */
static void judge_time(struct judge *judge, uint32_t receiver, uint32_t slot,
	const struct event *event)
{
	uint64_t number = event->message.number;
	struct pair *pair = owed_pair(judge, receiver, slot);

	if (event->message.is_history) {
		if (pair->is_live ||
			number >= owed_first_due(judge, receiver, slot))
			journal_fail(judge->journal,
				"member %" PRIu32 " is shown message %" PRIu64
				" of member %" PRIu32 " as history, which was "
				"said when it was here",
				receiver, number, slot);
		return;
	}
	if (!pair->is_live &&
		number < owed_first_allowed(judge, receiver, slot))
		journal_fail(judge->journal,
			"member %" PRIu32 " is shown message %" PRIu64
			" of member %" PRIu32 " as new, which was said before "
			"it started",
			receiver, number, slot);
}

/* What was delivered was had, also if it was put together from others. */
static void note_had(
	struct judge *judge, uint32_t receiver, uint32_t slot, uint64_t number)
{
	struct author *author = &judge->authors->list[slot];
	const struct said *said = &author->said[number - 1];

	if (receiver >= AUTHORS_NOTED)
		return;
	for (uint64_t i = said->first_packet; i <= said->last_packet; i++)
		author->sent[i - 1].handed |= UINT64_C(1) << receiver;
	note_last(&owed_pair(judge, receiver, slot)->kept, said->last_packet,
		author->sent_count);
}

void judge_reached(
	struct judge *judge, uint32_t slot, uint64_t number, int64_t at)
{
	struct said *said = &judge->authors->list[slot].said[number - 1];

	if (++said->parts == judge->parts)
		histogram_add(judge->reaches, at - said->at);
}

static bool is_same(const struct judge *judge, uint32_t slot, uint64_t number,
	const struct event *event)
{
	const struct said *said = &judge->authors->list[slot].said[number - 1];

	return said->size == event->message.size &&
	       said->is_action == (event->kind == EVENT_ACTION) &&
	       (said->size == 0 ||
		       memcmp(authors_text(
				      judge->authors, slot, (size_t)number),
			       event->message.text, said->size) == 0);
}

static void judge_message(struct judge *judge, uint32_t receiver, uint32_t slot,
	const struct event *event)
{
	struct author *author = &judge->authors->list[slot];
	struct pair *pair = owed_pair(judge, receiver, slot);
	uint64_t sequence = event->message.sequence;
	const struct sent *sent;
	uint64_t number;

	if (sequence == 0 || sequence > author->sent_count) {
		journal_fail(judge->journal,
			"member %" PRIu32 " delivers packet %" PRIu64
			" of member %" PRIu32 ", which sent %zu",
			receiver, sequence, slot, author->sent_count);
		return;
	}
	sent = &author->sent[sequence - 1];
	number = event->message.number;
	if (number <= pair->last || number < sent->first_message ||
		number >= sent->first_message + sent->message_count ||
		sequence < pair->last_sequence) {
		journal_fail(judge->journal,
			"member %" PRIu32 " delivers message %" PRIu64
			" in packet %" PRIu64 " of member %" PRIu32
			" again or late",
			receiver, number, sequence, slot);
		return;
	}
	if (!is_same(judge, slot, number, event)) {
		journal_fail(judge->journal,
			"member %" PRIu32 " delivers message %" PRIu64
			" of member %" PRIu32 " changed",
			receiver, number, slot);
		return;
	}
	note_had(judge, receiver, slot, number);
	judge_time(judge, receiver, slot, event);
	judge_gap(judge, receiver, slot, number);
	if (pair->first == 0)
		pair->first = number;
	pair->last = number;
	pair->last_sequence = sequence;
	pair->lost = 0;
	pair->is_live = pair->is_live || !event->message.is_history;
	judge->delivered++;
	judge->delivered_at = judge->now;
	if (++author->said[number - 1].reached == judge->authors->count - 1)
		judge_reached(judge, slot, number, judge->now);
	if (event->message.is_history)
		judge_history(judge, receiver, slot);
	else if (judge->delays_end == 0 ||
		 author->said[number - 1].at < judge->delays_end)
		histogram_add(judge->delays,
			judge->now - author->said[number - 1].at);
}

/*
 * The first of so many messages that could be had, or 0.  Where it is open with
 * which one the loss begins, this looks at those that it holds in any case.
 */
static uint64_t find_had(const struct judge *judge, uint32_t receiver,
	uint32_t slot, uint64_t count)
{
	struct owed owed = owed_next(judge, receiver, slot);
	uint64_t begin = owed.allowed + owed_pair(judge, receiver, slot)->lost;

	for (uint64_t i = begin; i < begin + count; i++)
		if (i >= owed.due &&
			!owed_may_be_lost(judge, receiver, slot, i))
			return i;
	return 0;
}

static void judge_lost(struct judge *judge, uint32_t receiver, uint32_t slot,
	const struct event *event)
{
	struct pair *pair = owed_pair(judge, receiver, slot);
	const struct author *author = &judge->authors->list[slot];
	uint64_t known = authors_messages_in(author,
		pair->heard > pair->reported ? pair->heard : pair->reported);
	uint64_t before =
		owed_next(judge, receiver, slot).allowed - 1 + pair->lost;
	uint64_t count = event->lost.count;
	uint64_t had;

	/* It left before it could say where what it owed began, and nobody has
	 * any of that. */
	if (count == 0 && author->status == AUTHOR_GONE && !pair->is_live) {
		pair->vague = author->said_count;
		return;
	}
	if (count == 0)
		journal_fail(judge->journal,
			"member %" PRIu32 " is told a loss of nothing",
			receiver);
	if (before > known || count > known - before) {
		journal_fail(judge->journal,
			"member %" PRIu32 " is told that %" PRIu64
			" are lost of member %" PRIu32 " after message %" PRIu64
			", which it knows to have sent %" PRIu64,
			receiver, count, slot, before, known);
		return;
	}
	had = judge->authors->list[receiver].has_lied
		      ? 0
		      : find_had(judge, receiver, slot, count);
	if (had > 0)
		journal_fail(judge->journal,
			"member %" PRIu32 " is told a loss of %" PRIu64
			" of member %" PRIu32 ", of which message %" PRIu64
			" could be had",
			receiver, count, slot, had);
	pair->lost += count;
	judge->lost += count;
}

static void judge_presence(struct judge *judge, uint32_t receiver,
	uint32_t slot, const struct event *event)
{
	struct acquaintance *known = acquaintance(judge, receiver, slot);
	bool is_here = event->kind == EVENT_JOIN;

	if (known->is_here == is_here)
		journal_fail(judge->journal,
			"member %" PRIu32 " is told twice that member %" PRIu32
			" %s",
			receiver, slot, is_here ? "joined" : "left");
	known->is_here = is_here;
	if (!is_here && (judge->scenario->flags & SCENARIO_PRESENCE) &&
		judge->authors->list[slot].status == AUTHOR_HERE)
		journal_fail(judge->journal,
			"member %" PRIu32 " is told that member %" PRIu32
			" left, which is here",
			receiver, slot);
}

/* Whether something between these two has a smaller MTU. */
static bool has_small_mtu(
	const struct judge *judge, uint32_t receiver, uint32_t slot)
{
	return judge->scenario->faults.first_bytes > 0 &&
	       (receiver == 0 || slot == 0);
}

static void judge_path_mtu(
	struct judge *judge, uint32_t receiver, uint32_t slot)
{
	if (!has_small_mtu(judge, receiver, slot) &&
		!judge->authors->list[slot].has_lied)
		journal_fail(judge->journal,
			"member %" PRIu32 " is told that large packets do not "
			"reach member %" PRIu32 ", which they do",
			receiver, slot);
}

/* Nicks are "mSLOT.COUNT". */
static bool is_nick_of(uint32_t slot, const char *nick, size_t size)
{
	uint64_t number = 0;
	size_t i = 1;

	if (size < 3 || nick[0] != 'm')
		return false;
	for (; i < size && nick[i] >= '0' && nick[i] <= '9'; i++)
		number = number * 10 + (uint64_t)(nick[i] - '0');
	return number == slot && i > 1 && i < size && nick[i] == '.';
}

/* Whom only others told of has none. */
static void judge_nick(struct judge *judge, uint32_t receiver, uint32_t slot,
	const struct event *event)
{
	if (event->member.nick_size == 0 &&
		!acquaintance(judge, receiver, slot)->is_named)
		return;
	if (!is_nick_of(slot, event->member.nick, event->member.nick_size))
		journal_fail(judge->journal,
			"member %" PRIu32 " takes member %" PRIu32
			" for \"%.*s\"",
			receiver, slot, (int)event->member.nick_size,
			event->member.nick);
}

static void note_event(struct judge *judge, uint32_t receiver, uint32_t slot,
	const struct event *event)
{
	switch (event->kind) {
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		journal_note(judge->journal, receiver, JOURNAL_MESSAGE,
			event->message.sequence, slot);
		break;
	case EVENT_LOST:
		journal_note(judge->journal, receiver, JOURNAL_LOST,
			event->lost.count, slot);
		break;
	case EVENT_JOIN:
		journal_note(judge->journal, receiver, JOURNAL_JOIN, slot, 0);
		break;
	case EVENT_LEAVE:
		journal_note(judge->journal, receiver, JOURNAL_LEAVE, slot,
			event->leave.is_timeout);
		break;
	default:
		break;
	}
}

/* Of nobody who is there, or of oneself: only a hostile one brings that
 * about. */
static void judge_stranger(
	struct judge *judge, uint32_t receiver, const struct event *event)
{
	struct author *author = &judge->authors->list[receiver];

	if (event->kind == EVENT_FULL && event->full.is_refused)
		author->refused++;
	else if (event->kind == EVENT_FULL)
		author->full++;
	/* Of the crowd nobody leaves. */
	if (event->kind == EVENT_JOIN && judge->scenario->crowd > 0)
		return;
	if (judge->scenario->attack.kind == ATTACK_NONE &&
		judge->scenario->hostile_per_s == 0 &&
		judge->scenario->faults.corrupt_ppm == 0)
		journal_fail(judge->journal,
			"member %" PRIu32 " is told event %d of %" PRIx64
			", which nobody is",
			receiver, (int)event->kind, event->member.id);
}

void judge_event(
	struct judge *judge, uint32_t receiver, const struct event *event)
{
	uint32_t slot = authors_find(judge->authors, event->member.id);

	if (slot == judge->authors->count || slot == receiver) {
		judge_stranger(judge, receiver, event);
		return;
	}
	note_event(judge, receiver, slot, event);
	if (judge->scenario->flags & SCENARIO_NO_TRUTH)
		return;
	judge_nick(judge, receiver, slot, event);
	if (slot >= judge->speakers &&
		(event->kind == EVENT_MESSAGE || event->kind == EVENT_ACTION ||
			event->kind == EVENT_LOST)) {
		journal_fail(judge->journal,
			"member %" PRIu32 " is told what member %" PRIu32
			" said, which says nothing",
			receiver, slot);
		return;
	}
	switch (event->kind) {
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		judge_message(judge, receiver, slot, event);
		break;
	case EVENT_LOST:
		judge_lost(judge, receiver, slot, event);
		break;
	case EVENT_JOIN:
	case EVENT_LEAVE:
		judge_presence(judge, receiver, slot, event);
		break;
	case EVENT_PATH_MTU:
		judge_path_mtu(judge, receiver, slot);
		break;
	default:
		break;
	}
}

/* The first message from `number` on that was not handed over, or 0. */
static uint64_t find_not_handed(
	const struct author *author, uint64_t number, uint32_t receiver)
{
	for (; number <= author->said_count; number++) {
		const struct said *said = &author->said[number - 1];

		if (said->left_at == 0)
			return number;
		for (uint64_t i = said->first_packet; i <= said->last_packet;
			i++)
			if (!(author->sent[i - 1].handed >> receiver & 1))
				return number;
	}
	return 0;
}

void judge_confirmed(struct judge *judge, uint32_t slot, uint32_t other)
{
	uint64_t due;
	uint64_t number;

	if (other >= AUTHORS_NOTED || judge->authors->list[other].has_lied ||
		judge->scenario->flags & SCENARIO_NO_TRUTH)
		return;
	due = owed_next(judge, other, slot).due;
	/* To whom an outsider sent again what was said before it came, the rest
	 * of that is owed by nobody. */
	if (judge->scenario->outsider_per_s > 0 &&
		due < owed_first_due(judge, other, slot))
		due = owed_first_due(judge, other, slot);
	number = find_not_handed(&judge->authors->list[slot],
		due + owed_pair(judge, other, slot)->lost, other);
	if (number > 0)
		journal_fail(judge->journal,
			"member %" PRIu32 " holds all for confirmed, but "
			"member %" PRIu32 ", which is here, never got message "
			"%" PRIu64,
			slot, other, number);
}

void judge_jumped(struct judge *judge, uint32_t slot)
{
	struct author *list = judge->authors->list;

	list[slot].has_jumped = true;
	contact_was_away(&judge->contact, slot, judge->now);
	for (uint32_t i = 0; i < judge->speakers; i++) {
		struct pair *to = owed_pair(judge, slot, i);
		struct pair *from = owed_pair(judge, i, slot);

		if (!to->is_live)
			to->vague = list[i].said_count;
		if (!from->is_live)
			from->vague = list[slot].said_count;
	}
}
