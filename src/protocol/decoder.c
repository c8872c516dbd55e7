/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/decoder.h"

#include "mchat/protocol/code_store.h"

static struct code_block *find(
	const struct receive_window *window, uint64_t first)
{
	return window->codes ? code_store_find(window->codes, first) : NULL;
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
	const struct code_block *block = find(window, first);
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
	const struct code_block *block = find(window, first);

	return block && block->is_poisoned;
}

/* ---- taking ---- */

static bool is_held(const struct code_block *block, uint8_t index)
{
	for (unsigned i = 0; i < block->held; i++)
		if (block->sums[i]->index == index)
			return true;
	return false;
}

/* The last packet that the combinations of a block are of. */
static uint64_t last_of(const struct code_block *block)
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
	struct code_block *block;
	unsigned missing;
	bool is_whole;

	if (code->last < window->next)
		return DECODER_USELESS;
	if (code->last >= window->next + RECEIVE_WINDOW_PACKETS)
		return DECODER_TOO_FAR;
	missing = count_missing(window, first, code->last, &is_whole);
	if (missing == 0 || !is_whole)
		return DECODER_USELESS;
	if (!window->codes)
		window->codes = code_store_new(window->next);
	if (!window->codes)
		return DECODER_REFUSED;
	code_store_drop_before(window->codes, window->next);
	block = code_store_meet(window->codes, first);
	if (!block || block->is_poisoned)
		return DECODER_REFUSED;
	if (index < WIRE_CODE_OF_AUTHOR && index >= block->heard)
		block->heard = (uint8_t)(index + 1);
	if (block->held >= missing || is_held(block, index))
		return DECODER_USELESS;
	if (!code_store_hold(window->codes, block, index, code))
		return DECODER_REFUSED;
	missing = count_missing(window, first, last_of(block), &is_whole);
	return block->held >= missing ? DECODER_READY : DECODER_HELD;
}

void decoder_fill(const struct receive_window *window, uint64_t author,
	uint64_t first, struct coding_block *out_block,
	struct coding_equation *out_equations)
{
	const struct code_block *block = find(window, first);

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
		const struct code_sum *sum = block->sums[i];

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
	struct code_block *block = find(window, first);

	if (block)
		code_store_drop(window->codes, block);
}

void decoder_poison(struct receive_window *window, uint64_t first)
{
	struct code_block *block = find(window, first);

	if (!block)
		return;
	code_store_drop(window->codes, block);
	block->is_poisoned = true;
}
