/* SPDX-License-Identifier: ISC */
/* Combinations of one author's packets that wait, by block: a ring. */
#ifndef MCHAT_PROTOCOL_CODE_STORE_H
#define MCHAT_PROTOCOL_CODE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/coding.h"

struct wire_code;

/* A combination that is held. */
struct code_sum {
	uint8_t index;
	uint8_t count; /* of columns 0 to count - 1 */
	uint16_t length;
	uint8_t bytes[];
};

/* A block of which combinations came in while packets were missing. */
struct code_block {
	uint64_t first; /* number of its first packet; 0: this one is free */
	uint8_t heard;  /* highest index of the author's, and 1; 0: none */
	uint8_t held;
	bool is_poisoned;                    /* something of it was false */
	struct code_sum *sums[CODING_BLOCK]; /* owned */
};

/* More than there are blocks in a receive window. */
#define CODE_STORE_BLOCKS 256

struct code_store {
	struct code_block *blocks[CODE_STORE_BLOCKS]; /* owned */
	uint64_t first; /* no block before that of this number is there */
	size_t memory;  /* bytes that all of it takes */
};

/* Frees one; of NULL too. */
void code_store_free(struct code_store *store);

/* Forgets the blocks that lie wholly before `number`. */
void code_store_drop_before(struct code_store *store, uint64_t number);

/* One whose blocks begin with that of `number`; NULL without memory. */
struct code_store *code_store_new(uint64_t number);

/* The block of number `first`; NULL when nothing came of it. */
struct code_block *code_store_find(
	const struct code_store *store, uint64_t first);

/* The same, made if it is not there; NULL without memory. */
struct code_block *code_store_meet(struct code_store *store, uint64_t first);

/* Keeps a combination of a block that holds fewer than CODING_BLOCK; false
 * without memory. */
bool code_store_hold(struct code_store *store, struct code_block *block,
	uint8_t index, const struct wire_code *code);

/* Forgets the first combination of a block, if there is one. */
void code_store_drop_one(struct code_store *store, struct code_block *block);

/* Forgets the combinations of a block. */
void code_store_drop(struct code_store *store, struct code_block *block);

#endif
