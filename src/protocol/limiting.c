/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/limiting.h"

#include "mchat/protocol/engine_internal.h"

/* In a group of up to so many everyone reports often enough. */
#define FEW 4

/* A share that comes through which is less than another's by this much is
 * lower. */
#define LOWER 0.05

/* One that did not report for so long, or for so many turn-arounds, while we
 * send may be gone. */
#define SILENT_MS     50
#define SILENT_ROUNDS 4

/* Usual loss is taken to be at most this. */
#define LOSS_MAX 0.4

/* The first looks at a member show chance, and of many members the limiting
 * receiver had the least luck: its loss is taken to be as if so many more looks
 * had shown none. */
#define LOOKS_WITHOUT_LOSS 5

/* The member, when it is still waited for. */
static const struct member *current(const struct engine *e)
{
	const struct member *m = members_find(&e->members, e->limiting.id);

	return m && m->is_awaited ? m : NULL;
}

static void choose(struct engine *e, const struct member *m, struct instant now)
{
	e->limiting = (struct limiting){
		.id = m->id,
		.heard = now,
		.told = INSTANT_NEVER,
		.looked = e->limiting.looked,
	};
}

void limiting_report(struct engine *e, const struct member *m, bool slows,
	struct instant now)
{
	const struct member *limiting = current(e);

	if (m == limiting)
		e->limiting.heard = now;
	else if (!limiting || slows ||
		 m->share.usual + LOWER < limiting->share.usual)
		choose(e, m, now);
}

double limiting_usual_loss(const struct engine *e)
{
	const struct member *m = current(e);
	const struct congestion_share *share = m ? &m->share : NULL;
	double loss;

	if (!m || share->looks == 0)
		return 0;
	loss = (1 - share->usual) * share->looks /
	       (share->looks + LOOKS_WITHOUT_LOSS);
	return loss < 0 ? 0 : loss > LOSS_MAX ? LOSS_MAX : loss;
}

/* Whether it has been told so and did not report for long. */
static bool is_silent(const struct engine *e, struct instant now)
{
	struct duration most = duration_longer(duration_ms(SILENT_MS),
		duration_times(e->ack_rtt, SILENT_ROUNDS));

	return !instant_is_never(e->limiting.told) &&
	       !instant_before(now, instant_after(e->limiting.told, most)) &&
	       !instant_before(now, instant_after(e->limiting.heard, most));
}

/* The limiting receiver, once it has been told; 0: nobody. */
static uint64_t told_id(const struct engine *e)
{
	return instant_is_never(e->limiting.told) ? 0 : e->limiting.id;
}

static bool may_be_next(const void *context, const struct member *m)
{
	const struct engine *e = context;

	return m->is_awaited && m->id != e->limiting.id;
}

static bool has_not_confirmed(const void *context, const struct member *m)
{
	const struct engine *e = context;

	return m->is_awaited && m->acked_next < e->send_window.unsent &&
	       m->id != told_id(e);
}

/* Whether it keeps a full window from opening by half: until then nobody else's
 * confirmation is of use. */
static bool holds_up(const void *context, const struct member *m)
{
	const struct engine *e = context;

	return has_not_confirmed(e, m) &&
	       m->acked_next <
		       e->send_window.confirmed + SEND_WINDOW_PACKETS / 2;
}

/* Who does not hear us, as far as we know, may just have been unlucky: its
 * reports were lost. */
static bool may_not_hear(const void *context, const struct member *m)
{
	const struct engine *e = context;

	return !m->has_heard_us && !m->is_stalled &&
	       members_first_lacking(m) < e->send_window.unsent;
}

/* Any of those that are waited for, not always the same. */
static const struct member *next_awaited(struct engine *e)
{
	uint64_t id;
	size_t count = members_in_turn(
		&e->members, &e->limiting.looked, may_be_next, e, &id, 1);

	return count > 0 ? members_find(&e->members, id) : NULL;
}

void limiting_need(struct engine *e, struct instant now)
{
	if (e->ack_counts.members <= FEW)
		return;
	if (!current(e) || is_silent(e, now)) {
		const struct member *m = next_awaited(e);

		if (!m)
			return;
		choose(e, m, now);
	}
	if (!instant_is_never(e->limiting.told))
		return;
	e->limiting.told = now;
	state_wanted_add(&e->wanted, ENGINE_POLL);
}

size_t limiting_polled(struct engine *e, uint64_t *ids, size_t most)
{
	size_t count = 1;

	ids[0] = told_id(e);
	if (!e->wanted.polls)
		return ids[0] ? 1 : 0;
	count += members_in_turn(&e->members, &e->limiting.looked,
		send_window_is_full(&e->send_window) ? holds_up
						     : has_not_confirmed,
		e, ids + count, most - count);
	/* It may be no more than a name, and is asked behind the others. */
	return count + members_in_turn(&e->members, &e->limiting.looked,
			       may_not_hear, e, ids + count, most - count);
}
