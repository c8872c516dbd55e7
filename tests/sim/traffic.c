/* SPDX-License-Identifier: ISC */
#include "world.h"

#include <string.h>
#include "mchat/protocol/record.h"

/* Kinds of hostile packets. */
enum hostile {
	HOSTILE_NOISE,
	HOSTILE_STATE,  /* absurd ranges and reports */
	HOSTILE_DATA,   /* sequence numbers that jump */
	HOSTILE_REPLAY, /* a real packet in another's name, changed */
	HOSTILE_KINDS,
};

/* The packet of each author that a member with a hole does not get. */
#define HOLE 2

/* Members that the hostile sender pretends to be. */
#define FAKES 10000

static void corrupt(struct world *world, struct parcel *parcel)
{
	bool is_sealed = parcel->sealed_size > 0;
	uint8_t *bytes = is_sealed ? parcel->sealed : parcel->bytes;
	size_t *size = is_sealed ? &parcel->sealed_size : &parcel->size;

	for (uint64_t i = dice_below(&world->dice, 4) + 1; i > 0; i--)
		bytes[dice_below(&world->dice, *size)] ^=
			(uint8_t)(1 << dice_below(&world->dice, 8));
	if (dice_chance(&world->dice, 250000))
		*size = (size_t)dice_below(&world->dice, *size) + 1;
	parcel->origin = PARCEL_NOBODY;
}

/* What arrives of `parcel`: itself, or a changed copy. */
static struct parcel *arriving(struct world *world, struct parcel *parcel)
{
	struct parcel *copy;

	if (parcel_size(parcel) == 0 ||
		!dice_chance(
			&world->dice, world->scenario->faults.corrupt_ppm)) {
		parcel->users++;
		return parcel;
	}
	copy = parcels_take(&world->parcels);
	memcpy(copy->bytes, parcel->bytes, parcel->size);
	memcpy(copy->sealed, parcel->sealed, parcel->sealed_size);
	copy->size = parcel->size;
	copy->sealed_size = parcel->sealed_size;
	copy->is_names = parcel->is_names;
	copy->sender = parcel->sender;
	corrupt(world, copy);
	return copy;
}

/* `sender`: a slot, or world->slots for the hostile one. */
static void spread(struct world *world, uint32_t sender, struct parcel *parcel)
{
	int64_t arrivals[NETWORK_COPIES_MAX];

	for (uint32_t slot = 0; slot < world->slots; slot++) {
		unsigned copies;

		if (slot == sender ||
			(world->authors.list[slot].status != AUTHOR_HERE &&
				world->authors.list[slot].status !=
					AUTHOR_STOPPED))
			continue;
		if (world->has_hole[slot] && parcel->is_data &&
			parcel->sequence == HOLE)
			continue;
		copies = network_route(&world->network, sender, slot,
			parcel_size(parcel), world->now, arrivals);
		if (copies == 0)
			journal_note(world->journal, slot, JOURNAL_DROPPED,
				parcel_size(parcel), sender);
		for (unsigned i = 0; i < copies; i++)
			agenda_add(&world->agenda,
				&(struct agenda_item){
					.at = arrivals[i],
					.kind = AGENDA_ARRIVE,
					.member = slot,
					.parcel = arriving(world, parcel),
				});
	}
}

/* Whether the bound on STATEs is for those of now. */
static bool is_control_counted(const struct world *world)
{
	const struct scenario *scenario = world->scenario;
	int64_t s = (world->now - world->start) / NS_PER_S;

	return s >= scenario->control_from_s &&
	       (scenario->control_to_s == 0 || s < scenario->control_to_s);
}

