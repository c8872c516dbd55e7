/* SPDX-License-Identifier: ISC */
/* What happens to members and network, as the scenario or the seed has it. */
#include "world.h"

#define CHURN_FROM_MS 1500
#define CHURN_MS      8000
#define CHURN_ACTS    12

static void plan(struct world *world, struct act act)
{
	int64_t jitter = (int64_t)dice_below(
		&world->dice, ACT_JITTER_MS * (uint64_t)NS_PER_MS);

	if (world->act_count == ACTS_MAX)
		return;
	agenda_add(&world->agenda,
		&(struct agenda_item){
			.at = world_ms(world, act.at_ms) + jitter,
			.kind = AGENDA_ACT,
			.member = world->act_count,
		});
	world->acts[world->act_count++] = act;
	world->acts_left++;
}

/* Slot 0 stays, so that there is always somebody. */
static void plan_churn(struct world *world)
{
	static const enum act_kind kinds[] = {
		ACT_KILL, ACT_LEAVE, ACT_STOP, ACT_STOP, ACT_NICK, ACT_NICK};
	struct dice *dice = &world->dice;
	const struct scenario *scenario = world->scenario;

	for (unsigned i = 0; i < scenario->more; i++)
		plan(world,
			(struct act){
				.kind = ACT_JOIN,
				.at_ms = CHURN_FROM_MS +
					 (unsigned)dice_below(dice, CHURN_MS),
				.who = scenario->members + i,
			});
	for (unsigned i = 0; i < CHURN_ACTS; i++)
		plan(world,
			(struct act){
				.kind = kinds[dice_below(dice, 6)],
				.at_ms = CHURN_FROM_MS +
					 (unsigned)dice_below(dice, CHURN_MS),
				.who = 1 + (unsigned)dice_below(
						   dice, world->slots - 1),
				.for_ms = (unsigned)dice_below(dice, 3000),
			});
}

void acts_plan(struct world *world)
{
	const struct scenario *scenario = world->scenario;
	size_t count = sizeof(scenario->acts) / sizeof(scenario->acts[0]);

	for (size_t i = 0; i < count && scenario->acts[i].kind != ACT_NONE; i++)
		plan(world, scenario->acts[i]);
	if (scenario->flags & SCENARIO_CHURN)
		plan_churn(world);
}

/* Notes who reaches whom, after anything that may change it. */
static void note_contact(struct world *world)
{
	const struct author *list = world->authors.list;
	struct contact *contact = &world->judge.contact;

	for (uint32_t a = 0; a < contact->count; a++)
		for (uint32_t b = a + 1; b < contact->count; b++)
			contact_set(contact, a, b,
				list[a].status == AUTHOR_STOPPED ||
					list[b].status == AUTHOR_STOPPED ||
					network_is_cut(&world->network, a, b) ||
					network_is_cut(&world->network, b, a),
				world->now);
}

static void split(struct world *world, enum network_split how)
{
	unsigned half = world->scenario->members / 2;

	world->network.split = how;
	for (uint32_t i = 0; i < world->slots; i++)
		world->network.side[i] = i >= half;
}

/* The end of an act that lasts. */
static void plan_end(
	struct world *world, const struct act *act, enum act_kind kind)
{
	int64_t begun = (world->now - world->start) / NS_PER_MS;

	plan(world, (struct act){
			    .kind = kind,
			    .at_ms = (unsigned)begun + act->for_ms,
			    .who = act->who,
		    });
}

static void play_lasting(struct world *world, const struct act *act)
{
	switch (act->kind) {
	case ACT_STOP:
		member_stop(world, act->who);
		plan_end(world, act, ACT_CONTINUE);
		break;
	case ACT_DEAFEN:
		world->network.is_deaf[act->who] = true;
		plan_end(world, act, ACT_HEAR);
		break;
	case ACT_SPLIT:
		split(world, NETWORK_SPLIT);
		plan_end(world, act, ACT_HEAL);
		break;
	default:
		split(world, NETWORK_ONE_WAY);
		plan_end(world, act, ACT_HEAL);
	}
}

void acts_play(struct world *world, uint32_t number)
{
	struct act act = world->acts[number];

	world->acts_left--;
	journal_note(world->journal, act.who, JOURNAL_ACT, act.kind, number);
	switch (act.kind) {
	case ACT_JOIN:
		member_join(world, act.who);
		break;
	case ACT_KILL:
		member_leave(world, act.who, false);
		break;
	case ACT_LEAVE:
		member_leave(world, act.who, true);
		break;
	case ACT_NICK:
		member_nick(world, act.who);
		break;
	case ACT_LOSE_NEXT:
		world->loser = act.who;
		break;
	case ACT_CONTINUE:
		member_continue(world, act.who);
		break;
	case ACT_HEAR:
		world->network.is_deaf[act.who] = false;
		break;
	case ACT_HEAL:
		world->network.split = NETWORK_WHOLE;
		break;
	default:
		play_lasting(world, &act);
	}
	note_contact(world);
}
