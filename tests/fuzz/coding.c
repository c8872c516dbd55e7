/* SPDX-License-Identifier: ISC */
/*
 * libFuzzer target: a block of packets whose sizes, losses and combinations the
 * input says, some of them with bytes of the input in their place.  Nothing may
 * be read or written outside; what is solved of true combinations must be what
 * was lost, and what is solved at all has sizes that packets have.
 */
#include <stdlib.h>
#include <string.h>

#include "coded.h"
#include "random.h"
#include "mchat/base/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool condition)
{
	if (!condition)
		abort();
}

static struct coded coded;

/* A combination that somebody forged, of its exact size, so that a read behind
 * it is noticed. */
static void forge(struct reader *reader)
{
	unsigned which = coded.block.equation_count++;
	struct coding_equation *equation = &coded.equations[which];
	uint8_t *sum;

	equation->index = reader_u8(reader);
	equation->count = reader_u8(reader);
	equation->length = reader_u16(reader) % 2048;
	sum = malloc(equation->length > 0 ? equation->length : 1);
	if (!sum)
		abort();
	for (size_t i = 0; i < equation->length; i++)
		sum[i] = reader_u8(reader);
	equation->sum = sum;
}

/* Returns whether all combinations are true. */
static bool combine(struct reader *reader, bool forged[CODING_BLOCK])
{
	bool are_true = true;

	while (reader_left(reader) > 0 &&
		coded.block.equation_count < CODING_BLOCK) {
		unsigned which = coded.block.equation_count;
		uint8_t kind = reader_u8(reader);

		forged[which] = kind >= 0xf0;
		if (forged[which]) {
			are_true = false;
			forge(reader);
		} else {
			uint8_t count = reader_u8(reader);

			coded_combine(&coded, kind % (CODING_INDEX_MAX + 1),
				1u + count % CODING_BLOCK);
		}
	}
	return are_true;
}

static void check_solved(bool are_true)
{
	uint8_t columns[CODING_BLOCK];
	uint8_t packet[WIRE_PACKET_MAX];
	static const uint8_t header[CODING_PACKET_HEADER];
	unsigned missing = coding_missing(&coded.block, columns);

	for (unsigned i = 0; i < missing; i++) {
		size_t size = coding_packet(packet, coded.symbols[i], header);

		check(size >= CODING_PACKET_HEADER && size <= WIRE_PACKET_MAX);
	}
	check(!are_true || coded_is_same(&coded));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	bool forged[CODING_BLOCK] = {false};
	struct reader reader;
	enum coding_result result;
	uint64_t lost;
	size_t low;
	size_t high;
	bool are_true;

	reader_init(&reader, bytes, size);
	lost = reader_u64(&reader);
	low = 24u + reader_u8(&reader) % 100u;
	high = low + reader_u16(&reader) % (WIRE_PACKET_MAX - low + 1);
	random_restart();
	coded_init(&coded, 1u + reader_u8(&reader), 1, low, high);
	for (unsigned i = 0; i < CODING_BLOCK; i++)
		if (lost >> i & 1)
			coded_lose(&coded, i);
	are_true = combine(&reader, forged);
	result = coded_solve(&coded);
	check(!are_true || result != CODING_WRONG);
	if (result == CODING_OK)
		check_solved(are_true);
	for (unsigned i = 0; i < CODING_BLOCK; i++)
		if (forged[i])
			free((void *)(uintptr_t)coded.equations[i].sum);
	return 0;
}
