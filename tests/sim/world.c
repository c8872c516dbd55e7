/* SPDX-License-Identifier: ISC */
#include "world.h"

#include <inttypes.h>
#include <stdio.h>

#include "memory.h"
#include "watchdog.h"
#include "mchat/protocol/engine.h"

/* The time between two looks whether all has settled, and how long it must stay
 * so. */
#define LOOK_MS 100
#define STAY_MS 1000

int64_t world_ms(const struct world *world, int64_t ms)
{
	return world->start + ms * NS_PER_MS;
}

static void plan(
	struct world *world, enum agenda_kind kind, uint32_t member, int64_t at)
{
	agenda_add(&world->agenda, &(struct agenda_item){
					   .at = at,
					   .kind = kind,
					   .member = member,
				   });
}

/* Joins are acts, too, that no scenario has to name. */
static void plan_members(struct world *world)
{
	const struct scenario *scenario = world->scenario;
	const struct talk *talk = &scenario->talk;
	uint64_t spread_ms = scenario->spread_ms ? scenario->spread_ms : 200;

	for (uint32_t slot = 0; slot < world->slots; slot++) {
		struct member *member = &world->members[slot];

		world->authors.list[slot].id =
			authors_id(&world->authors, slot, world->salt);
		member->wake_at = INT64_MAX;
		if (slot >= scenario->members)
			continue;
		plan(world, AGENDA_WAKE, slot,
			world->start +
				(int64_t)dice_below(&world->dice,
					spread_ms * (uint64_t)NS_PER_MS));
		if (slot >= talk->talkers)
			continue;
		member->to_say = talk->messages;
		plan(world, AGENDA_SAY, slot,
			world_ms(world, talk->from_ms) +
				(int64_t)dice_below(&world->dice,
					talk->every_us * (uint64_t)NS_PER_US));
	}
	if (scenario->hostile_per_s > 0)
		plan(world, AGENDA_HOSTILE, 0, world_ms(world, 500));
	attackers_plan(world);
	crowd_plan(world);
	plan(world, AGENDA_LOOK, 0, world_ms(world, talk->from_ms));
	if (scenario->rival_kbit > 0)
		rival_start(&world->rival, &world->network, &world->agenda,
			world_ms(world, talk->from_ms));
}

static void world_init(struct world *world, const struct scenario *scenario,
	uint64_t seed, const uint8_t *pool, struct histograms *histograms)
{
	dice_init(&world->dice, seed, scenario->name);
	world->scenario = scenario;
	world->slots = scenario->members + scenario->more;
	world->salt = dice_next(&world->dice);
	world->loser = PARCEL_NOBODY;
	/* The clock starts two weeks to some months after the computers did. */
	world->start =
		(INT64_C(1) << 50) + (int64_t)(dice_next(&world->dice) >> 11);
	world->now = world->start;
	world->journal->start = world->start;
	world->journal->now = world->start;
	world->members = memory_zeroed(world->slots, sizeof(*world->members));
	authors_init(&world->authors, world->slots, pool, world->journal);
	world->authors.is_lenient = scenario->flags & SCENARIO_NO_TRUTH;
	judge_init(&world->judge, scenario, &world->authors, world->journal,
		histograms);
	network_init(
		&world->network, &scenario->faults, &world->dice, world->slots);
	world->has_hole = memory_zeroed(world->slots, sizeof(bool));
	plan_members(world);
	acts_plan(world);
	outsider_plan(world);
	world->insider.room = SEAL_DATAGRAM_MAX;
	if (scenario->hostile_per_s > 0 || scenario->attack.kind != ATTACK_NONE)
		sealing_join(
			world, &world->insider, (struct instant){world->now});
}

static void world_fini(struct world *world)
{
	struct agenda_item item;

	while (agenda_next(&world->agenda, &item))
		if (item.kind == AGENDA_ARRIVE)
			parcels_drop(&world->parcels, item.parcel);
	for (uint32_t slot = 0; slot < world->slots; slot++) {
		struct member *member = &world->members[slot];

		while (member->inbox_count > 0)
			parcels_drop(&world->parcels,
				member->inbox[--member->inbox_count]);
		engine_free(member->engine);
		sealing_leave(&member->sealing);
	}
	sealing_leave(&world->insider);
	nonces_fini(&world->nonces);
	outsider_fini(world);
	crowd_fini(&world->crowd);
	if (world->overheard)
		parcels_drop(&world->parcels, world->overheard);
	memory_free(world->members);
	memory_free(world->has_hole);
	network_fini(&world->network);
	judge_fini(&world->judge);
	authors_fini(&world->authors);
	agenda_fini(&world->agenda);
	parcels_fini(&world->parcels);
}

