/* SPDX-License-Identifier: ISC */
/*
 * Combinations of the packets of a block, for coded repair: a systematic block
 * code over GF(2^8) with the coefficients of a Cauchy matrix, so that any m
 * combinations of the same packets replace any m of them.
 *
 * What is combined of a DATA packet is its symbol, big-endian:
 *
 *     0 flags, as it first left   1 zero   2 size of the packet, u16
 *     4 check, u32                8 its bytes from 24 on
 *
 * then zeros.  A sum is as long as its longest symbol.
 */
#ifndef MCHAT_PROTOCOL_CODING_H
#define MCHAT_PROTOCOL_CODING_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/gf256.h"
#include "mchat/protocol/wire.h"

/* Packets of a block: columns 0 to 63.  More cost the square of it in
 * time, for few combinations less. */
#define CODING_BLOCK 64

/* Combinations of a block have indices from 0 up to this. */
#define CODING_INDEX_MAX 191

/* Bytes of a packet that no symbol has, since who decodes knows them: header
 * and sequence number. */
#define CODING_PACKET_HEADER 24

/* What stands before a packet's bytes in a symbol; and the longest sum. */
#define CODING_SYMBOL_HEADER 8
#define CODING_SUM_MAX                                                         \
	(WIRE_PACKET_MAX - CODING_PACKET_HEADER + CODING_SYMBOL_HEADER)

/* The first number of the block that a packet's number is in, and which column
 * it is. */
static inline uint64_t coding_block_first(uint64_t sequence)
{
	return ((sequence - 1) & ~(uint64_t)(CODING_BLOCK - 1)) + 1;
}

static inline unsigned coding_column(uint64_t sequence)
{
	return (unsigned)((sequence - 1) & (CODING_BLOCK - 1));
}

/* Length of the symbol of a packet of `size` bytes. */
static inline size_t coding_symbol_size(size_t size)
{
	return size - CODING_PACKET_HEADER + CODING_SYMBOL_HEADER;
}

/* 1 / ((255 - index) + column), for an index up to CODING_INDEX_MAX and a
 * column below CODING_BLOCK; never 0. */
uint8_t coding_coefficient(uint8_t index, unsigned column);

/*
 * A hash of a DATA packet of CODING_PACKET_HEADER to WIRE_PACKET_MAX bytes, of
 * its number and of its author; whether it is marked as a repair is left out.
 * It is not linear: a combination with a wrong packet gives none that has the
 * right hash (one in 2^32 by chance).  It is no proof of who made it.
 */
uint32_t coding_check(
	uint64_t author, uint64_t sequence, const uint8_t *packet, size_t size);

/* The beginning of a symbol: its fields, and so many bytes behind them that it
 * is a vector. */
#define CODING_HEAD 32

/* Symbols that are summed, CODING_BLOCK at most.  What is behind their heads
 * stands where it stood, and is to stay there. */
struct coding_terms {
	unsigned count;
	size_t length; /* of the longest */
	uint8_t heads[CODING_BLOCK][CODING_HEAD];
	struct gf256_row head_rows[CODING_BLOCK];
	struct gf256_row rows[CODING_BLOCK];
};

void coding_terms_init(struct coding_terms *terms);

/* Adds the symbol of a packet, whose coding_check is `check`; `size` is
 * CODING_PACKET_HEADER to WIRE_PACKET_MAX. */
void coding_terms_add(struct coding_terms *terms, const uint8_t *packet,
	size_t size, uint32_t check);

/* Up to GF256_SUMS_MAX sums of each symbol times its factor; returns their
 * length, for which there is room, or for CODING_HEAD bytes if that is less. */
size_t coding_terms_sum(const struct coding_terms *terms,
	const struct gf256_sum *sums, unsigned count);

/* A combination that came in, with whatever is in it. */
struct coding_equation {
	uint8_t index;
	uint8_t count;   /* it is of columns 0 to count - 1 */
	uint16_t length; /* bytes of `sum` */
	const uint8_t *sum;
};

/* A packet that is there, or NULL and the rest 0: a gap. */
struct coding_known {
	const uint8_t *packet; /* as it first left, or as a repair */
	uint16_t size;         /* CODING_PACKET_HEADER to WIRE_PACKET_MAX */
	uint32_t check;        /* its coding_check */
};

/* What is known of a block.  Nothing in it is owned. */
struct coding_block {
	uint64_t author;
	uint64_t first; /* number of the packet of column 0 */
	struct coding_known known[CODING_BLOCK];
	const struct coding_equation *equations;
	unsigned equation_count; /* those past CODING_BLOCK are not looked at */
};

enum coding_result {
	CODING_OK = 0,
	CODING_NEEDS_MORE = -1, /* too few combinations, or, seldom, one that
				 * says nothing new */
	CODING_WRONG = -2,      /* a combination, or a packet that was taken for
				 * right, is none of this author's: believe
				 * nothing of it, and drop the combinations */
};

/* The columns that are missing below the largest count of the equations, in
 * order; returns how many, 0 to CODING_BLOCK. */
unsigned coding_missing(
	const struct coding_block *block, uint8_t out_columns[CODING_BLOCK]);

/*
 * The symbols of the missing columns, in the order of coding_missing, for each
 * of which `out_symbols` has room; nothing in there is to be used unless the
 * result is CODING_OK: then each has a size that it may have, zeros behind it
 * and the right check.  What its bytes mean is for wire_data_decode to say.
 * Takes 27 KiB of stack, and a time that grows with missing times known
 * columns.
 */
enum coding_result coding_solve(const struct coding_block *block,
	uint8_t (*out_symbols)[CODING_SUM_MAX]);

/*
 * Makes the packet of a symbol that coding_solve gave, in WIRE_PACKET_MAX
 * bytes; `header` is what every DATA packet of the author with that number
 * begins with, but for the flags, which are the symbol's.  Returns its size.
 */
size_t coding_packet(uint8_t *packet, const uint8_t *symbol,
	const uint8_t header[CODING_PACKET_HEADER]);

#endif
