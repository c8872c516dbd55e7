/* SPDX-License-Identifier: ISC */
/* Runs the engine on real time and real packets: what is said becomes datagrams
 * of a batch, datagrams become events. */
#ifndef MCHAT_CHAT_ENGINE_DRIVER_H
#define MCHAT_CHAT_ENGINE_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/wire.h"

struct datagram;
struct engine;
struct engine_config;
struct line;
struct sealer;
struct send_batch;
struct trace;

/* Packets of one batch at most. */
#define ENGINE_DRIVER_PACKETS 128

/* And their bytes, of which those that are not used take no memory. */
#define ENGINE_DRIVER_BYTES ((size_t)64 * WIRE_PACKET_MAX)

struct engine_driver {
	struct engine *engine; /* owned */
	uint8_t *packets;      /* owned; ENGINE_DRIVER_BYTES */
	bool has_more;         /* than fitted into the last batch */
	uint64_t said;         /* messages */
	struct sealer *sealer; /* borrowed; seals what leaves, if it has one */
	bool may_send;         /* what is to be said; the caller's to set */
	bool is_frozen;        /* no time passes: the caller's to set */
};

/*
 * Joins the group as a member at `now`.  `config` gives all but the seed, which
 * is drawn from the system, as is an id of 0.  Where `sealer`, which is
 * borrowed, has a seal, packets leave sealed.  0, or -1 with errno;
 * engine_driver_fini is due in either case.
 */
int engine_driver_init(struct engine_driver *driver,
	const struct engine_config *config, struct sealer *sealer,
	struct instant now);
void engine_driver_fini(struct engine_driver *driver);

/* Says a line, which is a message or an action; false, and nothing was said,
 * while too much is unconfirmed. */
bool engine_driver_say(struct engine_driver *driver, const struct line *line,
	bool is_action, struct wall_time time, struct instant now);

/* Fills the empty `batch` with packets, which stay valid until the next call;
 * `trace` tells of them, unless it is NULL. */
void engine_driver_fill(struct engine_driver *driver, const struct trace *trace,
	struct send_batch *batch, struct instant now);

/* Takes a packet, which is our own echo or not, and came as, or in, a datagram
 * of so many bytes; false when it is none of the protocol's.  `trace` tells of
 * it, unless it is NULL. */
bool engine_driver_receive(struct engine_driver *driver,
	const struct trace *trace, const struct datagram *packet,
	size_t datagram_size, bool is_echo, struct instant now);

#endif
