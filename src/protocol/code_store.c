/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/code_store.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/protocol/wire.h"

/* Where the block of that number has its place. */
static size_t place(uint64_t first)
{
	return first / CODING_BLOCK % CODE_STORE_BLOCKS;
}

struct code_store *code_store_new(uint64_t number)
{
	struct code_store *store = calloc(1, sizeof(*store));

	if (!store)
		return NULL;
	store->memory = sizeof(*store);
	store->first = coding_block_first(number);
	return store;
}

struct code_block *code_store_find(
	const struct code_store *store, uint64_t first)
{
	struct code_block *block = store->blocks[place(first)];

	return block && block->first == first ? block : NULL;
}

static size_t sum_memory(const struct code_sum *sum)
{
	return sizeof(*sum) + sum->length;
}

void code_store_drop_one(struct code_store *store, struct code_block *block)
{
	if (block->held == 0)
		return;
	store->memory -= sum_memory(block->sums[0]);
	free(block->sums[0]);
	block->sums[0] = block->sums[--block->held];
}

void code_store_drop(struct code_store *store, struct code_block *block)
{
	while (block->held > 0)
		code_store_drop_one(store, block);
}

static void drop_block(struct code_store *store, size_t at)
{
	struct code_block *block = store->blocks[at];

	if (!block)
		return;
	code_store_drop(store, block);
	store->memory -= sizeof(*block);
	free(block);
	store->blocks[at] = NULL;
}

void code_store_free(struct code_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < CODE_STORE_BLOCKS; i++)
		drop_block(store, i);
	free(store);
}

void code_store_drop_before(struct code_store *store, uint64_t number)
{
	uint64_t end = coding_block_first(number);

	/* Behind a jump all places have been looked at. */
	if (end - store->first > (uint64_t)CODE_STORE_BLOCKS * CODING_BLOCK)
		store->first = end - (uint64_t)CODE_STORE_BLOCKS * CODING_BLOCK;
	for (; store->first < end; store->first += CODING_BLOCK)
		drop_block(store, place(store->first));
}

struct code_block *code_store_meet(struct code_store *store, uint64_t first)
{
	struct code_block *block = code_store_find(store, first);

	if (block)
		return block;
	drop_block(store, place(first));
	block = calloc(1, sizeof(*block));
	if (!block)
		return NULL;
	block->first = first;
	store->memory += sizeof(*block);
	store->blocks[place(first)] = block;
	return block;
}

bool code_store_hold(struct code_store *store, struct code_block *block,
	uint8_t index, const struct wire_code *code)
{
	struct code_sum *sum = malloc(sizeof(*sum) + code->size);

	if (!sum)
		return false;
	sum->index = index;
	sum->count = (uint8_t)(coding_column(code->last) + 1);
	sum->length = (uint16_t)code->size;
	memcpy(sum->bytes, code->sum, code->size);
	block->sums[block->held++] = sum;
	store->memory += sum_memory(sum);
	return true;
}
