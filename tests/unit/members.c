/* SPDX-License-Identifier: ISC */
/* The table of members: members are found, it is bounded, and established
 * members are kept. */
#include "mchat/protocol/members.h"

#include <stdlib.h>
#include <time.h>

#include "random.h"
#include "tap.h"

#define FAKES       10000
#define ESTABLISHED 50

static struct instant at(int64_t ms)
{
	return (struct instant){ms * NS_PER_MS};
}

static void start(struct members *members)
{
	if (!members_init(members, random_seed()))
		abort();
}

/* Adds a member; when there is no room, in the place of one that gives way. */
static struct member *add(
	struct members *members, uint64_t id, struct instant now)
{
	if (members->count == MEMBERS_MAX) {
		struct member *victim = members_victim(members, now);

		if (victim)
			members_forget(members, victim);
	}
	return members_add(members, id, now);
}

/* A member that was heard often. */
static struct member *establish(
	struct members *members, uint64_t id, struct instant now)
{
	struct member *member = add(members, id, now);

	if (!member)
		abort();
	member->times_heard = 2;
	members_set_here(members, member, true);
	return member;
}

/* Whether the list, the slots and the counts agree. */
static bool is_sound(const struct members *members)
{
	size_t here = 0;

	for (size_t i = 0; i < members->count; i++) {
		struct member *member = members->list[i];

		here += member->is_here;
		if (members_find(members, member->id) != member ||
			member->index != i ||
			member->is_here != (i < members->here))
			return false;
	}
	return here == members->here;
}

static void one(void)
{
	struct members members;
	struct member *member;

	start(&members);
	tap_ok(!members_find(&members, 7), "at first no member is found");
	member = add(&members, 7, at(3));
	tap_ok(member && members_find(&members, 7) == member,
		"a member that was added is found");
	tap_ok(!members_find(&members, 8), "another id is not found");
	tap_ok(member && !member->is_here && member->hops == -1 &&
			member->acked_next == 1 && !member->window.is_open &&
			member->heard.ns == at(3).ns &&
			instant_is_never(member->nack_at),
		"a new member has nothing due");
	for (int i = 0; member && i < 2; i++)
		members_set_here(&members, member, true);
	tap_is_int((intmax_t)members.here, 1,
		"a member set here twice counts once");
	for (int i = 0; member && i < 2; i++)
		members_set_here(&members, member, false);
	tap_is_int((intmax_t)members.here, 0,
		"a member set gone twice counts once");
	members_fini(&members);
	members_fini(&members);
	tap_ok(true, "fini twice is harmless");
}

static void flood_of_fakes(bool are_here)
{
	struct members members;
	size_t kept = 0;
	bool bounded = true;
	size_t let_in = 0;

	start(&members);
	for (uint64_t id = 1; id <= ESTABLISHED; id++)
		establish(&members, id, at(0));
	for (int i = 0; i < FAKES; i++) {
		struct member *fake = add(&members,
			random_next() | UINT64_C(1) << 63, at(1000 + i));

		let_in += fake != NULL;
		if (fake && are_here) {
			fake->times_heard = 1;
			members_set_here(&members, fake, true);
		}
		bounded = bounded && members.count <= MEMBERS_MAX;
	}
	for (uint64_t id = 1; id <= ESTABLISHED; id++)
		kept += members_find(&members, id) != NULL;
	tap_ok(bounded, "%d fakes, %s: the table is bounded", FAKES,
		are_here ? "here" : "not here");
	tap_is_int(
		(intmax_t)let_in, FAKES, "each fake gets the place of another");
	tap_is_int((intmax_t)kept, ESTABLISHED, "the established members stay");
	tap_ok(is_sound(&members),
		"after the flood all that are left are found");
	members_fini(&members);
}

/* A member that was heard often between two times. */
static struct member *known(
	struct members *members, uint64_t id, int64_t from, int64_t to)
{
	struct member *member = establish(members, id, at(from));

	member->heard = at(to);
	return member;
}

/* A table full of members that are here and were heard often. */
static void nobody_gives_way(void)
{
	struct members members;

	start(&members);
	for (uint64_t id = 1; id <= MEMBERS_MAX; id++)
		known(&members, id, 0, (int64_t)id);
	for (int i = 0; i < MEMBERS_MAX / MEMBERS_LOOKS; i++)
		if (add(&members, MEMBERS_MAX + 1, at(9000)))
			break;
	tap_ok(!members_find(&members, MEMBERS_MAX + 1),
		"there is no room among established members");
	tap_is_int((intmax_t)members.count, MEMBERS_MAX,
		"no established member gave way");
	members_set_here(&members, members_find(&members, 77), false);
	for (int i = 0; i < MEMBERS_MAX / MEMBERS_LOOKS; i++)
		if (add(&members, MEMBERS_MAX + 1, at(9000)))
			break;
	tap_ok(members_find(&members, MEMBERS_MAX + 1) &&
			!members_find(&members, 77),
		"a member that is gone is found in one round of looks");
	members_fini(&members);
}

