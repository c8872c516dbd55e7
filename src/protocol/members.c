/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/members.h"

#include <assert.h>
#include <stdlib.h>

/* Who is not here any more is remembered for so long at most before it can give
 * way. */
#define KEPT_MAX_MS 600000

/* Members that there is room for at first; that doubles.  Powers of two. */
#define CAPACITY_FIRST 64

/* Of the table, so that it is at most half full. */
#define SLOTS_EACH 2

/* Its places in list, table and heap. */
#define PLACES_SIZE ((2 + SLOTS_EACH) * sizeof(struct member *))

static_assert(sizeof(struct member) + PLACES_SIZE <= MEMBER_BYTES_MAX,
	"a silent member takes what it may");

static size_t slot_mask(const struct members *members)
{
	return SLOTS_EACH * members->capacity - 1;
}

/* Ids are random, but an attacker may choose them; the salt is not known. */
static size_t hash(const struct members *members, uint64_t id)
{
	uint64_t mixed = (id ^ members->salt) * UINT64_C(0x9E3779B97F4A7C15);

	mixed = (mixed ^ (mixed >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
	return (size_t)(mixed >> 40);
}

static size_t first_slot(const struct members *members, uint64_t id)
{
	return hash(members, id) & slot_mask(members);
}

static struct member **slot_of(const struct members *members, uint64_t id)
{
	size_t mask = slot_mask(members);
	size_t at = first_slot(members, id);

	while (members->slots[at] && members->slots[at]->id != id)
		at = (at + 1) & mask;
	return &members->slots[at];
}

/* Makes room for `capacity` members, a power of two; false without memory. */
static bool reserve(struct members *members, size_t capacity)
{
	struct member **slots =
		calloc(SLOTS_EACH * capacity, sizeof(struct member *));
	struct member **list;

	if (!slots)
		return false;
	list = realloc(members->list, capacity * sizeof(struct member *));
	if (!list) {
		free(slots);
		return false;
	}
	free(members->slots);
	members->list = list;
	members->slots = slots;
	members->capacity = capacity;
	for (size_t i = 0; i < members->count; i++)
		*slot_of(members, list[i]->id) = list[i];
	return true;
}

bool members_init(struct members *members, uint64_t salt)
{
	*members = (struct members){.salt = salt};
	nicks_init(&members->nicks, salt);
	return reserve(members, CAPACITY_FIRST);
}

static void free_member(struct member *member)
{
	receive_window_fini(&member->window);
	peer_reports_fini(&member->peer_reports);
	free(member);
}

void members_fini(struct members *members)
{
	for (size_t i = 0; i < members->count; i++)
		free_member(members->list[i]);
	free(members->resume);
	free(members->list);
	free(members->slots);
	*members = (struct members){0};
}

struct member *members_find(const struct members *members, uint64_t id)
{
	return *slot_of(members, id);
}

/* How long it was heard. */
static struct duration standing(const struct member *member)
{
	return instant_until(member->met, member->heard);
}

/* Whether `a` gives way before `b`. */
static bool gives_way(const struct member *a, const struct member *b)
{
	if (a->has_said_bye != b->has_said_bye)
		return a->has_said_bye;
	if (a->has_said_bye)
		return instant_before(a->heard, b->heard);
	return standing(a).ns < standing(b).ns;
}

/* Empties a slot of the table with linear probing: what stands behind it moves
 * up if its own place is not between (Knuth 6.4, algorithm R). */
static void remove_slot(struct members *members, size_t hole)
{
	size_t mask = slot_mask(members);
	size_t at = hole;

	for (;;) {
		size_t home;

		at = (at + 1) & mask;
		if (!members->slots[at])
			break;
		home = first_slot(members, members->slots[at]->id);
		if (((at - home) & mask) >= ((at - hole) & mask)) {
			members->slots[hole] = members->slots[at];
			hole = at;
		}
	}
	members->slots[hole] = NULL;
}

static void place(struct members *members, struct member *member, size_t index)
{
	members->list[index] = member;
	member->index = (uint32_t)index;
}

/* ---- what was shown of whom ---- */

/* Places that a point may have, by a hash of its id. */
#define RESUME_WAYS 8

static struct resume_point *resume_set(
	const struct members *members, uint64_t id)
{
	size_t sets = RESUME_MAX / RESUME_WAYS;

	return &members->resume[hash(members, id) % sets * RESUME_WAYS];
}

const struct resume_point *members_resume(
	const struct members *members, uint64_t id)
{
	const struct resume_point *set;

	if (!members->resume)
		return NULL;
	set = resume_set(members, id);
	for (size_t i = 0; i < RESUME_WAYS; i++)
		if (set[i].id == id)
			return &set[i];
	return NULL;
}

/* Of a full set the point gives way of which the least was shown. */
static void remember(struct members *members, const struct member *member)
{
	const struct receive_window *s = &member->window;
	struct resume_point *place;
	struct resume_point *set;

	if (!s->is_open || s->phase != BACKFILL_DONE ||
		s->delivered < s->anchor || s->message == 0)
		return;
	if (!members->resume)
		members->resume = calloc(RESUME_MAX, sizeof(*members->resume));
	if (!members->resume)
		return;
	place = resume_set(members, member->id);
	set = place;
	for (size_t i = 1; i < RESUME_WAYS; i++) {
		struct resume_point *it = &set[i];

		if (it->id == member->id ||
			(place->id != member->id && it->shown < place->shown))
			place = it;
	}
	if (place->id != member->id && place->shown > s->shown)
		return;
	*place = (struct resume_point){
		.id = member->id,
		.packet = s->delivered,
		.message = s->message,
		.offset = s->offset,
		.shown = s->shown,
	};
}

size_t members_in_turn(const struct members *members, size_t *looked,
	members_test *test, const void *context, uint64_t *ids, size_t most)
{
	size_t count = 0;

	for (size_t i = 0; i < members->here && count < most; i++) {
		const struct member *m =
			members->list[(*looked)++ % members->here];

		if (test(context, m))
			ids[count++] = m->id;
	}
	return count;
}

void members_forget(struct members *members, struct member *gone)
{
	/* It may be met by its own word next. */
	if (gone->window.is_open)
		receive_window_unskip(&gone->window);
	remember(members, gone);
	members_set_here(members, gone, false);
	place(members, members->list[--members->count], gone->index);
	remove_slot(
		members, (size_t)(slot_of(members, gone->id) - members->slots));
	free_member(gone);
}

/* Whether a member that is not here any more is remembered all the same: as
 * long again as it was heard. */
static bool is_kept(const struct member *member, struct instant now)
{
	struct duration kept = standing(member);

	if (kept.ns > duration_ms(KEPT_MAX_MS).ns)
		kept = duration_ms(KEPT_MAX_MS);
	return !member->has_said_bye &&
	       instant_before(now, instant_after(member->heard, kept));
}

static bool may_give_way(const struct member *member, struct instant now)
{
	if (member->is_queued)
		return false;
	return member->is_here ? member->times_heard <= 1
			       : !is_kept(member, now);
}

struct member *members_victim(struct members *members, struct instant now)
{
	struct member *best = NULL;

	for (size_t i = 0; i < MEMBERS_LOOKS && i < members->count; i++) {
		struct member *it =
			members->list[members->looked++ % members->count];

		if (may_give_way(it, now) && (!best || gives_way(it, best)))
			best = it;
	}
	return best;
}

struct member *members_add(
	struct members *members, uint64_t id, struct instant now)
{
	struct member *member;

	if (members->count == MEMBERS_MAX ||
		(members->count == members->capacity &&
			!reserve(members, 2 * members->capacity)))
		return NULL;
	member = calloc(1, sizeof(*member));
	if (!member)
		return NULL;
	member->id = id;
	member->met = now;
	member->heard = now;
	member->hops = -1;
	member->acked_next = 1;
	member->progress = now;
	member->nack_at = INSTANT_NEVER;
	member->counting_until = INSTANT_NEVER;
	receive_window_init(&member->window);
	nick_init(&member->nick, id);
	nick_init(&member->said_nick, id);
	place(members, member, members->count++);
	*slot_of(members, id) = member;
	return member;
}

static void swap(struct members *members, struct member *member, size_t index)
{
	place(members, members->list[index], member->index);
	place(members, member, index);
}

uint64_t members_first_lacking(const struct member *member)
{
	return member->has_heard_us ? member->acked_next : member->has_from;
}

void members_set_here(
	struct members *members, struct member *member, bool is_here)
{
	if (member->is_here == is_here)
		return;
	member->is_here = is_here;
	if (is_here) {
		swap(members, member, members->here++);
		nicks_add(&members->nicks, &member->nick);
	} else {
		swap(members, member, --members->here);
		nicks_remove(&members->nicks, &member->nick);
	}
}

void members_rename(struct members *members, struct member *member,
	const char *text, size_t size)
{
	if (member->is_here)
		nicks_remove(&members->nicks, &member->nick);
	nick_set(&member->nick, text, size);
	if (member->is_here)
		nicks_add(&members->nicks, &member->nick);
}
