/* SPDX-License-Identifier: ISC */
/*
 * Decoding eliminates in the small matrix of coefficients alone.  What is left
 * in its row for a missing column are factors, one for each combination and one
 * for each known packet, whose sum is the symbol that is missing: so sums and
 * packets are read where they are, and nothing is copied.
 */
#include "mchat/protocol/coding.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "mchat/protocol/gf256.h"

/* Where a packet has its flags. */
#define FLAGS_AT 2

/* Where a symbol has its fields. */
#define SYMBOL_FLAGS    0
#define SYMBOL_RESERVED 1
#define SYMBOL_SIZE     2
#define SYMBOL_CHECK    4

static_assert(CODING_INDEX_MAX + CODING_BLOCK <= 255,
	"what is subtracted from 255 is no column");

static_assert(CODING_BLOCK <= GF256_ROWS_MAX, "a block can be summed");

uint8_t coding_coefficient(uint8_t index, unsigned column)
{
	return gf256_inverse((uint8_t)((255u - index) ^ column));
}

static uint32_t load_u32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
}

static uint64_t load_u64(const uint8_t *bytes)
{
	return (uint64_t)bytes[0] << 56 | (uint64_t)bytes[1] << 48 |
	       (uint64_t)bytes[2] << 40 | (uint64_t)bytes[3] << 32 |
	       (uint64_t)bytes[4] << 24 | (uint64_t)bytes[5] << 16 |
	       (uint64_t)bytes[6] << 8 | (uint64_t)bytes[7];
}

/* ---- check ---- */

#define LANES 4

/* Odd, with as many ones as zeros about: 2^64 divided by the golden ratio, and
 * the multipliers of splitmix64. */
#define FACTOR_1 UINT64_C(0x9E3779B97F4A7C15)
#define FACTOR_2 UINT64_C(0xBF58476D1CE4E5B9)
#define FACTOR_3 UINT64_C(0x94D049BB133111EB)

/* Each step can be undone: two that differ in one word remain different. */
static inline uint64_t mixed(uint64_t lane, uint64_t word)
{
	lane = (lane ^ word) * FACTOR_1;
	return lane ^ lane >> 32;
}

static inline void mix_words(uint64_t lanes[LANES], const uint8_t *bytes)
{
	for (size_t i = 0; i < LANES; i++)
		lanes[i] = mixed(lanes[i], load_u64(bytes + 8 * i));
}

/* What is behind the header of a packet. */
struct content {
	const uint8_t *bytes;
	size_t size;
	uint8_t flags;
};

static uint32_t check_of(
	uint64_t author, uint64_t sequence, struct content content)
{
	uint64_t lanes[LANES] = {author, sequence,
		(uint64_t)content.flags << 32 | content.size, FACTOR_2};
	uint8_t rest[8 * LANES] = {0};
	const uint8_t *at = content.bytes;
	size_t left = content.size;
	uint64_t all = FACTOR_3;

	for (size_t i = 0; i < LANES; i++)
		lanes[i] = mixed(lanes[i], i + 1);
	for (; left >= sizeof(rest); left -= sizeof(rest)) {
		mix_words(lanes, at);
		at += sizeof(rest);
	}
	if (left > 0) {
		memcpy(rest, at, left);
		mix_words(lanes, rest);
	}
	for (size_t i = 0; i < LANES; i++)
		all = mixed(all, lanes[i]);
	/* The end of splitmix64: each bit depends on each. */
	all = (all ^ all >> 30) * FACTOR_2;
	all = (all ^ all >> 27) * FACTOR_3;
	return (uint32_t)(all >> 32);
}

static uint8_t first_flags(const uint8_t *packet)
{
	return (uint8_t)(packet[FLAGS_AT] & ~WIRE_REPAIR);
}

uint32_t coding_check(
	uint64_t author, uint64_t sequence, const uint8_t *packet, size_t size)
{
	struct content content = {
		.bytes = packet + CODING_PACKET_HEADER,
		.size = size - CODING_PACKET_HEADER,
		.flags = first_flags(packet),
	};

	return check_of(author, sequence, content);
}

/* ---- sums ---- */

void coding_terms_init(struct coding_terms *terms)
{
	terms->count = 0;
	terms->length = 0;
}

/* The fields and the first bytes of a symbol are in `head`, the others, from
 * there on, at `rest`. */
static void add_term(struct coding_terms *terms,
	const uint8_t head[CODING_HEAD], const uint8_t *rest, size_t length)
{
	unsigned i = terms->count++;

	memcpy(terms->heads[i], head, CODING_HEAD);
	terms->head_rows[i] = (struct gf256_row){terms->heads[i], CODING_HEAD};
	terms->rows[i] = (struct gf256_row){NULL, 0};
	if (length > CODING_HEAD)
		terms->rows[i] = (struct gf256_row){rest, length - CODING_HEAD};
	if (length > terms->length)
		terms->length = length;
}

