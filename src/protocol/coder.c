/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/coder.h"

#include <string.h>

/* Combinations of one block that may wait: each of its packets was lost. */
#define PLANNED_MAX CODING_BLOCK

/* Where a block has its place. */
static size_t place_of(uint64_t first)
{
	return first / CODING_BLOCK % CODER_BLOCKS;
}

/* The block of that number, which replaces an older one at its place; NULL when
 * a newer one is there, whose indices must not begin anew. */
static struct coder_block *meet(struct coder *coder, uint64_t first)
{
	struct coder_block *block = &coder->blocks[place_of(first)];

	if (block->first > first)
		return NULL;
	if (block->first == first)
		return block;
	coder->planned -= block->planned;
	*block = (struct coder_block){
		.first = first,
		.sent = {INT64_MIN},
	};
	return block;
}

/* Whole ones of this amount; what rounding leaves is kept for the next. */
static unsigned round_down(struct coder *coder, double amount)
{
	unsigned whole;

	coder->owed += amount;
	whole = (unsigned)coder->owed;
	coder->owed -= whole;
	return whole;
}

/* How many more may be planned of a block: each index is used once. */
static unsigned room_in(const struct coder_block *block)
{
	unsigned most = (unsigned)(WIRE_CODE_OF_AUTHOR - block->next);

	if (most > PLANNED_MAX)
		most = PLANNED_MAX;
	return most > block->planned ? most - block->planned : 0;
}

unsigned coder_need(struct coder *coder, const struct coder_request *request)
{
	const struct coder_block *block = meet(coder, request->first);
	unsigned under_way;
	unsigned room;
	unsigned least;
	unsigned need;

	if (!block)
		return 0;
	room = room_in(block);
	under_way = block->planned;
	if (instant_before(request->recent, block->sent) &&
		block->next > request->lack.heard)
		under_way += block->next - request->lack.heard;
	if (request->lack.packets <= under_way || room == 0)
		return 0;
	least = request->lack.packets - under_way;
	need = round_down(coder, least / (1 - request->loss));
	/* Rounding never leaves out one that is needed. */
	if (need < least)
		need = least;
	return need < room ? need : room;
}

unsigned coder_plan(struct coder *coder, const struct coder_request *request,
	unsigned count)
{
	struct coder_block *block = meet(coder, request->first);

	if (!block)
		return 0;
	if (count > room_in(block))
		count = room_in(block);
	block->planned = (uint8_t)(block->planned + count);
	block->requester = request->requester;
	block->lack = request->lack.packets;
	coder->planned += count;
	return count;
}

bool coder_is_used_up(const struct coder *coder, uint64_t first)
{
	const struct coder_block *block = &coder->blocks[place_of(first)];

	return block->first == first && block->next >= WIRE_CODE_OF_AUTHOR;
}

void coder_plan_ahead(struct coder *coder, uint64_t first, double amount)
{
	(void)coder_plan(coder, &(struct coder_request){.first = first},
		round_down(coder, amount));
}

bool coder_take(struct coder *coder, struct coder_next *out, struct instant now)
{
	struct coder_block *first = NULL;

	if (coder->planned == 0)
		return false;
	for (size_t i = 0; i < CODER_BLOCKS; i++) {
		struct coder_block *it = &coder->blocks[i];

		if (it->planned > 0 && (!first || it->first < first->first))
			first = it;
	}
	*out = (struct coder_next){
		.first = first->first,
		.requester = first->requester,
		.lack = first->lack,
		.index = first->next++,
	};
	first->planned--;
	coder->planned--;
	first->sent = now;
	return true;
}

void coder_note_heard(struct coder *coder, uint64_t first)
{
	struct coder_block *block = &coder->blocks[place_of(first)];

	if (block->first != first || block->planned == 0)
		return;
	block->planned--;
	coder->planned--;
}

void coder_cancel(struct coder *coder, uint64_t first)
{
	struct coder_block *block = meet(coder, first);

	if (!block)
		return;
	coder->planned -= block->planned;
	block->planned = 0;
}

size_t coder_make(const struct packet_store *store,
	const struct wire_header *header, uint64_t last, size_t most,
	uint8_t *out)
{
	struct coding_terms terms;
	uint8_t factors[CODING_BLOCK];
	struct writer writer;

	coding_terms_init(&terms);
	for (uint64_t number = coding_block_first(last); number <= last;
		number++) {
		struct packet *packet = packet_store_get(store, number);

		if (!packet)
			return 0;
		factors[terms.count] = coding_coefficient(
			header->index, coding_column(number));
		coding_terms_add(&terms, packet->bytes, packet->size,
			packet_check(packet, header->member, number));
	}
	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, header);
	wire_code_encode(&writer, last);
	if (terms.length > WIRE_CODE_SUM_MAX ||
		writer_size(&writer) + terms.length > most)
		return 0;
	return writer_size(&writer) +
	       coding_terms_sum(&terms, factors, writer.at);
}