static void count(struct world *world, const struct parcel *parcel)
{
	struct figures *figures = world->figures;

	figures->wire.bytes += parcel_size(parcel);
	if (parcel->is_names) {
		figures->wire.names++;
	} else if (parcel->is_coded) {
		figures->wire.coded++;
		journal_note(world->journal, parcel->sender, JOURNAL_CODED,
			parcel->last, parcel->origin);
	} else if (parcel->is_repair) {
		figures->wire.repairs++;
		journal_note(world->journal, parcel->sender, JOURNAL_REPAIR,
			parcel->sequence, parcel->origin);
	} else if (parcel->is_data) {
		figures->wire.data++;
		figures->wire.data_bytes += parcel_size(parcel);
		journal_note(world->journal, parcel->sender, JOURNAL_DATA,
			parcel->sequence, parcel->size);
	} else {
		figures->wire.states++;
		figures->wire.state_bytes += parcel_size(parcel);
		figures->wire.asks += parcel->is_ask;
		figures->controls += is_control_counted(world);
		journal_note(world->journal, parcel->sender,
			parcel->is_ask ? JOURNAL_ASK : JOURNAL_STATE,
			parcel->size, 0);
	}
}

/* Repairs of others' packets, or of older ones of its own, may be larger than
 * the packets that a member makes now. */
static void check_size(struct world *world, const struct parcel *parcel)
{
	const struct member *member = &world->members[parcel->sender];

	if (parcel->origin == parcel->sender &&
		parcel_size(parcel) > (parcel->is_data || parcel->is_coded
						      ? member->packet_size_max
						      : member->packet_size))
		journal_fail(world->journal, "a packet has %zu bytes",
			parcel_size(parcel));
}

void traffic_replay(struct world *world, struct parcel *parcel)
{
	spread(world, world->slots, parcel);
}

void traffic_send_names(struct world *world, struct parcel *parcel)
{
	count(world, parcel);
	outsider_hear(world, parcel);
	spread(world, parcel->sender, parcel);
	parcels_drop(&world->parcels, parcel);
}

void traffic_send(struct world *world, struct parcel *parcel)
{
	struct member *member = &world->members[parcel->sender];

	if (member->sealing.seal &&
		!sealing_seal(world, &member->sealing, parcel,
			(struct instant){world->now + member->clock}))
		journal_fail(world->journal, "a packet is too large to seal");
	authors_sent(&world->authors, parcel);
	check_size(world, parcel);
	count(world, parcel);
	if ((parcel->is_repair || parcel->is_coded) &&
		(world->scenario->flags & SCENARIO_NO_REPAIRS))
		journal_fail(world->journal,
			"a repair is sent where nothing was lost");
	if (world->scenario->hostile_per_s > 0) {
		if (world->overheard)
			parcels_drop(&world->parcels, world->overheard);
		world->overheard = parcel;
		parcel->users++;
	}
	outsider_hear(world, parcel);
	crowd_hear(world, parcel);
	if (parcel->sender == world->loser && parcel->is_data &&
		!parcel->is_repair)
		world->loser = PARCEL_NOBODY;
	else
		spread(world, parcel->sender, parcel);
	parcels_drop(&world->parcels, parcel);
}

void traffic_crowd(struct world *world, struct parcel *parcel)
{
	count(world, parcel);
	spread(world, world->slots, parcel);
}

void traffic_intrude(struct world *world, struct parcel *parcel)
{
	/* What cannot be sealed is cut: the network would not let it in. */
	if (world->insider.seal) {
		if (parcel->size > SEAL_PACKET_MAX)
			parcel->size = SEAL_PACKET_MAX;
		if (parcel->size == 0 ||
			!sealing_seal(world, &world->insider, parcel,
				(struct instant){world->now}))
			return;
	}
	spread(world, world->slots, parcel);
}

/* ---- the hostile one ---- */

static uint64_t absurd(struct dice *dice)
{
	uint64_t value = dice_next(dice);

	switch (dice_below(dice, 5)) {
	case 0:
		return value % 4;
	case 1:
		return UINT64_MAX - value % 4;
	case 2:
		return value % 1000;
	case 3:
		return UINT64_C(1) << value % 64;
	default:
		return value;
	}
}

/* The member that a forged packet names: one of many fakes, or a real one where
 * that is allowed. */
static uint64_t who(struct world *world, bool may_be_real)
{
	if (may_be_real && dice_chance(&world->dice, 500000))
		return world->authors
			.list[dice_below(&world->dice, world->slots)]
			.id;
	return dice_mix(dice_below(&world->dice, FAKES) + 1) | 1;
}

