/* SPDX-License-Identifier: ISC */
/*
 * libFuzzer target: the input is a program for one engine and a peer: time
 * passes, packets come in raw, forged or as the peer made them but spoiled, the
 * user says something, takes another nick, leaves.  Whatever happens, both
 * drain in bounded time, deadlines move on, events are well-formed and memory
 * is bounded.
 */
#include "mchat/protocol/engine.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/protocol/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Steps of one program, and what one drain may give. */
#define STEPS_MAX   400
#define PACKETS_MAX 20000
#define EVENTS_MAX  500000

/* What an engine may hold after so few packets. */
#define MEMORY_MAX ((size_t)16 * 1024 * 1024)

#define ID   1
#define PEER 2

enum op {
	OP_STEP,   /* time passes */
	OP_RAW,    /* a packet of any bytes */
	OP_FORGED, /* a STATE of any numbers */
	OP_DATA,   /* a DATA of any numbers */
	OP_PEER,   /* the peer says something */
	OP_SPOIL,  /* its next packet arrives spoiled */
	OP_LOSE,   /* its next packet, or ours, goes lost */
	OP_SAY,
	OP_NICK,
	OP_LEAVE,
	OP_IDLE, /* time passes from deadline to deadline */
	OP_COUNT,
};

struct fuzz {
	struct reader input;
	struct engine *engine;
	struct engine *peer;
	struct instant now;
	unsigned losing;    /* packets to lose */
	unsigned spoiling;  /* packets to spoil */
	uint16_t spoil_at;  /* where */
	uint8_t spoil_with; /* and with what */
	uint64_t touched;   /* keeps the reading of bytes from going away */
};

static void check(bool condition)
{
	if (!condition)
		abort();
}

/* ---- what comes out ---- */

static void touch(struct fuzz *fuzz, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < size; i++)
		fuzz->touched += at[i];
}

static void check_event(struct fuzz *fuzz, const struct event *event)
{
	check(event->member.id != 0);
	check(event->member.nick_size <= WIRE_NICK_MAX);
	touch(fuzz, event->member.nick, event->member.nick_size);
	switch (event->kind) {
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		check(event->message.size <= ENGINE_MESSAGE_MAX);
		check(event->message.sequence > 0);
		/* All of a large one each time would only be slow. */
		if (event->message.size < 2048 || fuzz->touched % 64 == 0)
			touch(fuzz, event->message.text, event->message.size);
		fuzz->touched++;
		break;
	case EVENT_LOST:
		check(event->lost.count > 0);
		touch(fuzz, event->lost.why, strlen(event->lost.why) + 1);
		break;
	case EVENT_NICK:
		check(event->nick.old_nick_size <= WIRE_NICK_MAX);
		touch(fuzz, event->nick.old_nick, event->nick.old_nick_size);
		break;
	case EVENT_JOIN:
	case EVENT_LEAVE:
		break;
	case EVENT_PLAIN:
	case EVENT_STATS:
		abort(); /* no engine makes them */
	}
}

static void drain_events(struct fuzz *fuzz, struct engine *engine)
{
	struct event event;
	unsigned count = 0;

	while (engine_next_event(engine, &event)) {
		check(++count < EVENTS_MAX);
		check_event(fuzz, &event);
	}
}

/* What an engine sends must be valid; it reaches the other one, maybe. */
static void pass_on(
	struct fuzz *fuzz, struct engine *to, uint8_t *packet, size_t size)
{
	uint8_t *exact;

	if (fuzz->losing > 0) {
		fuzz->losing--;
		return;
	}
	if (fuzz->spoiling > 0) {
		fuzz->spoiling--;
		packet[fuzz->spoil_at % size] ^= fuzz->spoil_with;
		size -= fuzz->spoil_at % 7 == 0 ? fuzz->spoil_at % size : 0;
	}
	exact = malloc(size);
	if (!exact)
		abort();
	memcpy(exact, packet, size);
	engine_receive(to, exact, size, 1, fuzz->now);
	free(exact);
}

static void drain_packets(
	struct fuzz *fuzz, struct engine *engine, struct engine *to)
{
	unsigned count = 0;
	size_t size;

	for (;;) {
		uint8_t *packet = malloc(WIRE_PACKET_MAX);

		if (!packet)
			abort();
		size = engine_next_packet(engine, packet, fuzz->now);
		check(size <= WIRE_PACKET_MAX && ++count < PACKETS_MAX);
		if (size > 0)
			pass_on(fuzz, to, packet, size);
		free(packet);
		if (size == 0)
			return;
	}
}