void coding_terms_add(struct coding_terms *terms, const uint8_t *packet,
	size_t size, uint32_t check)
{
	uint8_t head[CODING_HEAD] = {
		[SYMBOL_FLAGS] = first_flags(packet),
		[SYMBOL_SIZE] = (uint8_t)(size >> 8),
		[SYMBOL_SIZE + 1] = (uint8_t)size,
		[SYMBOL_CHECK] = (uint8_t)(check >> 24),
		[SYMBOL_CHECK + 1] = (uint8_t)(check >> 16),
		[SYMBOL_CHECK + 2] = (uint8_t)(check >> 8),
		[SYMBOL_CHECK + 3] = (uint8_t)check,
	};
	const uint8_t *content = packet + CODING_PACKET_HEADER;
	size_t in_head = size - CODING_PACKET_HEADER;

	if (in_head > CODING_HEAD - CODING_SYMBOL_HEADER)
		in_head = CODING_HEAD - CODING_SYMBOL_HEADER;
	memcpy(head + CODING_SYMBOL_HEADER, content, in_head);
	add_term(terms, head, content + in_head, coding_symbol_size(size));
}

/* A combination is the sum of symbols, and can be summed with others. */
static void add_combination(
	struct coding_terms *terms, const struct coding_equation *equation)
{
	uint8_t head[CODING_HEAD] = {0};
	size_t in_head =
		equation->length < CODING_HEAD ? equation->length : CODING_HEAD;

	memcpy(head, equation->sum, in_head);
	add_term(terms, head, equation->sum + in_head, equation->length);
}

size_t coding_terms_sum(const struct coding_terms *terms,
	const struct gf256_sum *sums, unsigned count)
{
	struct gf256_sum rests[GF256_SUMS_MAX];

	gf256_sum(sums, count, CODING_HEAD, terms->head_rows, terms->count);
	if (terms->length <= CODING_HEAD)
		return terms->length;
	for (unsigned i = 0; i < count; i++)
		rests[i] = (struct gf256_sum){
			sums[i].to + CODING_HEAD, sums[i].factors};
	gf256_sum(rests, count, terms->length - CODING_HEAD, terms->rows,
		terms->count);
	return terms->length;
}

/* ---- elimination ---- */

/* A row for each equation. */
struct matrix {
	uint8_t rows[CODING_BLOCK][CODING_BLOCK];
	unsigned count;
	/* What was missing, and the row that it is solved by. */
	unsigned missing_count;
	uint8_t columns[CODING_BLOCK];
	uint8_t row_of[CODING_BLOCK];
};

static unsigned equation_count(const struct coding_block *block)
{
	return block->equation_count < CODING_BLOCK ? block->equation_count
						    : CODING_BLOCK;
}

unsigned coding_missing(
	const struct coding_block *block, uint8_t out_columns[CODING_BLOCK])
{
	unsigned columns = 0;
	unsigned missing = 0;

	for (unsigned i = 0; i < equation_count(block); i++)
		if (block->equations[i].count > columns)
			columns = block->equations[i].count;
	for (unsigned i = 0; i < columns && i < CODING_BLOCK; i++)
		if (!block->known[i].packet)
			out_columns[missing++] = (uint8_t)i;
	return missing;
}

/* Whether it can be a sum of what is known of the block. */
static bool equation_is_valid(const struct coding_block *block,
	const struct coding_equation *equation)
{
	if (equation->index > CODING_INDEX_MAX || equation->count == 0 ||
		equation->count > CODING_BLOCK ||
		equation->length < CODING_SYMBOL_HEADER ||
		equation->length > CODING_SUM_MAX)
		return false;
	for (unsigned i = 0; i < equation->count; i++)
		if (block->known[i].packet &&
			coding_symbol_size(block->known[i].size) >
				equation->length)
			return false;
	return true;
}

/* Divides a row by what it has in a column, and clears that column in all
 * others.  A column that is cleared so has factors of the equation of that row
 * from then on, as in the inversion of a matrix in place. */
static void eliminate(struct matrix *matrix, unsigned row, unsigned column)
{
	uint8_t *pivot = matrix->rows[row];
	uint8_t inverse = gf256_inverse(pivot[column]);
	uint8_t scaled[CODING_BLOCK] = {0};

	pivot[column] = 1;
	gf256_add_scaled(scaled, pivot, inverse, sizeof(scaled));
	memcpy(pivot, scaled, sizeof(scaled));
	for (unsigned i = 0; i < matrix->count; i++) {
		uint8_t factor = matrix->rows[i][column];

		if (i == row || factor == 0)
			continue;
		matrix->rows[i][column] = 0;
		gf256_add_scaled(matrix->rows[i], pivot, factor, CODING_BLOCK);
	}
}

/* False when the equations do not tell all that is missing. */
static bool invert(struct matrix *matrix)
{
	bool used[CODING_BLOCK] = {false};

	for (unsigned i = 0; i < matrix->missing_count; i++) {
		unsigned column = matrix->columns[i];
		unsigned row = 0;

		while (row < matrix->count &&
			(used[row] || matrix->rows[row][column] == 0))
			row++;
		if (row == matrix->count)
			return false;
		used[row] = true;
		matrix->row_of[i] = (uint8_t)row;
		eliminate(matrix, row, column);
	}
	return true;
}

