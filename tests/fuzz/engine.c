/* SPDX-License-Identifier: ISC */
/*
 * libFuzzer target: the input is a program for one engine and a peer: time
 * passes, packets come in raw, forged or as the peer made them but spoiled, the
 * user says something, takes another nick, leaves.  Whatever happens, both
 * drain in bounded time, deadlines move on, events are well-formed and memory
 * is bounded.
 *
 * Many small programs find more than few large ones: what one may cost is
 * bounded by a budget, not only by its length.
 */
#include "mchat/protocol/engine.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "forge.h"
#include "mchat/base/cursor.h"
#include "mchat/protocol/coder.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Steps of one program; packets and wakes that it may cost before no other step
 * is taken; bytes that are said in it, which are enough to fill a window. */
#define STEPS_MAX 64
#define WORK_MAX  120
#define SAY_MAX   ((size_t)640 * 1024)

/* What one drain may give. */
#define PACKETS_MAX 4000
#define EVENTS_MAX  100000

/* What an engine may hold after so few packets. */
#define MEMORY_MAX ((size_t)4 * 1024 * 1024)

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
	OP_GREET,
	OP_SIZE,  /* of packets from here on */
	OP_CODE,  /* a combination of any bytes */
	OP_TRUE,  /* or of the peer's packets, perhaps spoiled */
	OP_ITEMS, /* a STATE with any items */
	OP_COUNT,
};

/* Bytes from this one on are of operations from OP_CODE on. */
#define OP_LATER 0xf0

