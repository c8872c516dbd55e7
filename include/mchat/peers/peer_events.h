/* SPDX-License-Identifier: ISC */
/* What happened to peers, for programs, until somebody takes it; and what was
 * said to them, for --trace. */
#ifndef MCHAT_PEERS_PEER_EVENTS_H
#define MCHAT_PEERS_PEER_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/address.h"
#include "mchat/peers/peer_name.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/wire_peer.h"

/* More than all peers can give rise to in one turn. */
#define PEER_EVENTS_MAX 64

struct peer_event {
	enum event_peer_state state;
	char name[PEER_NAME_SIZE];
	struct address address; /* ADDRESS_NONE: not known */
};

/* A packet of the exchange itself. */
struct peer_told {
	struct wire_peer packet;
	struct address to;
};

struct peer_events {
	struct peer_event events[PEER_EVENTS_MAX];
	size_t count;
	struct peer_event taken; /* what the last event borrows from */
	struct peer_told told[PEER_EVENTS_MAX];
	size_t told_count;
};

/* Notes one; without room it is left out. */
void peer_events_add(struct peer_events *events, enum event_peer_state state,
	const char *name, const struct address *address);
void peer_events_add_told(struct peer_events *events,
	const struct wire_peer *packet, const struct address *to);

/* The oldest, without time; false when there is none. */
bool peer_events_take(struct peer_events *events, struct event *out);
bool peer_events_take_told(struct peer_events *events, struct peer_told *out);

#endif
