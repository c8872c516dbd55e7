/* SPDX-License-Identifier: ISC */
/*
 * One member of a group, as a machine: packets, words and time go in, packets
 * and events come out.  It makes no system call, has no clock and no random
 * source of its own, and runs the same under the chat, the simulator and the
 * fuzzer.
 *
 * After any call that puts something in, drain: engine_next_packet until it
 * gives none, engine_next_event likewise, and call engine_tick at the latest
 * at engine_deadline.
 */
#ifndef MCHAT_PROTOCOL_ENGINE_H
#define MCHAT_PROTOCOL_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/wire.h"

struct event;

/* The longest message; the chat cuts longer ones. */
#define ENGINE_MESSAGE_MAX WIRE_MESSAGE_MAX

/* The smallest packets that every part of the protocol fits in. */
#define ENGINE_PACKET_MIN 508

struct engine_config {
	uint64_t id;        /* random, not 0; names this member */
	uint64_t seed;      /* of its random choices */
	uint32_t room;      /* tag; packets of other rooms are ignored */
	const char *nick;   /* terminated, at most WIRE_NICK_MAX bytes */
	uint8_t hop_limit;  /* that packets will leave with */
	size_t packet_size; /* bytes, at most WIRE_PACKET_MAX */
	unsigned history;   /* messages per author to fetch on joining */
};

struct engine;

/* A member that joins at `now`; NULL without memory.  `config` is copied. */
struct engine *engine_new(
	const struct engine_config *config, struct instant now);
void engine_free(struct engine *engine);

/* A datagram came in, with this hop limit left (-1: unknown). */
enum wire_result engine_receive(struct engine *engine, const void *packet,
	size_t size, int hop_limit, struct instant now);

enum engine_said {
	ENGINE_SAID,
	ENGINE_FULL, /* too much is unconfirmed, or no memory: try again later
		      */
	ENGINE_TOO_LONG, /* more than ENGINE_MESSAGE_MAX bytes */
	ENGINE_LEFT,     /* after engine_leave */
};

/* The user said something, at `wall` by the author's clock. */
enum engine_said engine_say(struct engine *engine, bool is_action,
	const char *text, size_t size, struct wall_time wall,
	struct instant now);

/* The user goes by another nick. */
void engine_set_nick(
	struct engine *engine, const char *nick, struct instant now);

/* The user leaves: one bye will be among the packets. */
void engine_leave(struct engine *engine, struct instant now);

/* Time has passed. */
void engine_tick(struct engine *engine, struct instant now);

/* When to call engine_tick, or to ask for packets again, at the latest; NEVER
 * after engine_leave, when what is left has been drained. */
struct instant engine_deadline(const struct engine *engine);

/*
 * The next datagram to send: its size in bytes, 0 when there is none now.  It
 * is at most of the configured size; a repair of what another member sent is as
 * large as that made it.  `out` has room for WIRE_PACKET_MAX.
 */
size_t engine_next_packet(
	struct engine *engine, uint8_t *out, struct instant now);

/* The next event; false when there is none.  It borrows until the next call
 * of any function here. */
bool engine_next_event(struct engine *engine, struct event *out);

/* Whether every member that is here has confirmed all that was said. */
bool engine_is_confirmed(const struct engine *engine);

/* Members that are here, oneself not counted, and have heard of us. */
size_t engine_member_count(const struct engine *engine);

/* What has happened so far, in packets. */
struct engine_counts {
	uint64_t data_sent; /* first time */
	uint64_t repairs_sent;
	uint64_t states_sent;
	uint64_t asks_sent;     /* of those, the ones that report gaps */
	uint64_t data_received; /* new ones */
	uint64_t doubles;       /* that were had already */
	uint64_t repaired;      /* new ones that came as repairs */
	uint64_t delivered;     /* messages */
	uint64_t lost;          /* messages or packets told as lost */
	uint64_t bad;           /* packets that were malformed or refused */
	size_t memory;          /* bytes held in packets, now */
};

void engine_count(const struct engine *engine, struct engine_counts *out);

#endif
