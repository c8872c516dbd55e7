/* SPDX-License-Identifier: ISC */
/* The heap of deadlines against a plain look at all members. */
#include "mchat/protocol/deadlines.h"

#include "random.h"
#include "tap.h"
#include "mchat/protocol/deadlines_types.h"
#include "mchat/protocol/members.h"

#define MEMBERS 300
#define ROUNDS  20000

static struct member members[MEMBERS];
static bool is_in[MEMBERS];

static struct instant soonest(void)
{
	struct instant next = INSTANT_NEVER;

	for (size_t i = 0; i < MEMBERS; i++)
		if (is_in[i])
			next = instant_earlier(next, members[i].due);
	return next;
}

/* Takes what is due: whether it is all that is, in the order of the list. */
static bool take(struct deadlines *deadlines, struct instant now)
{
	struct member *out[MEMBERS];
	size_t due = 0;
	size_t count;
	bool is_right = true;

	for (size_t i = 0; i < MEMBERS; i++)
		due += is_in[i] && !instant_before(now, members[i].due);
	count = deadlines_take(deadlines, out, MEMBERS, now);
	for (size_t i = 0; i < count; i++)
		is_right = is_right && instant_is_never(out[i]->due) &&
			   (i == 0 || out[i]->index < out[i - 1]->index);
	return is_right && count == due;
}

int main(void)
{
	struct deadlines deadlines = {0};
	bool is_first = true;
	bool is_all = true;

	tap_note("SEED=%ju", (uintmax_t)random_seed());
	tap_ok(instant_is_never(deadlines_next(&deadlines)),
		"nothing is due of nobody");
	for (size_t i = 0; i < MEMBERS; i++)
		members[i].index = (uint32_t)i;
	for (int round = 0; round < ROUNDS; round++) {
		size_t at = (size_t)(random_next() % MEMBERS);
		struct instant when = {(int64_t)(random_next() % 1000) + round};

		if (!is_in[at])
			is_all = deadlines_add(&deadlines, &members[at]) &&
				 is_all;
		else if (random_next() % 8 == 0)
			deadlines_remove(&deadlines, &members[at]);
		else
			deadlines_lower(&deadlines, &members[at], when);
		is_in[at] = members[at].due_place > 0;
		is_first = is_first &&
			   deadlines_next(&deadlines).ns == soonest().ns;
		if (random_next() % 16 == 0)
			is_all = is_all &&
				 take(&deadlines, (struct instant){round});
	}
	tap_ok(is_first, "the first is the soonest of all");
	tap_ok(is_all, "all that are due are taken, in order, and no others");
	deadlines_fini(&deadlines);
	return tap_done();
}
