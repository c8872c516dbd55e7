/* SPDX-License-Identifier: ISC */
/*
 * libFuzzer target: the input is a program for two members and what stands
 * between them.  The link drops, doubles, delays and reorders; a third party
 * sends both whatever it likes under ids of its own; and at last the link
 * heals.  A model knows what each has said, and holds the engines to it:
 *
 *  - what one is given of the other is in order, once, with the same bytes, and
 *    each gap in the numbers is exactly what was told as lost before it;
 *  - nothing is lost unless its author had given the other up before;
 *  - what an author takes for confirmed the other has been given;
 *  - deadlines move on, no engine babbles, memory is bounded;
 *  - on the healed link both soon have all, know it, and see one another.
 *
 * The third party never speaks under the id of one of the two, which nothing in
 * the protocol could tell from the real one; in STATEs of its own it may report
 * of them what it likes.
 *
 * One thing the model does not hold the engines to: while a member is gone,
 * what others say of it counts, for it may be true.  A third party can then
 * invent messages, which are told as lost (doubtful); what the member says when
 * it is back has to come out all the same.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forge.h"
#include "mchat/base/cursor.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Steps of one program, and the packets and wakes that it may cost before the
 * link heals. */
#define STEPS_MAX 64
#define WORK_MAX  250

/* Messages of each, bytes of one, and bytes of all before the last. */
#define MESSAGES_MAX 64
#define TEXT_MAX     ((size_t)4096)
#define SAY_MAX      ((size_t)8192)

/* Packets under way; what comes on top is lost, as in a full queue. */
#define FLIGHTS_MAX 128

/* Packets that the third party may copy: the last ones. */
#define COPIES_MAX 8

/* The two have the ids 1 and 2; the third party has some behind those. */
#define SIDES     2
#define STRANGER  3
#define STRANGERS 6

/* They meet before the link is spoiled; and have so long, once it is not any
 * more: whoever is waited for in vain costs 5 s, what nobody has 30 s, a member
 * that went silent 10 s. */
#define MEET_MS   100
#define SETTLED_S 2
#define HEAL_S    60
#define LEAVE_S   2

/* What one engine may hold: all that both said and the third party sent, and a
 * ring of 4096 slots for each author. */
#define MEMORY_MAX ((size_t)1024 * 1024)

/* Wakes in a row at which the deadline stays in the past; wakes for nothing,
 * and packets, in a virtual second. */
#define SPINS_MAX   8
#define IDLE_MAX    1000
#define PACKETS_MAX 4000

enum op {
	OP_RUN, /* time passes */
	OP_SAY,
	OP_LINK,  /* what the link does from here on */
	OP_STATE, /* the third party sends a STATE, */
	OP_DATA,  /* DATA, */
	OP_COPY,  /* or something like a packet that it heard */
	OP_NICK,
	OP_GREET,
	OP_SIZE, /* of packets from here on */
	OP_COUNT,
};

struct said {
	size_t size;
	bool is_action;
	uint64_t packet; /* it ends in */
};

/* The way to one side. */
struct link {
	uint16_t drops;  /* a bit for each of 16 packets in turn */
	uint8_t doubles; /* the same, of 8 */
	int64_t delay;
	int64_t jitter; /* on top: none, once, twice or thrice */
	unsigned count; /* packets so far */
};

struct flight {
	int64_t at;
	unsigned order; /* among those of one time */
	unsigned to;
	size_t size;
	uint8_t bytes[WIRE_PACKET_MAX];
};

struct side {
	struct engine *engine;
	struct link link;
	struct said said[MESSAGES_MAX];
	size_t said_count;
	size_t said_bytes;

	/* What it was told of the other. */
	uint64_t next;     /* number of the message that comes next, */
	uint64_t lost;     /* when none of so many are lost before it; */
	uint64_t doubtful; /* and so many by the third party's word alone */
	bool is_here;
	bool has_bye;      /* it left last because of a bye */
	bool has_given_up; /* the other was not among its members once */
	bool has_hearsay;  /* of the third party, perhaps about the other */

