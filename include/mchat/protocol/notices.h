/* SPDX-License-Identifier: ISC */
/* What happened to members, until somebody asks: a bounded queue. */
#ifndef MCHAT_PROTOCOL_NOTICES_H
#define MCHAT_PROTOCOL_NOTICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/wire.h"

/* Notices that wait at most: the chat drains after every packet, so that more
 * only pile up when it does not, and then the newest are dropped. */
#define NOTICES_MAX 256

enum notice_kind {
	NOTICE_JOIN,
	NOTICE_NICK,
	NOTICE_LEAVE,   /* of one that is forgotten */
	NOTICE_FULL,    /* a newcomer is not let in */
	NOTICE_REFUSED, /* and others do not let us in */
};

struct notice {
	enum notice_kind kind;
	uint64_t id;
	char nick[WIRE_NICK_MAX];
	uint8_t nick_size;
	char old_nick[WIRE_NICK_MAX]; /* of NOTICE_NICK */
	uint8_t old_nick_size;
};

struct notices {
	struct notice *ring; /* owned; NULL until the first */
	size_t head;
	size_t count;
};

void notices_fini(struct notices *notices);

/* False when there are too many, or without memory. */
bool notices_add(struct notices *notices, const struct notice *notice);

/* Takes the oldest; false when there is none. */
bool notices_take(struct notices *notices, struct notice *out);

#endif
