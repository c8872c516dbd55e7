/* SPDX-License-Identifier: ISC */
#include "outsider.h"

#include <inttypes.h>
#include <string.h>

#include "forged.h"
#include "memory.h"
#include "world.h"

/* It begins when there is something to hear. */
#define FROM_MS 500

/* What members that name sessions send in a second, all of them together. */
#define NAMES_PER_S 100

enum trick {
	TRICK_AT_ONCE,
	TRICK_AFTER_1,
	TRICK_AFTER_11,
	TRICK_ANY,
	TRICK_FORGED,  /* a true header before noise */
	TRICK_FLIPPED, /* one bit */
	TRICK_SPLICED, /* the header of one, the rest of another */
	TRICK_PLAIN,   /* in a member's name, not sealed */
	TRICKS,
};

static void plan(struct world *world, int64_t at)
{
	agenda_add(&world->agenda,
		&(struct agenda_item){.at = at, .kind = AGENDA_OUTSIDER});
}

void outsider_plan(struct world *world)
{
	if (world->scenario->outsider_per_s == 0)
		return;
	world->outsider = memory_zeroed(1, sizeof(*world->outsider));
	plan(world, world_ms(world, FROM_MS));
}

void outsider_fini(struct world *world)
{
	if (!world->outsider)
		return;
	for (size_t i = 0; i < OUTSIDER_KEPT; i++) {
		if (world->outsider->kept[i].parcel)
			parcels_drop(&world->parcels,
				world->outsider->kept[i].parcel);
	}
	memory_free(world->outsider);
	world->outsider = NULL;
}

static void keep(struct world *world, size_t at, struct parcel *parcel)
{
	struct outsider *it = world->outsider;

	if (it->kept[at].parcel)
		parcels_drop(&world->parcels, it->kept[at].parcel);
	it->kept[at].parcel = parcel;
	it->kept[at].at = world->now;
	parcel->users++;
}

void outsider_hear(struct world *world, struct parcel *parcel)
{
	struct outsider *it = world->outsider;
	size_t at;

	if (!it)
		return;
	keep(world, it->heard % OUTSIDER_LAST, parcel);
	at = it->heard < OUTSIDER_LAST
		     ? it->heard
		     : (size_t)dice_below(&world->dice, it->heard + 1);
	if (at < OUTSIDER_LAST)
		keep(world, OUTSIDER_LAST + at, parcel);
	it->heard++;
}

/* One that it heard about so long ago; NULL: none. */
static struct parcel *find(const struct outsider *it, int64_t at)
{
	struct parcel *best = NULL;
	int64_t best_at = 0;

	for (size_t i = 0; i < OUTSIDER_KEPT; i++) {
		if (it->kept[i].parcel && it->kept[i].at <= at &&
			(!best || it->kept[i].at > best_at)) {
			best = it->kept[i].parcel;
			best_at = it->kept[i].at;
		}
	}
	return best;
}

static struct parcel *any(struct world *world)
{
	struct outsider *it = world->outsider;
	size_t count = it->heard < OUTSIDER_LAST ? it->heard : OUTSIDER_LAST;
	size_t half = dice_chance(&world->dice, 500000) ? OUTSIDER_LAST : 0;

	return count == 0 ? NULL
			  : it->kept[half + dice_below(&world->dice, count)]
				    .parcel;
}

/* A copy that no member made. */
static struct parcel *copy_of(struct world *world, const struct parcel *model)
{
	struct parcel *copy = parcels_take(&world->parcels);

	memcpy(copy->sealed, model->sealed, model->sealed_size);
	copy->sealed_size = model->sealed_size;
	return copy;
}

/* A line that nobody said, in the name of a member. */
static struct parcel *make_plain(struct world *world)
{
	struct dice *dice = &world->dice;
	struct parcel *parcel = parcels_take(&world->parcels);
	struct forged forged;
	uint64_t id = world->authors.list[dice_below(dice, world->slots)].id;

	if (dice_chance(dice, 500000)) {
		forged_data(&forged, 0, id, 1 + dice_below(dice, 500), 1);
	} else {
		const struct wire_state state = {
			.counter = UINT64_MAX - dice_below(dice, 4),
			.first = 1,
			.last = dice_below(dice, 1000),
			.nick = "fake",
			.nick_size = 4,
		};

		forged_state(&forged, 0, id,
			dice_chance(dice, 500000) ? WIRE_BYE : 0, &state);
	}
	parcel->size = forged_size(&forged);
	memcpy(parcel->bytes, forged.bytes, parcel->size);
	return parcel;
}

/* Makes what it sends of `model`. */
static struct parcel *change(
	struct world *world, enum trick trick, const struct parcel *model)
{
	struct parcel *parcel = copy_of(world, model);
	const struct parcel *other = any(world);
	size_t size = parcel->sealed_size;

	if (trick == TRICK_FLIPPED) {
		parcel->sealed[dice_below(&world->dice, size)] ^=
			(uint8_t)(1 << dice_below(&world->dice, 8));
	} else if (trick == TRICK_FORGED) {
		for (size_t i = SEAL_HEADER_SIZE; i < size; i++)
			parcel->sealed[i] = (uint8_t)dice_next(&world->dice);
	} else if (other && other != model) {
		parcel->sealed_size = other->sealed_size;
		memcpy(parcel->sealed + SEAL_HEADER_SIZE,
			other->sealed + SEAL_HEADER_SIZE,
			other->sealed_size - SEAL_HEADER_SIZE);
	} else {
		parcel->sealed[size - 1] ^= 1;
	}
	return parcel;
}

static struct parcel *choose(struct world *world, enum trick trick)
{
	static const int64_t ago_s[] = {
		[TRICK_AT_ONCE] = 0,
		[TRICK_AFTER_1] = 1,
		[TRICK_AFTER_11] = 11,
	};
	struct parcel *parcel;

	if (trick == TRICK_PLAIN)
		return make_plain(world);
	if (trick <= TRICK_AFTER_11)
		parcel = find(
			world->outsider, world->now - ago_s[trick] * NS_PER_S);
	else
		parcel = any(world);
	if (parcel && trick <= TRICK_ANY)
		parcel->users++;
	else if (parcel)
		parcel = change(world, trick, parcel);
	return parcel;
}

void outsider_send(struct world *world)
{
	enum trick trick = (enum trick)dice_below(&world->dice, TRICKS);
	struct parcel *parcel = choose(world, trick);

	if (parcel) {
		world->figures->attack_packets++;
		world->figures->attack_bytes += parcel_size(parcel);
		journal_note(world->journal, PARCEL_NOBODY, JOURNAL_HOSTILE,
			parcel_size(parcel), trick);
		traffic_replay(world, parcel);
		parcels_drop(&world->parcels, parcel);
	}
	if (world->settled_at == 0)
		plan(world, world->now +
				    NS_PER_S / world->scenario->outsider_per_s);
}

void outsider_check(struct world *world)
{
	uint64_t s = (uint64_t)((world->now - world->start) / NS_PER_S) + 1;

	if (world->outsider && world->figures->wire.names > NAMES_PER_S * s)
		journal_fail(world->journal,
			"%" PRIu64 " packets name sessions, in %" PRIu64 " s",
			world->figures->wire.names, s);
}
