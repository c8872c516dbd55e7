/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/members.h"

#include <stdlib.h>

/* A power of two, so that the table is at most half full. */
#define SLOTS ((size_t)2 * MEMBERS_MAX)

bool members_init(struct members *members, uint64_t salt)
{
	*members = (struct members){.salt = salt};
	nicks_init(&members->nicks, salt);
	members->list = calloc(MEMBERS_MAX, sizeof(struct member *));
	members->slots = calloc(SLOTS, sizeof(struct member *));
	return members->list && members->slots;
}

static void free_member(struct member *member)
{
	stream_fini(&member->stream);
	hearings_fini(&member->hearings);
	free(member);
}

void members_fini(struct members *members)
{
	for (size_t i = 0; i < members->count; i++)
		free_member(members->list[i]);
	free(members->list);
	free(members->slots);
	*members = (struct members){0};
}

/* Ids are random, but an attacker may choose them; the salt is not known. */
static size_t first_slot(const struct members *members, uint64_t id)
{
	uint64_t mixed = (id ^ members->salt) * UINT64_C(0x9E3779B97F4A7C15);

	mixed = (mixed ^ (mixed >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
	return (size_t)(mixed >> 40) & (SLOTS - 1);
}

static struct member **slot_of(const struct members *members, uint64_t id)
{
	size_t at = first_slot(members, id);

	while (members->slots[at] && members->slots[at]->id != id)
		at = (at + 1) & (SLOTS - 1);
	return &members->slots[at];
}

struct member *members_find(const struct members *members, uint64_t id)
{
	return *slot_of(members, id);
}

/* Whether `a` gives way before `b`. */
static bool gives_way(const struct member *a, const struct member *b)
{
	if (a->is_here != b->is_here)
		return !a->is_here;
	return instant_before(a->heard, b->heard);
}

/* Empties a slot of the table with linear probing: what stands behind it moves
 * up if its own place is not between (Knuth 6.4, algorithm R). */
static void remove_slot(struct members *members, size_t hole)
{
	size_t at = hole;

	for (;;) {
		size_t home;

		at = (at + 1) & (SLOTS - 1);
		if (!members->slots[at])
			break;
		home = first_slot(members, members->slots[at]->id);
		if (((at - home) & (SLOTS - 1)) >=
			((at - hole) & (SLOTS - 1))) {
			members->slots[hole] = members->slots[at];
			hole = at;
		}
	}
	members->slots[hole] = NULL;
}

static void place(struct members *members, struct member *member, size_t index)
{
	members->list[index] = member;
	member->index = index;
}

void members_forget(struct members *members, struct member *gone)
{
	members_set_here(members, gone, false);
	place(members, members->list[--members->count], gone->index);
	remove_slot(
		members, (size_t)(slot_of(members, gone->id) - members->slots));
	free_member(gone);
}

struct member *members_victim(const struct members *members)
{
	struct member *best = NULL;

	if (members->count < MEMBERS_MAX)
		return NULL;
	for (size_t i = 0; i < members->count; i++) {
		struct member *it = members->list[i];

		if ((it->is_here && it->times_heard > 1) || it->is_queued)
			continue;
		if (!best || gives_way(it, best))
			best = it;
	}
	return best;
}

struct member *members_add(
	struct members *members, uint64_t id, struct instant now)
{
	struct member *member;

	if (members->count == MEMBERS_MAX)
		return NULL;
	member = calloc(1, sizeof(*member));
	if (!member)
		return NULL;
	member->id = id;
	member->heard = now;
	member->hops = -1;
	member->has_next = 1;
	member->progress = now;
	member->ask_at = INSTANT_NEVER;
	stream_init(&member->stream);
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
