/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/code_receive.h"

#include <stdlib.h>

#include "mchat/protocol/code_store.h"
#include "mchat/protocol/coded_repair.h"
#include "mchat/protocol/decoder.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/nack.h"
#include "mchat/protocol/presence.h"
#include "mchat/protocol/receive.h"
#include "mchat/protocol/receive_memory.h"
#include "mchat/protocol/timers.h"

/* A packet that was put together. */
struct decoded {
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size;
	struct wire_data data;
};

/* Makes it from its symbol; false when its records are none. */
static bool open_decoded(struct engine *e, const struct coding_block *block,
	unsigned column, const uint8_t *symbol, struct decoded *out)
{
	struct wire_header header = {
		.type = WIRE_DATA,
		.room = e->config.room,
		.member = block->author,
	};
	uint8_t head[CODING_PACKET_HEADER];
	struct writer writer;
	struct reader reader;

	writer_init(&writer, head, sizeof(head));
	wire_header_encode(&writer, &header);
	writer_u64(&writer, block->first + column);
	out->size = coding_packet(out->packet, symbol, head);
	reader_init(&reader, out->packet, out->size);
	return wire_header_decode(&reader, &header) == WIRE_OK &&
	       wire_data_decode(&reader, &out->data) == WIRE_OK;
}

/* Room for the symbols of a block; false without memory. */
static bool has_symbols(struct engine *e)
{
	if (!e->symbols)
		e->symbols = calloc(CODING_BLOCK, sizeof(*e->symbols));
	return e->symbols != NULL;
}

/* A block, and which of its columns are to be put together. */
struct unknown {
	struct coding_block block;
	uint8_t columns[CODING_BLOCK];
	unsigned count;
};

/* Solves the block, into e->symbols, if all that comes out is valid. */
static enum coding_result solve(struct engine *e, const struct unknown *unknown)
{
	enum coding_result result = coding_solve(&unknown->block, e->symbols);

	for (unsigned i = 0; i < unknown->count && result == CODING_OK; i++) {
		struct decoded decoded;

		if (!open_decoded(e, &unknown->block, unknown->columns[i],
			    e->symbols[i], &decoded))
			result = CODING_WRONG;
	}
	return result;
}

/* Takes in what a block that was solved gives.  Its author takes the time since
 * a packet first left for the turn-around: so we do not tell it how long we
 * have had one that came only now, by repair. */
static void take_all(struct engine *e, struct member *m,
	const struct unknown *unknown, struct instant now)
{
	uint64_t known = m->window.known;

	for (unsigned i = 0; i < unknown->count; i++) {
		struct decoded decoded;
		struct receive_arrival arrival = {
			.data = &decoded.data,
			.packet = decoded.packet,
			.is_repair = true,
		};

		(void)open_decoded(e, &unknown->block, unknown->columns[i],
			e->symbols[i], &decoded);
		arrival.size = decoded.size;
		if (!receive_memory_admits(e, decoded.size))
			return;
		(void)receive_take(e, m, &arrival, now);
		e->counts.decoded++;
		e->put_together++;
	}
	if (m->window.known != known)
		m->window.came = INSTANT_NEVER;
}

/* There are enough combinations of the block that begins with this number. */
static enum engine_disposition decode(
	struct engine *e, struct member *m, uint64_t first, struct instant now)
{
	struct coding_equation equations[CODING_BLOCK];
	struct unknown unknown;
	enum coding_result result;

	if (!has_symbols(e) ||
		!rate_limit_take(&e->decode_rate, CODE_SOLVE_RATE_MAX,
			e->counts.data_received, now))
		return ENGINE_DISPOSITION_CODED;
	decoder_fill(&m->window, m->id, first, &unknown.block, equations);
	unknown.count = coding_missing(&unknown.block, unknown.columns);
	result = solve(e, &unknown);
	if (result == CODING_NEEDS_MORE) {
		decoder_drop_one(&m->window, first);
		return ENGINE_DISPOSITION_CODED;
	}
	if (result == CODING_WRONG) {
		decoder_poison(&m->window, first);
		e->counts.poisoned++;
		return ENGINE_DISPOSITION_NOTHING;
	}
	take_all(e, m, &unknown, now);
	decoder_drop(&m->window, first);
	return ENGINE_DISPOSITION_DECODED;
}

enum engine_disposition code_receive(struct engine *e,
	const struct wire_header *header, const struct wire_code *code,
	size_t size, struct instant now)
{
	struct member *m = members_find(&e->members, header->member);
	enum engine_disposition took = ENGINE_DISPOSITION_CODED;
	uint64_t next_before;

	/* No author is met by what may be another's. */
	if (!m || !m->window.is_open ||
		!receive_memory_admits(e, size + sizeof(struct code_store)))
		return ENGINE_DISPOSITION_NOTHING;
	if (header->index < WIRE_CODE_OF_AUTHOR)
		presence_hear(m, now);
	coded_repair_hear(e, m, code->last);
	next_before = m->window.next;
	receive_window_count(&m->window, size);
	e->counts.coded_received++;
	switch (decoder_take(&m->window, header->index, code)) {
	case DECODER_USELESS:
		took = ENGINE_DISPOSITION_DOUBLE;
		e->counts.coded_useless++;
		break;
	case DECODER_TOO_FAR:
		took = ENGINE_DISPOSITION_TOO_FAR;
		e->counts.coded_useless++;
		break;
	case DECODER_REFUSED:
		took = ENGINE_DISPOSITION_NOTHING;
		e->counts.coded_useless++;
		break;
	case DECODER_HELD:
		break;
	case DECODER_READY:
		took = decode(e, m, coding_block_first(code->last), now);
		break;
	}
	timers_confirm(e, m, took != ENGINE_DISPOSITION_DOUBLE, now);
	nack_update(e, m, next_before, now);
	return took;
}

void code_receive_after(struct engine *e, uint64_t author, uint64_t sequence,
	struct instant now)
{
	struct member *m = members_find(&e->members, author);
	uint64_t first = coding_block_first(sequence);
	uint64_t next_before;

	if (!m || !m->window.codes || !decoder_is_ready(&m->window, first))
		return;
	next_before = m->window.next;
	(void)decode(e, m, first, now);
	nack_update(e, m, next_before, now);
}
