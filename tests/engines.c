/* SPDX-License-Identifier: ISC */
#include "engines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "random.h"
#include "tap.h"
#include "mchat/protocol/event.h"

#define FLIGHTS  65536 /* packets under way at most */
#define DELAY_US 200

/* A packet that is under way to one node. */
struct engines_flight {
	struct instant due;
	size_t to;
	size_t size;
	uint8_t bytes[WIRE_PACKET_MAX];
};

/* ---- the network ---- */

struct engine_config engines_config(size_t index)
{
	static const char *const nicks[ENGINES_MAX] = {
		"ann", "bob", "cem", "dee"};

	return (struct engine_config){
		.id = 100 + index,
		.seed = random_seed() + index,
		.room = ENGINES_ROOM,
		.nick = nicks[index],
		.hop_limit = 1,
		.packet_size = 1200,
	};
}

static void hash(struct engines *engines, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		engines->hash = (engines->hash ^ bytes[i]) * 0x100000001b3;
}

static void transmit(struct engines *engines, size_t from, size_t to,
	const uint8_t *bytes, size_t size)
{
	struct engines_flight *flight;

	if (!engines->nodes[to].engine || engines->nodes[to].is_stopped ||
		engines->count == FLIGHTS ||
		(engines->loses &&
			engines->loses(engines, from, to, bytes, size)))
		return;
	flight =
		&engines->flights[(engines->head + engines->count++) % FLIGHTS];
	flight->due = instant_after(engines->now, duration_us(DELAY_US));
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
	if (seen->messages++ == 0)
		seen->first = number;
	seen->history += event->message.is_history;
	if (number > 0 && number <= seen->last)
		seen->is_ordered = false;
	if (number > 0 && !event->message.is_history &&
		number != event->message.number)
		seen->is_numbered = false;
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
		seen->lost_unknown += event->lost.count == 0;
		if (event->member.nick_size == 0 || event->member.id == 0)
			seen->is_loss_named = false;
		break;
	case EVENT_FULL:
		seen->fulls += !event->full.is_refused;
		seen->refused += event->full.is_refused;
		break;
	case EVENT_PATH_MTU:
		seen->limited++;
		break;
	case EVENT_MESSAGE:
	case EVENT_ACTION:
		see_message(seen, event);
		break;
	case EVENT_PLAIN:
	case EVENT_STATS:
	case EVENT_PEER:
	case EVENT_PRIVATE:
	case EVENT_OUTSIDE:
		break;
	}
	if (seen->here < 0 || seen->here >= ENGINES_MAX)
		seen->is_balanced = false;
}

static void note_reason(struct engines *engines, size_t index)
{
	struct engine_reason reason =
		engine_packet_reason(engines->nodes[index].engine);

	engines->sent_for[index][reason.why]++;
	engines->reasons[reason.why] = reason;
}

void engines_drain(struct engines *engines, size_t index)
{
	struct node *node = &engines->nodes[index];
	uint8_t packet[WIRE_PACKET_MAX];
	struct event event;
	size_t size;

	while ((size = engine_next_packet(node->engine, packet, engines->now)) >
		0) {
		engines->packets++;
		engines->bytes[index] += size;
		note_reason(engines, index);
		if (engines->has_echo)
			engine_hear_echo(node->engine);
		hash(engines, packet, size);
		for (size_t to = 0; to < ENGINES_MAX; to++)
			if (to != index)
				transmit(engines, index, to, packet, size);
	}
	while (engine_next_event(node->engine, &event))
		see(&node->seen, &event);
}

static void deliver(struct engines *engines)
{
	struct engines_flight *flight = &engines->flights[engines->head];
	struct node *node = &engines->nodes[flight->to];

	engines->head = (engines->head + 1) % FLIGHTS;
	engines->count--;
	if (!node->engine || node->is_stopped)
		return;
	engine_receive(
		node->engine, flight->bytes, flight->size, 1, engines->now);
	engines->took[engine_packet_took(node->engine)]++;
	engines_drain(engines, flight->to);
}

static bool is_running(const struct node *node)
{
	return node->engine && !node->is_stopped;
}

static struct instant next_time(const struct engines *engines)
{
	struct instant next = INSTANT_NEVER;

	if (engines->count > 0)
		next = engines->flights[engines->head].due;
	for (size_t i = 0; i < ENGINES_MAX; i++)
		if (is_running(&engines->nodes[i]))
			next = instant_earlier(next,
				engine_deadline(engines->nodes[i].engine));
	return next;
}

void engines_run(struct engines *engines, int64_t ms)
{
	struct instant end = instant_after(engines->now, duration_ms(ms));

	for (;;) {
		struct instant next = next_time(engines);

		if (!instant_before(next, end))
			break;
		if (instant_before(engines->now, next))
			engines->now = next;
		engines->drains++;
		while (engines->count > 0 &&
			!instant_before(engines->now,
				engines->flights[engines->head].due))
			deliver(engines);
		for (size_t i = 0; i < ENGINES_MAX; i++) {
			if (!is_running(&engines->nodes[i]))
				continue;
			engine_tick(engines->nodes[i].engine, engines->now);
			engines_drain(engines, i);
		}
	}
	engines->now = end;
}

void engines_join_as(struct engines *engines, size_t index,
	const struct engine_config *config)
{
	struct node *node = &engines->nodes[index];

	node->engine = engine_new(config, engines->now);
	if (!node->engine)
		abort();
	node->seen = (struct seen){
		.is_ordered = true,
		.is_numbered = true,
		.is_balanced = true,
		.is_loss_named = true,
	};
	engines_drain(engines, index);
}

void engines_join(struct engines *engines, size_t index)
{
	struct engine_config config = engines_config(index);

	engines_join_as(engines, index, &config);
}

