/* SPDX-License-Identifier: ISC */
/* What happens to members and network, as the scenario or the seed has it. */
#include "world.h"

#define CHURN_FROM_MS 1500
#define CHURN_MS      8000
#define CHURN_ACTS    12

/* Clocks are set within this time. */
#define CLOCKS_MS 10000

/* The time between two joins in a relay, where each takes another's place. */
#define RELAY_MS 1500

/* Acts of every kind, within this time. */
#define RANDOM_ACTS 14
#define RANDOM_MS   15000

/* By then talkers that hear nobody have said everything; they are killed. */
#define DEAF_TALK_MS 20000

/* Sides change so often. */
#define ROTATE_MS 1000

static void plan(struct world *world, struct act act)
{
	int64_t jitter = (int64_t)dice_below(
		&world->dice, ACT_JITTER_MS * (uint64_t)NS_PER_MS);

	if (world->act_count == ACTS_MAX) {
		journal_fail(world->journal, "too many acts");
		return;
	}
	agenda_add(&world->agenda, &(struct agenda_item){
					   .at = world_ms(world, act.at_ms) +
						 (act.at_ms > 0 ? jitter : 0),
					   .kind = AGENDA_ACT,
					   .member = world->act_count,
				   });
	world->acts[world->act_count++] = act;
	world->acts_left++;
}

/* The member of slot 0 stays, so that there is always one. */
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

/* One member joins, and soon the oldest leaves. */
static void plan_relay(struct world *world)
{
	const struct scenario *scenario = world->scenario;

	for (unsigned i = 0; i < scenario->more; i++) {
		unsigned at_ms = CHURN_FROM_MS + i * RELAY_MS;

		plan(world, (struct act){
				    .kind = ACT_JOIN,
				    .at_ms = at_ms,
				    .who = scenario->members + i,
			    });
		plan(world, (struct act){
				    .kind = dice_chance(&world->dice, 500000)
						    ? ACT_KILL
						    : ACT_LEAVE,
				    .at_ms = at_ms + RELAY_MS / 2,
				    .who = i,
			    });
	}
}

/* Random acts, and joins beside them, so that all slots are used; the member of
 * slot 0 stays. */
static void plan_random(struct world *world)
{
	static const struct {
		enum act_kind kind;
		unsigned for_ms; /* at most */
	} kinds[] = {{ACT_KILL, 0}, {ACT_LEAVE, 0}, {ACT_STOP, 8000},
		{ACT_DEAFEN, 8000}, {ACT_CUT, 8000}, {ACT_SPLIT, 8000},
		{ACT_ONE_WAY, 8000}, {ACT_ROTATE, 8000}, {ACT_LOSE_NEXT, 0},
		{ACT_NICK, 0}, {ACT_SIZE, 0}, {ACT_JUMP, 600000}};
	struct dice *dice = &world->dice;
	const struct scenario *scenario = world->scenario;

	for (unsigned i = 0; i < scenario->more; i++)
		plan(world,
			(struct act){
				.kind = ACT_JOIN,
				.at_ms = (unsigned)dice_below(dice, RANDOM_MS),
				.who = scenario->members + i,
			});
	for (unsigned i = 0; i < RANDOM_ACTS; i++) {
		size_t kind = (size_t)dice_below(
			dice, sizeof(kinds) / sizeof(*kinds));

		plan(world,
			(struct act){
				.kind = kinds[kind].kind,
				.at_ms = (unsigned)dice_below(dice, RANDOM_MS),
				.who = 1 + (unsigned)dice_below(
						   dice, world->slots - 1),
				.for_ms = (unsigned)dice_below(
					dice, kinds[kind].for_ms + 1),
			});
	}
}

static void plan_deaf_talkers(struct world *world)
{
	for (unsigned i = 0; i < world->scenario->talk.talkers; i++) {
		world->network.is_deaf[i] = true;
		plan(world, (struct act){
				    .kind = ACT_KILL,
				    .at_ms = DEAF_TALK_MS,
				    .who = i,
			    });
	}
}

/* Wall clocks are set, forth and back, each as often as another. */
static void plan_clocks(struct world *world)
{
	struct dice *dice = &world->dice;

	for (unsigned i = 0; i < 2 * world->slots; i++)
		plan(world,
			(struct act){
				.kind = ACT_CLOCK,
				.at_ms = CHURN_FROM_MS +
					 (unsigned)dice_below(dice, CLOCKS_MS),
				.who = i % world->slots,
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
	if (scenario->flags & SCENARIO_CLOCKS)
		plan_clocks(world);
	if (scenario->flags & SCENARIO_RELAY)
		plan_relay(world);
	if (scenario->flags & SCENARIO_RANDOM)
		plan_random(world);
	if (scenario->flags & SCENARIO_DEAF_TALKERS)
		plan_deaf_talkers(world);
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

/* Picks other sides each second while the act lasts, then none. */
static void rotate(struct world *world, const struct act *act)
{
	struct act next = *act;

	world->network.split = NETWORK_SPLIT;
	for (uint32_t i = 0; i < world->slots; i++)
		world->network.side[i] = (uint8_t)dice_below(&world->dice, 2);
	if (act->for_ms <= ROTATE_MS) {
		plan_end(world, act, ACT_HEAL);
		return;
	}
	next.at_ms =
		ROTATE_MS + (unsigned)((world->now - world->start) / NS_PER_MS);
	next.for_ms -= ROTATE_MS;
	plan(world, next);
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
	case ACT_HOLE:
		world->has_hole[act->who] = true;
		if (act->for_ms > 0)
			plan_end(world, act, ACT_FILL);
		break;
	case ACT_LIE_LESS:
	case ACT_LIE_ALL:
		world->members[act->who].lie = act->kind;
		world->authors.list[act->who].has_lied = true;
		plan_end(world, act, ACT_TELL_TRUTH);
		break;
	case ACT_CUT:
		world->network.is_deaf[act->who] = true;
		world->network.is_mute[act->who] = true;
		plan_end(world, act, ACT_HEAR);
		break;
	case ACT_ROTATE:
		rotate(world, act);
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
	case ACT_SIZE:
		member_resize(world, act.who);
		break;
	case ACT_JUMP:
		member_jump(world, act.who, act.for_ms);
		break;
	case ACT_CLOCK:
		member_set_clock(world, act.who);
		break;
	case ACT_FILL:
		world->has_hole[act.who] = false;
		break;
	case ACT_TELL_TRUTH:
		world->members[act.who].lie = ACT_NONE;
		break;
	case ACT_LOSE_NEXT:
		world->loser = act.who;
		break;
	case ACT_CONTINUE:
		member_continue(world, act.who);
		break;
	case ACT_HEAR:
		world->network.is_deaf[act.who] = false;
		world->network.is_mute[act.who] = false;
		break;
	case ACT_HEAL:
		world->network.split = NETWORK_WHOLE;
		break;
	default:
		play_lasting(world, &act);
	}
	note_contact(world);
}
