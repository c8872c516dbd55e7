/* SPDX-License-Identifier: ISC */
/* Drives one engine as the chat loop would: put in, drain, set an alarm. */
#include "world.h"

#include <inttypes.h>
#include <stdio.h>

#include "liar.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"

/* What one drain may give: more than any window holds. */
#define PACKETS_MAX 8192
#define EVENTS_MAX  200000
#define SAYS_MAX    200000

/* Wakes in a row at which the deadline stays in the past. */
#define SPINS_MAX 8

/* Wakes in a second that give neither packet nor event. */
#define IDLE_MAX 2000

/* The largest group whose members all soon know that all others hear them. */
#define ACQUAINTED_MAX 256

static struct instant clock_of(const struct world *world, uint32_t slot)
{
	return (struct instant){world->now + world->members[slot].clock};
}

static bool is_here(const struct world *world, uint32_t slot)
{
	return world->authors.list[slot].status == AUTHOR_HERE;
}

/* Says one message that it owes; false when the engine does not take it. */
static bool say_one(struct world *world, uint32_t slot)
{
	const struct talk *talk = &world->scenario->talk;
	struct member *member = &world->members[slot];
	size_t number = world->authors.list[slot].said_count + 1;
	/* The same message, when the engine was full the first time. */
	struct dice dice = {dice_mix(world->salt ^ (number << 16) ^ slot)};
	struct said said = {
		.at = world->now,
		.size = (uint32_t)(dice_chance(&dice, talk->long_ppm)
					   ? 1 + dice_below(&dice,
							 ENGINE_MESSAGE_MAX)
					   : dice_below(&dice,
						     talk->size_max + 1)),
		.is_action = dice_chance(&dice, 50000),
	};
	enum engine_said result = engine_say(member->engine, said.is_action,
		(const char *)authors_text(&world->authors, slot, number),
		said.size, (struct wall_time){world->now / NS_PER_MS},
		clock_of(world, slot));

	if (result == ENGINE_SAID) {
		authors_said(&world->authors, slot, &said);
		world->authors.list[slot].packets_said =
			engine_said_last(member->engine);
		member->is_confirmed = false;
		member->owed--;
		member->was_full = false;
		world->figures->messages++;
		if (world->talk_from == 0) {
			world->talk_from = world->now;
			world->before = world->figures->wire;
		}
		journal_note(
			world->journal, slot, JOURNAL_SAID, number, said.size);
		return true;
	}
	if (result != ENGINE_FULL)
		journal_fail(world->journal,
			"member %" PRIu32 " may not say %" PRIu32 " bytes: %d",
			slot, said.size, (int)result);
	else if (!member->was_full)
		journal_note(world->journal, slot, JOURNAL_FULL, number, 0);
	member->was_full = true;
	return false;
}

static unsigned drain_packets(struct world *world, uint32_t slot)
{
	struct member *member = &world->members[slot];
	unsigned count = 0;

	for (;;) {
		struct parcel *parcel = parcels_take(&world->parcels);
		struct engine_reason reason;

		parcel->size = engine_next_packet(
			member->engine, parcel->bytes, clock_of(world, slot));
		if (parcel->size == 0) {
			parcels_drop(&world->parcels, parcel);
			return count;
		}
		if (++count > PACKETS_MAX || world->journal->failed) {
			journal_fail(world->journal,
				"member %" PRIu32 " sends %u packets at once",
				slot, count);
			parcels_drop(&world->parcels, parcel);
			return count;
		}
		if (member->lie != ACT_NONE)
			liar_change(member->lie, parcel);
		parcel->sender = slot;
		parcel->users++;
		traffic_send(world, parcel);
		reason = engine_packet_reason(member->engine);
		attackers_overhear(world, parcel, &reason);
		parcels_drop(&world->parcels, parcel);
	}
}

