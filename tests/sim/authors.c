/* SPDX-License-Identifier: ISC */
#include "authors.h"

#include <inttypes.h>
#include <string.h>

#include "dice.h"
#include "journal.h"
#include "memory.h"
#include "parcel.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/record.h"

#define POOL_SIZE      ((size_t)1 << 20)
#define SLOT_BITS      12
#define SLOT_BITS_MORE 16 /* where that is too little */

uint8_t *authors_pool_new(void)
{
	uint8_t *pool = memory_more(NULL, POOL_SIZE + ENGINE_MESSAGE_MAX, 1);

	for (size_t i = 0; i < POOL_SIZE + ENGINE_MESSAGE_MAX; i++)
		pool[i] = (uint8_t)dice_mix(i + 1);
	return pool;
}

void authors_init(struct authors *authors, unsigned count, const uint8_t *pool,
	struct journal *journal)
{
	*authors = (struct authors){
		.list = memory_zeroed(count, sizeof(*authors->list)),
		.count = count,
		.pool = pool,
		.journal = journal,
	};
}

void authors_fini(struct authors *authors)
{
	for (unsigned i = 0; i < authors->count; i++) {
		memory_free(authors->list[i].said);
		memory_free(authors->list[i].sent);
		memory_free(authors->list[i].cut);
	}
	memory_free(authors->list);
}

static unsigned slot_bits(const struct authors *authors)
{
	return authors->count >> SLOT_BITS ? SLOT_BITS_MORE : SLOT_BITS;
}

uint64_t authors_id(const struct authors *authors, uint32_t slot, uint64_t salt)
{
	return dice_mix(salt + slot) << slot_bits(authors) | (slot + 1);
}

uint32_t authors_find(const struct authors *authors, uint64_t id)
{
	uint64_t slot = (id & ((UINT64_C(1) << slot_bits(authors)) - 1)) - 1;

	return slot < authors->count && authors->list[slot].id == id
		       ? (uint32_t)slot
		       : authors->count;
}

const uint8_t *authors_text(
	const struct authors *authors, uint32_t slot, size_t number)
{
	return authors->pool +
	       dice_mix(((uint64_t)slot << 32) + number) % POOL_SIZE;
}

uint64_t authors_messages_in(const struct author *author, uint64_t packet)
{
	const struct sent *sent;

	if (packet > author->sent_count)
		packet = author->sent_count;
	if (packet == 0)
		return 0;
	sent = &author->sent[packet - 1];
	return (uint64_t)sent->first_message - 1 + sent->message_count;
}

void authors_said(
	struct authors *authors, uint32_t slot, const struct said *said)
{
	struct author *author = &authors->list[slot];

	if (author->said_count == author->said_room) {
		author->said_room = 2 * author->said_room + 16;
		author->said = memory_more(
			author->said, author->said_room, sizeof(*author->said));
	}
	author->said[author->said_count++] = *said;
}

static uint64_t hash_of(const struct parcel *parcel)
{
	uint8_t bytes[WIRE_PACKET_MAX + 8] = {0};
	uint64_t hash = parcel->size;
	uint64_t word;

	memcpy(bytes, parcel->bytes, parcel->size);
	wire_mark_repair(bytes);
	for (size_t i = 0; i < parcel->size; i += sizeof(word)) {
		memcpy(&word, bytes + i, sizeof(word));
		hash = dice_mix(hash + word);
	}
	return hash;
}

/* A record that holds a message, or the end of one. */
static void check_message(struct authors *authors, uint32_t slot,
	const uint8_t *bytes, size_t size, bool is_action)
{
	struct author *author = &authors->list[slot];
	const struct said *said = &author->said[author->packed];
	const uint8_t *text = authors_text(authors, slot, author->packed + 1);

	if (author->packed == author->said_count)
		journal_fail(authors->journal,
			"member %" PRIu32 " sends a message never said", slot);
	else if (size > said->size || is_action != said->is_action ||
		 (size > 0 &&
			 memcmp(text + said->size - size, bytes, size) != 0))
		journal_fail(authors->journal,
			"member %" PRIu32 " sends message %zu changed", slot,
			author->packed + 1);
}

static void add_record(struct authors *authors, uint32_t slot,
	struct sent *sent, const struct record *record)
{
	struct author *author = &authors->list[slot];
	bool is_part = record->type == RECORD_PART && record->size > 0;
	bool is_end =
		record->type == RECORD_LINE || record->type == RECORD_ACTION;
	bool is_action = record->type == RECORD_ACTION;
	struct said *said;

