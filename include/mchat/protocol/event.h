/* SPDX-License-Identifier: ISC */
/*
 * What happened in the group, as data: what the chat loop hands to the view.
 * An event borrows its bytes from whoever made it, until the next one is made.
 */
#ifndef MCHAT_PROTOCOL_EVENT_H
#define MCHAT_PROTOCOL_EVENT_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"

enum event_kind {
	EVENT_PLAIN, /* a datagram that is no mchat packet */
	EVENT_LOST,  /* messages that will never be shown */
};

/* A datagram from any program; nothing in it can be trusted. */
struct event_plain {
	struct address from;
	const char *interface; /* it came in on; NULL when unknown */
	int hop_limit;         /* it came in with; -1 when unknown */
	const char *text;      /* not terminated, any bytes, newlines too */
	size_t size;
};

struct event_lost {
	uint64_t count;
	const char *why; /* a phrase for people */
};

struct event {
	enum event_kind kind;
	struct wall_time time; /* of the author; of reception for EVENT_PLAIN */
	union {
		struct event_plain plain;
		struct event_lost lost;
	};
};

#endif
