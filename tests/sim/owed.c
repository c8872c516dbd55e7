/* SPDX-License-Identifier: ISC */
#include "owed.h"

#include "authors.h"
#include "judge.h"
#include "scenario.h"
#include "mchat/base/time.h"

/* A message said this shortly before a member started, plus the time that a
 * packet is under way, may be taken for one said after. */
#define START_SLACK_NS (50 * NS_PER_MS)

/* A message said this shortly after a member started may be taken for one said
 * before: ages are sent in whole milliseconds. */
#define ROUNDING_NS (2 * NS_PER_MS)

/* Packets that an author keeps of its own, and a member of an author. */
#define KEPT_BY_AUTHOR 6144
#define KEPT_BY_MEMBER 4096

struct pair *owed_pair(
	const struct judge *judge, uint32_t receiver, uint32_t author)
{
	return &judge->pairs[(size_t)receiver * judge->speakers + author];
}

/* The longest that a packet is under way. */
static int64_t longest_way(const struct faults *faults)
{
	int64_t us = (int64_t)faults->delay_us * 3 / 2 + faults->jitter_us +
		     faults->reorder_us;

	if (faults->rate_kbit > 0)
		us += (int64_t)faults->queue_bytes * 8000 / faults->rate_kbit;
	if (faults->turn_kbit > 0)
		us += (int64_t)faults->queue_bytes * 8000 / faults->turn_kbit;
	return us * NS_PER_US;
}

/* Whether a message was said, or had left, by that time. */
static bool was_said(const struct said *said, int64_t time)
{
	return said->at < time;
}

static bool had_left(const struct said *said, int64_t time)
{
	return said->left_at != 0 && said->left_at < time;
}

/* The first message of which `is_before` is not true; they are in the order of
 * time. */
static uint64_t find_first(const struct author *author,
	bool (*is_before)(const struct said *, int64_t), int64_t time)
{
	uint64_t low = 1;
	uint64_t high = author->said_count + 1;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (is_before(&author->said[middle - 1], time))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What was sealed up to 2 s before a member joined, in whole seconds, may be
 * recorded and sent to it as new. */
#define RECORDED_NS (2 * NS_PER_S)

uint64_t owed_first_allowed(
	const struct judge *judge, uint32_t receiver, uint32_t author)
{
	const struct author *to = &judge->authors->list[receiver];
	const struct pair *pair = owed_pair(judge, receiver, author);
	/* What waited for a receiver that was stopped tells it the author's
	 * age of then: it takes the author for so much younger than it is. */
	int64_t slack = START_SLACK_NS + longest_way(&judge->scenario->faults) +
			to->stopped + pair->doubt;

	if (judge->scenario->outsider_per_s > 0)
		slack += RECORDED_NS;
	if (pair->vague > 0)
		return 1;
	return find_first(
		&judge->authors->list[author], had_left, to->joined_at - slack);
}

uint64_t owed_first_due(
	const struct judge *judge, uint32_t receiver, uint32_t author)
{
	uint64_t vague = owed_pair(judge, receiver, author)->vague;
	uint64_t first = find_first(&judge->authors->list[author], was_said,
		judge->authors->list[receiver].joined_at + ROUNDING_NS);

	return first > vague ? first : vague + 1;
}

struct owed owed_next(
	const struct judge *judge, uint32_t receiver, uint32_t author)
{
	const struct pair *pair = owed_pair(judge, receiver, author);
	struct owed owed = {pair->last + 1, pair->last + 1};
	uint64_t allowed;
	uint64_t due;

	if (pair->is_live)
		return owed;
	allowed = owed_first_allowed(judge, receiver, author);
	due = owed_first_due(judge, receiver, author);
	if (allowed > owed.allowed)
		owed.allowed = allowed;
	if (due > owed.due)
		owed.due = due;
	return owed;
}

/* Packets that wait to be sent take up room of those that are kept. */
static bool is_kept_by_author(
	const struct author *author, const struct said *said)
{
	uint64_t last = author->sent_count > author->packets_said
				? author->sent_count
				: author->packets_said;

	return author->status != AUTHOR_GONE &&
	       (said->first_packet == 0 ||
		       said->first_packet + KEPT_BY_AUTHOR > last);
}

static bool is_held(const struct judge *judge, uint32_t receiver,
	uint32_t author, uint64_t packet)
{
	const struct authors *authors = judge->authors;
	uint64_t handed = authors->list[author].sent[packet - 1].handed;

	for (uint32_t i = 0; i < authors->count && i < AUTHORS_NOTED; i++)
		if ((handed >> i & 1) &&
			authors->list[i].status != AUTHOR_GONE &&
			packet + KEPT_BY_MEMBER >
				owed_pair(judge, i, author)->kept &&
			contact_is_lasting(
				&judge->contact, i, receiver, judge->now))
			return true;
	return false;
}

/* Whether somebody whom the receiver can ask still holds all of a message. */
static bool can_be_had(const struct judge *judge, uint32_t receiver,
	uint32_t slot, uint64_t number)
{
	const struct author *author = &judge->authors->list[slot];
	const struct said *said = &author->said[number - 1];

	if (is_kept_by_author(author, said))
		return true;
	/* Its end was never sent. */
	if (number > author->packed)
		return false;
	for (uint64_t i = said->first_packet; i <= said->last_packet; i++)
		if (!is_held(judge, receiver, slot, i))
			return false;
	return true;
}

bool owed_may_be_lost(const struct judge *judge, uint32_t receiver,
	uint32_t author, uint64_t number)
{
	int64_t said_at = judge->authors->list[author].said[number - 1].at;

	if ((judge->scenario->flags & SCENARIO_MAY_LOSE) &&
		contact_is_excuse(
			&judge->contact, receiver, author, said_at, judge->now))
		return true;
	return !can_be_had(judge, receiver, author, number);
}
