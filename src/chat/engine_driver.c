/* SPDX-License-Identifier: ISC */
#include "mchat/chat/engine_driver.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/base/lines.h"
#include "mchat/io/entropy.h"
#include "mchat/io/sealer.h"
#include "mchat/network/batch.h"
#include "mchat/network/send_batch.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/wire.h"
#include "mchat/relay/relay_seen.h"
#include "mchat/trace/trace.h"

int engine_driver_init(struct engine_driver *driver,
	const struct engine_config *config, struct sealer *sealer,
	struct instant now)
{
	struct engine_config own = *config;

	*driver = (struct engine_driver){.sealer = sealer};
	if (entropy_fill(&own.seed, sizeof(own.seed)) < 0 ||
		(own.id == 0 && entropy_number(&own.id) < 0))
		return -1;
	driver->engine = engine_new(&own, now);
	driver->packets = malloc(ENGINE_DRIVER_BYTES);
	return driver->engine && driver->packets ? 0 : -1;
}

void engine_driver_fini(struct engine_driver *driver)
{
	engine_free(driver->engine);
	free(driver->packets);
}

bool engine_driver_say(struct engine_driver *driver, const struct line *line,
	bool is_action, struct wall_time time, struct instant now)
{
	if (!driver->may_send ||
		engine_say(driver->engine, is_action, line->text, line->size,
			time, now) != ENGINE_SAID)
		return false;
	driver->said++;
	return true;
}

/* What is being filled, and with what is told of it. */
struct filling {
	struct send_batch *batch;
	const struct trace *trace; /* NULL: nothing is */
	struct instant now;
};

/* Adds the next packet, made at `out`; its size, 0 when there is none (more).
 */
static size_t add_plain(
	struct engine_driver *driver, const struct filling *it, uint8_t *out)
{
	size_t size = engine_next_packet(driver->engine, out, it->now);

	if (size == 0)
		return 0;
	if (it->trace)
		trace_sent(it->trace, driver->engine, out, size, size, it->now);
	send_batch_add(it->batch, (const char *)out, size, "");
	return size;
}

/* The same, sealed. */
static size_t add_packet(
	struct engine_driver *driver, const struct filling *it, uint8_t *out)
{
	uint8_t *packet = out + SEAL_HEADER_SIZE;
	size_t size = engine_next_packet(driver->engine, packet, it->now);
	uint8_t copy[WIRE_PACKET_MAX];
	bool is_state;
	size_t sealed;

	if (size == 0)
		return 0;
	is_state = relay_seen_is_state(packet, size);
	if (it->trace)
		memcpy(copy, packet, size);
	sealed = sealer_seal(driver->sealer, SEAL_PACKET, out, size, it->now);
	if (sealed == 0)
		return 0;
	if (it->trace)
		trace_sent(
			it->trace, driver->engine, copy, size, sealed, it->now);
	send_batch_add(it->batch, (const char *)out, sealed, "");
	if (is_state)
		send_batch_mark_state(it->batch);
	return sealed;
}

/* In a private group: the seal's own datagrams come first. */
static size_t add_sealed(
	struct engine_driver *driver, const struct filling *it, uint8_t *out)
{
	size_t size = sealer_next(driver->sealer, out, it->now);

	if (size == 0)
		return add_packet(driver, it, out);
	if (it->trace)
		trace_names_sent(it->trace, out, size, it->now);
	send_batch_add(it->batch, (const char *)out, size, "");
	return size;
}

void engine_driver_fill(struct engine_driver *driver, const struct trace *trace,
	struct send_batch *batch, struct instant now)
{
	const struct filling filling = {batch, trace, now};
	bool is_private = driver->sealer->seal != NULL;
	uint8_t *out = driver->packets;
	const uint8_t *end = out + ENGINE_DRIVER_BYTES;

	if (!driver->is_frozen)
		engine_tick(driver->engine, now);
	sealer_turn(driver->sealer);
	driver->has_more = false;
	send_batch_set_burst(batch, engine_has_large_bursts(driver->engine)
					    ? SEND_BURST_MOST
					    : SEND_BURST_USUAL);
	driver->sealer->room_largest =
		engine_packet_size(driver->engine) + SEAL_OVERHEAD;
	for (size_t i = 0;
		i < ENGINE_DRIVER_PACKETS && out + WIRE_PACKET_MAX <= end;
		i++) {
		size_t size = is_private ? add_sealed(driver, &filling, out)
					 : add_plain(driver, &filling, out);

		if (size == 0)
			return;
		out += size;
	}
	driver->has_more = true;
}

bool engine_driver_receive(struct engine_driver *driver,
	const struct trace *trace, const struct datagram *packet,
	size_t datagram_size, bool is_echo, struct instant now)
{
	enum wire_result result = WIRE_OK;

	if (is_echo)
		engine_hear_echo(driver->engine);
	else
		result = engine_receive(driver->engine, packet->bytes,
			packet->size, packet->hop_limit, now);

	if (trace)
		trace_received(trace, driver->engine, packet, datagram_size,
			result, now);
	return result != WIRE_NOT_OURS;
}
