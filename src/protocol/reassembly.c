/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/reassembly.h"

#include "mchat/base/buffer.h"
#include "mchat/base/cursor.h"
#include "mchat/protocol/backfill.h"
#include "mchat/protocol/stream.h"
#include "mchat/protocol/wire.h"

/* Whether the author said that more messages end before `next` than came out
 * or were told as lost, and no packet is there to show it. */
static bool lacks_tail(const struct stream *stream)
{
	return stream->delivered == stream->next && stream->message > 0 &&
	       stream->told.is_counted &&
	       stream->told.last + 1 == stream->next &&
	       stream->told.messages >= stream->message &&
	       (stream->has_begun ||
		       backfill_is_owed(stream->told.sent, stream->start));
}

bool reassembly_is_ready(const struct stream *stream)
{
	if (!stream->is_open || stream->phase != BACKFILL_DONE)
		return false;
	if (stream->scanned > 0 && stream->scanned == stream->next)
		return false;
	return stream->delivered < stream->next || lacks_tail(stream) ||
	       stream->has_unknown_loss;
}

/* Goes on with packet `number`.  The messages of history have no numbers that
 * anything is promised of. */
static void go_to(struct stream *stream, uint64_t number)
{
	stream->delivered = number;
	stream->offset = 0;
	if (number == stream->anchor && stream->anchor_message > 0)
		stream->message = stream->anchor_message;
}

/* ---- losses ---- */

static void give_lost(
	struct stream *stream, uint64_t count, struct stream_item *out)
{
	*out = (struct stream_item){
		.kind = STREAM_LOST,
		.number = stream->delivered,
		.count = count,
	};
	if (stream->message > 0)
		stream->message += count;
	stream_note_lost(stream, stream->delivered);
}

/* Messages are missing that the author said to have ended before `next`. */
static bool give_tail(struct stream *stream, struct stream_item *out)
{
	if (!lacks_tail(stream))
		return false;
	stream->has_begun = true;
	give_lost(stream, stream->told.messages + 1 - stream->message, out);
	return true;
}

/* What came before the anchor is owed, and nobody knows how much it was. */
static bool give_unknown_loss(struct stream *stream, struct stream_item *out)
{
	if (!stream->has_unknown_loss || stream->delivered < stream->anchor)
		return false;
	stream->has_unknown_loss = false;
	give_lost(stream, 0, out);
	return true;
}

/*
 * The window was moved over packets that never came: goes to the first behind
 * them, which tells how many messages they held.  False when there is none, and
 * the author has not told either: its next packet or STATE will.
 */
static bool pass_hole(struct stream *stream)
{
	uint64_t end = stream->next;
	bool is_history = stream->delivered < stream->anchor;
	bool is_counted =
		stream->told.is_counted && stream->told.last + 1 == end;
	uint64_t number = store_find(&stream->store, stream->delivered);

	if (is_history && end > stream->anchor)
		end = stream->anchor;
	if (number >= end || number >= stream->store.end) {
		if (!is_history && !is_counted)
			return false;
		number = end;
	}
	if (is_history)
		stream->message = 0;
	else
		stream->part_predates = false;
	stream->scanned = 0;
	go_to(stream, number);
	return true;
}

/* A packet begins: whether its numbers show that messages are lost. */
static bool find_lost(
	struct stream *stream, uint64_t message, struct stream_item *out)
{
	uint64_t expected = stream->message;

	if (expected > 0 && message > expected) {
		give_lost(stream, message - expected, out);
		return true;
	}
	stream->message = message;
	return false;
}

/* ---- long messages ---- */

enum scan {
	SCAN_ENDS,  /* the message is there as a whole */
	SCAN_WAITS, /* the rest has not come yet */
	SCAN_BREAKS /* a piece is missing or it is too long: it is lost */
};

/* Looks at the pieces in a packet from its record at `offset` on. */
static enum scan scan_packet(struct stream *stream,
	const struct wire_data *data, size_t offset, bool is_first)
{
	struct wire_record record;
	struct reader reader;

	reader_init(
		&reader, data->records + offset, data->records_size - offset);
	while (wire_record_next(&reader, &record)) {
		if (record.type != WIRE_PART) {
			if (wire_record_ends_message(&record))
				return SCAN_BREAKS;
			continue;
		}
		if (record.bytes[0] & WIRE_PART_FIRST && !is_first)
			return SCAN_BREAKS;
		is_first = false;
		stream->scanned_size += record.size - 1;
		if (stream->scanned_size > WIRE_MESSAGE_MAX)
			return SCAN_BREAKS;
		if (record.bytes[0] & WIRE_PART_LAST)
			return SCAN_ENDS;
	}
	return SCAN_WAITS;
}