/* ---- solving ---- */

/* What all solutions are sums of: the combinations by which columns are solved,
 * in the order of these, and the packets that are known. */
static void list_terms(const struct coding_block *block,
	const struct matrix *matrix, struct coding_terms *out,
	uint8_t out_columns[CODING_BLOCK])
{
	coding_terms_init(out);
	for (unsigned i = 0; i < matrix->missing_count; i++) {
		out_columns[out->count] = matrix->columns[i];
		add_combination(out, &block->equations[matrix->row_of[i]]);
	}
	for (unsigned i = 0; i < CODING_BLOCK; i++) {
		const struct coding_known *known = &block->known[i];

		if (!known->packet)
			continue;
		out_columns[out->count] = (uint8_t)i;
		coding_terms_add(out, known->packet, known->size, known->check);
	}
}

/* The symbols of missing columns, from this one on: up to GF256_SUMS_MAX;
 * returns how many. */
static unsigned solve(const struct matrix *matrix, unsigned begin,
	const struct coding_terms *terms, const uint8_t columns[CODING_BLOCK],
	uint8_t (*symbols)[CODING_SUM_MAX])
{
	uint8_t factors[GF256_SUMS_MAX][CODING_BLOCK];
	struct gf256_sum sums[GF256_SUMS_MAX];
	unsigned count = 0;

	for (; count < GF256_SUMS_MAX && begin + count < matrix->missing_count;
		count++) {
		const uint8_t *row =
			matrix->rows[matrix->row_of[begin + count]];

		for (unsigned i = 0; i < terms->count; i++)
			factors[count][i] = row[columns[i]];
		sums[count] = (struct gf256_sum){
			symbols[begin + count], factors[count]};
	}
	coding_terms_sum(terms, sums, count);
	return count;
}

static size_t symbol_packet_size(const uint8_t *symbol)
{
	return (size_t)symbol[SYMBOL_SIZE] << 8 | symbol[SYMBOL_SIZE + 1];
}

static bool are_zeros(const uint8_t *bytes, size_t size)
{
	return size == 0 ||
	       (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

static bool symbol_is_right(const uint8_t *symbol, size_t longest,
	uint64_t author, uint64_t sequence)
{
	struct content content = {
		.bytes = symbol + CODING_SYMBOL_HEADER,
		.flags = symbol[SYMBOL_FLAGS],
	};
	size_t size = symbol_packet_size(symbol);

	if (size < CODING_PACKET_HEADER || size > WIRE_PACKET_MAX ||
		coding_symbol_size(size) > longest ||
		symbol[SYMBOL_RESERVED] != 0 ||
		symbol[SYMBOL_FLAGS] & WIRE_REPAIR)
		return false;
	content.size = size - CODING_PACKET_HEADER;
	size = coding_symbol_size(size);
	return are_zeros(symbol + size, longest - size) &&
	       load_u32(symbol + SYMBOL_CHECK) ==
		       check_of(author, sequence, content);
}

enum coding_result coding_solve(const struct coding_block *block,
	uint8_t (*out_symbols)[CODING_SUM_MAX])
{
	struct matrix matrix;
	struct coding_terms terms;
	uint8_t columns[CODING_BLOCK];

	matrix.count = equation_count(block);
	for (unsigned i = 0; i < matrix.count; i++)
		if (!equation_is_valid(block, &block->equations[i]))
			return CODING_WRONG;
	matrix.missing_count = coding_missing(block, matrix.columns);
	if (matrix.missing_count > matrix.count)
		return CODING_NEEDS_MORE;
	memset(matrix.rows, 0, sizeof(matrix.rows));
	for (unsigned i = 0; i < matrix.count; i++)
		for (unsigned j = 0; j < block->equations[i].count; j++)
			matrix.rows[i][j] = coding_coefficient(
				block->equations[i].index, j);
	if (!invert(&matrix))
		return CODING_NEEDS_MORE;
	list_terms(block, &matrix, &terms, columns);
	for (unsigned i = 0; i < matrix.missing_count;)
		i += solve(&matrix, i, &terms, columns, out_symbols);
	for (unsigned i = 0; i < matrix.missing_count; i++)
		if (!symbol_is_right(out_symbols[i], terms.length,
			    block->author, block->first + matrix.columns[i]))
			return CODING_WRONG;
	return CODING_OK;
}

size_t coding_packet(uint8_t *packet, const uint8_t *symbol,
	const uint8_t header[CODING_PACKET_HEADER])
{
	size_t size = symbol_packet_size(symbol);

	memcpy(packet, header, CODING_PACKET_HEADER);
	packet[FLAGS_AT] = symbol[SYMBOL_FLAGS];
	memcpy(packet + CODING_PACKET_HEADER, symbol + CODING_SYMBOL_HEADER,
		size - CODING_PACKET_HEADER);
	return size;
}
