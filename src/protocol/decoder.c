/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/decoder.h"

#include <stdlib.h>
#include <string.h>

static struct decoder_block **slot(struct decoder *decoder, uint64_t first)
{
	return &decoder->blocks[first / CODING_BLOCK % DECODER_BLOCKS];
}

static struct decoder_block *find(
	const struct receive_window *window, uint64_t first)
{
	struct decoder_block *block;

	if (!window->decoder)
		return NULL;
	block = *slot(window->decoder, first);
	return block && block->first == first ? block : NULL;
}

static size_t sum_memory(const struct decoder_sum *sum)
{
	return sizeof(*sum) + sum->length;
}

static void drop_sums(struct decoder *decoder, struct decoder_block *block)
{
	for (unsigned i = 0; i < block->held; i++) {
		decoder->memory -= sum_memory(block->sums[i]);
		free(block->sums[i]);
	}
	block->held = 0;
}

static void drop_block(struct decoder *decoder, struct decoder_block **place)
{
	if (!*place)
		return;
	drop_sums(decoder, *place);
	decoder->memory -= sizeof(**place);
	free(*place);
	*place = NULL;
}

void decoder_free(struct decoder *decoder)
{
	if (!decoder)
		return;
	for (size_t i = 0; i < DECODER_BLOCKS; i++)
		drop_block(decoder, &decoder->blocks[i]);
	free(decoder);
}

void decoder_drop_before(struct decoder *decoder, uint64_t number)
{
	uint64_t end = coding_block_first(number);

	/* Behind a jump all places have been looked at. */
	if (end - decoder->first > (uint64_t)DECODER_BLOCKS * CODING_BLOCK)
		decoder->first = end - (uint64_t)DECODER_BLOCKS * CODING_BLOCK;
	for (; decoder->first < end; decoder->first += CODING_BLOCK)
		drop_block(decoder, slot(decoder, decoder->first));
}

/* ---- what is missing ---- */

static bool is_there(const struct receive_window *window, uint64_t number)
{
	return packet_store_get(&window->store, number) != NULL;
}

/* How many of the packets from `first` up to `last` are missing; whether all
 * of those that are not to come any more are there. */
static unsigned count_missing(const struct receive_window *window,
	uint64_t first, uint64_t last, bool *is_whole)
{
	unsigned missing = 0;

	*is_whole = true;
	for (uint64_t number = first; number <= last; number++) {
		if (is_there(window, number))
			continue;
		if (number < window->next)
			*is_whole = false;
		missing++;
	}
	return missing;
}

struct wire_lack decoder_lack(
	const struct receive_window *window, uint64_t first, uint64_t end)
{
	const struct decoder_block *block = find(window, first);
	uint64_t begin = first > window->next ? first : window->next;
	unsigned missing;
	unsigned held = block ? block->held : 0;
	bool is_whole;

	if (end > first + CODING_BLOCK)
		end = first + CODING_BLOCK;
	if (begin >= end)
		return (struct wire_lack){0};
	missing = count_missing(window, begin, end - 1, &is_whole);
	return (struct wire_lack){
		.packets = (uint8_t)(missing > held ? missing - held : 0),
		.heard = block ? block->heard : 0,
	};
}

bool decoder_is_poisoned(const struct receive_window *window, uint64_t first)
{
	const struct decoder_block *block = find(window, first);

	return block && block->is_poisoned;
}

/* ---- taking ---- */

/* Makes the decoder of a window. */
static bool begin(struct receive_window *window)
{
	if (window->decoder)
		return true;
	window->decoder = calloc(1, sizeof(*window->decoder));
	if (!window->decoder)
		return false;
	window->decoder->memory = sizeof(*window->decoder);
	window->decoder->first = coding_block_first(window->next);
	return true;
}

/* The block of that number, made if it is not there; NULL without memory. */
static struct decoder_block *meet(struct receive_window *window, uint64_t first)
{
	struct decoder *decoder = window->decoder;
	struct decoder_block **place = slot(decoder, first);

