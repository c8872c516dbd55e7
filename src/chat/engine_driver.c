/* SPDX-License-Identifier: ISC */
#include "mchat/chat/engine_driver.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/base/lines.h"
#include "mchat/io/entropy.h"
#include "mchat/io/sealer.h"
#include "mchat/network/batch.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/wire.h"
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
	driver->packets =
		malloc((size_t)ENGINE_DRIVER_PACKETS * WIRE_PACKET_MAX);
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

/* The next datagram; its size, 0 when there is none (more). */
static size_t next_plain(struct engine_driver *driver,
	const struct trace *trace, uint8_t *out, struct instant now)
{
	size_t size = engine_next_packet(driver->engine, out, now);

	if (size > 0 && trace)
		trace_sent(trace, driver->engine, out, size, size, now);
	return size;
}

/* The same in a private group: the seal's own come first. */
static size_t next_sealed(struct engine_driver *driver,
	const struct trace *trace, uint8_t *out, struct instant now)
{
	uint8_t *packet = out + SEAL_HEADER_SIZE;
	uint8_t copy[WIRE_PACKET_MAX];
	size_t size = sealer_next(driver->sealer, out, now);
	size_t sealed;

	if (size > 0) {
		if (trace)
			trace_names_sent(trace, out, size, now);
		return size;
	}
	size = engine_next_packet(driver->engine, packet, now);
	if (size == 0)
		return 0;
	if (trace)
		memcpy(copy, packet, size);
	sealed = sealer_seal(driver->sealer, SEAL_PACKET, out, size, now);
	if (trace && sealed > 0)
		trace_sent(trace, driver->engine, copy, size, sealed, now);
	return sealed;
}

void engine_driver_fill(struct engine_driver *driver, const struct trace *trace,
	struct send_batch *batch, struct instant now)
{
	uint8_t *datagram = driver->packets;

	if (!driver->is_frozen)
		engine_tick(driver->engine, now);
	sealer_turn(driver->sealer);
	for (size_t i = 0; i < ENGINE_DRIVER_PACKETS; i++) {
		size_t size =
			driver->sealer->seal
				? next_sealed(driver, trace, datagram, now)
				: next_plain(driver, trace, datagram, now);

		if (size == 0)
			return;
		send_batch_add(batch, (const char *)datagram, size, "");
		datagram += WIRE_PACKET_MAX;
	}
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
