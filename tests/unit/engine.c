/* SPDX-License-Identifier: ISC */
/*
 * Engines over a tiny network in virtual time: each packet reaches all others
 * after a delay, unless the test's rule says that it is lost.
 */
#include "mchat/protocol/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mchat/protocol/allowance.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/members.h"
#include "packets.h"
#include "random.h"
#include "tap.h"

#define NODES    4
#define FLIGHTS  65536 /* packets under way at most */
#define DELAY_US 200
#define ROOM     0x524f4f4d

/* A packet that is under way to one node. */
struct flight {
	struct instant due;
	size_t to;
	size_t size;
	uint8_t bytes[WIRE_PACKET_MAX];
};

/* What one node was told. */
struct seen {
	unsigned joins;
	unsigned leaves;
	unsigned byes;
	unsigned nicks;
	uint64_t messages;
	uint64_t history;
	uint64_t lost;
	uint64_t last;    /* number that the last message carried */
	bool is_ordered;  /* numbers only grew */
	bool is_balanced; /* no leave without a join, no second join */
	bool is_shared;   /* the nick of the last event */
	int here;
	char text[64]; /* of the last message */
	char nick[WIRE_NICK_MAX + 1];
};

struct node {
	struct engine *engine; /* NULL: dead, or not born */
	bool is_stopped;       /* SIGSTOP: packets to it go lost */
	struct seen seen;
	uint64_t said;
};

struct world;
/* Whether the packet from one node to another goes lost. */
typedef bool loses(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size);

struct world {
	struct node nodes[NODES];
	struct flight *flights; /* a ring in order of time */
	size_t head;
	size_t count;
	struct instant now;
	loses *loses;
	uint64_t packets;
	uint64_t hash; /* of all packets */
	uint64_t drains;
	size_t loss;      /* percent, for those rules that want it */
	unsigned reports; /* seen, by the rule that reads them */
	unsigned twice;   /* of an author that the STATE named already */
	unsigned whys[NODES][ENGINE_PRESENCE + 1];         /* packets of each */
	struct engine_reason reasons[ENGINE_PRESENCE + 1]; /* the last ones */
	unsigned took[ENGINE_TOOK_NOTHING + 1];
};

/* ---- the network ---- */

static struct engine_config config_of(size_t index)
{
	static const char *const nicks[NODES] = {"ann", "bob", "cem", "dee"};

	return (struct engine_config){
		.id = 100 + index,
		.seed = random_seed() + index,
		.room = ROOM,
		.nick = nicks[index],
		.hop_limit = 1,
		.packet_size = 1200,
	};
}

static void hash(struct world *world, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		world->hash = (world->hash ^ bytes[i]) * 0x100000001b3;
}

static void transmit(struct world *world, size_t from, size_t to,
	const uint8_t *bytes, size_t size)
{
	struct flight *flight;

	if (!world->nodes[to].engine || world->nodes[to].is_stopped ||
		world->count == FLIGHTS ||
		(world->loses && world->loses(world, from, to, bytes, size)))
		return;
	flight = &world->flights[(world->head + world->count++) % FLIGHTS];
	flight->due = instant_after(world->now, duration_us(DELAY_US));
	flight->to = to;
	flight->size = size;
	memcpy(flight->bytes, bytes, size);
}

static void see_message(struct seen *seen, const struct event *event)
{
	char text[64];
	size_t size = event->message.size;
	uint64_t number;

	size = size < sizeof(text) ? size : sizeof(text) - 1;
	memcpy(text, event->message.text, size);
	text[size] = '\0';
	number = strtoull(text, NULL, 10);
	seen->messages++;
	seen->history += event->message.is_history;
	if (number > 0 && number <= seen->last)
		seen->is_ordered = false;
	if (number > 0)
		seen->last = number;
	memcpy(seen->text, text, sizeof(text));
}

static void see(struct seen *seen, const struct event *event)
{
	memcpy(seen->nick, event->member.nick, event->member.nick_size);
	seen->nick[event->member.nick_size] = '\0';
	seen->is_shared = event->member.is_nick_shared;
	switch (event->kind) {
	case EVENT_JOIN:
		seen->joins++;
		seen->here++;
		break;
	case EVENT_LEAVE:
		seen->leaves++;
		seen->byes += !event->leave.is_timeout;
		seen->here--;
		break;
	case EVENT_NICK:
		seen->nicks++;
		break;
	case EVENT_LOST:
		seen->lost += event->lost.count;
		break;
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		see_message(seen, event);
		break;
	case EVENT_PLAIN:
	case EVENT_STATS:
		break;
	}
	if (seen->here < 0 || seen->here >= NODES)
		seen->is_balanced = false;
}

static void note_reason(struct world *world, size_t index)
{
	struct engine_reason reason =
		engine_packet_reason(world->nodes[index].engine);

	world->whys[index][reason.why]++;
	world->reasons[reason.why] = reason;
}

static void drain(struct world *world, size_t index)
{
	struct node *node = &world->nodes[index];
	uint8_t packet[WIRE_PACKET_MAX];
	struct event event;
	size_t size;

	while ((size = engine_next_packet(node->engine, packet, world->now)) >
		0) {
		world->packets++;
		note_reason(world, index);
		hash(world, packet, size);
		for (size_t to = 0; to < NODES; to++)
			if (to != index)
				transmit(world, index, to, packet, size);
	}
	while (engine_next_event(node->engine, &event))
		see(&node->seen, &event);
}

static void deliver(struct world *world)
{
	struct flight *flight = &world->flights[world->head];
	struct node *node = &world->nodes[flight->to];

	world->head = (world->head + 1) % FLIGHTS;
	world->count--;
	if (!node->engine || node->is_stopped)
		return;
	engine_receive(
		node->engine, flight->bytes, flight->size, 1, world->now);
	world->took[engine_packet_took(node->engine)]++;
	drain(world, flight->to);
}

static bool is_running(const struct node *node)
{
	return node->engine && !node->is_stopped;
}

static struct instant next_time(const struct world *world)
{
	struct instant next = INSTANT_NEVER;

	if (world->count > 0)
		next = world->flights[world->head].due;
	for (size_t i = 0; i < NODES; i++)
		if (is_running(&world->nodes[i]))
			next = instant_earlier(
				next, engine_deadline(world->nodes[i].engine));
	return next;
}

/* Lets so much time pass. */
static void run(struct world *world, int64_t ms)
{
	struct instant end = instant_after(world->now, duration_ms(ms));

	for (;;) {
		struct instant next = next_time(world);

		if (!instant_before(next, end))
			break;
		if (instant_before(world->now, next))
			world->now = next;
		world->drains++;
		while (world->count > 0 &&
			!instant_before(
				world->now, world->flights[world->head].due))
			deliver(world);
		for (size_t i = 0; i < NODES; i++) {
			if (!is_running(&world->nodes[i]))
				continue;
			engine_tick(world->nodes[i].engine, world->now);
			drain(world, i);
		}
	}
	world->now = end;
}

static void join_as(
	struct world *world, size_t index, const struct engine_config *config)
{
	struct node *node = &world->nodes[index];

	node->engine = engine_new(config, world->now);
	if (!node->engine)
		abort();
	node->seen = (struct seen){.is_ordered = true, .is_balanced = true};
	drain(world, index);
}

static void join(struct world *world, size_t index)
{
	struct engine_config config = config_of(index);

	join_as(world, index, &config);
}

/* kill -9 */
static void die(struct world *world, size_t index)
{
	engine_free(world->nodes[index].engine);
	world->nodes[index].engine = NULL;
}

/* Says the next number, drained if the caller wants that. */
static enum engine_said say(struct world *world, size_t index)
{
	struct node *node = &world->nodes[index];
	enum engine_said said;
	char text[64];
	int size = snprintf(text, sizeof(text), "%ju of %zu",
		(uintmax_t)node->said + 1, index);

	said = engine_say(node->engine, false, text, (size_t)size,
		(struct wall_time){1}, world->now);
	node->said += said == ENGINE_SAID;
	return said;
}

static void say_now(struct world *world, size_t index)
{
	if (say(world, index) != ENGINE_SAID)
		abort();
	drain(world, index);
}

static struct world *open_world(size_t members)
{
	struct world *world = calloc(1, sizeof(*world));

