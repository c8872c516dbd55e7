/* SPDX-License-Identifier: ISC */
#include "coded.h"

#include <string.h>

#include "random.h"
#include "mchat/base/cursor.h"

static void make_header(
	const struct coded *coded, unsigned column, uint8_t *out)
{
	struct wire_header header = {
		.type = WIRE_DATA,
		.room = 7,
		.member = coded->author,
	};
	struct writer writer;

	writer_init(&writer, out, CODING_PACKET_HEADER);
	wire_header_encode(&writer, &header);
	writer_u64(&writer, coded->first + column);
}

void coded_init(struct coded *coded, uint64_t author, uint64_t first,
	size_t low, size_t high)
{
	struct coding_block *block = &coded->block;

	coded->author = author;
	coded->first = first;
	*block = (struct coding_block){
		.author = author,
		.first = first,
		.equations = coded->equations,
	};
	for (unsigned i = 0; i < CODING_BLOCK; i++) {
		uint8_t *packet = coded->packets[i];
		size_t size = low + random_below(high - low + 1);

		make_header(coded, i, packet);
		/* Flags that a later mchat may have, and none of repairs. */
		packet[2] = (uint8_t)(random_next() & 0xfe);
		for (size_t j = CODING_PACKET_HEADER; j < size; j++)
			packet[j] = (uint8_t)random_next();
		coded->sizes[i] = (uint16_t)size;
		block->known[i] = (struct coding_known){packet, (uint16_t)size,
			coding_check(author, first + i, packet, size)};
	}
}

void coded_lose(struct coded *coded, unsigned column)
{
	coded->block.known[column] = (struct coding_known){0};
}

void coded_combine(struct coded *coded, uint8_t index, unsigned count)
{
	unsigned which = coded->block.equation_count++;
	uint8_t *sum = coded->sums[which];
	struct coding_terms terms;
	uint8_t factors[CODING_BLOCK];
	size_t length;

	memset(sum, 0, CODING_SUM_MAX);
	coding_terms_init(&terms);
	for (unsigned i = 0; i < count; i++) {
		const uint8_t *packet = coded->packets[i];
		uint32_t check = coding_check(coded->author, coded->first + i,
			packet, coded->sizes[i]);

		coding_terms_add(&terms, packet, coded->sizes[i], check);
		factors[i] = coding_coefficient(index, i);
	}
	length = coding_terms_sum(&terms, &(struct gf256_sum){sum, factors}, 1);
	coded->equations[which] = (struct coding_equation){
		index, (uint8_t)count, (uint16_t)length, sum};
}

enum coding_result coded_solve(struct coded *coded)
{
	return coding_solve(&coded->block, coded->symbols);
}

bool coded_is_same(const struct coded *coded)
{
	uint8_t columns[CODING_BLOCK];
	unsigned missing = coding_missing(&coded->block, columns);

	for (unsigned i = 0; i < missing; i++) {
		const uint8_t *packet = coded->packets[columns[i]];
		uint8_t header[CODING_PACKET_HEADER];
		uint8_t rebuilt[WIRE_PACKET_MAX];

		make_header(coded, columns[i], header);
		if (coding_packet(rebuilt, coded->symbols[i], header) !=
			coded->sizes[columns[i]])
			return false;
		if (memcmp(rebuilt, packet, coded->sizes[columns[i]]) != 0)
			return false;
	}
	return true;
}
