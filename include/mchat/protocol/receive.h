/* SPDX-License-Identifier: ISC */
/* What comes in from authors: their DATA, and what they, or other members, say
 * of how much they have sent. */
#ifndef MCHAT_PROTOCOL_RECEIVE_H
#define MCHAT_PROTOCOL_RECEIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"
#include "mchat/protocol/engine_types.h"

struct engine;
struct member;
struct wire_data;
struct wire_header;
struct wire_report;
struct wire_state;

/* A DATA packet that came in, or was put together. */
struct receive_arrival {
	const struct wire_data *data;
	const void *packet;
	size_t size;
	bool is_repair;
};

/* Takes it into the open window of its author. */
enum engine_disposition receive_take(struct engine *e, struct member *m,
	const struct receive_arrival *arrival, struct instant now);

/* DATA came in. */
enum engine_disposition receive_data(struct engine *e,
	const struct wire_header *header, const struct wire_data *data,
	const void *packet, size_t size, struct instant now);

/*
 * An author that we have not heard yet: met by what another member reports in a
 * STATE, if something of it is owed to us, or may be our history, which is with
 * others when it has left.  NULL when not, or without room.
 */
struct member *receive_meet(struct engine *e, const struct member *reporter,
	const struct wire_state *state, const struct wire_report *report,
	struct instant now);

/* Another member tells of this author. */
void receive_hear_of(struct engine *e, struct member *origin,
	const struct wire_report *report, struct instant now);

/* What the author says of its own packets. */
void receive_learn(struct engine *e, struct member *m,
	const struct wire_header *header, const struct wire_state *state,
	struct instant now);

/* The author says which of its messages is the first that it owes us. */
void receive_learn_owed(
	struct engine *e, struct member *m, uint64_t owed, struct instant now);

#endif