	unsigned spins;
	int64_t second; /* that the rest is of */
	unsigned idle;
	unsigned packets;
};

struct world {
	struct reader input;
	int64_t now;
	unsigned work;
	unsigned order;
	struct side sides[SIDES];
	size_t flight_count;
	size_t copy_count;
};

/* Large, and nothing of them is read that was not written. */
static struct flight flights[FLIGHTS_MAX];
static struct flight copies[COPIES_MAX];

static void fail(const char *what, ...) __attribute__((format(printf, 1, 2)));

static void fail(const char *what, ...)
{
	va_list arguments;

	va_start(arguments, what);
	vfprintf(stderr, what, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	abort();
}

static char letter(unsigned side)
{
	return side == 0 ? 'a' : 'b';
}

static struct instant clock_of(const struct world *world)
{
	return (struct instant){world->now};
}

/* The text of a message: another one for each number and side. */
static const char *text_of(unsigned side, uint64_t number)
{
	static char text[TEXT_MAX + (size_t)SIDES * (MESSAGES_MAX + 1)];

	if (text[0] == '\0')
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = (char)('!' + i * i * 7 % 89);
	return text + SIDES * (number - 1) + side;
}

/* ---- the model ---- */

/* Whether the side was given, or told lost, all of the other up to a message.
 */
static bool has_all(const struct side *side, uint64_t number)
{
	return side->next + side->lost + side->doubtful > number;
}

static void judge_message(
	struct world *world, unsigned to, const struct event *event)
{
	struct side *side = &world->sides[to];
	unsigned from = 1 - to;
	const struct side *author = &world->sides[from];
	uint64_t number = event->message.number;
	const struct said *said;

	if (number < side->next || number > author->said_count)
		fail("%c is given message %" PRIu64 " of %c again, late, or "
		     "never said: next is %" PRIu64 " of %zu",
			letter(to), number, letter(from), side->next,
			author->said_count);
	if (number - side->next < side->lost ||
		number - side->next > side->lost + side->doubtful)
		fail("%c is given message %" PRIu64 " of %c, next is %" PRIu64
		     ", and was told a loss of %" PRIu64,
			letter(to), number, letter(from), side->next,
			side->lost);
	said = &author->said[number - 1];
	if (event->message.size != said->size ||
		(event->kind == EVENT_ACTION) != said->is_action ||
		memcmp(event->message.text, text_of(from, number),
			said->size) != 0)
		fail("%c is given message %" PRIu64 " of %c changed",
			letter(to), number, letter(from));
	if (event->message.sequence != said->packet)
		fail("%c is given message %" PRIu64 " of %c in packet %" PRIu64
		     " instead of %" PRIu64,
			letter(to), number, letter(from),
			event->message.sequence, said->packet);
	side->next = number + 1;
	side->lost = 0;
	side->doubtful = 0;
}

static void judge_lost(
	struct world *world, unsigned to, const struct event *event)
{
	struct side *side = &world->sides[to];
	const struct side *author = &world->sides[1 - to];
	struct engine_member member;

	if (side->has_hearsay &&
		!engine_member_find(side->engine, 2 - to, &member)) {
		side->doubtful += event->lost.count;
		return;
	}
	side->lost += event->lost.count;
	if (event->lost.count == 0 ||
		side->next + side->lost - 1 > author->said_count)
		fail("%c is told a loss of %" PRIu64 " of %c, next is %" PRIu64
		     " of %zu",
			letter(to), event->lost.count, letter(1 - to),
			side->next, author->said_count);
	if (!author->has_given_up)
		fail("%c is told a loss of %" PRIu64 " of %c, which had not "
		     "given it up",
			letter(to), event->lost.count, letter(1 - to));
}

static void judge_presence(
	struct world *world, unsigned to, const struct event *event)
{
	struct side *side = &world->sides[to];
	bool is_here = event->kind == EVENT_JOIN;

	if (is_here == side->is_here)
		fail("%c is told twice that %c %s", letter(to), letter(1 - to),
			is_here ? "joined" : "left");
	side->is_here = is_here;
	if (!is_here)
		side->has_bye = !event->leave.is_timeout;
}

/* The nick of each is any number of its letter. */
static void judge_nick(unsigned to, const struct event *event)
{
	const struct event_member *member = &event->member;

	if (member->nick_size == 0 || member->nick_size > WIRE_NICK_MAX ||
		member->nick[0] != letter(1 - to))
		fail("%c takes %c for %.*s", letter(to), letter(1 - to),
			(int)member->nick_size, member->nick);
}

static void judge(struct world *world, unsigned to, const struct event *event)
{
	/* Of the third party it may be told anything. */
	if (event->member.id != 2 - to)
		return;
	judge_nick(to, event);
	switch (event->kind) {
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		judge_message(world, to, event);
		break;
	case EVENT_LOST:
		judge_lost(world, to, event);
		break;
	case EVENT_JOIN:
	case EVENT_LEAVE:
		judge_presence(world, to, event);
		break;
	case EVENT_NICK:
	case EVENT_FULL:
	case EVENT_PATH_MTU:
		break;
	case EVENT_PLAIN:
	case EVENT_STATS:
	case EVENT_PEER:
	case EVENT_PRIVATE:
	case EVENT_OUTSIDE:
		fail("%c tells an event that no engine makes", letter(to));
	}
}

/* Whether the side sees the other, which reports on it. */
static bool sees_other(const struct world *world, unsigned at)
{
	struct engine_member member;

	return engine_member_find(world->sides[at].engine, 2 - at, &member) &&
	       member.hears_us;
}

/* What an author takes for confirmed the other was given.  Whom it gives up is
 * no member any more at once; the event waits for what is missing of that one's
 * messages. */
static void judge_confirmed(struct world *world, unsigned from)
{
	struct side *author = &world->sides[from];
	const struct side *other = &world->sides[1 - from];
	uint64_t confirmed = engine_confirmed(author->engine);
	struct engine_member member;

	if (!engine_member_find(author->engine, 2 - from, &member))
		author->has_given_up = true;
	if (engine_is_confirmed(author->engine) && sees_other(world, from) &&
		!has_all(other, author->said_count))
		fail("%c takes all of %zu for confirmed, %c has up to %" PRIu64,
			letter(from), author->said_count, letter(1 - from),
			other->next + other->lost - 1);
	/* While nobody is there to confirm, it goes on. */
	if (author->has_given_up)
		return;
	for (size_t i = 0; i < author->said_count; i++)
		if (author->said[i].packet <= confirmed &&
			!has_all(other, i + 1))
			fail("%c takes packet %" PRIu64 " for confirmed, %c "
			     "lacks message %zu, which ends in packet %" PRIu64,
				letter(from), confirmed, letter(1 - from),
				i + 1, author->said[i].packet);
}

/* ---- the link ---- */

static void launch(struct world *world, unsigned to, const uint8_t *bytes,
	size_t size, int64_t at)
{
	struct flight *flight;

	if (world->flight_count == FLIGHTS_MAX)
		return;
	flight = &flights[world->flight_count++];
	flight->at = at;
	flight->order = world->order++;
	flight->to = to;
	flight->size = size;
	memcpy(flight->bytes, bytes, size);
}

static void transmit(
	struct world *world, unsigned to, const uint8_t *bytes, size_t size)
{
	struct link *link = &world->sides[to].link;
	struct flight *copy = &copies[world->copy_count++ % COPIES_MAX];
	unsigned count = link->count++;
	int64_t at = world->now + link->delay + count * 7 % 4 * link->jitter;

	copy->size = size;
	memcpy(copy->bytes, bytes, size);
	if (link->drops >> count % 16 & 1)
		return;
	launch(world, to, bytes, size, at);
	if (link->doubles >> count % 8 & 1)
		launch(world, to, bytes, size, at + 2 * link->jitter);
}

/* The flight that arrives next; NULL: nothing is under way. */
static struct flight *next_flight(const struct world *world)
{
	struct flight *next = NULL;

	for (size_t i = 0; i < world->flight_count; i++) {
		struct flight *it = &flights[i];

		if (!next || it->at < next->at ||
			(it->at == next->at && it->order < next->order))
			next = it;
	}
	return next;
}

/* ---- one side ---- */

/* The bound holds for each virtual second. */
static void begin_second(const struct world *world, struct side *side)
{
	if (world->now / NS_PER_S == side->second)
		return;
	side->second = world->now / NS_PER_S;
	side->idle = 0;
	side->packets = 0;
}

/* After anything was put in; returns how much came out. */
static unsigned drain(struct world *world, unsigned at)
{
	struct side *side = &world->sides[at];
	uint8_t packet[WIRE_PACKET_MAX];
	struct engine_counts counts;
	struct event event;
	unsigned count = 0;
	size_t size;

	begin_second(world, side);
	while ((size = engine_next_packet(
			side->engine, packet, clock_of(world))) > 0) {
		transmit(world, 1 - at, packet, size);
		count++;
		if (++side->packets > PACKETS_MAX)
			fail("%c sends %u packets in a second", letter(at),
				side->packets);
	}
	while (engine_next_event(side->engine, &event)) {
		judge(world, at, &event);
		count++;
	}
	judge_confirmed(world, 0);
	judge_confirmed(world, 1);
	engine_count(side->engine, &counts);
	if (counts.memory > MEMORY_MAX)
		fail("%c holds %zu bytes", letter(at), counts.memory);
	world->work += count;
	return count;
}

/* A copy that nothing follows: AddressSanitizer sees each read behind it. */
static void receive(
	struct world *world, unsigned to, const uint8_t *bytes, size_t size)
{
	static uint8_t room[WIRE_PACKET_MAX];
	uint8_t *at = room + sizeof(room) - size;

	memcpy(at, bytes, size);
	engine_receive(world->sides[to].engine, at, size, 1, clock_of(world));
	drain(world, to);
}

static void arrive(struct world *world, struct flight *flight)
{
	struct flight arrived = *flight;

	*flight = flights[--world->flight_count];
	receive(world, arrived.to, arrived.bytes, arrived.size);
}

static void wake(struct world *world, unsigned at)
{
	struct side *side = &world->sides[at];
	unsigned count;

	engine_tick(side->engine, clock_of(world));
	world->work++;
	count = drain(world, at);
	if (world->now < engine_deadline(side->engine).ns)
		side->spins = 0;
	else if (++side->spins > SPINS_MAX)
		fail("%c has its deadline in the past, again and again",
			letter(at));
	if (count == 0 && ++side->idle > IDLE_MAX)
		fail("%c wakes %u times a second for nothing", letter(at),
			side->idle);
}

/* Whatever is due first happens, if that is until then; else it is then. */
static bool happen(struct world *world, int64_t until)
{
	struct flight *flight = next_flight(world);
	int64_t at = flight ? flight->at : INT64_MAX;
	unsigned who = SIDES;

	for (unsigned i = 0; i < SIDES; i++) {
		int64_t due = engine_deadline(world->sides[i].engine).ns;

		if (due < at) {
			at = due;
			who = i;
		}
	}
	if (at > until) {
		world->now = until;
		return false;
	}
	if (at > world->now)
		world->now = at;
	if (who < SIDES)
		wake(world, who);
	else
		arrive(world, flight);
	return true;
}

static void run(struct world *world, int64_t ns)
{
	int64_t until = world->now + ns;

	while (world->work < WORK_MAX && happen(world, until))
		;
}

/* ---- the program ---- */

static void say(struct world *world)
{
	uint8_t flags = reader_u8(&world->input);
	uint8_t number = reader_u8(&world->input);
	unsigned at = flags & 1;
	struct side *side = &world->sides[at];
	struct said said = {
		.is_action = flags & 2,
		/* Most are short. */
		.size = number < 224 ? number : (number - 223U) * 128U,
	};

	for (unsigned times = 1 + flags / 4 % 16; times > 0; times--) {
		if (side->said_count == MESSAGES_MAX ||
			side->said_bytes >= SAY_MAX)
			break;
		if (engine_say(side->engine, said.is_action,
			    text_of(at, side->said_count + 1), said.size,
			    (struct wall_time){world->now / NS_PER_MS},
			    clock_of(world)) != ENGINE_SAID)
			break;
		said.packet = engine_said_last(side->engine);
		side->said[side->said_count++] = said;
		side->said_bytes += said.size;
	}
	drain(world, at);
}

static void set_link(struct world *world)
{
	struct reader *input = &world->input;
	uint8_t flags = reader_u8(input);
	struct link *link = &world->sides[flags & 1].link;

	link->drops = reader_u16(input);
	link->doubles = reader_u8(input);
	link->delay = (flags / 2 % 64) * NS_PER_MS;
	link->jitter = reader_u8(input) % 64 * NS_PER_MS / 2;
	/* The pattern begins anew. */
	link->count = 0;
}

/* To one of the two, or both. */
static void inject(
	struct world *world, uint8_t to, const uint8_t *bytes, size_t size)
{
	if (size == 0)
		return;
	for (unsigned i = 0; i < SIDES; i++) {
		if (to % 3 == 1 + i)
			continue;
		world->sides[i].has_hearsay = true;
		receive(world, i, bytes, size);
	}
}

static void forge(struct world *world,
	size_t (*make)(struct reader *, uint64_t, uint8_t *))
{
	uint8_t who = reader_u8(&world->input);
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size =
		make(&world->input, STRANGER + who / 3 % STRANGERS, packet);

	inject(world, who, packet, size);
}

/* One of the last packets, under another id and with other bytes here and
 * there. */
static void copy(struct world *world)
{
	struct reader *input = &world->input;
	uint8_t who = reader_u8(input);
	uint8_t which = reader_u8(input);
	struct flight packet = copies[which % COPIES_MAX];
	struct wire_header header;
	struct reader reader;
	struct writer writer;

	if (which % COPIES_MAX >= world->copy_count)
		return;
	reader_init(&reader, packet.bytes, packet.size);
	if (wire_header_decode(&reader, &header) != WIRE_OK)
		return;
	header.member = STRANGER + who / 3 % STRANGERS;
	writer_init(&writer, packet.bytes, packet.size);
	wire_header_encode(&writer, &header);
	for (unsigned edits = which / COPIES_MAX % 8; edits > 0; edits--) {
		uint8_t at = reader_u8(input);
		uint8_t value = reader_u8(input);

		if (at < writer_left(&writer))
			writer.at[at] = value;
	}
	inject(world, who, packet.bytes, packet.size);
}

static void rename_side(struct world *world)
{
	uint8_t flags = reader_u8(&world->input);
	char nick[WIRE_NICK_MAX + 1] = {0};

	memset(nick, letter(flags & 1), 1U + flags / 2U % WIRE_NICK_MAX);
	engine_set_nick(world->sides[flags & 1].engine, nick);
	drain(world, flags & 1);
}

static void step(struct world *world)
{
	struct reader *input = &world->input;
	uint8_t op = reader_u8(input);
	uint8_t number;
	unsigned at = op / OP_COUNT & 1;

	switch ((enum op)(op % OP_COUNT)) {
	case OP_RUN:
		/* 0.1 ms to 52 s. */
		number = reader_u8(input);
		run(world, (int64_t)(1 + number % 16) * 100000 << number / 16);
		break;
	case OP_SAY:
		say(world);
		break;
	case OP_LINK:
		set_link(world);
		break;
	case OP_STATE:
		forge(world, forge_state);
		break;
	case OP_DATA:
		forge(world, forge_data);
		break;
	case OP_COPY:
		copy(world);
		break;
	case OP_NICK:
		rename_side(world);
		break;
	case OP_GREET:
		engine_greet(world->sides[at].engine, clock_of(world));
		drain(world, at);
		break;
	case OP_SIZE:
		engine_set_packet_size(world->sides[at].engine,
			reader_u16(input) % (WIRE_USUAL_MAX + 1),
			reader_u16(input) % (WIRE_PACKET_MAX + 1),
			clock_of(world));
		drain(world, at);
		break;
	case OP_COUNT:
		break;
	}
}

/* ---- beginning and end ---- */

static void start(struct world *world, unsigned at, uint8_t flags)
{
	char nick[2] = {letter(at)};
	struct engine_config config = {
		.id = 1 + at,
		.seed = flags,
		.nick = nick,
		.hop_limit = 1,
		.packet_size = flags >> (4 + at) & 1 ? WIRE_PACKET_MAX
						     : ENGINE_PACKET_MIN,
	};
	struct side *side = &world->sides[at];

	side->engine = engine_new(&config, clock_of(world));
	if (!side->engine)
		fail("no memory");
	side->next = 1;
}

/* Whether the side lacks nothing, and knows that the other does not. */
static bool is_settled(const struct world *world, unsigned at)
{
	const struct side *side = &world->sides[at];

	return has_all(side, world->sides[1 - at].said_count) &&
	       engine_is_confirmed(side->engine) && sees_other(world, at) &&
	       side->is_here;
}

static void heal(struct world *world)
{
	int64_t until = world->now + HEAL_S * NS_PER_S;

	for (unsigned i = 0; i < SIDES; i++)
		world->sides[i].link = (struct link){.delay = NS_PER_MS};
	while (!is_settled(world, 0) || !is_settled(world, 1)) {
		if (happen(world, until))
			continue;
		for (unsigned i = 0; i < SIDES; i++) {
			const struct side *side = &world->sides[i];

			fprintf(stderr,
				"%c: has %" PRIu64 " of %zu, %s, %s the "
				"other\n",
				letter(i), side->next + side->lost - 1,
				world->sides[1 - i].said_count,
				engine_is_confirmed(side->engine)
					? "confirmed"
					: "unconfirmed",
				sees_other(world, i) ? "sees" : "lacks");
		}
		fail("on a healed link the two do not settle in %d s", HEAL_S);
	}
}

/* A bye is heard on a link that loses nothing, and ends everything. */
static void leave(struct world *world, unsigned at)
{
	int64_t until = world->now + LEAVE_S * NS_PER_S;
	struct engine *engine = world->sides[at].engine;

	engine_leave(engine, clock_of(world));
	drain(world, at);
	while (happen(world, until))
		;
	if (!instant_is_never(engine_deadline(engine)))
		fail("%c has left and still has a deadline", letter(at));
	if (world->sides[1 - at].is_here || !world->sides[1 - at].has_bye)
		fail("%c does not tell that %c left", letter(1 - at),
			letter(at));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct world world = {.now = NS_PER_S};
	uint8_t flags;

	reader_init(&world.input, bytes, size);
	flags = reader_u8(&world.input);
	for (unsigned i = 0; i < SIDES; i++) {
		world.sides[i].link = (struct link){.delay = NS_PER_MS};
		start(&world, i, flags);
	}
	for (unsigned i = 0; i < SIDES; i++)
		drain(&world, i);
	run(&world, flags & 0x80 ? (int64_t)SETTLED_S * NS_PER_S
				 : MEET_MS * NS_PER_MS);
	if (!is_settled(&world, 0) || !is_settled(&world, 1))
		fail("the two do not meet");
	for (unsigned i = 0; i < SIDES; i++)
		world.sides[i].has_given_up = false;
	world.work = 0;
	for (int i = 0; i < STEPS_MAX && reader_left(&world.input) > 0 &&
			world.work < WORK_MAX;
		i++)
		step(&world);
	heal(&world);
	leave(&world, flags >> 6 & 1);
	for (unsigned i = 0; i < SIDES; i++)
		engine_free(world.sides[i].engine);
	return 0;
}