/* The id of the member that gives way, which is then forgotten; 0: none. */
static uint64_t give_way(struct members *members, struct instant now)
{
	struct member *victim = members_victim(members, now);
	uint64_t id = victim ? victim->id : 0;

	if (victim)
		members_forget(members, victim);
	return id;
}

static void order_of_eviction(void)
{
	struct members members;

	start(&members);
	for (uint64_t id = 1; id <= 60; id++)
		known(&members, id, 0, 90000);
	/* Here, but heard once. */
	known(&members, 70, 80000, 80000)->times_heard = 1;
	known(&members, 71, 81000, 81300)->times_heard = 1;
	/* Gone, for longer than each was heard. */
	members_set_here(&members, known(&members, 72, 0, 9000), false);
	members_set_here(&members, known(&members, 73, 70000, 70100), false);
	/* Said bye, one just now. */
	known(&members, 74, 0, 89000)->has_said_bye = true;
	known(&members, 75, 0, 50000)->has_said_bye = true;
	members_set_here(&members, members_find(&members, 74), false);
	members_set_here(&members, members_find(&members, 75), false);
	/* Has messages to hand out. */
	known(&members, 76, 80000, 80000)->times_heard = 1;
	members_find(&members, 76)->is_queued = true;
	tap_is_int((intmax_t)give_way(&members, at(90000)), 75,
		"1st to give way: the member that said bye longest ago");
	tap_is_int((intmax_t)give_way(&members, at(90000)), 74,
		"2nd to give way: the other that said bye");
	tap_is_int((intmax_t)give_way(&members, at(90000)), 70,
		"3rd to give way: the member that was heard only once");
	tap_is_int((intmax_t)give_way(&members, at(90000)), 73,
		"4th to give way: the gone one that was heard for a moment");
	tap_is_int((intmax_t)give_way(&members, at(90000)), 71,
		"5th to give way: the member that was heard once, for longer");
	tap_is_int((intmax_t)give_way(&members, at(90000)), 72,
		"6th to give way: the gone one that was heard for longest");
	tap_is_int((intmax_t)give_way(&members, at(90000)), 0,
		"no other gives way: not those that are here, nor one with "
		"messages to hand out");
	tap_ok(is_sound(&members),
		"after evictions all that are left are found");
	members_fini(&members);
}

/* A member that was heard for long and is silent does not give way to a
 * newcomer for as long as it was heard, or ten minutes if that is shorter. */
static void is_kept(void)
{
	struct members members;

	start(&members);
	members_set_here(&members, known(&members, 1, 0, 60000), false);
	members_set_here(&members, known(&members, 2, 0, 3600000), false);
	tap_is_int((intmax_t)give_way(&members, at(119000)), 0,
		"heard for a minute, silent for less: kept");
	tap_is_int((intmax_t)give_way(&members, at(121000)), 1,
		"heard for a minute, silent for longer: gives way");
	tap_is_int((intmax_t)give_way(&members, at(3600000 + 599000)), 0,
		"heard for an hour, silent for not quite ten minutes: kept");
	tap_is_int((intmax_t)give_way(&members, at(3600000 + 601000)), 2,
		"heard for an hour, silent for ten minutes: gives way");
	members_fini(&members);
}

/* ---- where a forgotten member's messages go on ---- */

/* A member of which so many messages were shown. */
static struct member *shown(
	struct members *members, uint64_t id, uint64_t messages)
{
	struct member *member = add(members, id, at(0));

	if (!member)
		abort();
	receive_window_open(&member->window, 10, 20);
	member->window.next = 50;
	member->window.own.last = 49;
	member->window.delivered = 40;
	member->window.offset = 3;
	member->window.message = 20 + messages;
	member->window.shown = messages;
	return member;
}

static void resume_points(void)
{
	const struct resume_point *point;
	struct members members;

	start(&members);
	tap_ok(!members_resume(&members, 7),
		"at first there is no resume point");
	members_forget(&members, shown(&members, 7, 5));
	point = members_resume(&members, 7);
	tap_ok(point && point->packet == 40 && point->message == 25 &&
			point->offset == 3 && point->shown == 5,
		"a forgotten member has a resume point where it stopped");
	tap_ok(!members_resume(&members, 8),
		"another member has no resume point");
	members_forget(&members, shown(&members, 7, 6));
	point = members_resume(&members, 7);
	tap_ok(point && point->message == 26,
		"a member forgotten twice resumes where it last stopped");
	members_forget(&members, add(&members, 9, at(0)));
	tap_ok(!members_resume(&members, 9),
		"a member that said nothing has no resume point");
	shown(&members, 11, 5)->window.phase = BACKFILL_SEEKING;
	members_forget(&members, members_find(&members, 11));
	tap_ok(!members_resume(&members, 11),
		"a member whose beginning is still sought has no resume point");
	members_fini(&members);
}

