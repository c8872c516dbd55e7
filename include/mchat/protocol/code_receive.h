/* SPDX-License-Identifier: ISC */
/* A CODE comes in: a combination of the packets of some author's block. */
#ifndef MCHAT_PROTOCOL_CODE_RECEIVE_H
#define MCHAT_PROTOCOL_CODE_RECEIVE_H

#include "mchat/base/time.h"
#include "mchat/protocol/engine_types.h"

struct engine;
struct wire_code;
struct wire_header;

/* Blocks a second that combinations may have us solve, beside one for each
 * packet that came in: what is forged takes little time of ours. */
#define CODE_SOLVE_RATE_MAX 1000

/* Keeps a combination of `size` bytes in all until there are enough, and takes
 * in what they give. */
enum engine_disposition code_receive(struct engine *e,
	const struct wire_header *header, const struct wire_code *code,
	size_t size, struct instant now);

/* A DATA packet of this author and number was taken in: combinations that are
 * held of its block may suffice now. */
void code_receive_after(struct engine *e, uint64_t author, uint64_t sequence,
	struct instant now);

#endif
