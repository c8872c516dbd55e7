/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/gathering.h"

#include "mchat/protocol/engine_internal.h"

/* The time between two polls: the shorter, as long as those who were polled
 * answer; else it doubles, up to the longer. */
#define AGAIN_MS     10
#define AGAIN_MAX_MS 500

void gathering_init(struct engine *e)
{
	e->gathering.due = INSTANT_NEVER;
}

static bool is_complete(const struct engine *e)
{
	return e->member_counts.hearing >= e->gathering.wanted;
}

void gathering_set(struct engine *e, size_t wanted, struct instant now)
{
	struct gathering *gathering = &e->gathering;

	if (wanted == gathering->wanted)
		return;
	gathering->wanted = wanted;
	gathering->hearing = 0;
	gathering->is_due = false;
	gathering->wait = duration_ms(AGAIN_MS);
	gathering->due = wanted > 0 ? instant_after(now, gathering->wait)
				    : INSTANT_NEVER;
}

void gathering_tick(struct engine *e, struct instant now)
{
	struct gathering *gathering = &e->gathering;

	if (instant_before(now, gathering->due))
		return;
	if (e->member_counts.hearing > gathering->hearing)
		gathering->wait = duration_ms(AGAIN_MS);
	else if (gathering->wait.ns < duration_ms(AGAIN_MAX_MS).ns)
		gathering->wait = duration_times(gathering->wait, 2);
	gathering->hearing = e->member_counts.hearing;
	gathering->due = instant_after(now, gathering->wait);
	if (is_complete(e) || e->members.here == gathering->hearing)
		return;
	gathering->is_due = true;
	state_wanted_add(&e->wanted, ENGINE_POLL);
}

static bool is_not_hearing(const void *context, const struct member *m)
{
	(void)context;
	return !m->counts_as_hearing;
}

size_t gathering_polled(struct engine *e, uint64_t *ids, size_t most)
{
	struct gathering *gathering = &e->gathering;
	size_t lacking = is_complete(e)
				 ? 0
				 : gathering->wanted - e->member_counts.hearing;
	size_t count;

	gathering->is_due = false;
	ids[0] = 0;
	if (lacking < most)
		most = lacking + 1;
	count = members_in_turn(&e->members, &gathering->looked, is_not_hearing,
		NULL, ids + 1, most - 1);
	return count > 0 ? count + 1 : 0;
}
