/* SPDX-License-Identifier: ISC */
/*
 * The engine on real time and real packets: lines become datagrams of a batch,
 * datagrams become events.
 */
#ifndef MCHAT_CHAT_LINK_H
#define MCHAT_CHAT_LINK_H

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
#define LINK_PACKETS 128

struct link {
	struct engine *engine;     /* owned */
	uint8_t *packets;          /* owned; LINK_PACKETS of the largest size */
	const struct trace *trace; /* borrowed; NULL: nobody looks */
	uint64_t said;             /* messages */
	bool may_talk;             /* input may be said; the caller's to set */
	bool stands_still;         /* no time passes: the caller's to set */
};

/*
 * Joins the group as a member at `now`.  `config` gives all but id and seed,
 * which are drawn from the system.  0, or -1 with errno; link_fini is due in
 * either case.
 */
int link_init(struct link *link, const struct engine_config *config,
	struct instant now);
void link_fini(struct link *link);

/*
 * Says what `input` has, and has `display` note it, until it has no more or too
 * much is unconfirmed, and fills the empty `batch` with packets, which stay
 * valid until the next call.
 */
void link_fill(struct link *link, struct input *input, struct display *display,
	struct send_batch *batch, struct instant now);

/* Takes a datagram, which is our own echo or not; false when it is none of the
 * protocol's. */
bool link_receive(struct link *link, const struct datagram *datagram,
	bool is_echo, struct instant now);

#endif