/* Whether every member counts all the others, who are all here. */
static bool is_complete(const struct world *world, char *why, size_t size)
{
	if (!(world->scenario->flags & SCENARIO_PRESENCE))
		return true;
	for (uint32_t slot = 0; slot < world->slots; slot++)
		if (!member_is_complete(world, slot)) {
			snprintf(why, size,
				"member %" PRIu32 " does not know all others",
				slot);
			return false;
		}
	return true;
}

/* Whether everyone has said all, and has or was told of all that is owed. */
static bool is_delivered(const struct world *world, char *why, size_t size)
{
	if (world->acts_left > 0 ||
		(world->scenario->attack.service > 0 &&
			world->attackers.service_from == 0)) {
		snprintf(why, size, "there is more to happen");
		return false;
	}
	for (uint32_t slot = 0; slot < world->slots; slot++)
		if (!member_is_done(world, slot)) {
			snprintf(why, size,
				"member %" PRIu32 " has not said all, but %zu",
				slot, world->authors.list[slot].said_count);
			return false;
		}
	return judge_is_settled(&world->judge, why, size) &&
	       is_complete(world, why, size);
}

/* Whether everyone knows that. */
static bool is_confirmed(const struct world *world, char *why, size_t size)
{
	if (world->scenario->flags & SCENARIO_NO_CONFIRM)
		return true;
	for (uint32_t slot = 0; slot < world->slots; slot++)
		if (!member_is_confirmed(world, slot)) {
			snprintf(why, size,
				"member %" PRIu32 " waits for confirmation",
				slot);
			return false;
		}
	return true;
}

static void look(struct world *world)
{
	int64_t limit =
		world_ms(world, INT64_C(1000) * world->scenario->limit_s);
	char why[256];
	bool has_all = is_delivered(world, why, sizeof(why));

	if (!has_all || !is_confirmed(world, why, sizeof(why))) {
		/* A member that was given up may come back for what it is owed,
		 * and is waited for again; and one whose clock is wrong may be
		 * known to some only when all was said. */
		if (has_all && world->scenario->flags &
				       (SCENARIO_RANDOM | SCENARIO_LIES |
					       SCENARIO_SKEWED))
			world->settled_at = 0;
		if (world->settled_at != 0)
			journal_fail(world->journal,
				"all was settled, but now %s", why);
		if (world->now >= limit)
			journal_fail(world->journal,
				"not settled after %u s: %s",
				world->scenario->limit_s, why);
	} else if (world->settled_at == 0) {
		world->settled_at = world->now;
		world->rival_received = world->rival.received;
	}
	if (world->settled_at != 0 &&
		world->now >= world->settled_at + STAY_MS * NS_PER_MS &&
		world->now >= world_ms(world,
				      INT64_C(1000) * world->scenario->least_s))
		world->is_over = true;
	plan(world, AGENDA_LOOK, 0, world->now + LOOK_MS * NS_PER_MS);
}

static void be_hostile(struct world *world)
{
	traffic_hostile(world);
	if (world->settled_at == 0)
		plan(world, AGENDA_HOSTILE, 0,
			world->now + (int64_t)dice_below(&world->dice,
					     2 * (uint64_t)NS_PER_S /
						     world->scenario
							     ->hostile_per_s));
}

/* A member's first wake is when it joins. */
static void wake(struct world *world, uint32_t slot)
{
	if (world->authors.list[slot].status == AUTHOR_ABSENT)
		member_join(world, slot);
	else
		member_wake(world, slot);
}

static void step(struct world *world, const struct agenda_item *item)
{
	world->now = item->at;
	world->journal->now = item->at;
	world->figures->steps++;
	switch (item->kind) {
	case AGENDA_ARRIVE:
		member_arrive(world, item->member, item->parcel);
		break;
	case AGENDA_WAKE:
		wake(world, item->member);
		break;
	case AGENDA_SAY:
		member_say(world, item->member);
		break;
	case AGENDA_ACT:
		acts_play(world, item->member);
		break;
	case AGENDA_HOSTILE:
		be_hostile(world);
		break;
	case AGENDA_ATTACK:
		attackers_send(world);
		break;
	case AGENDA_OUTSIDER:
		outsider_send(world);
		break;
	case AGENDA_CROWD:
		crowd_speak(world, item->member);
		break;
	case AGENDA_CROWD_ANSWER:
		crowd_answer(world, item->member);
		break;
	case AGENDA_SERVE:
		attackers_serve(world);
		break;
	case AGENDA_RIVAL:
	case AGENDA_RIVAL_LOST:
		rival_learn(&world->rival, &world->network, &world->agenda,
			item->kind == AGENDA_RIVAL_LOST, world->now);
		break;
	case AGENDA_LOOK:
		look(world);
		break;
	}
}

