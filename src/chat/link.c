/* SPDX-License-Identifier: ISC */
#include "mchat/chat/link.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mchat/chat/clock.h"
#include "mchat/chat/display.h"
#include "mchat/chat/input.h"
#include "mchat/chat/trace.h"
#include "mchat/network/batch.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/wire.h"

int link_init(struct link *link, const struct engine_config *config,
	struct instant now)
{
	struct engine_config own = *config;

	*link = (struct link){0};
	if (getentropy(&own.seed, sizeof(own.seed)) < 0)
		return -1;
	/* 0 names nobody. */
	do {
		if (getentropy(&own.id, sizeof(own.id)) < 0)
			return -1;
	} while (own.id == 0);
	link->engine = engine_new(&own, now);
	link->packets = malloc((size_t)LINK_PACKETS * WIRE_PACKET_MAX);
	return link->engine && link->packets ? 0 : -1;
}

void link_fini(struct link *link)
{
	engine_free(link->engine);
	free(link->packets);
}

/* Hands lines to the engine until it has enough. */
static void say(struct link *link, struct input *input, struct display *display,
	struct instant now)
{
	struct wall_time wall = clock_wall();
	struct line line;

	while (input_next(input, &line)) {
		bool is_action = input_is_action(input);

		if (engine_say(link->engine, is_action, line.text, line.size,
			    wall, now) != ENGINE_SAID) {
			input_put_back(input);
			return;
		}
		link->said++;
		display_own(display, is_action ? EVENT_ACTION : EVENT_MESSAGE,
			line.text, line.size, wall);
	}
}

void link_fill(struct link *link, struct input *input, struct display *display,
	struct send_batch *batch, struct instant now)
{
	uint8_t *packet = link->packets;

	if (link->may_talk)
		say(link, input, display, now);
	if (!link->stands_still)
		engine_tick(link->engine, now);
	for (size_t i = 0; i < LINK_PACKETS; i++) {
		size_t size = engine_next_packet(link->engine, packet, now);

		if (size == 0)
			return;
		if (link->trace)
			trace_sent(
				link->trace, link->engine, packet, size, now);
		send_batch_add(batch, (const char *)packet, size, "");
		packet += WIRE_PACKET_MAX;
	}
}

bool link_receive(struct link *link, const struct datagram *datagram,
	bool is_echo, struct instant now)
{
	enum wire_result result = WIRE_OK;

	if (is_echo)
		engine_hear_echo(link->engine);
	else
		result = engine_receive(link->engine, datagram->bytes,
			datagram->size, datagram->hop_limit, now);

	if (link->trace)
		trace_received(
			link->trace, link->engine, datagram, result, now);
	return result != WIRE_NOT_OURS;
}
