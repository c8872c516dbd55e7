/* SPDX-License-Identifier: ISC */
#include "mchat/seal/naming.h"

#include <string.h>

static struct duration per_member(const struct naming_load *load, bool is_asked)
{
	int64_t members =
		is_asked && load->is_urgent ? 0 : (int64_t)load->members;

	return duration_ms(NAMING_PER_MEMBER_MS * members);
}

static struct duration longest_wait(
	const struct naming_load *load, bool is_asked)
{
	return duration_longer(
		duration_ms(NAMING_WAIT_MS), per_member(load, is_asked));
}

static struct duration apart(const struct naming_load *load, bool is_asked)
{
	return duration_longer(
		duration_ms(NAMING_APART_MS), per_member(load, is_asked));
}

static void timer_init(struct naming_timer *timer)
{
	timer->wanted = INSTANT_NEVER;
	timer->due = INSTANT_NEVER;
	timer->apart = (struct instant){INT64_MIN};
}

/* Something is to be sent from `wanted` on.  One random wait for all that comes
 * until then: of many waits the shortest would not be a fair one. */
static void timer_want(struct naming *naming, struct naming_timer *timer,
	struct instant wanted, const struct naming_load *load)
{
	struct duration wait;

	if (!instant_before(wanted, timer->wanted))
		return;
	wait = prng_duration(&naming->prng, (struct duration){0},
		longest_wait(load, timer == &naming->ask));
	timer->wanted = wanted;
	timer->due = instant_after(wanted, wait);
}

static void timer_stop(struct naming_timer *timer)
{
	timer->wanted = INSTANT_NEVER;
	timer->due = INSTANT_NEVER;
}

static struct instant timer_deadline(const struct naming_timer *timer)
{
	return instant_before(timer->due, timer->apart) ? timer->apart
							: timer->due;
}

/* When this session is to be asked, at the earliest. */
static struct instant wanted_at(
	const struct naming_ask *ask, struct instant now)
{
	return instant_before(ask->again, now) ? now : ask->again;
}

static void want_asks(struct naming *naming, const struct naming_load *load)
{
	struct instant first = INSTANT_NEVER;

	for (size_t i = 0; i < naming->ask_count; i++)
		if (naming->asks[i].is_wanted)
			first = instant_earlier(
				first, wanted_at(&naming->asks[i], load->now));
	timer_stop(&naming->ask);
	timer_want(naming, &naming->ask, first, load);
}

static struct naming_ask *find_ask(struct naming *naming, uint64_t session)
{
	for (size_t i = 0; i < naming->ask_count; i++)
		if (naming->asks[i].session == session)
			return &naming->asks[i];
	return NULL;
}

static struct naming_ask *add_ask(
	struct naming *naming, uint64_t session, struct instant now)
{
	struct naming_ask *ask = naming->asks;

	if (naming->ask_count < NAMING_SESSIONS_MAX) {
		ask = &naming->asks[naming->ask_count++];
	} else {
		for (size_t i = 1; i < naming->ask_count; i++)
			if (instant_before(naming->asks[i].heard, ask->heard))
				ask = &naming->asks[i];
	}
	*ask = (struct naming_ask){
		.session = session,
		.again = now,
		.gap = duration_ms(NAMING_AGAIN_MS),
	};
	return ask;
}

void naming_init(struct naming *naming, uint64_t seed)
{
	memset(naming, 0, sizeof(*naming));
	naming->prng.state = seed;
	timer_init(&naming->ask);
	timer_init(&naming->reply);
}

void naming_ask(
	struct naming *naming, uint64_t session, const struct naming_load *load)
{
	struct naming_ask *ask = find_ask(naming, session);

	if (!ask)
		ask = add_ask(naming, session, load->now);
	ask->heard = load->now;
	if (ask->is_wanted)
		return;
	ask->is_wanted = true;
	timer_want(naming, &naming->ask, wanted_at(ask, load->now), load);
}

void naming_drop(struct naming *naming, uint64_t session)
{
	struct naming_ask *ask = find_ask(naming, session);

	if (ask)
		*ask = naming->asks[--naming->ask_count];
	if (naming->ask_count == 0)
		timer_stop(&naming->ask);
}

void naming_reply(
	struct naming *naming, uint64_t session, const struct naming_load *load)
{
	for (size_t i = 0; i < naming->reply_count; i++)
		if (naming->replies[i] == session)
			return;
	if (naming->reply_count == NAMING_SESSIONS_MAX)
		return;
	naming->replies[naming->reply_count++] = session;
	timer_want(naming, &naming->reply, load->now, load);
}

void naming_hurry(struct naming *naming, const struct naming_load *load)
{
	struct instant apart_now = instant_after(load->now, apart(load, true));

	naming->ask.apart = instant_earlier(naming->ask.apart, apart_now);
	want_asks(naming, load);
}

struct instant naming_deadline(const struct naming *naming)
{
	return instant_earlier(
		timer_deadline(&naming->ask), timer_deadline(&naming->reply));
}

/* The one that may be asked for longest; NULL: none may be asked now. */
static struct naming_ask *next_ask(struct naming *naming, struct instant now)
{
	struct naming_ask *next = NULL;

	for (size_t i = 0; i < naming->ask_count; i++) {
		struct naming_ask *ask = &naming->asks[i];

		if (ask->is_wanted && !instant_before(now, ask->again) &&
			(!next || instant_before(ask->again, next->again)))
			next = ask;
	}
	return next;
}

static size_t take_asks(struct naming *naming, size_t max,
	const struct naming_load *load, uint64_t *out)
{
	const struct duration longest = duration_ms(NAMING_AGAIN_MAX_MS);
	struct naming_ask *ask;
	size_t count = 0;

	while (count < max && (ask = next_ask(naming, load->now))) {
		out[count++] = ask->session;
		ask->is_wanted = false;
		ask->again = instant_after(load->now, ask->gap);
		ask->gap = duration_times(ask->gap, 2);
		if (ask->gap.ns > longest.ns)
			ask->gap = longest;
	}
	want_asks(naming, load);
	return count;
}

static size_t take_replies(struct naming *naming, size_t max,
	const struct naming_load *load, uint64_t *out)
{
	size_t count = naming->reply_count < max ? naming->reply_count : max;

	naming->reply_count -= count;
	memcpy(out, naming->replies, count * sizeof(*out));
	memmove(naming->replies, naming->replies + count,
		naming->reply_count * sizeof(*out));
	timer_stop(&naming->reply);
	if (naming->reply_count > 0)
		timer_want(naming, &naming->reply, load->now, load);
	return count;
}

size_t naming_next(struct naming *naming, size_t max,
	const struct naming_load *load, enum seal_kind *kind,
	uint64_t out[NAMES_MAX])
{
	bool is_ask = !instant_before(load->now, timer_deadline(&naming->ask));
	bool is_reply =
		!instant_before(load->now, timer_deadline(&naming->reply));
	size_t count = 0;

	/* Of both, what has waited for longer. */
	if (is_ask && !(is_reply && instant_before(naming->reply.due,
					    naming->ask.due))) {
		*kind = SEAL_NAMES;
		count = take_asks(naming, max, load, out);
	}
	if (count == 0 && is_reply) {
		*kind = SEAL_NAMES_REPLY;
		count = take_replies(naming, max, load, out);
	}
	if (count > 0) {
		naming->ask.apart = instant_after(load->now, apart(load, true));
		naming->reply.apart =
			instant_after(load->now, apart(load, false));
	}
	return count;
}
