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

/* What is missing of a block. */
struct missing {
	uint8_t before[CODING_BLOCK + 1]; /* of the columns before each */
	bool is_whole; /* all is there that is not to come any more */
};

/* Looks at the columns up to that of number `last`. */
static struct missing find_missing(
	const struct receive_window *window, uint64_t last)
{
	uint64_t first = coding_block_first(last);
	struct missing missing = {.is_whole = true};

	for (unsigned i = 0; first + i <= last; i++) {
		bool is_missing = !is_there(window, first + i);

		if (is_missing && first + i < window->next)
			missing.is_whole = false;
		missing.before[i + 1] =
			(uint8_t)(missing.before[i] + is_missing);
	}
	return missing;
}

/*
 * How many packets the combinations of a block can give, those that have one of
 * `count` columns more with them, if that is not 0: of the same columns never
 * more than are missing of these.
 */
static unsigned rank_of(const struct code_block *block,
	const struct missing *missing, uint8_t count)
{
	unsigned of_count[CODING_BLOCK + 1] = {0};
	unsigned rank = 0;

	for (unsigned i = 0; block && i < block->held; i++)
		of_count[block->sums[i]->count]++;
	of_count[count]++; /* of 0 columns: none */
	for (unsigned i = 1; i <= CODING_BLOCK; i++) {
		if (of_count[i] == 0)
			continue;
		rank += of_count[i];
		if (rank > missing->before[i])
			rank = missing->before[i];
	}
	return rank;
}

/* The last packet that the combinations of a block are of. */
static uint64_t last_of(const struct code_block *block)
{
	unsigned count = 1;

	for (unsigned i = 0; i < block->held; i++)
		if (block->sums[i]->count > count)
			count = block->sums[i]->count;
	return block->first + count - 1;
}

struct wire_lack decoder_lack(
	const struct receive_window *window, uint64_t first, uint64_t end)
{
	const struct code_block *block = find(window, first);
	struct missing missing;
	uint64_t last;

	if (end <= window->next || end <= first)
		return (struct wire_lack){0};
	last = end - first < CODING_BLOCK ? end - 1 : first + CODING_BLOCK - 1;
	if (block && last_of(block) > last)
		last = last_of(block);
	missing = find_missing(window, last);
	return (struct wire_lack){
		.packets = (uint8_t)(missing.before[coding_column(last) + 1] -
				     rank_of(block, &missing, 0)),
		.heard = block ? block->heard : 0,
	};
}

bool decoder_is_usable(const struct receive_window *window, uint64_t first)
{
	const struct code_block *block = find(window, first);
	uint64_t end = first + CODING_BLOCK;

	if (block && block->is_poisoned)
		return false;
	for (uint64_t number = first; number < end && number < window->next;
		number++)
		if (!is_there(window, number))
			return false;
	return true;
}

/* ---- taking ---- */

static bool is_held(const struct code_block *block, uint8_t index)
{
	for (unsigned i = 0; i < block->held; i++)
		if (block->sums[i]->index == index)
			return true;
	return false;
}

/* Keeps a combination that says something new. */
static enum decoder_result keep(struct receive_window *window,
	struct code_block *block, uint8_t index, const struct wire_code *code)
{
	uint64_t last =
		code->last > last_of(block) ? code->last : last_of(block);
	struct missing missing = find_missing(window, last);
	uint8_t count = (uint8_t)(coding_column(code->last) + 1);
	unsigned rank = rank_of(block, &missing, count);

	if (is_held(block, index) || rank == rank_of(block, &missing, 0))
		return DECODER_USELESS;
	/* Most of them say what others do. */
	if (block->held == CODING_BLOCK)
		code_store_drop(window->codes, block);
	if (!code_store_hold(window->codes, block, index, code))
		return DECODER_REFUSED;
	return rank == missing.before[coding_column(last) + 1] ? DECODER_READY
							       : DECODER_HELD;
}

enum decoder_result decoder_take(struct receive_window *window, uint8_t index,
	const struct wire_code *code)
{
	uint64_t first = coding_block_first(code->last);
	struct code_block *block;
	struct missing missing;

	if (code->last < window->next)
		return DECODER_USELESS;
	if (code->last >= window->next + RECEIVE_WINDOW_PACKETS)
		return DECODER_TOO_FAR;
	missing = find_missing(window, code->last);
	if (missing.before[coding_column(code->last) + 1] == 0 ||
		!missing.is_whole)
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
	return keep(window, block, index, code);
}

bool decoder_is_ready(const struct receive_window *window, uint64_t first)
{
	const struct code_block *block = find(window, first);

	return block && block->held > 0 &&
	       decoder_lack(window, first, last_of(block) + 1).packets == 0;
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

void decoder_drop_one(struct receive_window *window, uint64_t first)
{
	struct code_block *block = find(window, first);

	if (block)
		code_store_drop_one(window->codes, block);
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
