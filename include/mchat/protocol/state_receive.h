/* SPDX-License-Identifier: ISC */
/* A STATE came in: what its sender says of itself, of us and of others. */
#ifndef MCHAT_PROTOCOL_STATE_RECEIVE_H
#define MCHAT_PROTOCOL_STATE_RECEIVE_H

#include "mchat/base/time.h"
#include "mchat/protocol/engine_types.h"

struct engine;
struct wire_header;
struct wire_state;

/* STATE came in. */
enum engine_disposition state_receive(struct engine *e,
	const struct wire_header *header, const struct wire_state *state,
	int hop_limit, struct instant now);

#endif
