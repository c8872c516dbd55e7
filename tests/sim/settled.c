/* SPDX-License-Identifier: ISC */
/* What members still lack. */
#include <inttypes.h>
#include <stdio.h>

#include "authors.h"
#include "judge.h"
#include "owed.h"
#include "scenario.h"

/* Where members come and go by chance, nobody may be left that has history. */
#define BY_CHANCE (SCENARIO_CHURN | SCENARIO_RANDOM | SCENARIO_RELAY)

/* The first message of the history that a late one is owed; UINT64_MAX: of
 * none. */
static uint64_t first_of_history(
	const struct judge *judge, uint32_t receiver, uint32_t slot)
{
	const struct scenario *scenario = judge->scenario;
	uint64_t wanted = scenario->history;
	uint64_t before;

	if (receiver < scenario->members || scenario->flags & BY_CHANCE)
		return UINT64_MAX;
	before = owed_first_due(judge, receiver, slot) - 1;
	if (before < wanted)
		wanted = before;
	return wanted > 0 ? before - wanted + 1 : UINT64_MAX;
}

/* The messages of an author that are known to exist: of one that is gone, by
 * those who are left. */
static uint64_t messages_known(const struct judge *judge, uint32_t slot)
{
	const struct authors *authors = judge->authors;
	const struct author *author = &authors->list[slot];
	uint32_t last = 0;

	if (author->status != AUTHOR_GONE)
		return author->said_count;
	for (uint32_t i = 0; i < authors->count; i++)
		if (authors->list[i].status == AUTHOR_HERE &&
			owed_pair(judge, i, slot)->heard > last)
			last = owed_pair(judge, i, slot)->heard;
	return authors_messages_in(author, last);
}

/* The first message that a member lacks of those up to `known`, or 0. */
static uint64_t find_lacking(const struct judge *judge, uint32_t receiver,
	uint32_t slot, uint64_t known)
{
	const struct pair *pair = owed_pair(judge, receiver, slot);
	struct owed owed = owed_next(judge, receiver, slot);
	uint64_t history = first_of_history(judge, receiver, slot);

	if (history != UINT64_MAX &&
		(pair->first == 0 || pair->first > history))
		return history;
	/* That no more are told as lost than there are is seen at once. */
	return owed.due + pair->lost <= known ? owed.due + pair->lost : 0;
}

bool judge_is_settled(const struct judge *judge, char *why, size_t size)
{
	const struct authors *authors = judge->authors;

	if (judge->scenario->flags & SCENARIO_NO_TRUTH)
		return true;
	for (uint32_t slot = 0; slot < authors->count; slot++) {
		uint64_t known;

		if (authors->list[slot].said_count == 0)
			continue;
		known = messages_known(judge, slot);
		for (uint32_t i = 0; i < authors->count; i++) {
			const struct pair *pair = owed_pair(judge, i, slot);
			uint64_t number;

			if (i == slot || authors->list[i].status != AUTHOR_HERE)
				continue;
			if (authors->list[i].has_lied)
				continue;
			/* It was told that it may be without. */
			if (i >= judge->scenario->members &&
				authors->list[i].refused > 0)
				continue;
			number = find_lacking(judge, i, slot, known);
			if (number == 0)
				continue;
			snprintf(why, size,
				"member %" PRIu32 " lacks message %" PRIu64
				" of %" PRIu64 " of member %" PRIu32
				" (has %" PRIu64 " to %" PRIu64
				", told a loss of %" PRIu64 ")",
				i, number, known, slot, pair->first, pair->last,
				pair->lost);
			return false;
		}
	}
	return true;
}
