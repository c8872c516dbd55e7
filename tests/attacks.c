/* SPDX-License-Identifier: ISC */
#include "attacks.h"

#include <string.h>

#include "mchat/protocol/ack.h"
#include "mchat/protocol/coding.h"
#include "mchat/protocol/packet_store.h"
#include "mchat/protocol/receive_window.h"
#include "mchat/protocol/record.h"

/* Packets that a message of the largest size takes. */
#define LONG_PACKETS 47

/* The bytes in a full record, and in a tiny one. */
#define FULL 1380
#define TINY 1

/* Blocks that one item can speak of, more than members send. */
#define LACKS 127

/* How many lies there are, of each kind. */
#define LIES_OF_SELF   6
#define LIES_OF_OTHERS 6

static uint64_t mix(uint64_t value)
{
	value += UINT64_C(0x9E3779B97F4A7C15);
	value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
	return value ^ value >> 31;
}

static uint64_t below(struct attack *attack, uint64_t bound)
{
	return mix(attack->state++) % bound;
}

static uint64_t fake_id(const struct attack *attack, uint64_t number)
{
	return mix(attack->salt + number) | 1;
}

/* ---- packets ---- */

struct packet_out {
	struct writer writer;
	uint8_t *count;      /* of reports */
	uint64_t fake;       /* the fake that sends */
	uint64_t round;      /* how often it did so before */
	struct wire_age age; /* its own */
	uint8_t *bytes;
};

static struct wire_state plain_state(
	const struct attack *attack, const struct packet_out *out)
{
	return (struct wire_state){
		.counter = attack->turn + 1,
		.age = out->age,
		.hop_limit = 1,
		.nick = "fake",
		.nick_size = 4,
		.first = 1,
	};
}

static void begin_state(const struct attack *attack, struct packet_out *out,
	uint8_t flags, const struct wire_state *state)
{
	struct wire_header header = {
		.type = WIRE_STATE,
		.flags = flags,
		.member = fake_id(attack, out->fake),
	};

	wire_header_encode(&out->writer, &header);
	out->count = wire_state_encode(&out->writer, state);
}

static void put_plain_state(
	const struct attack *attack, struct packet_out *out, uint8_t flags)
{
	struct wire_state state = plain_state(attack, out);

	begin_state(attack, out, flags, &state);
}

static void put_data(const struct attack *attack, struct packet_out *out,
	uint64_t sequence, uint64_t message, uint8_t part, size_t size)
{
	uint8_t bytes[FULL + 1] = {part};
	struct wire_header header = {
		.type = WIRE_DATA,
		.member = fake_id(attack, out->fake),
	};

	wire_header_encode(&out->writer, &header);
	wire_data_encode(
		&out->writer, sequence, message, (struct wall_time){0});
	wire_data_stamp(out->bytes, out->age);
	if (part != 0)
		record_encode(&out->writer, RECORD_PART, bytes, size + 1);
	else
		record_encode(&out->writer, RECORD_LINE, bytes + 1, size);
}

/* A report that the fake has all packets of the target before `next`. */
static struct wire_report report_on(
	const struct attack_target *target, uint64_t next)
{
	return (struct wire_report){
		.origin = target->id,
		.next = next,
		.known = target->last,
		.received = (uint32_t)next,
	};
}

static void put_report(struct packet_out *out, const struct wire_report *report)
{
	(void)wire_report_encode(&out->writer, out->count, report);
}

/* Asks for all of it. */
static void put_ask(struct packet_out *out, const struct attack_target *target)
{
	struct wire_report report = report_on(target, 1);

	if (target->last == 0)
		return;
	report.gaps[report.gap_count++] = (struct wire_gap){1, target->last};
	put_report(out, &report);
}

/* ---- strategies ---- */