	if (is_part) {
		is_end = record->bytes[0] & RECORD_PART_LAST;
		is_action = record->bytes[0] & RECORD_PART_ACTION;
	} else if (!is_end) {
		return;
	}
	if (is_end)
		check_message(authors, slot, record->bytes + is_part,
			record->size - is_part, is_action);
	if (author->packed >= author->said_count) {
		journal_fail(authors->journal,
			"member %" PRIu32 " sends more than was said", slot);
		return;
	}
	said = &author->said[author->packed];
	if (said->first_packet == 0)
		said->first_packet = author->sent_count + 1;
	said->last_packet = author->sent_count + 1;
	if (is_end) {
		said->left_at = authors->journal->now;
		sent->message_count++;
		author->packed++;
	}
}

static void add_packet(struct authors *authors, struct parcel *parcel,
	const struct wire_data *data)
{
	struct author *author = &authors->list[parcel->sender];
	struct sent sent = {
		.hash = hash_of(parcel),
		.first_message = (uint32_t)author->packed + 1,
	};
	struct reader reader;
	struct record record;

	reader_init(&reader, data->records, data->records_size);
	if (data->message != sent.first_message)
		journal_fail(authors->journal,
			"member %" PRIu32 " numbers message %" PRIu32
			" as %" PRIu64,
			parcel->sender, sent.first_message, data->message);
	while (record_next(&reader, &record))
		add_record(authors, parcel->sender, &sent, &record);
	if (author->sent_count == author->sent_room) {
		author->sent_room = 2 * author->sent_room + 16;
		author->sent = memory_more(
			author->sent, author->sent_room, sizeof(*author->sent));
	}
	author->sent[author->sent_count++] = sent;
}

static void take_data(struct authors *authors, struct parcel *parcel,
	const struct wire_data *data)
{
	const struct author *author;

	parcel->is_data = true;
	parcel->sequence = data->sequence;
	parcel->last = data->sequence;
	if (authors->is_lenient)
		parcel->origin = PARCEL_NOBODY;
	if (parcel->origin == PARCEL_NOBODY)
		return;
	author = &authors->list[parcel->origin];
	if (!parcel->is_repair && parcel->origin != parcel->sender)
		journal_fail(authors->journal,
			"member %" PRIu32 " sends as member %" PRIu32,
			parcel->sender, parcel->origin);
	else if (!parcel->is_repair && data->sequence != author->sent_count + 1)
		journal_fail(authors->journal,
			"member %" PRIu32 " sends packet %" PRIu64 " after %zu",
			parcel->sender, data->sequence, author->sent_count);
	else if (!parcel->is_repair)
		add_packet(authors, parcel, data);
	else if (data->sequence == 0 || data->sequence > author->sent_count ||
		 author->sent[data->sequence - 1].hash != hash_of(parcel))
		journal_fail(authors->journal,
			"member %" PRIu32 " repairs packet %" PRIu64
			" of member %" PRIu32 " with other bytes",
			parcel->sender, data->sequence, parcel->origin);
}

static void take_state(const struct authors *authors, struct parcel *parcel,
	const struct wire_state *state)
{
	struct reader reader;
	struct wire_report report;

	parcel->last = state->last;
	reader_init(&reader, state->reports, state->reports_size);
	for (unsigned i = 0; wire_report_next(&reader, &report); i++) {
		uint32_t author = authors_find(authors, report.origin);

		parcel->is_ask = parcel->is_ask || report.gap_count > 0 ||
				 wire_state_lacks(state, i);
		if (author < authors->count && report.known > 0)
			parcel->reports[parcel->report_count++] =
				(struct parcel_report){author, report.known};
	}
}