static void forge_state(struct world *world, struct writer *writer)
{
	struct dice *dice = &world->dice;
	struct wire_state state = {
		.counter = absurd(dice),
		.hop_limit = (uint8_t)dice_next(dice),
		.nick = "fake",
		.nick_size = 4,
		.first = absurd(dice),
		.last = absurd(dice),
		.messages = absurd(dice),
	};
	uint8_t *count = wire_state_encode(writer, &state);

	for (uint64_t i = dice_below(dice, 12); i > 0; i--) {
		struct wire_report report = {
			.origin = who(world, true),
			.next = dice_below(dice, 200),
			.received = (uint32_t)dice_next(dice),
		};
		uint64_t at = report.next;

		report.known = report.next + absurd(dice) / 2;
		for (uint64_t gaps = dice_below(dice, 5);
			gaps > 0 && at <= report.known; gaps--) {
			struct wire_gap *gap = &report.gaps[report.gap_count++];

			gap->first = at;
			gap->count = 1 + dice_below(dice, 1000);
			if (gap->count > report.known - at + 1)
				gap->count = report.known - at + 1;
			at += gap->count + 1;
		}
		if (!wire_report_encode(writer, count, &report))
			break;
	}
}

static void forge_data(struct world *world, struct writer *writer)
{
	static const char text[] = "nobody said this";

	/* One after the other: of arguments C leaves the order open, and a seed
	 * is to give the same run on every processor. */
	struct wall_time time = {(int64_t)dice_next(&world->dice)};
	uint64_t messages = absurd(&world->dice);
	uint64_t number = absurd(&world->dice);
	size_t size = (size_t)dice_below(&world->dice, sizeof(text));

	wire_data_encode(writer, number, messages, time);
	record_encode(writer, (enum record_type)dice_below(&world->dice, 6),
		text, size);
}

static void replay(struct world *world, struct parcel *parcel, uint64_t id)
{
	struct reader reader;
	struct wire_header header;
	struct writer writer;

	if (!world->overheard)
		return;
	parcel->size = world->overheard->size;
	memcpy(parcel->bytes, world->overheard->bytes, parcel->size);
	reader_init(&reader, parcel->bytes, parcel->size);
	if (wire_header_decode(&reader, &header) != WIRE_OK)
		return;
	header.member = id;
	writer_init(&writer, parcel->bytes, parcel->size);
	wire_header_encode(&writer, &header);
	if (dice_chance(&world->dice, 500000)) {
		size_t at = writer_size(&writer);

		at += (size_t)dice_below(&world->dice, parcel->size - at);
		parcel->bytes[at] ^=
			(uint8_t)(1 + dice_below(&world->dice, 255));
	}
}

void traffic_hostile(struct world *world)
{
	struct parcel *parcel = parcels_take(&world->parcels);
	enum hostile kind =
		(enum hostile)dice_below(&world->dice, HOSTILE_KINDS);
	uint64_t id = who(world, world->scenario->flags & SCENARIO_NO_TRUTH);
	struct wire_header header = {
		.type = kind == HOSTILE_STATE ? WIRE_STATE : WIRE_DATA,
		.flags = (uint8_t)dice_below(&world->dice, 8),
		.member = id,
	};
	struct writer writer;

	writer_init(&writer, parcel->bytes, sizeof(parcel->bytes));
	if (kind == HOSTILE_NOISE) {
		parcel->size =
			(size_t)dice_below(&world->dice, WIRE_PACKET_MAX + 1);
		for (size_t i = 0; i < parcel->size; i++)
			parcel->bytes[i] = (uint8_t)dice_next(&world->dice);
		if (parcel->size > 0 && dice_chance(&world->dice, 500000))
			parcel->bytes[0] = WIRE_MAGIC;
	} else if (kind == HOSTILE_REPLAY) {
		replay(world, parcel, id);
	} else {
		wire_header_encode(&writer, &header);
		if (kind == HOSTILE_STATE)
			forge_state(world, &writer);
		else
			forge_data(world, &writer);
		parcel->size = writer_size(&writer);
	}
	journal_note(world->journal, PARCEL_NOBODY, JOURNAL_HOSTILE,
		parcel->size, kind);
	traffic_intrude(world, parcel);
	parcels_drop(&world->parcels, parcel);
}
