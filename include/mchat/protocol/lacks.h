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

/* Where they are not used: behind the last packet that is asked for by itself.
 * What is lacked of later blocks can wait, since for them they may be. */
uint64_t lacks_plain_end(
	const struct engine *e, const struct member *m, struct instant now);

/*
 * What we lack of the author's blocks, from that of `next` on, at most
 * WIRE_LACK_BLOCKS_MAX; returns how many.  *out_gaps_from is where what it does
 * not speak of begins: the block that is still being sent.
 */
uint8_t lacks_list(const struct engine *e, const struct member *m,
	struct wire_lack *out, uint64_t *out_gaps_from, struct instant now);

/* Whether to wait with asking: the block of the first gap is still coming in.
 */
bool lacks_wait(
	const struct engine *e, const struct member *m, struct instant now);

/* Whether another member, which has all before `next`, asks for as much of each
 * block as we lack. */
bool lacks_are_asked(const struct engine *e, const struct member *m,
	uint64_t next, const struct wire_lacks *lacks, struct instant now);

#endif