/* A flood of members that said little drives out no resume point of one that
 * said much. */
static void resume_points_stay(void)
{
	struct members members;
	size_t kept = 0;

	start(&members);
	for (uint64_t id = 1; id <= 500; id++)
		members_forget(&members, shown(&members, id, 100));
	for (uint64_t i = 0; i < 30000; i++)
		members_forget(&members,
			shown(&members, random_next() | UINT64_C(1) << 63,
				i % 50));
	for (uint64_t id = 1; id <= 500; id++)
		kept += members_resume(&members, id) != NULL;
	tap_is_int((intmax_t)kept, 500,
		"30,000 members that said less drive out no resume point");
	members_fini(&members);
}

/* Members stay found when others, in the slots before theirs, are removed. */
static void find_after_removals(void)
{
	struct members members;
	size_t wrong = 0;

	start(&members);
	for (uint64_t id = 1; id <= MEMBERS_MAX; id++)
		establish(&members, id, at((int64_t)id));
	for (uint64_t i = 0; i < 500; i++) {
		uint64_t gone = 1 + i * 4;
		uint64_t added = 10000 + random_below(1000000);

		members_forget(&members, members_find(&members, gone));
		if (members_find(&members, added))
			added += 5000000;
		establish(&members, added, at(5000));
		wrong += members_find(&members, gone) != NULL;
	}
	tap_is_int(
		(intmax_t)wrong, 0, "a member that was removed is not found");
	tap_ok(is_sound(&members), "all other members are found");
	members_fini(&members);
}

/* Seconds to add members whose ids are the multiples of `step`. */
static double seconds_of(uint64_t step)
{
	struct members members;
	clock_t begun;
	clock_t ended;

	start(&members);
	begun = clock();
	for (uint64_t i = 1; i <= MEMBERS_MAX + 200; i++)
		add(&members, i * step, at((int64_t)i));
	ended = clock();
	members_fini(&members);
	return (double)(ended - begun) / CLOCKS_PER_SEC;
}

/* Ids that an attacker chose to meet in one slot, by the inverse of the
 * factor that mixes: they must not cost much more than others. */
static void chosen_ids(void)
{
	uint64_t factor = UINT64_C(0x9E3779B97F4A7C15);
	uint64_t inverse = factor;
	double usual = seconds_of(random_next() | 1);
	double chosen;

	for (int i = 0; i < 6; i++)
		inverse *= 2 - factor * inverse;
	chosen = seconds_of(inverse);
	tap_ok(chosen < 10 * usual + 0.1,
		"ids chosen to collide took %.3f s, others %.3f s", chosen,
		usual);
}

/* However members come and go, those that are here come first in the list. */
static void presence(void)
{
	struct members members;
	bool good = true;

	start(&members);
	for (uint64_t id = 1; id <= 100; id++)
		add(&members, id, at(0));
	for (int i = 0; i < 2000; i++) {
		struct member *member =
			members_find(&members, 1 + random_below(100));

		members_set_here(&members, member, random_below(2));
		good = good && is_sound(&members);
	}
	tap_ok(good, "members that are here come first, %zu of them",
		members.here);
	members_fini(&members);
}

/* A nick is shared among members that are here, and given up on leaving. */
static void names(void)
{
	struct members members;
	struct member *one;
	struct member *two;

	start(&members);
	one = establish(&members, 1, at(1));
	two = establish(&members, 2, at(2));
	members_rename(&members, one, "ann", 3);
	members_rename(&members, two, "ann", 3);
	tap_ok(nicks_is_shared(&members.nicks, &one->nick),
		"two members called ann share the nick");
	members_set_here(&members, two, false);
	tap_ok(!nicks_is_shared(&members.nicks, &one->nick),
		"when one ann left, the other does not share the nick");
	tap_ok(nicks_is_shared(&members.nicks, &two->nick),
		"for the ann that left, the nick is another's");
	members_set_here(&members, two, true);
	tap_ok(nicks_is_shared(&members.nicks, &one->nick),
		"when ann is back, both share the nick");
	members_rename(&members, two, "bob", 3);
	tap_ok(!nicks_is_shared(&members.nicks, &one->nick),
		"when one ann is renamed, the other does not share the nick");
	members_fini(&members);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_restart();
	one();
	flood_of_fakes(false);
	flood_of_fakes(true);
	nobody_gives_way();
	order_of_eviction();
	is_kept();
	resume_points();
	resume_points_stay();
	find_after_removals();
	chosen_ids();
	presence();
	names();
	return tap_done();
}
