/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "authors.h"
#include "histogram.h"
#include "journal.h"
#include "memory.h"
#include "parcel.h"
#include "scenario.h"
#include "mchat/protocol/event.h"

void judge_init(struct judge *judge, const struct scenario *scenario,
	struct authors *authors, struct journal *journal,
	struct histogram *delays)
{
	size_t count = authors->count;

	*judge = (struct judge){
		.scenario = scenario,
		.authors = authors,
		.journal = journal,
		.delays = delays,
		.pairs = memory_zeroed(count * count, sizeof(*judge->pairs)),
		.is_forgiven =
			memory_zeroed(count, sizeof(*judge->is_forgiven)),
	};
}

void judge_fini(struct judge *judge)
{
	memory_free(judge->pairs);
	memory_free(judge->is_forgiven);
}

static struct pair *pair_of(
	const struct judge *judge, uint32_t receiver, uint32_t author)
{
	return &judge->pairs[(size_t)receiver * judge->authors->count + author];
}

void judge_given(
	struct judge *judge, uint32_t receiver, const struct parcel *parcel)
{
	struct pair *pair;

	if (parcel->origin == PARCEL_NOBODY)
		return;
	pair = pair_of(judge, receiver, parcel->origin);
	/* A repair may be of long ago. */
	if (pair->known_at == 0 && !parcel->is_repair)
		pair->known_at = judge->now;
	if (parcel->is_data && receiver < 64)
		judge->authors->list[parcel->origin]
			.sent[parcel->sequence - 1]
			.handed |= UINT64_C(1) << receiver;
}

/* Members that are here and that packets are noted for. */
static uint64_t survivors(const struct judge *judge)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < judge->authors->count && i < 64; i++)
		if (judge->authors->list[i].status != AUTHOR_GONE)
			mask |= UINT64_C(1) << i;
	return mask;
}

/* Whether a message was said once this member knew its author. */
static bool is_owed(const struct pair *pair, const struct said *said)
{
	return pair->known_at != 0 && said->at > pair->known_at;
}

/* Whether a message of one who is gone could still be had from others. */
static bool is_left(
	const struct judge *judge, const struct author *author, uint64_t number)
{
	const struct said *said = &author->said[number - 1];
	uint64_t mask = survivors(judge);

	/* Its end was never sent. */
	if (number > author->packed)
		return false;
	for (uint64_t i = said->first_packet; i <= said->last_packet; i++)
		if ((author->sent[i - 1].handed & mask) == 0)
			return false;
	return true;
}

/* Whether a member may be told that it lost messages from first to last. */
static bool may_lack(const struct judge *judge, uint32_t receiver,
	uint32_t slot, uint64_t first, uint64_t last)
{
	const struct author *author = &judge->authors->list[slot];
	const struct pair *pair = pair_of(judge, receiver, slot);

	if ((judge->scenario->flags & SCENARIO_MAY_LOSE) &&
		judge->is_forgiven[receiver])
		return true;
	for (uint64_t i = first; i <= last; i++) {
		const struct said *said = &author->said[i - 1];

		if (!is_owed(pair, said))
			continue;
		if (author->status != AUTHOR_GONE || is_left(judge, author, i))
			return false;
	}
	return true;
}

/*
 * Whether the loss that was told is exactly that of messages first to last.
 * Of what was said before anything was delivered, the part that was said before
 * this member knew the author may be told, too, or not.
 */
static bool is_told(const struct pair *pair, uint64_t first, uint64_t last)
{
	uint64_t missing = last + 1 - first;

	if (pair->last == 0)
		return pair->lost >= missing && pair->lost <= last;
	return pair->lost == missing;
}

