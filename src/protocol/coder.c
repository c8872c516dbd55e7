/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/coder.h"

#include <string.h>

/* Combinations of one block that may wait: each of its packets was lost. */
#define PLANNED_MAX CODING_BLOCK

/* More combinations of an urgent block, times the share that is lost: so many,
 * and so many for each that is needed. */
#define URGENT_MORE      5.0
#define URGENT_MORE_EACH 0.33

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

/* How many combinations are sent so that `least` come: on average; where it is
 * urgent, nineteen times out of twenty, at a loss of 10 to 30 %. */
static double amount_for(const struct coder_request *request, unsigned least)
{
	double amount = least / (1 - request->loss);

	return request->is_urgent
		       ? amount + request->loss *
					  (URGENT_MORE +
						  URGENT_MORE_EACH * least)
		       : amount;
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
	need = round_down(coder, amount_for(request, least));
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
		.planned = --first->planned,
	};
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

void coder_cancel_all(struct coder *coder)
{
	for (size_t i = 0; i < CODER_BLOCKS; i++)
		coder->blocks[i].planned = 0;
	coder->planned = 0;
}

/* Whether the combination was made together with one before it. */
static bool is_made(const struct coder_made *made, uint64_t last, uint8_t index)
{
	return made->last == last && index >= made->index &&
	       index - made->index < made->count;
}

/* Makes the combination of that index, and with it, if others will be wanted,
 * those of the next; false when a packet of the block is not kept. */
static bool make(struct coder_made *made, const struct coder_order *order)
{
	uint8_t factors[GF256_SUMS_MAX][CODING_BLOCK];
	struct gf256_sum sums[GF256_SUMS_MAX];
	struct coding_terms terms;
	uint64_t number = coding_block_first(order->last);
	uint8_t index = order->header.index;

	made->last = 0;
	made->index = index;
	made->count =
		order->goes_on && index + GF256_SUMS_MAX <= CODING_INDEX_MAX + 1
			? GF256_SUMS_MAX
			: 1;
	coding_terms_init(&terms);
	for (; number <= order->last; number++) {
		struct packet *packet = packet_store_get(order->store, number);

		if (!packet)
			return false;
		for (unsigned i = 0; i < made->count; i++)
			factors[i][terms.count] = coding_coefficient(
				(uint8_t)(index + i), coding_column(number));
		coding_terms_add(&terms, packet->bytes, packet->size,
			packet_check(packet, order->header.member, number));
	}
	for (unsigned i = 0; i < made->count; i++)
		sums[i] = (struct gf256_sum){made->sums[i], factors[i]};
	made->length = coding_terms_sum(&terms, sums, made->count);
	made->last = order->last;
	return true;
}

size_t coder_make(
	struct coder_made *made, const struct coder_order *order, uint8_t *out)
{
	uint8_t index = order->header.index;
	struct writer writer;

	if (!is_made(made, order->last, index) && !make(made, order))
		return 0;
	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, &order->header);
	wire_code_encode(&writer, order->last);
	if (made->length > WIRE_CODE_SUM_MAX ||
		writer_size(&writer) + made->length > order->most)
		return 0;
	writer_bytes(&writer, made->sums[index - made->index], made->length);
	return writer_size(&writer);
}
