/* SPDX-License-Identifier: ISC */
#include "ether.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/network/batch.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"

/* Long enough for hellos and their answers, and short of a presence. */
#define MEETING_MS 600

void ether_init(struct ether *ether)
{
	*ether = (struct ether){.now = {1000 * NS_PER_S}};
}

void ether_fini(struct ether *ether)
{
	for (size_t i = 0; i < ETHER_MAX; i++)
		ether_remove(ether, i);
}

struct engine_config ether_config(size_t index)
{
	static const char *const nicks[ETHER_MAX] = {
		"ann", "bob", "cem", "dee"};

	return (struct engine_config){
		.id = (uint64_t)(index + 1) << 48 | 0xabc,
		.seed = index,
		.nick = nicks[index],
		.hop_limit = ETHER_HOP_LIMIT,
		.packet_size = 1200,
	};
}

void ether_join(
	struct ether *ether, const struct engine_config *config, size_t index)
{
	ether_remove(ether, index);
	ether->engines[index] = engine_new(config, ether->now);
	if (!ether->engines[index])
		abort();
}

void ether_remove(struct ether *ether, size_t index)
{
	engine_free(ether->engines[index]);
	ether->engines[index] = NULL;
}

void ether_meet(struct ether *ether, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct engine_config config = ether_config(i);

		ether_join(ether, &config, i);
	}
	ether_run(ether, duration_ms(MEETING_MS));
}

void ether_say(struct ether *ether, size_t index, const char *text)
{
	struct wall_time wall = {0};

	if (engine_say(ether->engines[index], false, text, strlen(text), wall,
		    ether->now) != ENGINE_SAID)
		abort();
}

void ether_cut(struct ether *ether, size_t from, size_t to, bool is_cut)
{
	ether->is_cut[from][to] = is_cut;
}

void ether_limit(struct ether *ether, size_t from, size_t to, size_t bytes)
{
	ether->limits[from][to] = bytes;
}

void ether_give(
	struct ether *ether, size_t index, const void *packet, size_t size)
{
	struct datagram datagram = {
		.bytes = packet,
		.size = size,
		.interface_index = ETHER_INTERFACE,
		.hop_limit = ETHER_HOP_LIMIT,
	};
	enum wire_result result = engine_receive(ether->engines[index], packet,
		size, ETHER_HOP_LIMIT, ether->now);

	if (ether->received)
		ether->received(ether, index, &datagram, result);
}

static void show_events(struct ether *ether, size_t index)
{
	struct event event;

	while (engine_next_event(ether->engines[index], &event))
		if (ether->happened)
			ether->happened(ether, index, &event);
}

/* Whether a packet of this size gets from one to another. */
static bool is_open(
	const struct ether *ether, size_t from, size_t to, size_t size)
{
	size_t limit = ether->limits[from][to];

	return to != from && ether->engines[to] && !ether->is_cut[from][to] &&
	       (limit == 0 || size <= limit);
}

/* Sends all packets that one engine has; whether there were any. */
static bool drain(struct ether *ether, size_t index)
{
	uint8_t packet[WIRE_PACKET_MAX];
	bool has_sent = false;
	size_t size;

	while ((size = engine_next_packet(
			ether->engines[index], packet, ether->now)) > 0) {
		has_sent = true;
		if (ether->sent)
			ether->sent(ether, index, packet, size);
		for (size_t to = 0; to < ETHER_MAX; to++)
			if (is_open(ether, index, to, size))
				ether_give(ether, to, packet, size);
	}
	show_events(ether, index);
	return has_sent;
}

/* Does what is due now; returns when something will be again. */
static struct instant settle(struct ether *ether)
{
	struct instant next = INSTANT_NEVER;
	bool has_sent = true;

	while (has_sent) {
		has_sent = false;
		next = INSTANT_NEVER;
		for (size_t i = 0; i < ETHER_MAX; i++) {
			struct engine *engine = ether->engines[i];

			if (!engine)
				continue;
			engine_tick(engine, ether->now);
			has_sent = drain(ether, i) || has_sent;
			next = instant_earlier(next, engine_deadline(engine));
		}
	}
	return next;
}

void ether_run(struct ether *ether, struct duration duration)
{
	struct instant end = instant_after(ether->now, duration);
	struct instant next;

	while (instant_before(next = settle(ether), end)) {
		/* Serving a deadline may leave another that is due already. */
		if (!instant_before(ether->now, next))
			next = instant_after(ether->now, duration_us(1));
		ether->now = next;
	}
	ether->now = end;
	settle(ether);
}