/* Looks for the end of the long message that begins at `delivered`; each packet
 * is looked at once. */
static enum scan scan(struct stream *stream)
{
	enum scan found = SCAN_WAITS;
	bool is_first = stream->scanned == 0;
	uint64_t number = is_first ? stream->delivered : stream->scanned;

	if (is_first)
		stream->scanned_size = 0;
	for (; found == SCAN_WAITS && number < stream->next; number++) {
		const struct packet *packet = store_get(&stream->store, number);
		struct wire_data data;

		if (!packet ||
			!wire_data_open(packet->bytes, packet->size, &data))
			return SCAN_BREAKS;
		found = scan_packet(
			stream, &data, is_first ? stream->offset : 0, is_first);
		is_first = false;
	}
	stream->scanned = number;
	return found;
}

/* Puts the pieces together from `delivered` on, and goes behind the last. */
static void assemble(
	struct stream *stream, struct buffer *scratch, struct stream_item *out)
{
	bool is_whole = false;

	buffer_clear(scratch);
	for (;;) {
		const struct packet *packet =
			store_get(&stream->store, stream->delivered);
		struct wire_data data;
		struct wire_record record;
		struct reader reader;

		if (!packet ||
			!wire_data_open(packet->bytes, packet->size, &data))
			return; /* never: scan has seen them all */
		reader_init(&reader, data.records + stream->offset,
			data.records_size - stream->offset);
		while (!is_whole && wire_record_next(&reader, &record)) {
			if (record.type != WIRE_PART)
				continue;
			buffer_append(
				scratch, record.bytes + 1, record.size - 1);
			is_whole = record.bytes[0] & WIRE_PART_LAST;
			out->kind = record.bytes[0] & WIRE_PART_ACTION
					    ? STREAM_ACTION
					    : STREAM_MESSAGE;
		}
		out->number = stream->delivered;
		stream->offset = data.records_size - reader_left(&reader);
		if (is_whole)
			break;
		go_to(stream, stream->delivered + 1);
	}
	out->is_history = stream->delivered < stream->anchor;
	out->text = buffer_bytes(scratch);
	out->size = buffer_size(scratch);
}

/* ---- messages ---- */

/* What becomes of a record. */
enum outcome {
	OUTCOME_NOTHING, /* go on with the next */
	OUTCOME_ITEM,
	OUTCOME_WAIT, /* for more packets */
};

/* A message comes out, unless it is of a history that goes too far back. */
static enum outcome count_message(
	struct stream *stream, struct stream_item *out)
{
	out->message = stream->message++;
	stream->shown++;
	if (!out->is_history || stream->skip == 0)
		return OUTCOME_ITEM;
	stream->skip--;
	return OUTCOME_NOTHING;
}

/* A piece of a message whose beginning is missing, or that was given up. */
static enum outcome pass_broken_part(struct stream *stream,
	const struct wire_record *record, struct stream_item *out)
{
	bool is_told = !out->is_history && !stream->part_predates;

	if (!(record->bytes[0] & WIRE_PART_LAST))
		return OUTCOME_NOTHING;
	/* One that began before we listened was never promised. */
	if (!is_told) {
		stream->message++;
		return OUTCOME_NOTHING;
	}
	give_lost(stream, 1, out);
	return OUTCOME_ITEM;
}

/*
 * Whether a packet behind the anchor had left before we started after all: the
 * member that told of its author did not know how far that was.
 */
static bool is_before_start(
	const struct stream *stream, const struct wire_data *data)
{
	return !stream->has_begun && stream->delivered >= stream->anchor &&
	       !backfill_is_owed(data->sent.age, stream->start);
}

/* The anchor is behind that packet. */
static void pass_history(struct stream *stream, const struct packet *packet)
{
	stream->anchor = stream->delivered + 1;
	stream->anchor_message = packet->messages + 1;
	stream->has_unknown_loss = false;
	stream->part_predates = true;
	stream->scanned = 0;
	go_to(stream, stream->anchor);
}

/* Whether the long message that was put together, and ends in the packet at
 * `delivered`, is history, of which it is passed over then. */
static bool pass_long_history(struct stream *stream)
{
	const struct packet *packet =
		store_get(&stream->store, stream->delivered);
	struct wire_data data;

	if (!packet || !wire_data_open(packet->bytes, packet->size, &data) ||
		!is_before_start(stream, &data))
		return false;
	pass_history(stream, packet);
	return true;
}