static void fill(struct attack *attack, struct packet_out *out)
{
	put_plain_state(
		attack, out, out->round == 0 ? WIRE_HELLO | WIRE_ANSWER : 0);
	if (attack->kind != ATTACK_FILL_CONFIRM)
		return;
	for (size_t i = 0; i < attack->target_count; i++) {
		const struct attack_target *target = &attack->targets[i];
		struct wire_report report = report_on(target, target->last + 1);

		put_report(out, &report);
	}
}

static void leave_gaps(struct attack *attack, struct packet_out *out)
{
	/* Number 2 never comes. */
	uint64_t sequence = out->round == 0 ? 1 : out->round + 2;

	put_data(attack, out, sequence, sequence, 0, FULL);
}

static void leave_unfinished(struct attack *attack, struct packet_out *out)
{
	uint64_t turn = attack->turn;
	uint64_t piece = turn % LONG_PACKETS;

	out->fake = turn / LONG_PACKETS % attack->fakes;
	out->round = turn / LONG_PACKETS / attack->fakes;
	put_data(attack, out, out->round * LONG_PACKETS + piece + 1,
		out->round + 1, piece == 0 ? RECORD_PART_FIRST : 0x80, FULL);
}

static void take_slots(struct attack *attack, struct packet_out *out)
{
	uint64_t sequence =
		out->round == 0 ? 1 : RECEIVE_WINDOW_PACKETS - 2 + out->round;

	put_data(attack, out, sequence, sequence, 0, TINY);
}

static void repeat_origins(struct attack *attack, struct packet_out *out)
{
	size_t count = attack->target_count;

	put_plain_state(attack, out, 0);
	for (size_t i = 0; i < WIRE_REPORTS_MAX && count > 0; i++) {
		struct attack_target target = attack->targets[i % count];

		/* Every other time each target is reported on only once. */
		if (attack->turn % 2 == 0 && i >= count)
			target.id = fake_id(attack, i);
		put_ask(out, &target);
	}
}

static void lie_of_self(struct attack *attack, struct packet_out *out)
{
	struct wire_state state = plain_state(attack, out);
	uint64_t said = 1 + out->round / 2;
	uint64_t lie = (out->fake + out->round / 8) % LIES_OF_SELF;

	if (out->round % 2 == 0) {
		put_data(attack, out, said, said, 0, TINY);
		return;
	}
	state.last = state.messages = said;
	if (lie == 0)
		state.last = state.messages = 0;
	else if (lie == 1)
		state.last = said + (UINT64_C(1) << below(attack, 34));
	else if (lie == 2)
		state.messages = said + below(attack, 1000000);
	else if (lie == 3)
		state.age.age = duration_ms((int64_t)below(attack, 1 << 30));
	else if (lie == 4)
		state.first = state.last + 1;
	else
		state.age.age = duration_ms(0);
	begin_state(
		attack, out, lie == 5 && said % 64 == 0 ? WIRE_BYE : 0, &state);
}

static void lie_of_others(struct attack *attack, struct packet_out *out)
{
	uint64_t lie = (out->fake + out->round / 8) % LIES_OF_OTHERS;

	put_plain_state(attack, out, WIRE_ANSWER);
	for (size_t i = 0; i < attack->target_count; i++) {
		const struct attack_target *target = &attack->targets[i];
		struct wire_report report = report_on(target, 1);

		report.age.age = out->age.age;
		report.flags = WIRE_REPORT_COUNTED;
		report.messages = report.known;
		if (lie == 0)
			report.known += 1 + below(attack, 1 << 20);
		else if (lie == 1)
			report.next = target->last + 2 + below(attack, 1000);
		else if (lie == 2)
			report.received = (uint32_t)below(attack, UINT32_MAX);
		else if (lie == 3)
			report.age.age =
				duration_ms((int64_t)below(attack, 1 << 30));
		else if (lie == 4)
			report.messages += below(attack, 1000);
		else
			report.flags |= WIRE_REPORT_OWED | WIRE_REPORT_COUNTS;
		report.owed = 1 + below(attack, 2 * target->last + 2);
		report.next = report.next <= report.known + 1 || lie == 1
				      ? report.next
				      : report.known + 1;
		put_report(out, &report);
	}
}