/* A packet that was never sent whole: once all of it has left, it is one. */
static void take_first_cut(struct authors *authors, struct parcel *parcel,
	const struct wire_fragment *fragment)
{
	struct author *author = &authors->list[parcel->sender];
	struct parcel whole = {.sender = parcel->sender,
		.origin = parcel->origin,
		.size = fragment->packet_size};
	struct reader reader;
	struct wire_header header;
	struct wire_data data;

	parcel->is_repair = false;
	if (!author->cut)
		author->cut = memory_more(NULL, WIRE_PACKET_MAX, 1);
	if (fragment->offset == 0)
		author->cut_size = 0;
	if (fragment->offset != author->cut_size)
		journal_fail(authors->journal,
			"member %" PRIu32
			" leaves out a fragment of packet %" PRIu64,
			parcel->sender, fragment->sequence);
	memcpy(author->cut + fragment->offset, fragment->bytes, fragment->size);
	author->cut_size = (size_t)fragment->offset + fragment->size;
	if (author->cut_size < fragment->packet_size)
		return;
	memcpy(whole.bytes, author->cut, whole.size);
	reader_init(&reader, whole.bytes, whole.size);
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		wire_data_decode(&reader, &data) != WIRE_OK)
		journal_fail(authors->journal,
			"member %" PRIu32 " sends fragments of no packet",
			parcel->sender);
	else
		take_data(authors, &whole, &data);
}

/* What its receivers put together is judged by the messages that they show. */
static void take_fragment(struct authors *authors, struct parcel *parcel,
	const struct wire_fragment *fragment)
{
	parcel->is_data = true;
	parcel->is_repair = true;
	parcel->sequence = fragment->sequence;
	if (parcel->origin == parcel->sender && !authors->is_lenient &&
		fragment->sequence ==
			authors->list[parcel->origin].sent_count + 1)
		take_first_cut(authors, parcel, fragment);
	else if (parcel->origin != PARCEL_NOBODY && !authors->is_lenient &&
		 fragment->sequence > authors->list[parcel->origin].sent_count)
		journal_fail(authors->journal,
			"member %" PRIu32 " sends a fragment of packet %" PRIu64
			" of member %" PRIu32 ", which is none",
			parcel->sender, fragment->sequence, parcel->origin);
}

/* The same of a combination. */
static void take_code(const struct authors *authors, struct parcel *parcel,
	const struct wire_code *code)
{
	parcel->is_coded = true;
	parcel->last = code->last;
	if (parcel->origin != PARCEL_NOBODY && !authors->is_lenient &&
		code->last > authors->list[parcel->origin].sent_count)
		journal_fail(authors->journal,
			"member %" PRIu32 " combines packets up to %" PRIu64
			" of member %" PRIu32 ", of which there are fewer",
			parcel->sender, code->last, parcel->origin);
}

/* The member that a packet names as its author, or nobody. */
static uint32_t origin_of(const struct authors *authors, uint64_t id)
{
	uint32_t origin = authors_find(authors, id);

	return origin == authors->count ? PARCEL_NOBODY : origin;
}

void authors_sent(struct authors *authors, struct parcel *parcel)
{
	struct reader reader;
	struct wire_header header;
	struct wire_data data;
	struct wire_state state;
	struct wire_fragment fragment;
	struct wire_code code;
	enum wire_result result;

	reader_init(&reader, parcel->bytes, parcel->size);
	result = wire_header_decode(&reader, &header);
	if (result == WIRE_OK && header.type == WIRE_DATA) {
		parcel->origin = origin_of(authors, header.member);
		parcel->is_repair = header.flags & WIRE_REPAIR;
		result = wire_data_decode(&reader, &data);
		if (result == WIRE_OK)
			take_data(authors, parcel, &data);
	} else if (result == WIRE_OK && header.type == WIRE_FRAGMENT) {
		parcel->origin = authors->is_lenient
					 ? PARCEL_NOBODY
					 : origin_of(authors, header.member);
		result = wire_fragment_decode(&reader, &fragment);
		if (result == WIRE_OK)
			take_fragment(authors, parcel, &fragment);
	} else if (result == WIRE_OK && header.type == WIRE_CODE) {
		parcel->origin = authors->is_lenient
					 ? PARCEL_NOBODY
					 : origin_of(authors, header.member);
		result = wire_code_decode(&reader, &code);
		if (result == WIRE_OK)
			take_code(authors, parcel, &code);
	} else if (result == WIRE_OK) {
		parcel->origin = parcel->sender;
		result = wire_state_decode(&reader, &state);
		if (result == WIRE_OK)
			take_state(authors, parcel, &state);
		if (!authors->is_lenient &&
			header.member != authors->list[parcel->sender].id)
			journal_fail(authors->journal,
				"member %" PRIu32 " has another's STATE",
				parcel->sender);
	}
	if (result != WIRE_OK)
		journal_fail(authors->journal,
			"member %" PRIu32 " sends a packet with: %s",
			parcel->sender, wire_strerror(result));
}