	if (!world)
		abort();
	/* A run that does not end is a failure, too. */
	alarm(100);
	random_restart();
	world->flights = calloc(FLIGHTS, sizeof(*world->flights));
	if (!world->flights)
		abort();
	world->now = (struct instant){NS_PER_S};
	for (size_t i = 0; i < members; i++)
		join(world, i);
	run(world, 3000);
	return world;
}

static void close_world(struct world *world)
{
	for (size_t i = 0; i < NODES; i++)
		engine_free(world->nodes[i].engine);
	free(world->flights);
	free(world);
}

static void receive(
	struct world *world, size_t index, const uint8_t *packet, size_t size)
{
	engine_receive(world->nodes[index].engine, packet, size, 1, world->now);
	drain(world, index);
}

static struct seen *seen_by(struct world *world, size_t index)
{
	return &world->nodes[index].seen;
}

static struct engine_counts counts_of(const struct world *world, size_t index)
{
	struct engine_counts counts;

	engine_count(world->nodes[index].engine, &counts);
	return counts;
}

/* All of `count` messages of one author, in order, and none told as lost. */
static void has_all(
	struct world *world, size_t index, uint64_t count, const char *what)
{
	const struct seen *seen = seen_by(world, index);

	tap_ok(seen->messages == count && seen->lost == 0 && seen->is_ordered,
		"%s: %ju of %ju, %ju lost", what, (uintmax_t)seen->messages,
		(uintmax_t)count, (uintmax_t)seen->lost);
}

/* ---- rules of loss ---- */

static bool is_data(const uint8_t *packet)
{
	return (packet[1] & 0x0f) == WIRE_DATA;
}

static bool loses_share(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)from, (void)to, (void)packet, (void)size;
	return random_below(100) < world->loss;
}

static bool loses_data(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)world, (void)from, (void)to, (void)size;
	return is_data(packet);
}

static bool loses_data_to_last(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)world, (void)from, (void)size;
	return is_data(packet) && to == 2;
}

static bool loses_all(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)world, (void)from, (void)to, (void)packet, (void)size;
	return true;
}

/* ---- tests ---- */

static void comes_and_goes(void)
{
	struct world *world = open_world(2);

	tap_is_int(seen_by(world, 0)->joins, 1, "one joins");
	tap_is_string(seen_by(world, 0)->nick, "bob", "with its nick");
	tap_is_int((intmax_t)engine_member_count(world->nodes[0].engine), 1,
		"one member");
	engine_leave(world->nodes[1].engine, world->now);
	drain(world, 1);
	run(world, 100);
	tap_is_int(seen_by(world, 0)->byes, 1, "it says bye");
	tap_is_int((intmax_t)engine_member_count(world->nodes[0].engine), 0,
		"no member");
	run(world, 60000);
	tap_is_int(seen_by(world, 0)->leaves, 1, "once");
	join(world, 2);
	run(world, 5000);
	die(world, 2);
	run(world, 60000);
	tap_is_int(seen_by(world, 0)->joins, 2, "another joins");
	tap_is_int(seen_by(world, 0)->leaves, 2, "and is silent: it left");
	tap_is_int(seen_by(world, 0)->byes, 1, "by timeout");
	tap_ok(seen_by(world, 0)->is_balanced, "each leave has its join");
	close_world(world);
}

static void confirms(void)
{
	struct world *world = open_world(3);
	struct engine *engine = world->nodes[0].engine;

	tap_ok(engine_is_confirmed(engine), "nothing said: confirmed");
	say(world, 0);
	tap_ok(!engine_is_confirmed(engine), "said: not confirmed");
	drain(world, 0);
	tap_ok(!engine_is_confirmed(engine), "sent: not confirmed");
	run(world, 100);
	tap_ok(engine_is_confirmed(engine), "100 ms later: confirmed");
	has_all(world, 1, 1, "one message");
	tap_is_string(seen_by(world, 1)->nick, "ann", "of its author");
	tap_is_int((intmax_t)seen_by(world, 0)->messages, 0, "no echo");
	world->loses = loses_data_to_last;
	say_now(world, 0);
	run(world, 1000);
	tap_ok(!engine_is_confirmed(engine), "not by all: not confirmed");
	world->loses = NULL;
	run(world, 2000);
	tap_ok(engine_is_confirmed(engine), "then by all");
	has_all(world, 2, 2, "the one that lacked it");
	close_world(world);
}

/* Who comes after something was said has not missed it; who was there and did
 * not hear it has. */
static void hears_from_its_coming(void)
{
	struct world *world = open_world(0);

	join(world, 0);
	join(world, 1);
	world->loses = loses_all;
	say_now(world, 0);
	world->loses = NULL;
	run(world, 200);
	has_all(world, 1, 1, "who was there");
	join(world, 2);
	run(world, 1000);
	tap_is_int((intmax_t)seen_by(world, 2)->messages, 0,
		"nothing for who came 200 ms later");
	say_now(world, 0);
	run(world, 1000);
	tap_is_int((intmax_t)seen_by(world, 2)->messages, 1,
		"but what was said since");
	tap_is_int((intmax_t)seen_by(world, 2)->lost, 0, "without a loss");
	close_world(world);
}

/* Where much is lost, good-bye is said more often. */
static void says_bye(void)
{
	struct world *world = open_world(3);

	engine_leave(world->nodes[1].engine, world->now);
	run(world, 500);
	tap_is_int(world->whys[1][ENGINE_BYE], 5, "five byes");
	world->loses = loses_share;
	world->loss = 30;
	for (int i = 0; i < 50; i++) {
		say_now(world, 0);
		run(world, 20);
	}
	run(world, 1000);
	engine_leave(world->nodes[2].engine, world->now);
	run(world, 500);
	tap_is_int(world->whys[2][ENGINE_BYE], 10, "ten at 30 % loss");
	close_world(world);
}

/* A hurry: confirmations come while it lasts, and are few beside it. */
static void confirms_soon(void)
{
	struct world *world = open_world(3);
	struct engine *engine = world->nodes[0].engine;
	uint64_t before = world->packets;
	uint64_t all;

	while (world->nodes[0].said < 20000)
		say(world, 0);
	drain(world, 0);
	tap_ok(world->packets - before >= 10, "ten packets leave at once");
	/* The way there and back, and the spread of two members. */
	run(world, 3);
	tap_ok(engine_confirmed(engine) > 0, "confirmed 3 ms later: %ju",
		(uintmax_t)engine_confirmed(engine));
	run(world, 100);
	all = world->packets - before;
	tap_ok(engine_is_confirmed(engine), "all is confirmed");
	tap_ok(all < engine_confirmed(engine) * 3 / 2,
		"%ju packets, of which with messages %ju", (uintmax_t)all,
		(uintmax_t)engine_confirmed(engine));
	close_world(world);
}

/* Who hears what we are, but nothing of what we say, is waited for once. */
static void waits_once(void)
{
	struct world *world = open_world(3);
	struct node *author = &world->nodes[0];
	struct instant begun = world->now;
	char text[1000];
	int ms = 0;

	memset(text, 'x', sizeof(text));
	world->loses = loses_data_to_last;
	while (author->said < 4000 && ms < 60000) {
		if (engine_say(author->engine, false, text, sizeof(text),
			    (struct wall_time){1}, world->now) == ENGINE_SAID) {
			author->said++;
			continue;
		}
		drain(world, 0);
		run(world, 1);
		ms++;
	}
	drain(world, 0);
	run(world, 1000);
	tap_ok(instant_until(begun, world->now).ns < 8 * NS_PER_S,
		"four windows took %.1f s",
		(double)instant_until(begun, world->now).ns / 1e9);
	tap_is_int(seen_by(world, 0)->leaves, 1, "the one left once");
	tap_is_int((intmax_t)seen_by(world, 1)->messages, 4000,
		"the other has all");
	world->loses = NULL;
	run(world, 10000);
	tap_is_int(seen_by(world, 0)->here, 2, "who hears again is back");
	close_world(world);
}