static void drip(struct attack *attack, struct packet_out *out)
{
	int64_t ms = out->age.age.ns / NS_PER_MS;
	/* A quarter more than the floor, since STATEs come only at times. */
	int64_t floor = ms * (ACK_FLOOR + ACK_FLOOR / 4) / ACK_STALL_MS;
	uint64_t next =
		1 + (uint64_t)(attack->kind == ATTACK_DRIP ? ms / 2000 : floor);

	put_plain_state(attack, out, 0);
	for (size_t i = 0; i < attack->target_count; i++) {
		const struct attack_target *target = &attack->targets[i];
		struct wire_report report = report_on(target, next);

		if (next > target->last)
			report.next = target->last + 1;
		put_report(out, &report);
	}
}

static void ask(struct attack *attack, struct packet_out *out)
{
	put_plain_state(attack, out, 0);
	for (size_t i = 0; i < attack->target_count; i++)
		put_ask(out, &attack->targets[i]);
}

/* Claims to have ever more of the first target, and asks for all of the others.
 */
static void ask_and_claim(struct attack *attack, struct packet_out *out)
{
	put_plain_state(attack, out, 0);
	if (attack->target_count > 0) {
		struct wire_report report = {
			.origin = attack->targets[0].id,
			.next = 1 + out->round * PACKET_STORE_SPAN,
			.known = 1 + out->round * PACKET_STORE_SPAN,
		};

		put_report(out, &report);
	}
	for (size_t i = 1; i < attack->target_count; i++)
		put_ask(out, &attack->targets[i]);
}

static void change_ids(struct attack *attack, struct packet_out *out)
{
	out->fake = attack->turn;
	if (attack->turn % 2 == 0)
		put_plain_state(attack, out, WIRE_HELLO | WIRE_ANSWER);
	else
		put_data(attack, out, 1, 1, 0, TINY);
}

/* The last packet that a false combination claims to be of. */
static uint64_t false_last(struct attack *attack, uint64_t last)
{
	switch (below(attack, 8)) {
	case 0:
		return 1 + below(attack, last + 1);
	case 1:
		return last + 1 +
		       below(attack, (uint64_t)2 * PACKET_STORE_SPAN);
	case 2:
		return WIRE_SEQUENCE_MAX - below(attack, 1000);
	case 3:
		return last + CODING_BLOCK;
	default: /* The block that is being sent, and all of it. */
		return coding_block_first(last + 1) + CODING_BLOCK - 1;
	}
}

static void put_false_code(struct attack *attack, struct packet_out *out)
{
	struct attack_target target = {.id = fake_id(attack, out->fake)};
	size_t size =
		WIRE_CODE_EXTRA +
		(size_t)below(attack, WIRE_CODE_SUM_MAX - WIRE_CODE_EXTRA);
	struct wire_header header = {.type = WIRE_CODE};

	if (attack->target_count > 0 && below(attack, 16) > 0)
		target = attack->targets[below(attack, attack->target_count)];
	header.member = target.id;
	/* Now and then the same one again. */
	header.index = (uint8_t)(attack->turn / 2 % WIRE_CODE_OF_OTHERS);
	wire_header_encode(&out->writer, &header);
	wire_code_encode(&out->writer, false_last(attack, target.last));
	while (size-- > 0)
		writer_u8(&out->writer, (uint8_t)below(attack, 256));
}

static void lack_all(struct attack *attack, struct packet_out *out)
{
	struct wire_lack lacks[LACKS];
	uint8_t count = 0;

	for (unsigned i = 0; i < LACKS; i++)
		lacks[i] = (struct wire_lack){UINT8_MAX, 0};
	put_plain_state(attack, out, 0);
	for (size_t i = 0; i < attack->target_count; i++) {
		const struct attack_target *target = &attack->targets[i];
		struct wire_report report = report_on(target, 1);

		if (target->last == 0)
			continue;
		/* Of what is still kept. */
		if (target->last > PACKET_STORE_KEPT)
			report.next = target->last - PACKET_STORE_KEPT;
		put_report(out, &report);
		count++;
	}
	for (uint8_t i = 0; i < count && i < WIRE_LACKS_MAX; i++)
		wire_lacks_encode(&out->writer, i, lacks, LACKS);
}