/* Checks the rate while there was something to say. */
static void check_rates(struct world *world)
{
	const struct scenario *scenario = world->scenario;
	int64_t took =
		world->settled_at - world_ms(world, scenario->talk.from_ms);
	uint64_t ms = (uint64_t)(took / NS_PER_MS) + 1;
	uint64_t ours = world->figures->wire.data_bytes * 8 / ms;
	uint64_t rivals = world->rival_received * 8 / ms;
	/* The window is so many packets, of whatever size. */
	uint64_t least = scenario->faults.rate_kbit > 0
				 ? scenario->least_kbit
				 : scenario->least_kbit *
					   world->members[0].packet_size /
					   WIRE_USUAL_MAX;

	if (ours < least)
		journal_fail(world->journal,
			"%" PRIu64 " kbit/s of what was said, less than "
			"%" PRIu64,
			ours, least);
	if (rivals < scenario->rival_kbit)
		journal_fail(world->journal,
			"%" PRIu64 " kbit/s of TCP beside it, less than %u",
			rivals, scenario->rival_kbit);
}

static void check_traffic(struct world *world)
{
	const struct scenario *scenario = world->scenario;
	const struct figures *figures = world->figures;
	int64_t end_ms = scenario->control_to_s > 0
				 ? (int64_t)scenario->control_to_s * 1000
				 : (world->now - world->start) / NS_PER_MS;
	int64_t ms = end_ms - (int64_t)scenario->control_from_s * 1000;
	uint64_t packets = figures->wire.data + figures->wire.repairs +
			   figures->wire.coded + figures->wire.states;

	if (scenario->control_per_s > 0 &&
		figures->controls * 1000 >
			scenario->control_per_s * (uint64_t)ms)
		journal_fail(world->journal,
			"%" PRIu64 " STATEs in %" PRId64
			" ms, more than %u a second",
			figures->controls, ms, scenario->control_per_s);
	if (scenario->packets_max > 0 && packets > scenario->packets_max)
		journal_fail(world->journal,
			"%" PRIu64 " packets sent, more than %" PRIu64, packets,
			scenario->packets_max);
}

static void check_reached(struct world *world)
{
	if (world->figures->memory < world->scenario->memory_least)
		journal_fail(world->journal,
			"no member ever held more than %zu bytes",
			world->figures->memory);
}

static void subtract(struct wire_counts *from, const struct wire_counts *counts)
{
	from->data -= counts->data;
	from->data_bytes -= counts->data_bytes;
	from->repairs -= counts->repairs;
	from->coded -= counts->coded;
	from->states -= counts->states;
	from->state_bytes -= counts->state_bytes;
	from->names -= counts->names;
	from->asks -= counts->asks;
	from->bytes -= counts->bytes;
}

/* How long it took to say all to everyone; what a benchmark counts is what was
 * sent meanwhile. */
static void count_talk(struct world *world)
{
	struct figures *figures = world->figures;
	int64_t end = world->confirmed_at > world->judge.delivered_at
			      ? world->confirmed_at
			      : world->judge.delivered_at;

	if (end < world->talk_from)
		return; /* nothing was judged, or confirmed */
	figures->took = end - world->talk_from;
	if (world->scenario->flags & SCENARIO_BENCHMARK) {
		figures->wire = world->confirmed;
		subtract(&figures->wire, &world->before);
	}
}

void world_run(const struct scenario *scenario, uint64_t seed,
	const uint8_t *pool, struct figures *figures,
	struct histograms *histograms, struct journal *journal)
{
	struct world world = {.journal = journal, .figures = figures};
	struct agenda_item item;

	world_init(&world, scenario, seed, pool, histograms);
	while (!world.is_over && !journal->failed &&
		agenda_next(&world.agenda, &item)) {
		watchdog_step();
		step(&world, &item);
	}
	if (!journal->failed)
		check_traffic(&world);
	if (!journal->failed)
		check_rates(&world);
	if (!journal->failed)
		check_reached(&world);
	if (!journal->failed)
		attackers_check(&world);
	if (!journal->failed)
		outsider_check(&world);
	figures->lasted = world.settled_at ? world.settled_at - world.start
					   : world.now - world.start;
	if (world.talk_from > 0 && world.settled_at > 0)
		count_talk(&world);
	figures->delivered = world.judge.delivered;
	figures->lost = world.judge.lost;
	world_fini(&world);
}