/* A file piped in, as far as the window lets it, at some loss. */
static void pipes(size_t loss, size_t messages)
{
	struct world *world = open_world(3);
	unsigned full = 0;

	world->loses = loses_share;
	world->loss = loss;
	while (world->nodes[0].said < messages && full < 200000) {
		if (say(world, 0) == ENGINE_SAID)
			continue;
		full++;
		drain(world, 0);
		run(world, 1);
	}
	drain(world, 0);
	for (int i = 0; i < 60; i++)
		if (!engine_is_confirmed(world->nodes[0].engine))
			run(world, 1000);
	tap_ok(full > 0 && full < 200000,
		"%zu %% loss: the window was full %u times", loss, full);
	tap_ok(engine_is_confirmed(world->nodes[0].engine), "all confirmed");
	tap_note("%.1f s, %ju packets", (double)world->now.ns / 1e9 - 4,
		(uintmax_t)world->packets);
	has_all(world, 1, messages, "a file piped");
	has_all(world, 2, messages, "a file piped");
	tap_is_int(seen_by(world, 1)->leaves, 0, "nobody left");
	close_world(world);
}

static void does_not_drain(void)
{
	struct world *world = open_world(1);
	uint64_t said = 0;

	while (said < 10000000 && say(world, 0) == ENGINE_SAID)
		said++;
	tap_ok(said < 10000000, "said, never sent: full after %ju",
		(uintmax_t)said);
	tap_ok(counts_of(world, 0).memory < (size_t)8 * 1024 * 1024,
		"and holds %zu bytes", counts_of(world, 0).memory);
	close_world(world);
}

static void after_leaving(void)
{
	static char longest[ENGINE_MESSAGE_MAX + 1];
	struct world *world = open_world(2);
	struct engine *engine = world->nodes[0].engine;
	uint64_t before;

	tap_is_int(engine_say(engine, false, longest, sizeof(longest),
			   (struct wall_time){1}, world->now),
		ENGINE_TOO_LONG, "one byte too long");
	for (int i = 0; i < 10; i++)
		engine_say(engine, false, longest, sizeof(longest) - 1,
			(struct wall_time){1}, world->now);
	engine_leave(engine, world->now);
	engine_leave(engine, world->now);
	tap_is_int(say(world, 0), ENGINE_LEFT, "who left says nothing");
	engine_set_nick(engine, "ghost");
	before = world->packets;
	drain(world, 0);
	tap_ok(world->packets > before && world->packets <= before + 4,
		"but a few byes");
	run(world, 100);
	tap_is_int(seen_by(world, 1)->byes, 1, "which are one leave");
	tap_ok(instant_before(world->now, engine_deadline(engine)),
		"and has no deadline in the past");
	before = world->packets;
	engine_tick(engine, world->now);
	drain(world, 0);
	tap_is_int((intmax_t)(world->packets - before), 0, "nothing follows");
	close_world(world);
}

static void nicks(void)
{
	struct world *world = open_world(2);

	engine_set_nick(world->nodes[1].engine, "bea");
	drain(world, 1);
	run(world, 100);
	tap_is_int(seen_by(world, 0)->nicks, 1, "a nick changes");
	tap_is_string(seen_by(world, 0)->nick, "bea", "to the new one");
	engine_set_nick(world->nodes[1].engine, "bea");
	drain(world, 1);
	run(world, 10000);
	tap_is_int(seen_by(world, 0)->nicks, 1, "the same again is no change");
	say(world, 1);
	engine_set_nick(world->nodes[1].engine,
		"a nick of more bytes than the thirty-two that one has");
	say_now(world, 1);
	run(world, 100);
	tap_is_string(seen_by(world, 0)->text, "2 of 1", "the last message");
	tap_is_string(seen_by(world, 0)->nick,
		"a nick of more bytes than the th",
		"is under the nick of then");
	close_world(world);
}

static void rooms(void)
{
	struct world *world = open_world(1);
	struct engine_config other = config_of(1);

	other.room = ROOM + 1;
	join_as(world, 1, &other);
	run(world, 5000);
	say_now(world, 1);
	say_now(world, 0);
	run(world, 5000);
	tap_ok(seen_by(world, 0)->joins == 0 && seen_by(world, 1)->joins == 0,
		"rooms do not see each other");
	tap_ok(seen_by(world, 0)->messages + seen_by(world, 1)->messages == 0,
		"nor hear");
	close_world(world);
}

static void echo(void)
{
	struct world *world = open_world(1);
	struct engine *engine = world->nodes[0].engine;
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size;

	say(world, 0);
	while ((size = engine_next_packet(engine, packet, world->now)) > 0)
		tap_is_int(engine_receive(engine, packet, size, 1, world->now),
			WIRE_OK, "our own packet comes back");
	drain(world, 0);
	tap_ok(seen_by(world, 0)->messages == 0 &&
			seen_by(world, 0)->joins == 0,
		"and is no news");
	tap_is_int(
		(intmax_t)counts_of(world, 0).data_received, 0, "nor counted");
	close_world(world);
}

/* The last messages for one that comes late, from whoever has them. */
static void history(bool author_left)
{
	struct world *world = open_world(2);
	struct engine_config config = config_of(2);

	for (int i = 0; i < 50; i++) {
		say_now(world, 0);
		run(world, 20);
	}
	run(world, 3000);
	if (author_left) {
		engine_leave(world->nodes[0].engine, world->now);
		drain(world, 0);
		run(world, 1000);
		die(world, 0);
		run(world, 20000);
	}
	config.history = 20;
	join_as(world, 2, &config);
	run(world, 6000);
	tap_is_int((intmax_t)seen_by(world, 2)->messages, 20,
		author_left ? "history of one that left" : "history");
	tap_is_int((intmax_t)seen_by(world, 2)->history, 20, "marked so");
	tap_is_int((intmax_t)seen_by(world, 2)->last, 50, "up to the last");
	tap_ok(seen_by(world, 2)->is_ordered && seen_by(world, 2)->lost == 0,
		"in order, none lost");
	if (!author_left) {
		say_now(world, 0);
		run(world, 100);
		tap_ok(seen_by(world, 2)->last == 51 &&
				seen_by(world, 2)->history == 20,
			"then what is said");
	}
	close_world(world);
}

/* Long ones: history begins further back, which only the author has. */
static void long_history(void)
{
	static char text[9000];
	struct world *world = open_world(1);
	struct engine_config config = config_of(1);

	memset(text, '.', sizeof(text));
	for (int i = 1; i <= 30; i++) {
		text[snprintf(text, sizeof(text), "%d of long", i)] = ' ';
		if (engine_say(world->nodes[0].engine, false, text,
			    sizeof(text), (struct wall_time){1},
			    world->now) != ENGINE_SAID)
			abort();
		drain(world, 0);
		run(world, 100);
	}
	config.history = 20;
	join_as(world, 1, &config);
	run(world, 1000);
	tap_is_int((intmax_t)seen_by(world, 1)->history, 20,
		"history of 20 long messages");
	tap_is_int((intmax_t)seen_by(world, 1)->last, 30, "up to the last");
	tap_ok(engine_is_confirmed(world->nodes[0].engine),
		"which holds up nobody");
	close_world(world);
}

/* No history wanted: none shown, and what follows is. */
static void no_history(void)
{
	struct world *world = open_world(2);

	run(world, 5000);
	for (int i = 0; i < 50; i++)
		say_now(world, 0);
	run(world, 1000);
	join(world, 2);
	run(world, 5000);
	tap_is_int((intmax_t)seen_by(world, 2)->messages, 0, "no history");
	say_now(world, 0);
	run(world, 100);
	has_all(world, 2, 1, "but what is said then");
	close_world(world);
}

static bool loses_first_to_last(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)world, (void)packet, (void)size;
	return from == 0 && to == 2;
}

/* Of an author whom a newcomer does not hear yet others tell where it is. */
static void known_by_hearsay(void)
{
	struct world *world = open_world(2);

	run(world, 3000);
	say_now(world, 0);
	run(world, 1000);
	world->loses = loses_first_to_last;
	join(world, 2);
	run(world, 200);
	tap_is_int(seen_by(world, 2)->joins, 1, "one of two is heard");
	say_now(world, 0);
	run(world, 200);
	world->loses = NULL;
	run(world, 5000);
	has_all(world, 2, 1, "what was said before its author was heard");
	close_world(world);
}