struct fuzz {
	struct reader input;
	struct engine *engine;
	struct engine *peer;
	struct instant now;
	unsigned work;      /* packets and wakes so far */
	size_t said;        /* bytes so far */
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

/* Reads all of it: in one call, which AddressSanitizer checks as a whole. */
static void touch(struct fuzz *fuzz, const void *bytes, size_t size)
{
	static uint8_t copy[ENGINE_MESSAGE_MAX];

	if (size == 0)
		return;
	memcpy(copy, bytes, size);
	fuzz->touched += copy[size / 2];
}

static void check_event(struct fuzz *fuzz, const struct event *event)
{
	check(event->member.id != 0 || event->kind == EVENT_FULL);
	check(event->member.nick_size <= WIRE_NICK_MAX);
	touch(fuzz, event->member.nick, event->member.nick_size);
	switch (event->kind) {
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		check(event->message.size <= ENGINE_MESSAGE_MAX);
		check(event->message.sequence > 0);
		touch(fuzz, event->message.text, event->message.size);
		break;
	case EVENT_LOST:
		check(event->lost.count > 0 || event->lost.is_before);
		touch(fuzz, event->lost.why, strlen(event->lost.why) + 1);
		break;
	case EVENT_NICK:
		check(event->nick.old_nick_size <= WIRE_NICK_MAX);
		touch(fuzz, event->nick.old_nick, event->nick.old_nick_size);
		break;
	case EVENT_JOIN:
	case EVENT_LEAVE:
	case EVENT_FULL:
	case EVENT_PATH_MTU:
		break;
	case EVENT_PLAIN:
	case EVENT_STATS:
	case EVENT_PEER:
	case EVENT_PRIVATE:
	case EVENT_OUTSIDE:
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

/* A copy that nothing follows: AddressSanitizer sees each read behind it. */
static const void *at_end(const void *bytes, size_t size)
{
	static uint8_t room[WIRE_PACKET_MAX + 1];
	uint8_t *at = room + sizeof(room) - size;

	if (size > 0)
		memcpy(at, bytes, size);
	return at;
}

/* What an engine sends reaches the other one, maybe. */
static void pass_on(
	struct fuzz *fuzz, struct engine *to, uint8_t *packet, size_t size)
{
	if (fuzz->losing > 0) {
		fuzz->losing--;
		return;
	}
	if (fuzz->spoiling > 0) {
		fuzz->spoiling--;
		packet[fuzz->spoil_at % size] ^= fuzz->spoil_with;
		size -= fuzz->spoil_at % 7 == 0 ? fuzz->spoil_at % size : 0;
	}
	engine_receive(to, at_end(packet, size), size, 1, fuzz->now);
}

/* Returns how many there were. */
static unsigned drain_packets(
	struct fuzz *fuzz, struct engine *engine, struct engine *to)
{
	uint8_t packet[WIRE_PACKET_MAX];
	unsigned count = 0;
	size_t size;

	while ((size = engine_next_packet(engine, packet, fuzz->now)) > 0) {
		struct engine_reason reason = engine_packet_reason(engine);

		check(size <= WIRE_PACKET_MAX && ++count < PACKETS_MAX);
		check(reason.why <= ENGINE_PRESENCE);
		pass_on(fuzz, to, packet, size);
	}
	fuzz->work += count;
	return count;
}

/* What an engine tells of itself holds together. */
static void look(struct fuzz *fuzz, const struct engine *engine)
{
	struct engine_member member;
	struct engine_peer_report report;
	size_t hears_us = 0;
	size_t here = 0;
	bool is_lacking = false;

	for (; engine_member_at(engine, here, &member); here++) {
		size_t hears = 0;
		struct engine_member found;

		check(engine_member_find(engine, member.id, &found));
		check(found.nick == member.nick && found.lost == member.lost);
		check(member.id != 0 && member.nick_size <= WIRE_NICK_MAX);
		touch(fuzz, member.nick, member.nick_size);
		hears_us += member.hears_us;
		is_lacking = is_lacking || member.lacks > 0;
		for (; engine_peer_report_at(engine, member.id, hears, &report);
			hears++)
			touch(fuzz, report.author.nick,
				report.author.nick_size);
		check(hears == member.hears);
	}
	check(engine_member_count(engine) == hears_us);
	check(!engine_is_confirmed(engine) || !is_lacking);
	check(engine_confirmer_count(engine) <= fuzz->work + 1);
	check(engine_confirmed(engine) <= engine_said_last(engine));
	check(!engine_is_confirmed(engine) ||
		engine_confirmed(engine) == engine_said_last(engine));
}

static void drain(struct fuzz *fuzz)
{
	unsigned count;

	/* Answers to answers: some rounds are enough, the rest waits. */
	for (int round = 0; round < 3; round++) {
		count = drain_packets(fuzz, fuzz->engine, fuzz->peer);
		count += drain_packets(fuzz, fuzz->peer, fuzz->engine);
		drain_events(fuzz, fuzz->engine);
		drain_events(fuzz, fuzz->peer);
		if (count == 0)
			break;
	}
	look(fuzz, fuzz->engine);
}

/* ---- what goes in ---- */

static void receive(
	struct fuzz *fuzz, const void *bytes, size_t size, int hop_limit)
{
	engine_receive(
		fuzz->engine, at_end(bytes, size), size, hop_limit, fuzz->now);
	fuzz->work++;
}

static void raw(struct fuzz *fuzz)
{
	size_t size = reader_u16(&fuzz->input) % (WIRE_PACKET_MAX + 2);

	if (size > reader_left(&fuzz->input))
		size = reader_left(&fuzz->input);
	receive(fuzz, reader_bytes(&fuzz->input, size), size, -1);
}

static void forged(
	struct fuzz *fuzz, size_t (*make)(struct reader *, uint64_t, uint8_t *))
{
	/* Of the peer, of one of few strangers, or of ourselves. */
	uint64_t member = 1 + reader_u8(&fuzz->input) % 8;
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size = make(&fuzz->input, member, packet);

	if (size > 0)
		receive(fuzz, packet, size, 0);
}

/* A combination of a block of the peer's that is not far back. */
static void combine(struct fuzz *fuzz)
{
	const struct send_window *s = &fuzz->peer->send_window;
	static struct coder_made made;
	struct coder_order order = {
		.store = &s->store,
		.header = {.type = WIRE_CODE, .member = PEER},
		.most = WIRE_PACKET_MAX,
	};
	uint8_t packet[WIRE_PACKET_MAX];
	uint64_t back = reader_u8(&fuzz->input);
	uint8_t spoil = reader_u8(&fuzz->input);
	size_t size;

	order.header.index = reader_u8(&fuzz->input) % WIRE_CODE_OF_OTHERS;
	if (s->unsent <= 1 + back)
		return;
	order.last = s->unsent - 1 - back;
	/* Each run has a peer of its own. */
	made.last = 0;
	size = coder_make(&made, &order, packet);
	if (size == 0)
		return;
	if (spoil % 4 == 0)
		packet[spoil % size] ^= spoil;
	receive(fuzz, packet, size, 0);
}

static void say(struct fuzz *fuzz, struct engine *engine)
{
	static char text[ENGINE_MESSAGE_MAX + 1];
	unsigned times = 1 + reader_u8(&fuzz->input) % 16;
	uint16_t number = reader_u16(&fuzz->input);
	/* Most are short; the largest are a byte too long. */
	size_t size = number % 16 ? number / 64
				  : (size_t)number / 16 * 17 % sizeof(text);

	for (; times > 0 && fuzz->said < SAY_MAX; times--) {
		struct wall_time wall = {number};

		engine_say(engine, number % 2, text, size, wall, fuzz->now);
		fuzz->said += size + 1;
	}
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
	fuzz->work++;
	drain(fuzz);
}

/* From one deadline to the next: they may not stand still. */
static void idle(struct fuzz *fuzz)
{
	unsigned times = reader_u8(&fuzz->input) % 32;
	unsigned spins = 0;

	while (times-- > 0 && fuzz->work < WORK_MAX) {
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

/* The first byte of a step.  Those of old programs mean what they did. */
static enum op next_op(struct fuzz *fuzz)
{
	uint8_t byte = reader_u8(&fuzz->input);

	return (enum op)(byte < OP_LATER
				 ? byte % OP_CODE
				 : OP_CODE + byte % (OP_COUNT - OP_CODE));
}

static void run_op(struct fuzz *fuzz)
{
	switch (next_op(fuzz)) {
	case OP_STEP:
		step(fuzz);
		break;
	case OP_RAW:
		raw(fuzz);
		break;
	case OP_FORGED:
		forged(fuzz, forge_state);
		break;
	case OP_DATA:
		forged(fuzz, forge_data);
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
	case OP_GREET:
		engine_greet(fuzz->engine, fuzz->now);
		break;
	case OP_SIZE:
		engine_set_packet_size(fuzz->engine,
			reader_u16(&fuzz->input) % (WIRE_USUAL_MAX + 1),
			reader_u16(&fuzz->input) % (WIRE_PACKET_MAX + 1),
			fuzz->now);
		engine_set_hop_limit(fuzz->engine, reader_u8(&fuzz->input));
		break;
	case OP_CODE:
		forged(fuzz, forge_code);
		break;
	case OP_TRUE:
		combine(fuzz);
		break;
	case OP_ITEMS:
		forged(fuzz, forge_items);
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
	for (int i = 0; i < STEPS_MAX && reader_left(&fuzz.input) > 0 &&
			fuzz.work < WORK_MAX;
		i++)
		run_op(&fuzz);
	engine_count(fuzz.engine, &counts);
	check(counts.memory < MEMORY_MAX);
	engine_free(fuzz.engine);
	engine_free(fuzz.peer);
	return 0;
}
