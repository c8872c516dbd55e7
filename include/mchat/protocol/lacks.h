/* SPDX-License-Identifier: ISC */
/*
 * What we lack of an author's blocks, as coded repair is asked for: how many
 * packets of each, not which.
 */
#ifndef MCHAT_PROTOCOL_LACKS_H
#define MCHAT_PROTOCOL_LACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/wire.h"

struct engine;
struct member;

/* Receivers for whom combinations are worth while: for one alone a plain repair
 * is as good. */
#define LACKS_RECEIVERS_LEAST 2

/* A block that fills within this time is asked for when it has; else, or when a
 * gap in it has been there for twice that time, at once. */
#define LACKS_BLOCK_MS 10

/* Whether what we lack of this author is asked for block by block. */
bool lacks_are_used(
	const struct engine *e, const struct member *m, struct instant now);

/* The packets that a list of what is lacked speaks of; what is lacked of others
 * is listed packet by packet. */
struct lacks_range {
	uint64_t first;
	uint64_t end; /* behind the last */
};

/*
 * What we lack of the author's blocks, from that of `next` on, at most
 * WIRE_LACK_BLOCKS_MAX; returns how many.  It speaks of none that combinations
 * were asked of in vain, nor of the one that is still being sent.
 */
uint8_t lacks_list(const struct engine *e, const struct member *m,
	struct wire_lack *out, struct lacks_range *out_range,
	struct instant now);

/* Whether to wait with asking: the block of the first gap is still coming in.
 */
bool lacks_wait(
	const struct engine *e, const struct member *m, struct instant now);

/* Whether another member, which has all before `next`, asks for as much of each
 * block as we lack. */
bool lacks_are_asked(const struct engine *e, const struct member *m,
	uint64_t next, const struct wire_lacks *lacks, struct instant now);

#endif