static unsigned drain_names(struct world *world, uint32_t slot)
{
	struct member *member = &world->members[slot];
	unsigned count = 0;

	while (member->sealing.seal && count < PACKETS_MAX) {
		struct parcel *parcel = parcels_take(&world->parcels);

		parcel->sender = slot;
		parcel->is_names = true;
		if (!sealing_names(world, &member->sealing, parcel,
			    clock_of(world, slot))) {
			parcels_drop(&world->parcels, parcel);
			break;
		}
		traffic_send_names(world, parcel);
		count++;
	}
	return count;
}

/* When something is due next, by its own clock. */
static struct instant deadline_of(const struct member *member)
{
	struct instant deadline = engine_deadline(member->engine);

	return member->sealing.seal
		       ? instant_earlier(
				 deadline, seal_deadline(member->sealing.seal))
		       : deadline;
}

static unsigned drain_events(struct world *world, uint32_t slot)
{
	struct event event;
	unsigned count = 0;

	world->judge.now = world->now;
	while (engine_next_event(world->members[slot].engine, &event)) {
		judge_event(&world->judge, slot, &event);
		if (++count > EVENTS_MAX) {
			journal_fail(world->journal,
				"member %" PRIu32 " tells events without end",
				slot);
			break;
		}
	}
	return count;
}

static void check_memory(struct world *world, uint32_t slot)
{
	size_t most = world->scenario->memory_max;
	struct engine_counts counts;

	/* Counts take the engine a look at all members: in a crowd not at each
	 * step. */
	if (world->members[slot].settles++ %
			(1 + world->slots * world->slots / 256) !=
		0)
		return;
	engine_count(world->members[slot].engine, &counts);
	if (counts.memory > world->figures->memory)
		world->figures->memory = counts.memory;
	if (counts.memory > (most ? most : SCENARIO_MEMORY))
		journal_fail(world->journal,
			"member %" PRIu32 " holds %zu bytes", slot,
			counts.memory);
}

/* When an engine comes to take all that it said for confirmed, that must be
 * true; in a crowd it is checked only the first time after it said something.
 */
static void check_confirmed(struct world *world, uint32_t slot)
{
	const struct authors *authors = &world->authors;
	struct member *member = &world->members[slot];
	bool was_confirmed = member->is_confirmed;
	struct engine_member other;

	if (authors->list[slot].said_count == 0 ||
		(was_confirmed && world->slots > AUTHORS_NOTED))
		return;
	member->is_confirmed = engine_is_confirmed(member->engine);
	if (was_confirmed || !member->is_confirmed)
		return;
	world->confirmed_at = world->now;
	world->confirmed = world->figures->wire;
	for (uint32_t i = 0; i < world->slots; i++)
		if (i != slot && authors->list[i].status != AUTHOR_GONE &&
			engine_member_find(
				member->engine, authors->list[i].id, &other))
			judge_confirmed(&world->judge, slot, i);
}

/* Puts the engine's deadline on the agenda. */
static void set_alarm(struct world *world, uint32_t slot)
{
	struct member *member = &world->members[slot];
	struct instant deadline = deadline_of(member);
	int64_t at;

	if (instant_is_never(deadline))
		return;
	at = deadline.ns - member->clock;
	if (at < world->now)
		at = world->now;
	if (at >= member->wake_at)
		return;
	member->wake_at = at;
	agenda_add(&world->agenda, &(struct agenda_item){
					   .at = at,
					   .kind = AGENDA_WAKE,
					   .member = slot,
				   });
}

/* After anything was put in; gives how much came out. */
static unsigned settle(struct world *world, uint32_t slot)
{
	struct member *member = &world->members[slot];
	unsigned says = 0;
	unsigned count;

	while (member->owed > 0 && !world->journal->failed &&
		say_one(world, slot))
		if (++says > SAYS_MAX) {
			journal_fail(world->journal,
				"member %" PRIu32 " is never full", slot);
			break;
		}
	if (says > 0 && member->owed == 0 && member->to_say == 0)
		engine_finish(member->engine, clock_of(world, slot));
	count = drain_names(world, slot);
	count += drain_packets(world, slot);
	count += drain_events(world, slot);
	check_confirmed(world, slot);
	check_memory(world, slot);
	set_alarm(world, slot);
	return count + says;
}

