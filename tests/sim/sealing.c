/* SPDX-License-Identifier: ISC */
#include "sealing.h"

#include <inttypes.h>
#include <string.h>

#include "memory.h"
#include "world.h"
#include "mchat/base/cursor.h"

/* The wall clock of the members at a virtual time of 0: a day in 2026. */
#define DAY_MS INT64_C(1790000000000)

#define SECOND INT64_C(1000)
#define HOUR   (3600 * SECOND)

static const uint8_t key[SEAL_KEY_SIZE] = "of all members of the simulator";

#define TAG 0xd53e

/* So long before a member joined what is let in may have been sealed, and so
 * long ago; the clocks have whole seconds. */
#define BEFORE_NS (2 * NS_PER_S)
#define LATE_NS   (11 * NS_PER_S)

/* ---- nonces ---- */

static uint64_t hash(const uint8_t *bytes, size_t size, uint64_t from)
{
	uint64_t out = from;

	for (size_t i = 0; i < size; i++)
		out = (out ^ bytes[i]) * UINT64_C(0x100000001b3);
	return dice_mix(out);
}

static struct nonce *find(const struct nonces *nonces, uint64_t header)
{
	size_t at = (size_t)header & (nonces->room - 1);

	while (nonces->list[at].header != 0 &&
		nonces->list[at].header != header)
		at = (at + 1) & (nonces->room - 1);
	return &nonces->list[at];
}

static void grow(struct nonces *nonces)
{
	struct nonces next = {.room = nonces->room ? 2 * nonces->room : 1024};

	next.list = memory_zeroed(next.room, sizeof(*next.list));
	for (size_t i = 0; i < nonces->room; i++) {
		if (nonces->list[i].header != 0)
			*find(&next, nonces->list[i].header) = nonces->list[i];
	}
	next.count = nonces->count;
	nonces_fini(nonces);
	*nonces = next;
}

/* That of this header, without the guard; new ones have no content yet. */
static struct nonce *find_or_add(
	struct nonces *nonces, const struct parcel *parcel)
{
	uint64_t header = hash(parcel->sealed, 16, 1);
	struct nonce *found;

	header = hash(parcel->sealed + 19, 5, header) | 1;
	if (2 * nonces->count >= nonces->room)
		grow(nonces);
	found = find(nonces, header);
	nonces->count += found->header == 0;
	found->header = header;
	return found;
}

/* The same header, but for its guard, with other bytes: where the guard is the
 * same as well, what was sealed can be read. */
static void check_nonce(struct world *world, const struct parcel *parcel)
{
	uint64_t content = hash(parcel->sealed, parcel->sealed_size, 2);
	struct nonce *found = find_or_add(&world->nonces, parcel);

	if (found->content == 0)
		found->content = content;
	else if (found->content != content)
		journal_fail(world->journal, "a nonce is used twice");
}

void nonces_fini(struct nonces *nonces)
{
	memory_free(nonces->list);
	*nonces = (struct nonces){0};
}

/* ---- members ---- */

static struct wall_time wall_of(
	const struct world *world, const struct sealing *sealing)
{
	return (struct wall_time){
		DAY_MS + world->now / NS_PER_MS + sealing->ahead_ms};
}

void sealing_set_clock(struct world *world, struct sealing *sealing)
{
	static const int64_t offsets[] = {0, 0, 4 * SECOND, -4 * SECOND,
		60 * SECOND, -60 * SECOND, 3 * HOUR, -3 * HOUR, 24 * HOUR,
		-24 * HOUR, -DAY_MS};

	/* Further apart than a run is long, where it is the outsider's turn. */
	static const int64_t far[] = {
		0, 3 * HOUR, -3 * HOUR, 24 * HOUR, -24 * HOUR, -DAY_MS};
	size_t count = sizeof(offsets) / sizeof(offsets[0]);

	if (world->scenario->flags & SCENARIO_SKEWED)
		sealing->ahead_ms = far[dice_below(
			&world->dice, sizeof(far) / sizeof(far[0]))];
	else
		sealing->ahead_ms = offsets[dice_below(&world->dice, count)];
}

void sealing_join(
	struct world *world, struct sealing *sealing, struct instant now)
{
	uint8_t seed[SEAL_SEED_SIZE];