/* What an engine tells of itself holds together. */
static void look(struct fuzz *fuzz, const struct engine *engine)
{
	struct engine_member member;
	struct engine_hearing hearing;
	size_t hears_us = 0;
	size_t here = 0;

	for (; engine_member_at(engine, here, &member); here++) {
		size_t hears = 0;

		check(member.id != 0 && member.nick_size <= WIRE_NICK_MAX);
		touch(fuzz, member.nick, member.nick_size);
		hears_us += member.hears_us;
		for (; engine_hearing_at(engine, member.id, hears, &hearing);
			hears++)
			touch(fuzz, hearing.nick, hearing.nick_size);
		check(hears == member.hears);
	}
	check(engine_member_count(engine) == hears_us);
	check(engine_confirmed(engine) <= engine_said_last(engine));
	check(!engine_is_confirmed(engine) ||
		engine_confirmed(engine) == engine_said_last(engine));
}

static void drain(struct fuzz *fuzz)
{
	/* Answers to answers: some rounds are enough, the rest waits. */
	for (int round = 0; round < 3; round++) {
		drain_packets(fuzz, fuzz->engine, fuzz->peer);
		drain_events(fuzz, fuzz->engine);
		drain_packets(fuzz, fuzz->peer, fuzz->engine);
		drain_events(fuzz, fuzz->peer);
	}
	drain_events(fuzz, fuzz->engine);
	look(fuzz, fuzz->engine);
}

/* ---- what goes in ---- */

/* A number that is small, or near something, or anything. */
static uint64_t any_number(struct reader *input)
{
	uint8_t kind = reader_u8(input);

	switch (kind % 4) {
	case 0:
		return kind / 4;
	case 1:
		return reader_u16(input);
	case 2:
		return WIRE_SEQUENCE_MAX - kind / 4;
	default:
		return reader_u64(input);
	}
}

static void raw(struct fuzz *fuzz)
{
	size_t size = reader_u16(&fuzz->input) % (WIRE_PACKET_MAX + 2);
	const uint8_t *bytes;
	uint8_t *exact;

	if (size > reader_left(&fuzz->input))
		size = reader_left(&fuzz->input);
	bytes = reader_bytes(&fuzz->input, size);
	exact = malloc(size > 0 ? size : 1);
	if (!exact)
		abort();
	if (size > 0)
		memcpy(exact, bytes, size);
	engine_receive(fuzz->engine, exact, size, -1, fuzz->now);
	free(exact);
}

/* Of the peer, of one of few strangers, or of ourselves. */
static struct wire_header any_header(struct reader *input, enum wire_type type)
{
	return (struct wire_header){
		.type = type,
		.flags = reader_u8(input),
		.member = 1 + reader_u8(input) % 8,
	};
}

static void receive_written(struct fuzz *fuzz, const struct writer *writer)
{
	size_t size = writer_size(writer);
	uint8_t *exact;

	if (writer->failed)
		return;
	exact = malloc(size);
	if (!exact)
		abort();
	memcpy(exact, writer->start, size);
	engine_receive(fuzz->engine, exact, size, 0, fuzz->now);
	free(exact);
}

static void forged(struct fuzz *fuzz)
{
	struct reader *input = &fuzz->input;
	struct wire_header header = any_header(input, WIRE_STATE);
	struct wire_state state = {
		.counter = any_number(input),
		.nick = "eve",
		.nick_size = reader_u8(input) % 4,
	};
	unsigned reports = reader_u8(input) % 4;
	uint8_t bytes[WIRE_PACKET_MAX];
	struct writer writer;
	uint8_t *count;

	state.first = any_number(input);
	state.last = any_number(input);
	state.messages = any_number(input);
	writer_init(&writer, bytes, sizeof(bytes));
	wire_header_encode(&writer, &header);
	count = wire_state_encode(&writer, &state);
	while (count && reports-- > 0) {
		struct wire_report report = {.origin = reader_u8(input) % 8};

		report.next = any_number(input);
		report.known = any_number(input);
		report.received = reader_u32(input);
		report.gap_count = reader_u8(input) % 3;
		for (unsigned i = 0; i < report.gap_count; i++) {
			report.gaps[i].first = report.next + reader_u8(input);
			report.gaps[i].count = any_number(input);
		}
		wire_report_encode(&writer, count, &report);
	}
	receive_written(fuzz, &writer);
}

static void data(struct fuzz *fuzz)
{
	static const uint8_t text[1024];
	struct reader *input = &fuzz->input;
	struct wire_header header = any_header(input, WIRE_DATA);
	unsigned records = reader_u8(input) % 8;
	uint8_t bytes[WIRE_PACKET_MAX];
	struct writer writer;
	uint64_t sequence = any_number(input);

	writer_init(&writer, bytes, sizeof(bytes));
	wire_header_encode(&writer, &header);
	wire_data_encode(&writer, sequence, any_number(input),
		(struct wall_time){(int64_t)any_number(input)});
	while (records-- > 0) {
		uint8_t kind = reader_u8(input);
		uint8_t piece[1024];
		size_t size = any_number(input) % sizeof(piece);

		memcpy(piece, text, sizeof(piece));
		piece[0] = kind / 8;
		if (!writer.failed && writer_left(&writer) > size + 3)
			wire_record_encode(&writer,
				(enum wire_record_type)(kind % 8), piece, size);
	}
	receive_written(fuzz, &writer);
}