/* What others say an author's number to be must not hide what it says. */
static void hearsay_is_wrong(void)
{
	struct world *world = open_world(1);
	struct wire_header header = {
		.type = WIRE_STATE, .room = ROOM, .member = 66};
	struct wire_state state = {.counter = 1, .nick = "", .first = 1};
	struct wire_report report = {.origin = 101, .next = 500, .known = 499};
	uint8_t packet[WIRE_PACKET_MAX];
	struct writer writer;

	writer_init(&writer, packet, sizeof(packet));
	wire_header_encode(&writer, &header);
	wire_report_encode(
		&writer, wire_state_encode(&writer, &state), &report);
	join(world, 2);
	run(world, 10);
	receive(world, 2, packet, writer_size(&writer));
	join(world, 1);
	run(world, 100);
	say_now(world, 1);
	run(world, 1000);
	has_all(world, 2, 1, "whatever was said of its author");
	close_world(world);
}

/* Each survivor got another half; the author is dead. */
static bool loses_halves(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)world, (void)size;
	/* The last byte of the sequence number of DATA. */
	return from == 0 && is_data(packet) && packet[23] % 2 == to % 2;
}

static void author_dies(void)
{
	struct world *world = open_world(3);

	world->loses = loses_halves;
	for (int i = 0; i < 40; i++)
		say_now(world, 0);
	die(world, 0);
	run(world, 1);
	world->loses = NULL;
	run(world, 5000);
	has_all(world, 1, 40, "of a dead author");
	has_all(world, 2, 40, "of a dead author");
	run(world, 60000);
	tap_is_int(
		seen_by(world, 1)->leaves, 1, "then it is said to have left");
	tap_is_int(seen_by(world, 2)->leaves, 1, "to both");
	close_world(world);
}

/* What nobody holds, in several gaps, is told within a bounded time. */
static bool loses_some(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)world, (void)size, (void)to;
	return from == 0 && is_data(packet) && packet[23] % 4 == 0;
}

static void nobody_holds(void)
{
	struct world *world = open_world(3);

	world->loses = loses_some;
	for (int i = 0; i < 41; i++)
		say_now(world, 0);
	run(world, 1);
	die(world, 0);
	world->loses = NULL;
	run(world, 70000);
	tap_is_int((intmax_t)seen_by(world, 1)->lost, 10,
		"70 s later all that nobody holds is told");
	tap_is_int((intmax_t)seen_by(world, 1)->messages, 31, "and all others");
	tap_ok(seen_by(world, 1)->is_ordered, "in order");
	tap_is_int(seen_by(world, 1)->leaves, 1, "and that it left");
	close_world(world);
}

/* A long silence is no reason to give up what is lost then. */
static void loss_after_silence(void)
{
	struct world *world = open_world(2);

	for (int round = 0; round < 10; round++) {
		run(world, 40000);
		world->loses = loses_data;
		say_now(world, 0);
		run(world, 1);
		world->loses = NULL;
		say_now(world, 0);
		run(world, 3000);
	}
	has_all(world, 1, 20, "some lost after a silence");
	close_world(world);
}

/* Only the last packet is lost: its author says so soon. */
static void last_is_lost(void)
{
	struct world *world = open_world(2);

	run(world, 40000);
	world->loses = loses_data;
	say_now(world, 0);
	run(world, 1);
	world->loses = NULL;
	run(world, 100);
	has_all(world, 1, 1, "a last line, lost, comes within 100 ms");
	close_world(world);
}

static void stops(int64_t ms, size_t each_ms, bool loses_any)
{
	struct world *world = open_world(3);
	uint64_t missed;

	say_now(world, 0);
	run(world, 1000);
	world->nodes[2].is_stopped = true;
	for (int64_t i = 0; i < ms; i += (int64_t)each_ms) {
		/* One packet each. */
		if (say(world, 0) == ENGINE_SAID)
			drain(world, 0);
		run(world, (int64_t)each_ms);
	}
	world->nodes[2].is_stopped = false;
	run(world, 100);
	say_now(world, 0);
	run(world, 40000);
	say_now(world, 0);
	run(world, 5000);
	missed = world->nodes[0].said - seen_by(world, 2)->messages;
	tap_is_int((intmax_t)seen_by(world, 2)->lost, (intmax_t)missed,
		"stopped: told exactly what it lost");
	tap_ok(loses_any ? missed > 0 : missed == 0, "which is %ju of %ju",
		(uintmax_t)missed, (uintmax_t)world->nodes[0].said);
	tap_is_int((intmax_t)seen_by(world, 2)->last,
		(intmax_t)world->nodes[0].said, "it has the last one");
	tap_ok(seen_by(world, 2)->is_ordered, "in order");
	tap_ok(seen_by(world, 0)->is_balanced &&
			seen_by(world, 1)->is_balanced &&
			seen_by(world, 2)->is_balanced,
		"each leave has its join");
	tap_is_int(seen_by(world, 0)->here, 2, "in the end all are here");
	tap_is_int(seen_by(world, 2)->here, 2, "for the one that stopped, too");
	has_all(world, 1, world->nodes[0].said, "the other one");
	close_world(world);
}

/* A long message after a pause must not make anyone seem stalled. */
static void not_stalled(void)
{
	static char text[ENGINE_MESSAGE_MAX];
	struct world *world = open_world(2);
	struct engine *engine = world->nodes[0].engine;
	int wrong = 0;

	memset(text, 'x', sizeof(text));
	for (int round = 0; round < 50; round++) {
		run(world, 7000 + (int64_t)random_below(5000));
		engine_say(engine, false, text, sizeof(text),
			(struct wall_time){1}, world->now);
		world->now = instant_after(
			world->now, duration_ms((int64_t)random_below(3000)));
		engine_tick(engine, world->now);
		drain(world, 0);
		wrong += seen_by(world, 0)->leaves > 0;
		seen_by(world, 0)->leaves = 0;
		run(world, 1000);
	}
	tap_is_int(wrong, 0, "a tick between saying and sending drops nobody");
	tap_is_int((intmax_t)seen_by(world, 1)->messages, 50, "and all come");
	close_world(world);
}

/* Halves that hear only themselves, and talk. */
static bool loses_between(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)world, (void)packet, (void)size;
	return from / 2 != to / 2;
}

static void partition(void)
{
	struct world *world = open_world(4);

	world->loses = loses_between;
	for (int i = 0; i < 50; i++) {
		for (size_t n = 0; n < NODES; n++)
			say_now(world, n);
		run(world, 100);
	}
	world->loses = NULL;
	run(world, 20000);
	for (size_t n = 0; n < NODES; n++) {
		const struct seen *seen = seen_by(world, n);

		tap_ok(seen->messages == 150 && seen->lost == 0,
			"healed: %ju of 150, %ju lost",
			(uintmax_t)seen->messages, (uintmax_t)seen->lost);
	}
	close_world(world);
}

/* Who is on the network again need not wait for what is due some time. */
static void greets(void)
{
	struct world *world = open_world(2);

	world->loses = loses_all;
	say_now(world, 0);
	say_now(world, 1);
	run(world, 4000);
	world->loses = NULL;
	engine_greet(world->nodes[0].engine, world->now);
	run(world, 100);
	tap_is_int((intmax_t)seen_by(world, 1)->messages, 1,
		"whoever greets is asked at once for what is missing");
	tap_is_int((intmax_t)seen_by(world, 0)->messages, 1,
		"and told at once what it misses");
	close_world(world);
}

/* The largest packet of node 0 while it says something long. */
static size_t largest(struct world *world)
{
	static char text[4000];
	uint8_t packet[WIRE_PACKET_MAX];
	struct engine *engine = world->nodes[0].engine;
	size_t most = 0;
	size_t size;

	tap_is_int(engine_say(engine, false, text, sizeof(text),
			   (struct wall_time){1}, world->now),
		ENGINE_SAID, "said");
	world->now = instant_after(world->now, duration_ms(1000));
	while ((size = engine_next_packet(engine, packet, world->now)) > 0)
		most = size > most ? size : most;
	return most;
}