/* What sealing adds to a packet. */
static size_t overhead_of(const struct world *world)
{
	return world->scenario->flags & SCENARIO_SEALED ? SEAL_OVERHEAD : 0;
}

static size_t draw_packet_size(struct world *world)
{
	static const size_t sizes[] = {508, 1232, 1452, WIRE_USUAL_MAX};
	size_t drawn = sizes[dice_below(&world->dice, 4)];

	return world->scenario->packet_size > 0 ? world->scenario->packet_size
						: drawn;
}

static size_t draw_packet_largest(
	struct world *world, const struct member *member)
{
	size_t largest = world->scenario->packet_largest;

	if (largest == 0)
		return member->packet_size;
	return dice_below(&world->dice, 8) > 0 ? largest : largest / 2;
}

/* The largest datagrams that it makes of itself; of those of the usual size,
 * what is the engine's. */
static size_t take_packet_size(struct world *world, struct member *member)
{
	size_t overhead = overhead_of(world);

	member->packet_size = draw_packet_size(world);
	if (member->packet_size < ENGINE_PACKET_MIN + overhead)
		member->packet_size = ENGINE_PACKET_MIN + overhead;
	member->packet_largest = draw_packet_largest(world, member);
	if (member->packet_largest > member->packet_size_max)
		member->packet_size_max = member->packet_largest;
	member->sealing.room = member->packet_size;
	return member->packet_size - overhead;
}

/* A member that joins later and talks begins within a second. */
static void begin_talk(struct world *world, uint32_t slot)
{
	const struct scenario *scenario = world->scenario;

	if (slot < scenario->members || !(scenario->flags & SCENARIO_LATE_TALK))
		return;
	world->members[slot].to_say = scenario->talk.messages;
	agenda_add(&world->agenda,
		&(struct agenda_item){
			.at = world->now + (int64_t)dice_below(&world->dice,
						   (uint64_t)NS_PER_S),
			.kind = AGENDA_SAY,
			.member = slot,
		});
}

void member_join(struct world *world, uint32_t slot)
{
	struct member *member = &world->members[slot];
	struct author *author = &world->authors.list[slot];
	const struct scenario *scenario = world->scenario;
	char nick[WIRE_NICK_MAX + 1];
	struct engine_config config = {
		.id = author->id,
		.seed = dice_next(&world->dice),
		.nick = nick,
		.hop_limit = 1,
		.packet_size = take_packet_size(world, member),
		.history = slot < scenario->members ? 0 : scenario->history,
	};

	if (author->status != AUTHOR_ABSENT)
		return;
	config.packet_largest = member->packet_largest - overhead_of(world);
	snprintf(nick, sizeof(nick), "m%" PRIu32 ".0", slot);
	/* Monotonic clocks of two machines have nothing in common. */
	member->clock = (int64_t)(dice_next(&world->dice) >> 6);
	author->status = AUTHOR_HERE;
	author->joined_at = world->now;
	sealing_join(world, &member->sealing, clock_of(world, slot));
	member->engine = engine_new(&config, clock_of(world, slot));
	if (!member->engine) {
		journal_fail(world->journal, "engine_new gives none");
		author->status = AUTHOR_GONE;
		return;
	}
	journal_note(world->journal, slot, JOURNAL_JOINED, 0, 0);
	begin_talk(world, slot);
	settle(world, slot);
}

static void give(struct world *world, uint32_t slot, struct parcel *parcel)
{
	struct member *member = &world->members[slot];
	uint32_t from = parcel->sender;
	const void *bytes = parcel->bytes;
	size_t size = parcel->size;
	enum wire_result result;

	member->received += parcel_size(parcel) + WIRE_BELOW;
	if (member->sealing.seal) {
		struct seal_opened opened;

		if (!sealing_open(world, &member->sealing, parcel,
			    clock_of(world, slot), &opened))
			return;
		bytes = opened.packet;
		size = opened.size;
	}
	journal_note(world->journal, slot,
		parcel->is_data ? JOURNAL_GIVEN : JOURNAL_HEARD,
		parcel->is_data ? parcel->sequence : parcel->size,
		parcel->is_data ? parcel->origin : from);
	result = engine_receive(
		member->engine, bytes, size, 1, clock_of(world, slot));
	world->judge.now = world->now;
	judge_given(&world->judge, slot, parcel,
		engine_packet_took(world->members[slot].engine));
	if (result != WIRE_OK && parcel->origin != PARCEL_NOBODY &&
		!(world->scenario->flags & SCENARIO_NO_TRUTH))
		journal_fail(world->journal,
			"member %" PRIu32 " refuses a packet of member %" PRIu32
			": %s",
			slot, from, wire_strerror(result));
}

