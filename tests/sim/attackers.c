/* SPDX-License-Identifier: ISC */
#include "attackers.h"

#include <inttypes.h>

#include "world.h"
#include "mchat/protocol/engine.h"

static int64_t begin_of(const struct world *world)
{
	return world_ms(world, world->scenario->attack.from_ms);
}

static int64_t end_of(const struct world *world)
{
	const struct scenario_attack *attack = &world->scenario->attack;

	return world_ms(world, attack->from_ms + attack->for_ms);
}

void attackers_plan(struct world *world)
{
	const struct scenario_attack *attack = &world->scenario->attack;

	if (attack->kind == ATTACK_NONE && attack->service == 0)
		return;
	if (attack->kind != ATTACK_NONE) {
		attack_init(&world->attackers.attack, attack->kind,
			attack->fakes, dice_next(&world->dice));
		agenda_add(&world->agenda, &(struct agenda_item){
						   .at = begin_of(world),
						   .kind = AGENDA_ATTACK,
					   });
	}
	if (attack->service > 0)
		agenda_add(&world->agenda,
			&(struct agenda_item){
				.at = end_of(world) +
				      ATTACK_SERVICE_AFTER_MS * NS_PER_MS,
				.kind = AGENDA_SERVE,
			});
}

void attackers_send(struct world *world)
{
	const struct scenario_attack *attack = &world->scenario->attack;
	struct parcel *parcel = parcels_take(&world->parcels);

	parcel->size = attack_next(&world->attackers.attack,
		(world->now - begin_of(world)) / NS_PER_MS, parcel->bytes);
	if (parcel->size > 0) {
		world->figures->attack_packets++;
		world->figures->attack_bytes += parcel->size;
		journal_note(world->journal, PARCEL_NOBODY, JOURNAL_HOSTILE,
			parcel->size, attack->kind);
		traffic_intrude(world, parcel);
	}
	parcels_drop(&world->parcels, parcel);
	if (world->now < end_of(world))
		agenda_add(&world->agenda,
			&(struct agenda_item){
				.at = world->now + NS_PER_S / attack->per_s,
				.kind = AGENDA_ATTACK,
			});
}

void attackers_serve(struct world *world)
{
	world->attackers.service_from = world->now;
	world->judge.delays_end = world->now;
	member_say_more(world, 0, world->scenario->attack.service);
}

void attackers_overhear(struct world *world, const struct parcel *parcel,
	const struct engine_reason *reason)
{
	if (world->scenario->attack.kind == ATTACK_NONE)
		return;
	attack_overhear(&world->attackers.attack, parcel->bytes, parcel->size);
	if ((parcel->is_repair || parcel->is_coded) && reason->requests > 0 &&
		authors_find(&world->authors, reason->requester) ==
			world->authors.count)
		world->figures->caused_bytes += parcel->size;
}

/* ---- bounds ---- */

static void check_steps(struct world *world)
{
	unsigned most = world->scenario->attack.steps_per_kb;
	struct figures *figures = world->figures;

	for (uint32_t slot = 0; slot < world->slots; slot++) {
		const struct member *member = &world->members[slot];
		struct engine_counts counts;
		uint64_t steps;

		if (!member->engine || member->received == 0)
			continue;
		engine_count(member->engine, &counts);
		steps = counts.steps * 1000 / member->received;
		if (steps > figures->steps_per_kb)
			figures->steps_per_kb = steps;
		if (most > 0 && steps > most)
			journal_fail(world->journal,
				"member %" PRIu32 " took %" PRIu64
				" steps for 1000 bytes received, more than %u",
				slot, steps, most);
	}
}

static void check_caused(struct world *world)
{
	const struct scenario_attack *attack = &world->scenario->attack;
	const struct figures *figures = world->figures;
	uint64_t bytes =
		figures->attack_bytes + figures->attack_packets * WIRE_BELOW;
	uint64_t most = attack->repair_factor * bytes + attack->repair_free;

	if (attack->repair_factor > 0 && figures->caused_bytes > most)
		journal_fail(world->journal,
			"%" PRIu64 " bytes of attack caused %" PRIu64
			" bytes of repairs, more than %" PRIu64,
			bytes, figures->caused_bytes, most);
}

/* The time that the service after the attack took. */
static void check_service(struct world *world)
{
	const struct scenario_attack *attack = &world->scenario->attack;
	int64_t took =
		world->judge.delivered_at - world->attackers.service_from;

	if (attack->service == 0)
		return;
	world->figures->service = took;
	if (took > attack->service_ms * NS_PER_MS)
		journal_fail(world->journal,
			"after the attack %u messages took %" PRId64
			" ms, more than %u",
			attack->service, took / NS_PER_MS, attack->service_ms);
}

/* The members that were there first are told once that a newcomer was refused,
 * and the newcomer is told so once.  A member that never heard of some fake, or
 * forgot it again, may have had room. */
static void check_full(struct world *world)
{
	bool is_wanted = world->scenario->flags & SCENARIO_FULL;
	unsigned all_full = 0;

	for (uint32_t slot = 0; slot < world->slots; slot++) {
		const struct author *author = &world->authors.list[slot];
		bool is_late = slot >= world->scenario->members;

		/* A member that was there first may find no room at the
		 * newcomer. */
		if (author->full > 1 || author->refused > 1)
			journal_fail(world->journal,
				"member %" PRIu32 " is told %u times that it "
				"knows all it can, %u times that others do",
				slot, author->full, author->refused);
		if (is_wanted && is_late && author->refused == 0)
			journal_fail(world->journal,
				"member %" PRIu32
				" is not told that the others are full",
				slot);
		all_full += author->full;
	}
	if (is_wanted && all_full == 0)
		journal_fail(world->journal, "nobody is told to be full");
}

void attackers_check(struct world *world)
{
	if (world->scenario->attack.kind != ATTACK_NONE) {
		check_steps(world);
		check_caused(world);
		check_full(world);
	}
	check_service(world);
}
