/* SPDX-License-Identifier: ISC */
/* Joins, leaves and new nicks that wait to be handed out: a bounded queue. */
#ifndef MCHAT_PROTOCOL_PRESENCE_EVENTS_H
#define MCHAT_PROTOCOL_PRESENCE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/wire.h"

struct member;
struct nick;

/* Notices that wait at most: the chat drains after every packet, so that more
 * only pile up when it does not, and then the newest are dropped. */
#define PRESENCE_EVENTS_MAX 256

enum presence_event_kind {
	PRESENCE_EVENT_JOIN,
	PRESENCE_EVENT_NICK,
	PRESENCE_EVENT_LEAVE,    /* of one that is forgotten */
	PRESENCE_EVENT_FULL,     /* a newcomer is not let in */
	PRESENCE_EVENT_REFUSED,  /* and others do not let us in */
	PRESENCE_EVENT_PATH_MTU, /* it gets small packets only */
};

struct presence_event {
	enum presence_event_kind kind;
	uint64_t id;
	char nick[WIRE_NICK_MAX];
	uint8_t nick_size;
	char old_nick[WIRE_NICK_MAX]; /* of PRESENCE_EVENT_NICK */
	uint8_t old_nick_size;
};

struct presence_events {
	struct presence_event *ring; /* owned; NULL until the first */
	size_t head;
	size_t count;
};

void presence_events_fini(struct presence_events *notices);

/* False when there are too many, or without memory. */
bool presence_events_add(
	struct presence_events *notices, const struct presence_event *notice);

/* Adds one of a member, which had the nick `old` before; false as above. */
bool presence_events_tell(struct presence_events *notices,
	enum presence_event_kind kind, const struct member *m,
	const struct nick *old);

/* Takes the oldest; false when there is none. */
bool presence_events_take(
	struct presence_events *notices, struct presence_event *out);

#endif
