/* SPDX-License-Identifier: ISC */
#include "crowd.h"

#include "memory.h"
#include "world.h"
#include "mchat/protocol/timers.h"

/* When an engine in a large group confirms, and when it asks for what it lacks:
 * the first time, and again. */
#define CONFIRM_MS   1500
#define ASK_MS       10
#define ASK_AGAIN_MS 50

/* Packets of the author beyond the first one that is lacked. */
#define HAD_MAX 64

static void plan(struct world *world, enum agenda_kind kind, uint32_t index,
	uint64_t least, uint64_t most)
{
	agenda_add(&world->agenda,
		&(struct agenda_item){
			.at = world->now +
			      (int64_t)(least + dice_below(&world->dice,
							most - least + 1)),
			.kind = kind,
			.member = index,
		});
}

void crowd_plan(struct world *world)
{
	const struct scenario *scenario = world->scenario;
	struct crowd *crowd = &world->crowd;

	crowd->count = scenario->crowd;
	if (crowd->count == 0)
		return;
	crowd->list = memory_zeroed(crowd->count, sizeof(*crowd->list));
	crowd->reached = memory_zeroed(
		scenario->talk.messages + 1, sizeof(*crowd->reached));
	for (uint32_t i = 0; i < crowd->count; i++) {
		crowd->list[i].id = dice_next(&world->dice) | 1;
		plan(world, AGENDA_CROWD, i, 0,
			scenario->spread_ms * (uint64_t)NS_PER_MS);
	}
}

void crowd_fini(struct crowd *crowd)
{
	memory_free(crowd->list);
	memory_free(crowd->reached);
}

/* What it has of the author. */
static struct wire_report report_of(
	const struct world *world, const struct crowd_member *m)
{
	struct wire_report report = {
		.origin = world->authors.list[0].id,
		.next = m->next,
		.known = m->known,
		.received = m->received,
	};

	for (uint64_t i = m->next; i <= m->known; i++)
		if (!(m->had >> (i - m->next) & 1)) {
			report.gaps[report.gap_count++] =
				(struct wire_gap){.first = i, .count = 1};
			if (report.gap_count == WIRE_GAPS_MAX)
				break;
		}
	return report;
}

static bool lacks(const struct crowd_member *m)
{
	return m->next <= m->known;
}

static void send(struct world *world, struct crowd_member *m, uint8_t flags)
{
	struct parcel *parcel = parcels_take(&world->parcels);
	struct wire_header header = {
		.type = WIRE_STATE, .flags = flags, .member = m->id};
	struct wire_state state = {
		.counter = ++m->counter,
		.hop_limit = 1,
		.age = {.age = {world->now - m->joined_at},
			.quiet = {world->now - m->joined_at}},
		.nick = "one of many",
		.nick_size = 11,
		.first = 1,
	};
	struct duration interval =
		timers_interval_of(world->crowd.here + world->slots);
	struct writer writer;
	uint8_t *count;

	writer_init(&writer, parcel->bytes, WIRE_USUAL_MAX);
	wire_header_encode(&writer, &header);
	count = wire_state_encode(&writer, &state);
	if (m->known > 0) {
		struct wire_report report = report_of(world, m);
		const struct duration held = {CONFIRM_MS * NS_PER_MS};

		parcel->is_ask = report.gap_count > 0;
		wire_report_encode(&writer, count, &report);
		wire_held_encode(&writer, &held, 1);
	}
	wire_interval_encode(&writer, interval);
	parcel->size = writer_size(&writer);
	traffic_crowd(world, parcel);
	parcels_drop(&world->parcels, parcel);
}

void crowd_speak(struct world *world, uint32_t index)
{
	struct crowd *crowd = &world->crowd;
	struct crowd_member *m = &crowd->list[index];
	bool is_new = m->counter == 0;
	int64_t interval;

	if (is_new) {
		m->joined_at = world->now;
		m->next = 1;
		crowd->here++;
	}
	interval = timers_interval_of(crowd->here + world->slots).ns;
	send(world, m, is_new ? WIRE_HELLO | WIRE_ANSWER : 0);
	plan(world, AGENDA_CROWD, index, (uint64_t)interval / 2,
		(uint64_t)interval * 3 / 2);
}

void crowd_answer(struct world *world, uint32_t index)
{
	struct crowd_member *m = &world->crowd.list[index];

	m->is_answering = false;
	send(world, m, 0);
	if (!lacks(m))
		return;
	m->is_answering = true;
	plan(world, AGENDA_CROWD_ANSWER, index, 0,
		ASK_AGAIN_MS * (uint64_t)NS_PER_MS);
}

/* Takes a packet in; false when it was there. */
static bool take(struct crowd_member *m, uint64_t sequence)
{
	uint64_t at = sequence - m->next;

	m->received++;
	if (sequence < m->next || at >= HAD_MAX || (m->had >> at & 1))
		return false;
	m->had |= UINT64_C(1) << at;
	for (; m->had & 1; m->had >>= 1)
		m->next++;
	return true;
}

static void hear(
	struct world *world, uint32_t index, const struct parcel *parcel)
{
	struct crowd *crowd = &world->crowd;
	struct crowd_member *m = &crowd->list[index];
	int64_t delay = world->scenario->faults.delay_us * NS_PER_US;

	if (parcel->last > m->known)
		m->known = parcel->last;
	if (parcel->is_data && take(m, parcel->sequence) &&
		++crowd->reached[parcel->sequence] == crowd->here)
		judge_reached(
			&world->judge, 0, parcel->sequence, world->now + delay);
	if (m->is_answering || m->known == 0)
		return;
	m->is_answering = true;
	if (lacks(m))
		plan(world, AGENDA_CROWD_ANSWER, index, 0,
			ASK_MS * (uint64_t)NS_PER_MS);
	else
		plan(world, AGENDA_CROWD_ANSWER, index,
			CONFIRM_MS * (uint64_t)NS_PER_MS / 4,
			CONFIRM_MS * (uint64_t)NS_PER_MS);
}

void crowd_hear(struct world *world, const struct parcel *parcel)
{
	if (parcel->origin != 0)
		return;
	for (uint32_t i = 0; i < world->crowd.count; i++)
		if (world->crowd.list[i].counter > 0 &&
			!dice_chance(
				&world->dice, world->scenario->faults.loss_ppm))
			hear(world, i, parcel);
}