static void packet_sizes(void)
{
	struct world *world = open_world(1);
	struct engine *engine = world->nodes[0].engine;
	size_t most = largest(world);

	tap_ok(most > 1100 && most <= 1200, "as configured: %zu", most);
	engine_set_packet_size(engine, 700, world->now);
	most = largest(world);
	tap_ok(most > 600 && most <= 700, "smaller: %zu", most);
	engine_set_packet_size(engine, 100, world->now);
	most = largest(world);
	tap_ok(most > 400 && most <= ENGINE_PACKET_MIN,
		"never too small for the protocol: %zu", most);
	engine_set_packet_size(engine, WIRE_PACKET_MAX, world->now);
	most = largest(world);
	tap_ok(most > 1400, "and large again: %zu", most);
	close_world(world);
}

/* ---- what is known of members ---- */

/* The member of this nick, as one node knows it; id 0: none. */
static struct engine_member known_as(
	struct world *world, size_t index, const char *nick)
{
	const struct engine *engine = world->nodes[index].engine;
	struct engine_member member;

	for (size_t i = 0; engine_member_at(engine, i, &member); i++)
		if (member.nick_size == strlen(nick) &&
			memcmp(member.nick, nick, member.nick_size) == 0)
			return member;
	return (struct engine_member){0};
}

static void knows_members(void)
{
	struct world *world = open_world(4);
	struct engine *engine = world->nodes[0].engine;
	struct engine_hearing hearing;
	struct engine_member member;

	tap_ok(engine_member_at(engine, 2, &member) &&
			!engine_member_at(engine, 3, &member),
		"three others");
	member = known_as(world, 0, "cem");
	tap_ok(member.id == 102 && member.hears_us && member.hops == 0,
		"one by its nick");
	tap_ok(member.heard_at.ns <= world->now.ns && member.heard_at.ns > 0,
		"heard before now");
	tap_is_int((intmax_t)member.hears, 0, "nobody has said anything");
	tap_ok(!engine_hearing_at(engine, 102, 0, &hearing), "of no use");
	world->loses = loses_data_to_last;
	say_now(world, 0);
	say_now(world, 1);
	say_now(world, 1);
	run(world, 2500);
	tap_is_int((intmax_t)known_as(world, 0, "cem").lacks, 1,
		"who lacks one of ours");
	tap_is_int((intmax_t)known_as(world, 0, "bob").lacks, 0,
		"and who does not");
	tap_is_int((intmax_t)known_as(world, 2, "bob").lost, 2,
		"what it lacks of another");
	tap_is_int((intmax_t)known_as(world, 0, "cem").hears, 1,
		"it has heard that the other said something");
	tap_ok(engine_hearing_at(engine, 102, 0, &hearing) &&
			hearing.id == 101 && hearing.lacks == 2 &&
			memcmp(hearing.nick, "bob", hearing.nick_size) == 0,
		"and says what it lacks of it");
	tap_ok(!engine_hearing_at(engine, 102, 1, &hearing), "no more");
	tap_ok(!engine_hearing_at(engine, 77, 0, &hearing), "nor of nobody");
	world->loses = NULL;
	run(world, 3000);
	tap_is_int((intmax_t)known_as(world, 0, "cem").lacks, 0, "repaired");
	engine_leave(world->nodes[1].engine, world->now);
	drain(world, 1);
	run(world, 100);
	tap_is_int((intmax_t)known_as(world, 0, "cem").hears, 0,
		"who left is not heard any more");
	tap_ok(!engine_member_at(engine, 2, &member), "two are left");
	close_world(world);
}

/* One member hears nothing of another. */
static bool loses_to_first(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)world, (void)packet, (void)size;
	return from == 1 && to == 0;
}

static bool loses_until_second_bye(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)packet, (void)size;
	return from == 1 && to == 0 && world->whys[1][ENGINE_BYE] < 2;
}

static void a_bye_confirms(void)
{
	struct world *world = open_world(2);
	const struct engine *engine = world->nodes[0].engine;

	run(world, 100);
	world->loses = loses_until_second_bye;
	say(world, 0);
	run(world, 100);
	tap_is_int((intmax_t)engine_confirmer_count(engine), 0,
		"what confirms is lost");
	engine_leave(world->nodes[1].engine, world->now);
	run(world, 100);
	tap_is_int((intmax_t)engine_confirmer_count(engine), 1,
		"any of the byes confirms, too");
	close_world(world);
}

static void one_way(void)
{
	struct world *world = open_world(0);

	world->loses = loses_to_first;
	join(world, 0);
	join(world, 1);
	run(world, 5000);
	say_now(world, 1);
	run(world, 5000);
	tap_ok(!known_as(world, 1, "ann").hears_us, "who does not hear us");
	tap_is_int((intmax_t)known_as(world, 1, "ann").lacks, 1,
		"lacks all that we said");
	world->loses = NULL;
	run(world, 5000);
	tap_ok(known_as(world, 1, "ann").hears_us, "and then does");
	close_world(world);
}

static void shared_nicks(void)
{
	struct world *world = open_world(2);
	struct engine_config config = config_of(2);

	say_now(world, 1);
	run(world, 100);
	tap_ok(!seen_by(world, 0)->is_shared, "one bob");
	config.nick = "bob";
	join_as(world, 2, &config);
	run(world, 3000);
	tap_ok(seen_by(world, 0)->is_shared, "another bob joins");
	say_now(world, 1);
	run(world, 100);
	tap_ok(seen_by(world, 0)->is_shared, "the first one shares its nick");
	tap_ok(known_as(world, 0, "bob").is_nick_shared, "in the list, too");
	engine_set_nick(world->nodes[2].engine, "ann");
	drain(world, 2);
	run(world, 100);
	tap_ok(seen_by(world, 0)->is_shared, "it takes our nick");
	say_now(world, 1);
	run(world, 100);
	tap_ok(!seen_by(world, 0)->is_shared, "there is one bob");
	say_now(world, 2);
	run(world, 100);
	tap_ok(seen_by(world, 0)->is_shared, "and two anns");
	engine_set_nick(world->nodes[0].engine, "eve");
	drain(world, 0);
	say_now(world, 2);
	run(world, 100);
	tap_ok(!seen_by(world, 0)->is_shared, "then one");
	close_world(world);
}

/* What is confirmed, by whom, while one lacks something. */
static void progress(void)
{
	struct world *world = open_world(3);
	struct engine *engine = world->nodes[0].engine;

	tap_is_int((intmax_t)engine_said_last(engine), 0, "nothing said");
	tap_is_int((intmax_t)engine_confirmer_count(engine), 2,
		"two would confirm");
	say(world, 0);
	say(world, 0);
	tap_is_int((intmax_t)engine_said_last(engine), 1, "one packet");
	tap_is_int((intmax_t)engine_confirmed(engine), 0, "not sent");
	tap_is_int((intmax_t)engine_confirmer_count(engine), 0, "by none");
	drain(world, 0);
	run(world, 1000);
	tap_is_int((intmax_t)engine_confirmed(engine), 1, "confirmed");
	world->loses = loses_data_to_last;
	say_now(world, 0);
	run(world, 1000);
	tap_is_int((intmax_t)engine_said_last(engine), 2, "another packet");
	tap_is_int((intmax_t)engine_confirmed(engine), 1, "not by all");
	tap_is_int((intmax_t)engine_confirmer_count(engine), 1, "but by one");
	engine_leave(world->nodes[1].engine, world->now);
	drain(world, 1);
	join(world, 3);
	run(world, 1000);
	tap_is_int((intmax_t)engine_confirmer_count(engine), 1,
		"who left confirmed it, who came does not");
	world->loses = NULL;
	run(world, 3000);
	tap_is_int((intmax_t)engine_confirmer_count(engine), 2, "then by two");
	tap_is_int((intmax_t)engine_confirmed(engine), 2, "and by all");
	close_world(world);
}

