/* SPDX-License-Identifier: ISC */
/* A block of DATA packets for tests of coded repair: packets, what is combined
 * of them, and what a receiver is given. */
#ifndef MCHAT_TESTS_CODED_H
#define MCHAT_TESTS_CODED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/coding.h"

struct coded {
	uint64_t author;
	uint64_t first;
	uint8_t packets[CODING_BLOCK][WIRE_PACKET_MAX];
	uint16_t sizes[CODING_BLOCK];
	uint8_t sums[CODING_BLOCK][CODING_SUM_MAX];
	struct coding_equation equations[CODING_BLOCK];
	uint8_t symbols[CODING_BLOCK][CODING_SUM_MAX];
	struct coding_block block; /* knows all packets, and no equation */
};

/* Packets of random bytes behind a header, of `low` to `high` bytes. */
void coded_init(struct coded *coded, uint64_t author, uint64_t first,
	size_t low, size_t high);

/* Takes a packet away from the receiver. */
void coded_lose(struct coded *coded, unsigned column);

/* Gives the receiver a combination of the packets as they were made. */
void coded_combine(struct coded *coded, uint8_t index, unsigned count);

/* Solves the block. */
enum coding_result coded_solve(struct coded *coded);

/* Whether what was solved are the packets that were lost. */
bool coded_is_same(const struct coded *coded);

#endif