	if (!(world->scenario->flags & SCENARIO_SEALED))
		return;
	for (size_t i = 0; i < sizeof(seed); i++)
		seed[i] = (uint8_t)dice_next(&world->dice);
	if (world->scenario->flags & (SCENARIO_CLOCKS | SCENARIO_SKEWED))
		sealing_set_clock(world, sealing);
	sealing->joined_at = world->now;
	sealing->seal = seal_new(key, TAG, seed, &sealing->history,
		wall_of(world, sealing), now);
	if (!sealing->seal)
		journal_fail(world->journal, "seal_new gives none");
}

void sealing_leave(struct sealing *sealing)
{
	seal_free(sealing->seal);
	sealing->seal = NULL;
	nonces_fini(&sealing->opened);
}

bool sealing_seal(struct world *world, struct sealing *sealing,
	struct parcel *parcel, struct instant now)
{
	size_t room = parcel->size + SEAL_OVERHEAD;

	memcpy(parcel->sealed + SEAL_HEADER_SIZE, parcel->bytes, parcel->size);
	seal_turn(sealing->seal, (uint32_t)dice_next(&world->dice),
		wall_of(world, sealing), now);
	parcel->sealed_size = seal_close(sealing->seal, SEAL_PACKET,
		parcel->sealed, parcel->size,
		room > sealing->room ? room : sealing->room);
	parcel->sealed_at = world->now;
	if (parcel->sealed_size > 0)
		check_nonce(world, parcel);
	return parcel->sealed_size > 0;
}

bool sealing_names(struct world *world, struct sealing *sealing,
	struct parcel *parcel, struct instant now)
{
	if (instant_before(now, seal_deadline(sealing->seal)))
		return false;
	seal_turn(sealing->seal, (uint32_t)dice_next(&world->dice),
		wall_of(world, sealing), now);
	parcel->sealed_size =
		seal_next(sealing->seal, parcel->sealed, sealing->room, now);
	parcel->sealed_at = world->now;
	if (parcel->sealed_size > 0)
		check_nonce(world, parcel);
	return parcel->sealed_size > 0;
}

/* Of a session that named ours what is late counts from its newest. */
static void check_age(struct world *world, struct sealing *sealing,
	const struct parcel *parcel)
{
	int64_t *newest = &sealing->newest[parcel->sender];
	int64_t at = parcel->sealed_at;

	if (at < sealing->joined_at - BEFORE_NS)
		journal_fail(world->journal,
			"what was sealed %" PRId64
			" ms before a member joined is let in",
			(sealing->joined_at - at) / NS_PER_MS);
	if (!parcel->is_names && world->now - at > LATE_NS &&
		at < *newest - LATE_NS)
		journal_fail(world->journal,
			"what was sealed %" PRId64 " ms ago is let in",
			(world->now - at) / NS_PER_MS);
	if (at > *newest)
		*newest = at;
}

/* Engines can do with what comes twice, so that only this tells it. */
static void check_opened(struct world *world, struct sealing *sealing,
	const struct parcel *parcel)
{
	struct nonce *found;

	if (world->slots > SEALING_NOTED || parcel->sender == PARCEL_NOBODY)
		return;
	found = find_or_add(&sealing->opened, parcel);
	if (found->content != 0)
		journal_fail(world->journal, "a datagram is let in twice");
	found->content = 1;
	/* Where clocks are set meanwhile, a time says nothing. */
	if (world->scenario->outsider_per_s > 0 &&
		!(world->scenario->flags & SCENARIO_CLOCKS))
		check_age(world, sealing, parcel);
}

bool sealing_open(struct world *world, struct sealing *sealing,
	const struct parcel *parcel, struct instant now,
	struct seal_opened *out)
{
	bool is_sealed = parcel->sealed_size > 0;
	enum seal_result result = seal_open(sealing->seal,
		is_sealed ? parcel->sealed : parcel->bytes, parcel_size(parcel),
		wall_of(world, sealing), now, out);

	if (result == SEAL_COPIED)
		journal_fail(
			world->journal, "a member takes itself for a copy");
	if (result == SEAL_OPENED)
		check_opened(world, sealing, parcel);
	if (result != SEAL_OPENED || out->kind != SEAL_PACKET)
		return false;
	if (parcel->sender == PARCEL_NOBODY && !world->insider.seal)
		journal_fail(world->journal, "a forgery is let in");
	if (parcel->sender != PARCEL_NOBODY &&
		(out->size != parcel->size ||
			memcmp(out->packet, parcel->bytes, out->size) != 0))
		journal_fail(world->journal,
			"what was opened is not what was sealed");
	return true;
}

void sealing_caught_up(
	struct world *world, struct sealing *sealing, struct instant now)
{
	if (sealing->seal)
		seal_caught_up(sealing->seal, wall_of(world, sealing), now);
}