void engines_die(struct engines *engines, size_t index)
{
	engine_free(engines->nodes[index].engine);
	engines->nodes[index].engine = NULL;
}

enum engine_said engines_say(struct engines *engines, size_t index)
{
	struct node *node = &engines->nodes[index];
	enum engine_said said;
	char text[64];
	int size = snprintf(text, sizeof(text), "%ju of %zu",
		(uintmax_t)node->said + 1, index);

	said = engine_say(node->engine, false, text, (size_t)size,
		(struct wall_time){1}, engines->now);
	node->said += said == ENGINE_SAID;
	return said;
}

void engines_say_now(struct engines *engines, size_t index)
{
	if (engines_say(engines, index) != ENGINE_SAID)
		abort();
	engines_drain(engines, index);
}

void engines_say_packets(
	struct engines *engines, size_t index, int packets, int numbers)
{
	for (int i = 0; i < packets; i++) {
		for (int n = 0; n < numbers; n++)
			while (engines_say(engines, index) != ENGINE_SAID)
				engines_run(engines, 1);
		engines_drain(engines, index);
		engines_run(engines, 1);
	}
}

bool engines_say_all(
	struct engines *engines, size_t index, uint64_t last, int64_t most_ms)
{
	while (engines->nodes[index].said < last && most_ms-- > 0) {
		while (engines->nodes[index].said < last &&
			engines_say(engines, index) == ENGINE_SAID)
			;
		engines_drain(engines, index);
		engines_run(engines, 1);
	}
	return engines->nodes[index].said == last;
}

struct engines *engines_open(size_t members)
{
	struct engines *engines = calloc(1, sizeof(*engines));

	if (!engines)
		abort();
	/* A run that does not end is a failure, too. */
	alarm(100);
	random_restart();
	engines->flights = calloc(FLIGHTS, sizeof(*engines->flights));
	if (!engines->flights)
		abort();
	engines->now = (struct instant){NS_PER_S};
	for (size_t i = 0; i < members; i++)
		engines_join(engines, i);
	engines_run(engines, 3000);
	return engines;
}

void engines_close(struct engines *engines)
{
	for (size_t i = 0; i < ENGINES_MAX; i++)
		engine_free(engines->nodes[i].engine);
	free(engines->flights);
	free(engines);
}

void engines_receive(
	struct engines *engines, size_t index, const struct forged *packet)
{
	engine_receive(engines->nodes[index].engine, packet->bytes,
		forged_size(packet), 1, engines->now);
	engines_drain(engines, index);
}

void engines_forge_state(struct forged *out, uint64_t member, uint64_t counter,
	uint64_t first, uint64_t last)
{
	struct wire_state state = {.counter = counter,
		.nick = "eve",
		.nick_size = 3,
		.first = first,
		.last = last};

	forged_state(out, ENGINES_ROOM, member, 0, &state);
}

void engines_report(struct engines *engines, uint64_t member, uint8_t flags,
	uint64_t last, uint32_t received)
{
	static uint64_t counter = 1;
	struct wire_state state = {.counter = ++counter,
		.nick = "eve",
		.nick_size = 3,
		.first = 1};
	struct wire_report on_us = {.origin = engines_config(0).id,
		.next = last + 1,
		.known = last,
		.received = received};
	struct forged forged;

	forged_state(&forged, ENGINES_ROOM, member, flags, &state);
	forged_report(&forged, &on_us);
	engines_receive(engines, 0, &forged);
}

void engines_forge_data(struct forged *out, uint64_t member, uint64_t sequence)
{
	forged_data(out, ENGINES_ROOM, member, sequence, 1);
	forged_record(out, RECORD_LINE, "forged", 6);
}

struct seen *engines_seen(struct engines *engines, size_t index)
{
	return &engines->nodes[index].seen;
}

struct engine_counts engines_counts(const struct engines *engines, size_t index)
{
	struct engine_counts counts;

	engine_count(engines->nodes[index].engine, &counts);
	return counts;
}

struct engine_member engines_known(
	const struct engines *engines, size_t index, const char *nick)
{
	const struct engine *engine = engines->nodes[index].engine;
	struct engine_member member;

	for (size_t i = 0; engine_member_at(engine, i, &member); i++)
		if (member.nick_size == strlen(nick) &&
			memcmp(member.nick, nick, member.nick_size) == 0)
			return member;
	return (struct engine_member){0};
}

void engines_has_all(
	struct engines *engines, size_t index, uint64_t count, const char *what)
{
	const struct seen *seen = engines_seen(engines, index);

	tap_ok(seen->messages == count && seen->lost == 0 && seen->is_ordered,
		"%s: %ju of %ju, %ju lost", what, (uintmax_t)seen->messages,
		(uintmax_t)count, (uintmax_t)seen->lost);
}

/* ---- rules of loss ---- */

bool engines_is_data(const uint8_t *packet)
{
	return (packet[1] & 0x0f) == WIRE_DATA;
}

bool engines_gives_data(const uint8_t *packet)
{
	return engines_is_data(packet) ||
	       packet[1] == (WIRE_VERSION << 4 | WIRE_CODE);
}

uint8_t engines_number(const uint8_t *packet)
{
	return packet[23];
}

bool engines_lose_share(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)from, (void)to, (void)packet, (void)size;
	return random_below(100) < engines->loss;
}

bool engines_lose_data(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)from, (void)to, (void)size;
	return engines_gives_data(packet);
}

bool engines_lose_data_to_last(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)from, (void)size;
	return engines_gives_data(packet) && to == 2;
}

bool engines_lose_all(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)from, (void)to, (void)packet, (void)size;
	return true;
}