/* A long message begins with this piece, at stream->offset. */
static enum outcome begin_long(
	struct stream *stream, struct buffer *scratch, struct stream_item *out)
{
	switch (scan(stream)) {
	case SCAN_WAITS:
		return OUTCOME_WAIT;
	case SCAN_ENDS:
		stream->scanned = 0;
		assemble(stream, scratch, out);
		if (pass_long_history(stream))
			return OUTCOME_NOTHING;
		if (scratch->failed) {
			give_lost(stream, 1, out);
			return OUTCOME_ITEM;
		}
		return count_message(stream, out);
	case SCAN_BREAKS:
		break;
	}
	stream->scanned = 0;
	stream->part_predates = false;
	return OUTCOME_NOTHING;
}

/* Makes the item of a record, which begins at stream->offset. */
static enum outcome give_record(struct stream *stream, struct buffer *scratch,
	const struct wire_record *record, struct stream_item *out)
{
	out->text = (const char *)record->bytes;
	out->size = record->size;
	switch (record->type) {
	case WIRE_NICK:
		out->kind = STREAM_NICK;
		return OUTCOME_ITEM;
	case WIRE_LINE:
	case WIRE_ACTION:
		out->kind = record->type == WIRE_ACTION ? STREAM_ACTION
							: STREAM_MESSAGE;
		stream->part_predates = false;
		return count_message(stream, out);
	case WIRE_PART:
		if (record->bytes[0] & WIRE_PART_FIRST)
			return begin_long(stream, scratch, out);
		return pass_broken_part(stream, record, out);
	default:
		return OUTCOME_NOTHING;
	}
}

/* Takes the next item out of the packet at `delivered`. */
static enum outcome next_of_packet(struct stream *stream,
	const struct wire_data *data, struct buffer *scratch,
	struct stream_item *out)
{
	uint64_t number = stream->delivered;
	struct wire_record record;
	struct reader reader;

	reader_init(&reader, data->records + stream->offset,
		data->records_size - stream->offset);
	while (wire_record_next(&reader, &record)) {
		size_t before = stream->offset;
		enum outcome outcome;

		*out = (struct stream_item){
			.time = data->time,
			.number = number,
			.is_history = number < stream->anchor,
		};
		outcome = give_record(stream, scratch, &record, out);
		/* A long message that is whole has moved on by itself. */
		if (stream->delivered != number)
			return outcome;
		if (outcome == OUTCOME_WAIT)
			return OUTCOME_WAIT;
		if (stream->offset == before)
			stream->offset =
				data->records_size - reader_left(&reader);
		else
			reader_init(&reader, data->records + stream->offset,
				data->records_size - stream->offset);
		if (outcome == OUTCOME_ITEM)
			return OUTCOME_ITEM;
	}
	go_to(stream, number + 1);
	return OUTCOME_NOTHING;
}

bool reassembly_next(
	struct stream *stream, struct buffer *scratch, struct stream_item *out)
{
	while (reassembly_is_ready(stream)) {
		const struct packet *packet =
			store_get(&stream->store, stream->delivered);
		struct wire_data data;

		if (give_unknown_loss(stream, out))
			return true;
		if (stream->delivered == stream->next)
			return give_tail(stream, out);
		if (!packet) {
			if (!pass_hole(stream))
				return false;
			continue;
		}
		if (!wire_data_open(packet->bytes, packet->size, &data))
			return false; /* never: it was decoded before */
		if (is_before_start(stream, &data)) {
			pass_history(stream, packet);
			continue;
		}
		if (stream->delivered >= stream->anchor)
			stream->has_begun = true;
		if (stream->offset == 0 && stream->scanned == 0 &&
			find_lost(stream, data.message, out))
			return true;
		switch (next_of_packet(stream, &data, scratch, out)) {
		case OUTCOME_ITEM:
			return true;
		case OUTCOME_WAIT:
			return false;
		case OUTCOME_NOTHING:
			break;
		}
	}
	return false;
}

bool reassembly_give_up(struct stream *stream)
{
	const struct packet *packet =
		store_get(&stream->store, stream->delivered);
	struct wire_record record;
	struct wire_data data;
	struct reader reader;

	if (stream->scanned == 0 || !packet ||
		!wire_data_open(packet->bytes, packet->size, &data))
		return false;
	reader_init(&reader, data.records + stream->offset,
		data.records_size - stream->offset);
	if (!wire_record_next(&reader, &record))
		return false;
	stream->offset = data.records_size - reader_left(&reader);
	stream->scanned = 0;
	stream->part_predates = false;
	return true;
}
