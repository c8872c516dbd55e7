/* SPDX-License-Identifier: ISC */
/*
 * Runs the engine on real time and real packets: lines become datagrams of a
 * batch, datagrams become events.
 */
#ifndef MCHAT_CHAT_ENGINE_DRIVER_H
#define MCHAT_CHAT_ENGINE_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct datagram;
struct display;
struct engine;
struct engine_config;
struct event;
struct input;
struct send_batch;
struct trace;

/* Packets of one batch: what one call can send as one burst, and as much
 * again. */
#define ENGINE_DRIVER_PACKETS 128

struct engine_driver {
	struct engine *engine; /* owned */
	uint8_t *packets; /* owned; ENGINE_DRIVER_PACKETS of the largest size */
	const struct trace *trace; /* borrowed; NULL: nobody looks */
	uint64_t said;             /* messages */
	bool may_send;             /* input may be said; the caller's to set */
	bool is_frozen;            /* no time passes: the caller's to set */
};

/*
 * Joins the group as a member at `now`.  `config` gives all but id and seed,
 * which are drawn from the system.  0, or -1 with errno; engine_driver_fini is
 * due in either case.
 */
int engine_driver_init(struct engine_driver *driver,
	const struct engine_config *config, struct instant now);
void engine_driver_fini(struct engine_driver *driver);

/*
 * Says what `input` has, and has `display` note it, until it has no more or too
 * much is unconfirmed, and fills the empty `batch` with packets, which stay
 * valid until the next call.
 */
void engine_driver_fill(struct engine_driver *driver, struct input *input,
	struct display *display, struct send_batch *batch, struct instant now);

/* Takes a datagram, which is our own echo or not; false when it is none of the
 * protocol's. */
bool engine_driver_receive(struct engine_driver *driver,
	const struct datagram *datagram, bool is_echo, struct instant now);

#endif