	if (*place && (*place)->first == first)
		return *place;
	drop_block(decoder, place);
	*place = calloc(1, sizeof(**place));
	if (!*place)
		return NULL;
	(*place)->first = first;
	decoder->memory += sizeof(**place);
	return *place;
}

static bool is_held(const struct decoder_block *block, uint8_t index)
{
	for (unsigned i = 0; i < block->held; i++)
		if (block->sums[i]->index == index)
			return true;
	return false;
}

static bool hold(struct decoder *decoder, struct decoder_block *block,
	uint8_t index, const struct wire_code *code)
{
	struct decoder_sum *sum = malloc(sizeof(*sum) + code->size);

	if (!sum)
		return false;
	sum->index = index;
	sum->count = (uint8_t)(coding_column(code->last) + 1);
	sum->length = (uint16_t)code->size;
	memcpy(sum->bytes, code->sum, code->size);
	block->sums[block->held++] = sum;
	decoder->memory += sum_memory(sum);
	return true;
}

/* The last packet that the combinations of a block are of. */
static uint64_t last_of(const struct decoder_block *block)
{
	uint64_t last = block->first;

	for (unsigned i = 0; i < block->held; i++)
		if (block->first + block->sums[i]->count - 1 > last)
			last = block->first + block->sums[i]->count - 1;
	return last;
}

enum decoder_result decoder_take(struct receive_window *window, uint8_t index,
	const struct wire_code *code)
{
	uint64_t first = coding_block_first(code->last);
	struct decoder_block *block;
	unsigned missing;
	bool is_whole;

	if (code->last < window->next)
		return DECODER_USELESS;
	if (code->last >= window->next + RECEIVE_WINDOW_PACKETS)
		return DECODER_TOO_FAR;
	missing = count_missing(window, first, code->last, &is_whole);
	if (missing == 0 || !is_whole)
		return DECODER_USELESS;
	if (!begin(window))
		return DECODER_REFUSED;
	decoder_drop_before(window->decoder, window->next);
	block = meet(window, first);
	if (!block || block->is_poisoned)
		return DECODER_REFUSED;
	if (index < WIRE_CODE_OF_AUTHOR && index >= block->heard)
		block->heard = (uint8_t)(index + 1);
	if (block->held >= missing || is_held(block, index))
		return DECODER_USELESS;
	if (!hold(window->decoder, block, index, code))
		return DECODER_REFUSED;
	missing = count_missing(window, first, last_of(block), &is_whole);
	return block->held >= missing ? DECODER_READY : DECODER_HELD;
}

void decoder_fill(const struct receive_window *window, uint64_t author,
	uint64_t first, struct coding_block *out_block,
	struct coding_equation *out_equations)
{
	const struct decoder_block *block = find(window, first);

	*out_block = (struct coding_block){
		.author = author,
		.first = first,
		.equations = out_equations,
	};
	if (!block)
		return;
	for (uint64_t number = first; number <= last_of(block); number++) {
		struct packet *packet =
			packet_store_get(&window->store, number);

		if (!packet)
			continue;
		out_block->known[number - first] = (struct coding_known){
			.packet = packet->bytes,
			.size = packet->size,
			.check = packet_check(packet, author, number),
		};
	}
	out_block->equation_count = block->held;
	for (unsigned i = 0; i < block->held; i++) {
		const struct decoder_sum *sum = block->sums[i];

		out_equations[i] = (struct coding_equation){
			.index = sum->index,
			.count = sum->count,
			.length = sum->length,
			.sum = sum->bytes,
		};
	}
}

void decoder_drop(struct receive_window *window, uint64_t first)
{
	struct decoder_block *block = find(window, first);

	if (block)
		drop_sums(window->decoder, block);
}

void decoder_poison(struct receive_window *window, uint64_t first)
{
	struct decoder_block *block = find(window, first);

	if (!block)
		return;
	drop_sums(window->decoder, block);
	block->is_poisoned = true;
}