static void says_why(void)
{
	struct world *world = open_world(3);
	unsigned(*whys)[ENGINE_PRESENCE + 1] = world->whys;
	struct engine_reason reason;

	tap_ok(whys[0][ENGINE_HELLO] > 1 && whys[0][ENGINE_HELLO] < 8,
		"a few hellos");
	tap_ok(whys[0][ENGINE_ANSWER] > 0, "answers to others' hellos");
	world->loses = loses_data_to_last;
	say_now(world, 0);
	run(world, 10);
	tap_is_int(whys[0][ENGINE_FIRST], 1, "one packet leaves first");
	tap_ok(whys[0][ENGINE_REPAIR] > 0 && whys[2][ENGINE_ASK] == 0 &&
			world->reasons[ENGINE_REPAIR].asks == 0,
		"again before anybody asks");
	run(world, 200);
	tap_ok(whys[1][ENGINE_ANSWER] + whys[1][ENGINE_CONFIRM] > 0,
		"who has it confirms");
	tap_ok(whys[2][ENGINE_ASK] > 0, "who lacks it asks");
	tap_ok(whys[0][ENGINE_REPAIR] > 0, "it is repaired");
	die(world, 0);
	run(world, 1500);
	tap_ok(whys[1][ENGINE_REPAIR_FOR] > 0, "by another, later");
	reason = world->reasons[ENGINE_REPAIR_FOR];
	tap_ok(reason.origin == 100 && reason.asker == 102 && reason.asks == 1,
		"for its author, because one asked");
	die(world, 1);
	run(world, 1500);
	reason = world->reasons[ENGINE_ASK];
	tap_ok(reason.origin == 100 && reason.origins == 1 &&
			reason.packets == 1,
		"it asked for one packet of one author");
	engine_set_nick(world->nodes[2].engine, "zoe");
	drain(world, 2);
	run(world, 10);
	tap_is_int(whys[2][ENGINE_NICK], 1, "one new nick");
	run(world, 10000);
	tap_ok(whys[2][ENGINE_PRESENCE] > 0, "presence");
	engine_leave(world->nodes[2].engine, world->now);
	drain(world, 2);
	tap_ok(whys[2][ENGINE_BYE] > 0, "bye");
	close_world(world);
}

/* What nobody answers to is sent again at first, and spoken of later. */
static void beats(void)
{
	struct world *world = open_world(2);
	unsigned(*whys)[ENGINE_PRESENCE + 1] = world->whys;

	world->loses = loses_all;
	say_now(world, 0);
	run(world, 30);
	tap_ok(whys[0][ENGINE_REPAIR] > 0 && whys[0][ENGINE_HEARTBEAT] == 0,
		"nobody answers: it is sent again");
	run(world, 300);
	tap_ok(whys[0][ENGINE_HEARTBEAT] > 0, "and then spoken of");
	tap_ok(whys[0][ENGINE_REPAIR] < 6, "and not sent for ever");
	close_world(world);
}

/* As long as the author is heard, others leave repairs to it. */
static void left_to_author(void)
{
	struct world *world = open_world(4);

	world->loses = loses_share;
	world->loss = 20;
	for (int i = 0; i < 500; i++) {
		say_now(world, 0);
		run(world, 10);
	}
	run(world, 1000);
	has_all(world, 1, 500, "at 20 % loss");
	tap_ok(world->whys[0][ENGINE_REPAIR] > 100, "the author repaired %u",
		world->whys[0][ENGINE_REPAIR]);
	tap_ok(world->whys[1][ENGINE_REPAIR_FOR] +
				world->whys[2][ENGINE_REPAIR_FOR] +
				world->whys[3][ENGINE_REPAIR_FOR] <=
			5,
		"and others hardly anything: %u",
		world->whys[1][ENGINE_REPAIR_FOR] +
			world->whys[2][ENGINE_REPAIR_FOR] +
			world->whys[3][ENGINE_REPAIR_FOR]);
	close_world(world);
}

static void says_what(void)
{
	struct world *world = open_world(3);
	struct engine *engine = world->nodes[2].engine;
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size;

	tap_ok(world->took[ENGINE_TOOK_STATE] > 0, "STATE");
	say_now(world, 0);
	run(world, 100);
	tap_is_int(world->took[ENGINE_TOOK_NEW], 2, "new at both others");
	tap_is_int(world->took[ENGINE_TOOK_REPAIR], 0, "no repair");
	world->loses = loses_data_to_last;
	say_now(world, 0);
	run(world, 1);
	world->loses = NULL;
	run(world, 1000);
	tap_is_int(world->took[ENGINE_TOOK_REPAIR], 1, "one repair");
	tap_is_int(world->took[ENGINE_TOOK_DOUBLE], 1, "which others had");
	say(world, 2);
	size = engine_next_packet(engine, packet, world->now);
	engine_receive(engine, packet, size, 1, world->now);
	tap_is_int(engine_packet_took(engine), ENGINE_TOOK_ECHO, "our own");
	engine = world->nodes[1].engine;
	engine_receive(engine, packet, size - 1, 1, world->now);
	tap_is_int(engine_packet_took(engine), ENGINE_TOOK_NOTHING, "cut");
	packet[7]++;
	engine_receive(engine, packet, size, 1, world->now);
	tap_is_int(engine_packet_took(engine), ENGINE_TOOK_OTHER_ROOM,
		"another room's");
	run(world, 3000);
	engine_set_nick(engine, "zoe");
	size = engine_next_packet(engine, packet, world->now);
	engine = world->nodes[0].engine;
	engine_receive(engine, packet, size, 1, world->now);
	tap_is_int(engine_packet_took(engine), ENGINE_TOOK_STATE, "STATE");
	engine_receive(engine, packet, size, 1, world->now);
	tap_is_int(engine_packet_took(engine), ENGINE_TOOK_OLD_STATE, "again");
	close_world(world);
}

/* ---- what is forged ---- */

static size_t forge_state(uint8_t *out, uint64_t member, uint64_t counter,
	uint64_t first, uint64_t last)
{
	struct wire_header header = {
		.type = WIRE_STATE, .room = ROOM, .member = member};
	struct wire_state state = {.counter = counter,
		.nick = "eve",
		.nick_size = 3,
		.first = first,
		.last = last};
	struct writer writer;

	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, &header);
	wire_state_encode(&writer, &state);
	return writer_size(&writer);
}

static size_t forge_data(uint8_t *out, uint64_t member, uint64_t sequence)
{
	struct wire_header header = {
		.type = WIRE_DATA, .room = ROOM, .member = member};
	struct writer writer;

	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, &header);
	wire_data_encode(&writer, sequence, 1, (struct wall_time){0});
	wire_record_encode(&writer, WIRE_LINE, "forged", 6);
	return writer_size(&writer);
}

static void absurd_ranges(void)
{
	static const uint64_t ranges[][2] = {{1, 1}, {1, 1000000},
		{1, WIRE_SEQUENCE_MAX}, {WIRE_SEQUENCE_MAX, WIRE_SEQUENCE_MAX},
		{2, 1}, {1, 0}, {(uint64_t)1 << 40, (uint64_t)1 << 41}};
	size_t rows = sizeof(ranges) / sizeof(ranges[0]);
	struct world *world = open_world(2);
	uint8_t packet[WIRE_PACKET_MAX];
	uint64_t before;

	for (size_t i = 0; i < rows * rows; i++) {
		const uint64_t *a = ranges[i / rows];
		const uint64_t *b = ranges[i % rows];
		size_t size;

		size = forge_state(packet, 1000 + i, 1, a[0], a[1]);
		receive(world, 0, packet, size);
		run(world, 10);
		size = forge_state(packet, 1000 + i, 2, b[0], b[1]);
		receive(world, 0, packet, size);
		size = forge_data(packet, 1000 + i, b[1] ? b[1] : 1);
		receive(world, 0, packet, size);
	}
	before = world->packets;
	run(world, 70000);
	tap_ok(world->packets - before < 28000,
		"absurd ranges cost %ju packets in 70 s",
		(uintmax_t)(world->packets - before));
	tap_ok(counts_of(world, 0).memory < 1000000, "and %zu bytes",
		counts_of(world, 0).memory);
	seen_by(world, 0)->messages = 0;
	seen_by(world, 0)->is_ordered = true;
	say_now(world, 1);
	run(world, 1000);
	tap_is_int((intmax_t)seen_by(world, 0)->messages, 1,
		"honest ones go on chatting");
	close_world(world);
}