void member_arrive(struct world *world, uint32_t slot, struct parcel *parcel)
{
	struct member *member = &world->members[slot];
	enum author_status status = world->authors.list[slot].status;

	if (status == AUTHOR_STOPPED &&
		member->inbox_count < MEMBER_INBOX_MAX) {
		member->inbox[member->inbox_count++] = parcel;
		return;
	}
	if (status == AUTHOR_HERE) {
		give(world, slot, parcel);
		sealing_caught_up(
			world, &member->sealing, clock_of(world, slot));
		settle(world, slot);
	}
	parcels_drop(&world->parcels, parcel);
}

/* Counts wakes for nothing: a loop that spins, at once or slowly. */
static void count_idle(struct world *world, uint32_t slot, unsigned done)
{
	struct member *member = &world->members[slot];

	if (done > 0 || member->wake_at != world->now)
		member->spins = 0;
	else if (++member->spins > SPINS_MAX)
		journal_fail(world->journal,
			"member %" PRIu32
			" has its deadline in the past, again and again",
			slot);
	if (done > 0 || world->now - member->idle_since > NS_PER_S) {
		member->idle = 0;
		member->idle_since = world->now;
	} else if (++member->idle > IDLE_MAX) {
		journal_fail(world->journal,
			"member %" PRIu32 " wakes %d times a second for "
			"nothing",
			slot, IDLE_MAX);
	}
}

void member_wake(struct world *world, uint32_t slot)
{
	struct member *member = &world->members[slot];
	struct instant deadline;

	if (member->wake_at != world->now)
		return; /* an earlier one has come instead */
	member->wake_at = INT64_MAX;
	if (!is_here(world, slot))
		return;
	deadline = deadline_of(member);
	if (instant_before(clock_of(world, slot), deadline)) {
		set_alarm(world, slot);
		return;
	}
	sealing_caught_up(world, &member->sealing, clock_of(world, slot));
	engine_tick(member->engine, clock_of(world, slot));
	count_idle(world, slot, settle(world, slot));
}

void member_say(struct world *world, uint32_t slot)
{
	const struct talk *talk = &world->scenario->talk;
	struct member *member = &world->members[slot];
	uint64_t count = talk->every_us == 0 ? member->to_say : 1;

	if (world->authors.list[slot].status == AUTHOR_GONE)
		member->to_say = 0;
	if (member->to_say == 0)
		return;
	member->owed += count;
	member->to_say -= count;
	if (member->to_say > 0)
		agenda_add(&world->agenda,
			&(struct agenda_item){
				.at = world->now +
				      (int64_t)(talk->every_us / 2 +
						dice_below(&world->dice,
							talk->every_us)) *
					      NS_PER_US,
				.kind = AGENDA_SAY,
				.member = slot,
			});
	if (is_here(world, slot))
		settle(world, slot);
}

void member_say_more(struct world *world, uint32_t slot, unsigned count)
{
	world->members[slot].owed += count;
	settle(world, slot);
}

void member_nick(struct world *world, uint32_t slot)
{
	char nick[WIRE_NICK_MAX + 1];

	if (!is_here(world, slot))
		return;
	snprintf(nick, sizeof(nick), "m%" PRIu32 ".%u", slot,
		++world->members[slot].nicks);
	engine_set_nick(world->members[slot].engine, nick);
	settle(world, slot);
}