/* The first message that this member is owed after what it has. */
static uint64_t next_owed(const struct author *author, const struct pair *pair)
{
	uint64_t low = pair->last + 1;
	uint64_t high = author->said_count + 1;

	if (pair->last > 0)
		return low;
	/* They are in the order of time. */
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (is_owed(pair, &author->said[middle - 1]))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Of history nobody gets more than it asked for; whether it gets all of that,
 * the end shows. */
static void judge_history(
	const struct judge *judge, uint32_t receiver, uint32_t slot)
{
	const struct scenario *scenario = judge->scenario;
	unsigned wanted = receiver < scenario->members ? 0 : scenario->history;

	if (++pair_of(judge, receiver, slot)->history > wanted)
		journal_fail(judge->journal,
			"member %" PRIu32 " is shown more than the last %u "
			"messages of member %" PRIu32,
			receiver, wanted, slot);
}

/* Messages were passed over before number `to`, in packet `sequence`. */
static void judge_gap(
	struct judge *judge, uint32_t receiver, uint32_t slot, uint64_t to)
{
	const struct author *author = &judge->authors->list[slot];
	struct pair *pair = pair_of(judge, receiver, slot);
	uint64_t from = next_owed(author, pair);

	if (from > to)
		from = to;
	if (!is_told(pair, from, to - 1))
		journal_fail(judge->journal,
			"member %" PRIu32 " lacks messages %" PRIu64
			" to %" PRIu64 " of member %" PRIu32
			" but was told of a loss of %" PRIu64,
			receiver, from, to - 1, slot, pair->lost);
	else if (from < to && !may_lack(judge, receiver, slot, from, to - 1))
		journal_fail(judge->journal,
			"member %" PRIu32 " lost messages %" PRIu64
			" to %" PRIu64 " of member %" PRIu32
			", which could be had",
			receiver, from, to - 1, slot);
}

static bool is_same(const struct judge *judge, uint32_t slot, uint64_t number,
	const struct event *event)
{
	const struct said *said = &judge->authors->list[slot].said[number - 1];

	return said->size == event->message.size &&
	       said->is_action == (event->kind == EVENT_ACTION) &&
	       (said->size == 0 ||
		       memcmp(authors_text(judge->authors, slot, number),
			       event->message.text, said->size) == 0);
}

static void judge_message(struct judge *judge, uint32_t receiver, uint32_t slot,
	const struct event *event)
{
	const struct author *author = &judge->authors->list[slot];
	struct pair *pair = pair_of(judge, receiver, slot);
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
	judge_gap(judge, receiver, slot, number);
	if (pair->first == 0)
		pair->first = number;
	pair->last = number;
	pair->last_sequence = sequence;
	pair->lost = 0;
	judge->delivered++;
	if (event->message.is_history)
		judge_history(judge, receiver, slot);
	else
		histogram_add(judge->delays,
			judge->now - author->said[number - 1].at);
}

static void judge_lost(struct judge *judge, uint32_t receiver, uint32_t slot,
	const struct event *event)
{
	struct pair *pair = pair_of(judge, receiver, slot);
	const struct author *author = &judge->authors->list[slot];
	uint64_t next = pair->last + 1;

	pair->lost += event->lost.count;
	judge->lost += event->lost.count;
	/* The gap is judged when it is passed; but this much is sure now. */
	if (pair->last > 0 && next <= author->said_count &&
		is_owed(pair, &author->said[next - 1]) &&
		!may_lack(judge, receiver, slot, next, next))
		journal_fail(judge->journal,
			"member %" PRIu32 " is told a loss of %" PRIu64
			" of member %" PRIu32 ", which could be had",
			receiver, event->lost.count, slot);
	if (event->lost.count == 0)
		journal_fail(judge->journal,
			"member %" PRIu32 " is told a loss of nothing",
			receiver);
	if (pair->lost > judge->authors->list[slot].sent_count +
				 judge->authors->list[slot].said_count)
		journal_fail(judge->journal,
			"member %" PRIu32 " is told that %" PRIu64
			" are lost of member %" PRIu32 ", which sent %zu",
			receiver, pair->lost, slot,
			judge->authors->list[slot].sent_count);
}

static void judge_presence(struct judge *judge, uint32_t receiver,
	uint32_t slot, const struct event *event)
{
	struct pair *pair = pair_of(judge, receiver, slot);
	bool is_here = event->kind == EVENT_JOIN;

	if (pair->is_here == is_here)
		journal_fail(judge->journal,
			"member %" PRIu32 " is told twice that member %" PRIu32
			" %s",
			receiver, slot, is_here ? "joined" : "left");
	pair->is_here = is_here;
	if (!is_here && (judge->scenario->flags & SCENARIO_PRESENCE) &&
		judge->authors->list[slot].status == AUTHOR_HERE)
		journal_fail(judge->journal,
			"member %" PRIu32 " is told that member %" PRIu32
			" left, which is here",
			receiver, slot);
}

/* Nicks are "mSLOT.COUNT". */
static void judge_nick(struct judge *judge, uint32_t receiver, uint32_t slot,
	const struct event *event)
{
	char nick[16];
	int size = snprintf(nick, sizeof(nick), "m%" PRIu32 ".", slot);

	if (event->member.nick_size < (size_t)size ||
		memcmp(event->member.nick, nick, (size_t)size) != 0)
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

void judge_event(
	struct judge *judge, uint32_t receiver, const struct event *event)
{
	uint32_t slot = authors_find(judge->authors, event->member.id);

	/* Of the hostile one's making, or one's own: nothing to hold it to. */
	if (slot == judge->authors->count || slot == receiver)
		return;
	note_event(judge, receiver, slot, event);
	if (judge->scenario->flags & SCENARIO_NO_TRUTH)
		return;
	judge_nick(judge, receiver, slot, event);
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
	default:
		break;
	}
}

/* What a late one is owed of what was said before. */
static uint64_t history_owed(const struct judge *judge, uint32_t receiver,
	const struct author *author)
{
	int64_t joined_at = judge->authors->list[receiver].joined_at;
	uint64_t before = 0;
	uint64_t least = judge->scenario->history;

	if (receiver < judge->scenario->members)
		return UINT64_MAX;
	while (before < author->said_count &&
		author->said[before].at < joined_at)
		before++;
	if (before < least)
		least = before;
	return least > 0 ? before - least + 1 : UINT64_MAX;
}

/* The first message that a member lacks, or 0. */
static uint64_t lacking(
	const struct judge *judge, uint32_t receiver, uint32_t slot)
{
	const struct author *author = &judge->authors->list[slot];
	const struct pair *pair = pair_of(judge, receiver, slot);
	uint64_t next = next_owed(author, pair);
	uint64_t history = history_owed(judge, receiver, author);

	if (history != UINT64_MAX &&
		(pair->first == 0 || pair->first > history))
		return history;
	if (pair->known_at == 0)
		return author->status == AUTHOR_GONE ? 0 : 1;
	if (next > author->said_count)
		return 0;
	if (pair->lost > 0 &&
		may_lack(judge, receiver, slot, next, author->said_count) &&
		is_told(pair, next, author->said_count))
		return 0;
	if (author->status != AUTHOR_GONE)
		return next;
	for (; next <= author->said_count; next++)
		if (is_left(judge, author, next))
			return next;
	return 0;
}

bool judge_is_settled(const struct judge *judge, char *why, size_t size)
{
	const struct authors *authors = judge->authors;

	if (judge->scenario->flags & SCENARIO_NO_TRUTH)
		return true;
	for (uint32_t slot = 0; slot < authors->count; slot++) {
		if (authors->list[slot].said_count == 0)
			continue;
		for (uint32_t i = 0; i < authors->count; i++) {
			uint64_t number;

			if (i == slot || authors->list[i].status != AUTHOR_HERE)
				continue;
			number = lacking(judge, i, slot);
			if (number == 0)
				continue;
			snprintf(why, size,
				"member %" PRIu32 " lacks message %" PRIu64
				" of %zu of member %" PRIu32 " (has %" PRIu64
				" to %" PRIu64 ", told a loss of %" PRIu64 ")",
				i, number, authors->list[slot].said_count, slot,
				pair_of(judge, i, slot)->first,
				pair_of(judge, i, slot)->last,
				pair_of(judge, i, slot)->lost);
			return false;
		}
	}
	return true;
}