/* Reports of what was never sent must not confirm it, nor ask for ever. */
static void absurd_reports(void)
{
	struct world *world = open_world(2);
	uint8_t packet[WIRE_PACKET_MAX];
	struct wire_header header = {
		.type = WIRE_STATE, .room = ROOM, .member = 101};
	struct wire_state state = {
		.counter = 1000000, .nick = "bob", .nick_size = 3, .first = 1};
	struct wire_report report = {.origin = 100,
		.next = WIRE_SEQUENCE_MAX,
		.known = WIRE_SEQUENCE_MAX};
	struct writer writer;
	uint8_t *count;

	writer_init(&writer, packet, sizeof(packet));
	wire_header_encode(&writer, &header);
	count = wire_state_encode(&writer, &state);
	wire_report_encode(&writer, count, &report);
	world->loses = loses_all;
	say_now(world, 0);
	receive(world, 0, packet, writer_size(&writer));
	run(world, 100);
	tap_ok(!engine_is_confirmed(world->nodes[0].engine),
		"a report of what was never sent confirms nothing");
	close_world(world);
}

/* One that asks and asks for all, each millisecond for a second. */
static void asks_for_ever(void)
{
	struct world *world = open_world(2);
	struct engine_counts counts;

	for (int i = 0; i < 300; i++) {
		say_now(world, 0);
		run(world, 5);
	}
	for (uint64_t i = 0; i < 1000; i++) {
		uint8_t packet[WIRE_PACKET_MAX];
		struct wire_header header = {
			.type = WIRE_STATE, .room = ROOM, .member = 66};
		struct wire_state state = {
			.counter = i + 1, .nick = "", .first = 1};
		struct wire_report report = {.origin = 100,
			.next = 1,
			.known = 300,
			.gap_count = 1,
			.gaps = {{1, 300}}};
		struct writer writer;

		writer_init(&writer, packet, sizeof(packet));
		wire_header_encode(&writer, &header);
		wire_report_encode(
			&writer, wire_state_encode(&writer, &state), &report);
		receive(world, 0, packet, writer_size(&writer));
		run(world, 1);
	}
	counts = counts_of(world, 0);
	tap_note("%ju repairs", (uintmax_t)counts.repairs_sent);
	tap_ok(counts.repairs_sent <= 2 * ALLOWANCE_OF_ONE + 300,
		"a second of asking costs %ju repairs",
		(uintmax_t)counts.repairs_sent);
	say_now(world, 0);
	run(world, 300);
	has_all(world, 1, 301, "and the honest hear all");
	close_world(world);
}

static void other_versions(void)
{
	struct world *world = open_world(1);
	struct engine *engine = world->nodes[0].engine;
	uint8_t packet[WIRE_PACKET_MAX + 1] = {0};
	size_t size = forge_state(packet, 9, 1, 1, 0);

	packet[1] = 2 << 4 | WIRE_STATE;
	tap_is_int(engine_receive(engine, packet, size, 1, world->now),
		WIRE_BAD_VERSION, "a later version");
	packet[1] = WIRE_VERSION << 4 | 9;
	tap_is_int(engine_receive(engine, packet, size, 1, world->now),
		WIRE_BAD_TYPE, "an unknown type");
	packet[1] = WIRE_VERSION << 4 | WIRE_STATE;
	tap_is_int(engine_receive(engine, packet, size - 1, 1, world->now),
		WIRE_TRUNCATED, "a cut one");
	tap_is_int(
		engine_receive(engine, packet, sizeof(packet), 1, world->now),
		WIRE_BAD_VALUE, "a larger one than any is");
	tap_is_int(engine_receive(engine, "hello", 5, 1, world->now),
		WIRE_NOT_OURS, "plain text");
	tap_is_int(engine_receive(engine, packet, 0, 1, world->now),
		WIRE_NOT_OURS, "nothing");
	tap_is_int((intmax_t)counts_of(world, 0).bad, 4, "four count as bad");
	drain(world, 0);
	tap_is_int(seen_by(world, 0)->joins, 0, "nobody joined");
	tap_is_int(engine_receive(engine, packet, size, -1, world->now),
		WIRE_OK, "the right one");
	drain(world, 0);
	tap_is_int(seen_by(world, 0)->joins, 1, "joins");
	close_world(world);
}

static void fake_members(void)
{
	struct world *world = open_world(2);
	uint8_t packet[WIRE_PACKET_MAX];
	uint64_t before = world->packets;

	for (uint64_t i = 0; i < 10000; i++) {
		size_t size = forge_state(packet, random_next() | 1, i, 1, 0);

		receive(world, 0, packet, size);
		if (i % 10 == 0)
			run(world, 1);
	}
	tap_ok(world->packets - before < 5000,
		"10,000 fakes in a second: %ju packets of ours",
		(uintmax_t)(world->packets - before));
	say_now(world, 0);
	say_now(world, 1);
	run(world, 3000);
	has_all(world, 1, 1, "among 10,000 fakes");
	has_all(world, 0, 1, "among 10,000 fakes");
	close_world(world);
}

/* Those who are told to have joined and then give way are told to have left. */
static void fakes_give_way(void)
{
	struct world *world = open_world(2);
	uint8_t packet[WIRE_PACKET_MAX];
	const struct seen *seen = seen_by(world, 0);

	for (uint64_t i = 0; i < MEMBERS_MAX + 500; i++) {
		size_t size = forge_state(packet, 1000 + i, 1, 1, 0);

		receive(world, 0, packet, size);
	}
	tap_is_int(seen->joins, MEMBERS_MAX + 501, "all have joined");
	tap_is_int(seen->leaves, 501, "who gave way has left");
	tap_is_string(seen->nick, "eve", "the one honest is not among them");
	tap_ok(known_as(world, 0, "bob").id == 101, "but is still here");
	close_world(world);
}

/* A STATE of one that tells of so many authors, from `first` on. */
static size_t forge_gossip(
	uint8_t *out, uint64_t member, uint64_t first, size_t count)
{
	struct wire_header header = {
		.type = WIRE_STATE, .room = ROOM, .member = member};
	struct wire_state state = {
		.counter = 1, .nick = "eve", .nick_size = 3, .first = 1};
	struct wire_report report = {.next = 1, .known = 1};
	struct writer writer;
	uint8_t *reports;

	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, &header);
	reports = wire_state_encode(&writer, &state);
	for (size_t i = 0; i < count; i++) {
		report.origin = first + i;
		wire_report_encode(&writer, reports, &report);
	}
	return writer_size(&writer);
}

/* Who has just been let in does not give way for those that it tells of. */
static void fakes_tell_of_fakes(void)
{
	struct world *world = open_world(0);
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size;

	/* Only who has just joined meets others by what is told of them. */
	join(world, 0);
	join(world, 1);
	run(world, 100);
	for (uint64_t i = 0; i < MEMBERS_MAX; i++) {
		size = forge_state(packet, 1000 + i, 1, 1, 0);
		receive(world, 0, packet, size);
	}
	size = forge_gossip(packet, 1, 100000, 8);
	receive(world, 0, packet, size);
	tap_is_int(seen_by(world, 0)->joins, MEMBERS_MAX + 2,
		"who tells of others has joined");
	tap_is_int(seen_by(world, 0)->leaves, 2, "for one that gave way");
	tap_ok(known_as(world, 0, "bob").id == 101, "the honest one is here");
	close_world(world);
}

/* A STATE that asks for the first packet of `origin`. */
static size_t forge_ask(
	uint8_t *out, uint64_t member, uint64_t counter, uint64_t origin)
{
	struct wire_header header = {
		.type = WIRE_STATE, .room = ROOM, .member = member};
	struct wire_state state = {
		.counter = counter, .nick = "eve", .nick_size = 3, .first = 1};
	struct wire_report report = {.origin = origin,
		.next = 1,
		.known = 2,
		.gap_count = 1,
		.gaps = {{1, 1}}};
	struct writer writer;
	uint8_t *reports;

	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, &header);
	reports = wire_state_encode(&writer, &state);
	wire_report_encode(&writer, reports, &report);
	return writer_size(&writer);
}

/* Who asks and asks for what nobody has does not keep others from giving it
 * up. */
static void asked_for_ever(void)
{
	struct world *world = open_world(1);
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size = forge_state(packet, 1000, 1, 1, 2);

	receive(world, 0, packet, size);
	size = forge_data(packet, 1000, 2);
	receive(world, 0, packet, size);
	for (uint64_t i = 1; i <= 32000; i++) {
		size = forge_ask(packet, 1001, i, 1000);
		receive(world, 0, packet, size);
		run(world, 1);
	}
	tap_is_int((intmax_t)seen_by(world, 0)->messages, 1,
		"what nobody has is given up, whoever asks for it");
	close_world(world);
}