void member_resize(struct world *world, uint32_t slot)
{
	struct member *member = &world->members[slot];
	size_t size;

	if (!is_here(world, slot))
		return;
	size = take_packet_size(world, member);
	engine_set_packet_size(member->engine, size,
		member->packet_largest - overhead_of(world),
		clock_of(world, slot));
	settle(world, slot);
}

void member_jump(struct world *world, uint32_t slot, unsigned ms)
{
	struct member *member = &world->members[slot];

	if (!is_here(world, slot))
		return;
	member->clock += ms * NS_PER_MS;
	/* The engine's deadline may have moved to an earlier time. */
	member->wake_at = INT64_MAX;
	world->judge.now = world->now;
	judge_jumped(&world->judge, slot);
	engine_tick(member->engine, clock_of(world, slot));
	settle(world, slot);
}

void member_set_clock(struct world *world, uint32_t slot)
{
	if (!is_here(world, slot))
		return;
	sealing_set_clock(world, &world->members[slot].sealing);
	settle(world, slot);
}

void member_stop(struct world *world, uint32_t slot)
{
	struct author *author = &world->authors.list[slot];

	if (!is_here(world, slot))
		return;
	author->status = AUTHOR_STOPPED;
	author->stopped_at = world->now;
}

void member_continue(struct world *world, uint32_t slot)
{
	struct member *member = &world->members[slot];
	struct author *author = &world->authors.list[slot];

	if (author->status != AUTHOR_STOPPED)
		return;
	author->status = AUTHOR_HERE;
	author->stopped += world->now - author->stopped_at;
	for (size_t i = 0; i < member->inbox_count; i++) {
		give(world, slot, member->inbox[i]);
		settle(world, slot);
		parcels_drop(&world->parcels, member->inbox[i]);
	}
	member->inbox_count = 0;
	sealing_caught_up(world, &member->sealing, clock_of(world, slot));
	engine_tick(member->engine, clock_of(world, slot));
	settle(world, slot);
}

void member_leave(struct world *world, uint32_t slot, bool with_bye)
{
	struct member *member = &world->members[slot];

	if (!is_here(world, slot))
		return;
	if (with_bye) {
		engine_leave(member->engine, clock_of(world, slot));
		drain_packets(world, slot);
	}
	world->authors.list[slot].status = AUTHOR_GONE;
	member->to_say = 0;
	member->owed = 0;
	engine_free(member->engine);
	member->engine = NULL;
	sealing_leave(&member->sealing);
}

bool member_is_done(const struct world *world, uint32_t slot)
{
	const struct member *member = &world->members[slot];

	switch (world->authors.list[slot].status) {
	case AUTHOR_ABSENT:
		return slot >= world->scenario->members;
	case AUTHOR_GONE:
		return true;
	case AUTHOR_STOPPED:
		return false;
	default:
		return member->owed == 0 && member->to_say == 0;
	}
}

bool member_is_confirmed(const struct world *world, uint32_t slot)
{
	return !is_here(world, slot) ||
	       engine_is_confirmed(world->members[slot].engine);
}

/* The same among fakes: whether it knows every honest member that it may. */
static bool knows_honest(const struct world *world, uint32_t slot)
{
	const struct author *list = world->authors.list;
	unsigned first = world->scenario->members;
	struct engine_member member;

	if (slot >= first && list[slot].refused > 0)
		return true;
	for (uint32_t i = 0; i < world->slots; i++)
		if (i != slot && (i < first || list[i].refused == 0) &&
			!engine_member_find(world->members[slot].engine,
				list[i].id, &member))
			return false;
	return true;
}

bool member_is_complete(const struct world *world, uint32_t slot)
{
	const struct engine *engine = world->members[slot].engine;
	unsigned others = world->slots - 1 + world->crowd.count;
	struct engine_member member;

	if (world->scenario->attack.kind != ATTACK_NONE)
		return is_here(world, slot) && knows_honest(world, slot);
	return is_here(world, slot) &&
	       engine_member_at(engine, others - 1, &member) &&
	       !engine_member_at(engine, others, &member) &&
	       (others > ACQUAINTED_MAX ||
		       engine_member_count(engine) == others);
}