static const struct {
	const char *name;
	void (*make)(struct attack *attack, struct packet_out *out);
} strategies[] = {
	[ATTACK_FILL] = {"fill", fill},
	[ATTACK_FILL_CONFIRM] = {"fill-confirm", fill},
	[ATTACK_GAPS] = {"gaps", leave_gaps},
	[ATTACK_UNFINISHED] = {"unfinished", leave_unfinished},
	[ATTACK_SLOTS] = {"slots", take_slots},
	[ATTACK_REPEAT] = {"repeat", repeat_origins},
	[ATTACK_LIE_OF_SELF] = {"lie-of-self", lie_of_self},
	[ATTACK_LIE_OF_OTHERS] = {"lie-of-others", lie_of_others},
	[ATTACK_DRIP] = {"drip", drip},
	[ATTACK_DRIP_FLOOR] = {"drip-floor", drip},
	[ATTACK_ASK] = {"ask", ask},
	[ATTACK_ASK_CLAIM] = {"ask-claim", ask_and_claim},
	[ATTACK_IDS] = {"ids", change_ids},
	[ATTACK_CODE] = {"code", put_false_code},
	[ATTACK_LACKS] = {"lacks", lack_all},
};

enum attack_kind attack_find(const char *name)
{
	size_t count = sizeof(strategies) / sizeof(*strategies);

	for (size_t i = ATTACK_NONE + 1; i < count; i++)
		if (strcmp(strategies[i].name, name) == 0)
			return (enum attack_kind)i;
	return ATTACK_NONE;
}

void attack_init(struct attack *attack, enum attack_kind kind, unsigned fakes,
	uint64_t seed)
{
	*attack = (struct attack){
		.kind = kind,
		.fakes = fakes > 0 ? fakes : 1,
		.state = seed,
		.salt = mix(seed),
	};
}

/* The target of this id, noted if there is room; NULL: there is none. */
static struct attack_target *find_target(struct attack *attack, uint64_t id)
{
	for (size_t i = 0; i < attack->target_count; i++)
		if (attack->targets[i].id == id)
			return &attack->targets[i];
	if (attack->target_count == ATTACK_TARGETS_MAX)
		return NULL;
	attack->targets[attack->target_count] =
		(struct attack_target){.id = id};
	return &attack->targets[attack->target_count++];
}

void attack_overhear(struct attack *attack, const uint8_t *packet, size_t size)
{
	struct attack_target *target;
	struct wire_header header;
	struct wire_state state;
	struct wire_data data;
	struct reader reader;
	uint64_t last;

	reader_init(&reader, packet, size);
	if (wire_header_decode(&reader, &header) != WIRE_OK)
		return;
	if (header.type == WIRE_DATA &&
		wire_data_decode(&reader, &data) == WIRE_OK)
		last = data.sequence;
	else if (header.type == WIRE_STATE &&
		 wire_state_decode(&reader, &state) == WIRE_OK)
		last = state.last;
	else
		return;
	target = find_target(attack, header.member);
	if (target && last > target->last)
		target->last = last;
}

size_t attack_next(
	struct attack *attack, int64_t ms, uint8_t bytes[WIRE_PACKET_MAX])
{
	struct packet_out out = {
		.fake = attack->turn % attack->fakes,
		.round = attack->turn / attack->fakes,
		.age = {duration_ms(ms), duration_ms(WIRE_QUIET_MAX_MS)},
		.bytes = bytes,
	};

	writer_init(&out.writer, bytes, WIRE_PACKET_MAX);
	strategies[attack->kind].make(attack, &out);
	attack->turn++;
	return out.writer.failed ? 0 : writer_size(&out.writer);
}