/* A STATE in another's name with the highest counter must not make all that it
 * says itself too old. */
static void highest_counter(void)
{
	struct world *world = open_world(2);
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size = forge_state(packet, 101, UINT64_MAX, 1, 0);

	receive(world, 0, packet, size);
	run(world, 30000);
	say_now(world, 1);
	run(world, 1000);
	has_all(world, 0, 1, "of one whose counter was forged");
	tap_is_int(seen_by(world, 0)->leaves, 0, "it never left");
	tap_is_string(seen_by(world, 0)->nick, "bob", "and has its nick");
	close_world(world);
}

/* A number far ahead in another's name is no loss once the author has said
 * where it is. */
static void forged_jump(void)
{
	struct world *world = open_world(2);
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size = forge_data(packet, 101, 2000000000);

	say_now(world, 1);
	run(world, 100);
	receive(world, 0, packet, size);
	run(world, 40000);
	say_now(world, 1);
	run(world, 1000);
	has_all(world, 0, 2, "of one whose number was forged");
	close_world(world);
}

/* Two have the same id; the others go on. */
static void same_id(void)
{
	struct world *world = open_world(3);
	struct engine_config config = config_of(3);

	config.id = 102;
	join_as(world, 3, &config);
	for (int i = 0; i < 200; i++) {
		for (size_t n = 0; n < NODES; n++)
			say(world, n);
		for (size_t n = 0; n < NODES; n++)
			drain(world, n);
		run(world, 50);
	}
	run(world, 5000);
	seen_by(world, 0)->messages = 0;
	seen_by(world, 1)->messages = 0;
	die(world, 2);
	die(world, 3);
	run(world, 60000);
	seen_by(world, 0)->messages = 0;
	seen_by(world, 1)->messages = 0;
	say_now(world, 0);
	say_now(world, 1);
	run(world, 1000);
	tap_ok(seen_by(world, 0)->messages == 1 &&
			seen_by(world, 1)->messages == 1,
		"two that had one id do not harm the others");
	tap_ok(seen_by(world, 0)->is_balanced, "each leave has its join");
	close_world(world);
}

/* Readies a reader of the reports of a STATE; false: it is DATA. */
static bool opens_reports(
	const uint8_t *packet, size_t size, struct reader *out)
{
	struct wire_header header;
	struct wire_state state;

	if (is_data(packet))
		return false;
	reader_init(out, packet, size);
	if (wire_header_decode(out, &header) != WIRE_OK ||
		wire_state_decode(out, &state) != WIRE_OK)
		abort();
	reader_init(out, state.reports, state.reports_size);
	return true;
}

/* By the last byte of its number, behind the header, what leaves first. */
static bool loses_every_other_to_last(struct world *world, size_t from,
	size_t to, const uint8_t *packet, size_t size)
{
	struct wire_report report;
	struct reader reader;

	(void)from;
	if (is_data(packet))
		return to == 2 && !(packet[2] & WIRE_REPAIR) &&
		       packet[23] % 2 == 0;
	opens_reports(packet, size, &reader);
	while (wire_report_next(&reader, &report))
		if (report.gap_count > world->reports)
			world->reports = report.gap_count;
	return false;
}

/* One STATE asks for what is missing in many places. */
static void asks_for_many(void)
{
	struct world *world = open_world(3);

	world->loses = loses_every_other_to_last;
	while (world->nodes[0].said < 20000)
		say(world, 0);
	drain(world, 0);
	run(world, 2000);
	tap_ok(world->reports > 20, "%u gaps in one STATE", world->reports);
	has_all(world, 2, 20000, "who lacked every other");
	close_world(world);
}

/* No STATE names an author twice. */
static bool finds_twice(struct world *world, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	struct wire_report report;
	struct reader reader;
	uint64_t origins[WIRE_REPORTS_MAX];
	size_t count = 0;

	(void)from, (void)to;
	if (!opens_reports(packet, size, &reader))
		return false;
	while (wire_report_next(&reader, &report)) {
		for (size_t i = 0; i < count; i++)
			world->twice += origins[i] == report.origin;
		origins[count++] = report.origin;
	}
	world->reports += (unsigned)count;
	return false;
}

static void reports_once(void)
{
	struct world *world = open_world(4);

	world->loses = finds_twice;
	for (int i = 0; i < 400; i++) {
		say_now(world, (size_t)i % NODES);
		run(world, 25);
	}
	tap_ok(world->reports > 1000 && world->twice == 0,
		"%u of %u reports are of an author named already", world->twice,
		world->reports);
	close_world(world);
}

/* Pages that this process has in memory; 0: it cannot be told here. */
static long resident_pages(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	char line[128] = "";
	char *end = line;

	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	strtol(line, &end, 10);
	return strtol(end, NULL, 10);
}

static void hundred_members(void)
{
	struct engine_config config = config_of(0);
	struct instant now = {NS_PER_S};
	struct engine *engine = engine_new(&config, now);
	uint8_t packet[WIRE_PACKET_MAX];
	long before = resident_pages();
	long more;
	struct event event;

	for (uint64_t round = 1; engine && round <= 10; round++)
		for (uint64_t i = 0; i < 100; i++) {
			size_t size =
				forge_state(packet, 1000 + i, round, 1, 0);

			engine_receive(engine, packet, size, 1, now);
			while (engine_next_event(engine, &event))
				;
		}
	more = (resident_pages() - before) * sysconf(_SC_PAGESIZE);
	tap_ok(engine && engine_member_count(engine) == 0 && more < 512L * 1024,
		"a hundred members take %ld bytes", more);
	engine_free(engine);
}

/* The same seed, the same packets; another seed, others. */
static uint64_t hash_of_run(uint64_t seed)
{
	struct world *world = open_world(0);
	uint64_t result;

	for (size_t i = 0; i < 3; i++) {
		struct engine_config config = config_of(i);

		config.seed = seed + i;
		join_as(world, i, &config);
	}
	world->loses = loses_share;
	world->loss = 20;
	for (int i = 0; i < 200; i++) {
		say_now(world, (size_t)i % 3);
		run(world, 10);
	}
	run(world, 5000);
	result = world->hash;
	close_world(world);
	return result;
}

static void determinism(void)
{
	uint64_t first = hash_of_run(1);

	tap_ok(hash_of_run(1) == first, "the same seed, the same packets");
	tap_ok(hash_of_run(9) != first, "another seed, others");
}

/* An hour of nothing: few packets, no event, few wake-ups. */
static void idle(void)
{
	struct world *world = open_world(4);
	uint64_t packets;
	uint64_t drains;

	run(world, 10000);
	packets = world->packets;
	drains = world->drains;
	run(world, 3600000);
	packets = world->packets - packets;
	drains = world->drains - drains;
	tap_ok(packets < (uint64_t)4 * 3600,
		"an idle hour of four: %ju packets", (uintmax_t)packets);
	tap_ok(drains < 20 * packets, "and %ju wake-ups", (uintmax_t)drains);
	tap_is_int(seen_by(world, 0)->leaves, 0, "nobody left");
	close_world(world);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	hundred_members(); /* first, before anything was freed */
	comes_and_goes();
	confirms();
	confirms_soon();
	says_bye();
	hears_from_its_coming();
	progress();
	knows_members();
	one_way();
	shared_nicks();
	says_why();
	beats();
	left_to_author();
	says_what();
	nicks();
	rooms();
	echo();
	history(false);
	history(true);
	long_history();
	no_history();
	known_by_hearsay();
	hearsay_is_wrong();
	author_dies();
	last_is_lost();
	loss_after_silence();
	not_stalled();
	partition();
	greets();
	packet_sizes();
	stops(3000, 10, false);
	stops(60000, 10, true);
	absurd_reports();
	asks_for_ever();
	other_versions();
	fake_members();
	fakes_give_way();
	fakes_tell_of_fakes();
	asked_for_ever();
	highest_counter();
	forged_jump();
	same_id();
	reports_once();
	determinism();
	idle();
	does_not_drain();
	asks_for_many();
	waits_once();
	pipes(0, 100000);
	pipes(10, 100000);
	pipes(30, 100000);
	nobody_holds();
	after_leaving();
	a_bye_confirms();
	absurd_ranges();
	return tap_done();
}
