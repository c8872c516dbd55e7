/* SPDX-License-Identifier: ISC */
/* Members that left without confirming everything; one that returns and does is
 * forgotten. */
#ifndef MCHAT_CHAT_DELIVERY_DEPARTED_H
#define MCHAT_CHAT_DELIVERY_DEPARTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/wire.h"

struct event;

/* All of a large group may be cut off at once and come back. */
#define DELIVERY_DEPARTED_MAX 256

struct delivery_departed_row {
	uint64_t id;
	char nick[WIRE_NICK_MAX];
	size_t nick_size;
	bool is_nick_shared;     /* when it left */
	bool is_timeout;         /* else it said bye */
	bool got_only_small;     /* large packets seem not to have reached it */
	uint64_t lacks_from;     /* number of a message */
	uint64_t lacks_to;       /* and of the last that was said by then */
	struct instant heard_at; /* last */
};

struct delivery_departed {
	struct delivery_departed_row rows[DELIVERY_DEPARTED_MAX];
	size_t count;
	size_t beyond; /* leaves that found no room: nothing undoes them */
};

/* Takes note of how a member left that lacks something (EVENT_LEAVE); what was
 * known of it before is over, but for lines that it will never get. */
void delivery_departed_note(
	struct delivery_departed *departed, const struct event *event);

/* A member that left has all, or is not missed any more. */
void delivery_departed_forget(struct delivery_departed *departed, uint64_t id);

#endif
