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
#include "mchat/protocol/engine_types.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/wire.h"

struct event;

/* The longest message; the chat cuts longer ones. */
#define ENGINE_MESSAGE_MAX WIRE_MESSAGE_MAX

/* The smallest packets that every part of the protocol fits in. */
#define ENGINE_PACKET_MIN WIRE_SMALL_MAX

struct engine;

/* A member that joins at `now`; NULL without memory.  `config` is copied. */
struct engine *engine_new(
	const struct engine_config *config, struct instant now);
void engine_free(struct engine *engine);

/* As it was configured. */
uint64_t engine_id(const struct engine *engine);

/* A datagram came in, with this hop limit left (-1: unknown). */
enum wire_result engine_receive(struct engine *engine, const void *packet,
	size_t size, int hop_limit, struct instant now);

/* A datagram came in that we have sent ourselves, as the system loops them
 * back: instead of engine_receive. */
void engine_hear_echo(struct engine *engine);

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

/* Nothing more will be said for now: as soon as the last packet has left, who
 * has not confirmed it is polled, where they would take long. */
void engine_finish(struct engine *engine, struct instant now);

/* The user goes by another nick. */
void engine_set_nick(struct engine *engine, const char *nick);

/* What the user sends goes so far from now on. */
void engine_set_hop_limit(struct engine *engine, uint8_t hop_limit);

/* What is said from now on goes in packets of this size, within the limits that
 * hold for the first one, and of up to `largest` where all members take that;
 * what is packed already stays as it is. */
void engine_set_packet_size(
	struct engine *engine, size_t size, size_t largest, struct instant now);

/* How large the packets are that we make now, at most. */
size_t engine_packet_size(const struct engine *engine);

/* Whether what leaves at once may be carried, and then lost, as one: where many
 * wake up for each datagram, and little is lost. */
bool engine_has_large_bursts(const struct engine *engine);

/* The network is another than before: who is there, and what is missing on
 * either side, is to be found at once. */
void engine_greet(struct engine *engine, struct instant now);

/* The user leaves: what is left are a few byes, one after the other. */
void engine_leave(struct engine *engine, struct instant now);

/* Time has passed. */
void engine_tick(struct engine *engine, struct instant now);

/* When to call engine_tick, or to ask for packets again, at the latest; NEVER
 * after the last bye. */
struct instant engine_deadline(const struct engine *engine);

/*
 * The next datagram to send: its size in bytes, 0 when there is none now.  It
 * is at most of the configured size; a repair of what another member sent is as
 * large as that made it.  `out` has room for WIRE_PACKET_MAX.
 */
size_t engine_next_packet(
	struct engine *engine, uint8_t *out, struct instant now);

/* Why the last packet that engine_next_packet gave leaves. */
struct engine_reason engine_packet_reason(const struct engine *engine);

/* What came of the last packet that engine_receive was given. */
enum engine_disposition engine_packet_took(const struct engine *engine);

/* How many others were put together with it, of combinations. */
unsigned engine_packet_decoded(const struct engine *engine);

/* The next event; false when there is none.  It borrows until the next call
 * of any function here. */
bool engine_next_event(struct engine *engine, struct event *out);

/* Whether every member that is here has confirmed all that was said. */
bool engine_is_confirmed(const struct engine *engine);

/* The number of our packet in which the last message that was said ends, which
 * does not change when it leaves later; 0: nothing was said. */
uint64_t engine_said_last(const struct engine *engine);

/* Messages that were said: numbers 1, 2, 3, ... */
uint64_t engine_said_messages(const struct engine *engine);

/* The last of our packets that every member that is here has confirmed, as it
 * has all before; of those that nobody was here to confirm, the last sent. */
uint64_t engine_confirmed(const struct engine *engine);

/* Members that were here before we said anything and have confirmed all of it,
 * also when they have left since; when nothing was said, those that hear us. */
size_t engine_confirmer_count(const struct engine *engine);

/* Whether the member, which may have left since, has confirmed our messages up
 * to this one. */
bool engine_has_confirmed(
	const struct engine *engine, uint64_t id, uint64_t message);

/* The caller waits until so many members have heard of us; 0: no longer.  Those
 * that do not say so soon are asked by name. */
void engine_gather(struct engine *engine, size_t wanted, struct instant now);

/* Members that are here, oneself not counted, and have heard of us. */
size_t engine_member_count(const struct engine *engine);

/* A member that is here.  The nick borrows until the next call that puts
 * something in, is not terminated and any bytes. */
struct engine_member {
	uint64_t id;
	const char *nick;
	size_t nick_size;
	bool is_nick_shared;     /* others that are here go by it, or we do */
	int hops;                /* routers between; -1: not known */
	bool is_older;           /* it was here when we came, by its age */
	bool hears_us;           /* it reports on us */
	uint64_t lacks;          /* packets of ours that it has not confirmed;
				  * all since it started, while it does not
				  * hear us */
	uint64_t lacks_from;     /* number of the message that those begin with
				  */
	bool has_skipped;        /* it went on without some that we no longer
				  * kept, since it was not waited for: */
	uint64_t skipped_from;   /* from this message on */
	bool gets_only_small;    /* large packets seem not to reach it */
	uint64_t lost;           /* packets of it from the first that we lack
				  * on, those that came in included */
	size_t hears;            /* authors other than us that it reports on */
	struct instant heard_at; /* last */
};

/* What the member is called; borrowed from the same. */
static inline struct event_member engine_member_name(
	const struct engine_member *member)
{
	return (struct event_member){
		.id = member->id,
		.nick = member->nick,
		.nick_size = member->nick_size,
		.is_nick_shared = member->is_nick_shared,
	};
}

/* Those that are here, from index 0 on, in no order; false past the end. */
bool engine_member_at(
	const struct engine *engine, size_t index, struct engine_member *out);

/* The one of this id; false when it is not here. */
bool engine_member_find(
	const struct engine *engine, uint64_t id, struct engine_member *out);

/* What a member has of an author that is here, too. */
struct engine_peer_report {
	struct event_member author;
	uint64_t lacks; /* packets of it, from the first that is missing on */
	struct instant told_at;
};

/* What the member of this id has of others that have said something, from index
 * 0 on; false past the end. */
bool engine_peer_report_at(const struct engine *engine, uint64_t member,
	size_t index, struct engine_peer_report *out);

/* What has happened so far. */
void engine_count(const struct engine *engine, struct engine_counts *out);

#endif