static void say(struct fuzz *fuzz, struct engine *engine)
{
	static char text[ENGINE_MESSAGE_MAX + 1];
	unsigned times = 1 + reader_u8(&fuzz->input) % 16;
	uint16_t size = reader_u16(&fuzz->input);
	size_t scale = size % 16 == 0 ? 17 : 1;

	while (times-- > 0)
		engine_say(engine, size % 2, text,
			(size_t)size / 16 * scale % sizeof(text),
			(struct wall_time){size}, fuzz->now);
}

static void nick(struct fuzz *fuzz)
{
	char text[41];
	size_t size = reader_u8(&fuzz->input) % sizeof(text);

	memset(text, 'n', sizeof(text));
	text[size] = '\0';
	engine_set_nick(fuzz->engine, text);
}

/* ---- time ---- */

static void tick(struct fuzz *fuzz)
{
	engine_tick(fuzz->engine, fuzz->now);
	engine_tick(fuzz->peer, fuzz->now);
	drain(fuzz);
}

/* From one deadline to the next: they may not stand still. */
static void idle(struct fuzz *fuzz)
{
	unsigned times = reader_u8(&fuzz->input) % 64;
	unsigned spins = 0;

	while (times-- > 0) {
		struct instant next = engine_deadline(fuzz->engine);

		/* After leaving nothing is due any more. */
		if (instant_is_never(next))
			return;
		spins = instant_before(fuzz->now, next) ? 0 : spins + 1;
		/* Twice at one time may be; a loop may not. */
		check(spins < 20);
		if (instant_before(fuzz->now, next))
			fuzz->now = next;
		tick(fuzz);
	}
}

static void step(struct fuzz *fuzz)
{
	uint16_t amount = reader_u16(&fuzz->input);
	struct duration passed = {(int64_t)(amount / 4) * NS_PER_US};

	/* Up to 16 ms, 16 s, 160 s. */
	if (amount % 4 == 1)
		passed.ns *= 1000;
	if (amount % 4 == 2)
		passed.ns *= 10000;
	fuzz->now = instant_after(fuzz->now, passed);
	tick(fuzz);
}

static void run_op(struct fuzz *fuzz)
{
	switch ((enum op)(reader_u8(&fuzz->input) % OP_COUNT)) {
	case OP_STEP:
		step(fuzz);
		break;
	case OP_RAW:
		raw(fuzz);
		break;
	case OP_FORGED:
		forged(fuzz);
		break;
	case OP_DATA:
		data(fuzz);
		break;
	case OP_PEER:
		say(fuzz, fuzz->peer);
		break;
	case OP_SPOIL:
		fuzz->spoiling = 1 + reader_u8(&fuzz->input) % 4;
		fuzz->spoil_at = reader_u16(&fuzz->input);
		fuzz->spoil_with = reader_u8(&fuzz->input);
		break;
	case OP_LOSE:
		fuzz->losing = reader_u8(&fuzz->input) % 32;
		break;
	case OP_SAY:
		say(fuzz, fuzz->engine);
		break;
	case OP_NICK:
		nick(fuzz);
		break;
	case OP_LEAVE:
		engine_leave(fuzz->engine, fuzz->now);
		break;
	case OP_IDLE:
		idle(fuzz);
		break;
	case OP_COUNT:
		break;
	}
	drain(fuzz);
}

static struct engine *start(uint64_t id, uint8_t flags, struct instant now)
{
	struct engine_config config = {
		.id = id,
		.seed = flags,
		.nick = "ann",
		.packet_size = flags % 2 ? 1200 : 512,
		.history = flags / 2 % 32,
	};
	struct engine *engine = engine_new(&config, now);

	check(engine != NULL);
	return engine;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct fuzz fuzz = {.now = {NS_PER_S}};
	struct engine_counts counts;
	uint8_t flags;

	reader_init(&fuzz.input, bytes, size);
	flags = reader_u8(&fuzz.input);
	fuzz.engine = start(ID, flags, fuzz.now);
	fuzz.peer = start(PEER, (uint8_t)~flags, fuzz.now);
	drain(&fuzz);
	for (int i = 0; i < STEPS_MAX && reader_left(&fuzz.input) > 0; i++)
		run_op(&fuzz);
	engine_count(fuzz.engine, &counts);
	check(counts.memory < MEMORY_MAX);
	engine_free(fuzz.engine);
	engine_free(fuzz.peer);
	return 0;
}
