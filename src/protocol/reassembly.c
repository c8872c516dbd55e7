/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/reassembly.h"

#include "mchat/base/buffer.h"
#include "mchat/base/cursor.h"
#include "mchat/protocol/backfill.h"
#include "mchat/protocol/receive_window.h"
#include "mchat/protocol/record.h"
#include "mchat/protocol/wire.h"

/* Whether the author said that more messages end before `next` than came out
 * or were told as lost, and no packet is there to show it. */
static bool lacks_tail(const struct receive_window *window)
{
	return window->delivered == window->next && window->message > 0 &&
	       window->told.is_counted &&
	       window->told.last + 1 == window->next &&
	       window->told.messages >= window->message &&
	       (window->has_begun ||
		       backfill_is_owed(window->told.sent, window->start));
}

bool reassembly_is_ready(const struct receive_window *window)
{
	if (!window->is_open || window->phase != BACKFILL_DONE)
		return false;
	if (window->scanned > 0 && window->scanned == window->next)
		return false;
	return window->delivered < window->next || lacks_tail(window) ||
	       window->has_unknown_loss;
}

/* Goes on with packet `number`.  The messages of history have no numbers that
 * anything is promised of. */
static void go_to(struct receive_window *window, uint64_t number)
{
	window->delivered = number;
	window->offset = 0;
	if (number == window->anchor && window->anchor_message > 0)
		window->message = window->anchor_message;
}

/* ---- losses ---- */

static void give_lost(struct receive_window *window, uint64_t count,
	struct reassembly_item *out)
{
	*out = (struct reassembly_item){
		.kind = REASSEMBLY_LOST,
		.number = window->delivered,
		.count = count,
	};
	if (window->message > 0)
		window->message += count;
	receive_window_note_lost(window, window->delivered);
}

/* Messages are missing that the author said to have ended before `next`. */
static bool give_tail(
	struct receive_window *window, struct reassembly_item *out)
{
	if (!lacks_tail(window))
		return false;
	window->has_begun = true;
	give_lost(window, window->told.messages + 1 - window->message, out);
	return true;
}

/* What came before the anchor is owed, and nobody knows how much it was. */
static bool give_unknown_loss(
	struct receive_window *window, struct reassembly_item *out)
{
	if (!window->has_unknown_loss || window->delivered < window->anchor)
		return false;
	window->has_unknown_loss = false;
	give_lost(window, 0, out);
	return true;
}

/*
 * The window was moved over packets that never came: goes to the first behind
 * them, which tells how many messages they held.  False when there is none, and
 * the author has not told either: its next packet or STATE will.
 */
static bool pass_hole(struct receive_window *window)
{
	uint64_t end = window->next;
	bool is_history = window->delivered < window->anchor;
	bool is_counted =
		window->told.is_counted && window->told.last + 1 == end;
	uint64_t number = packet_store_find(&window->store, window->delivered);

	if (is_history && end > window->anchor)
		end = window->anchor;
	if (number >= end || number >= window->store.end) {
		if (!is_history && !is_counted)
			return false;
		number = end;
	}
	if (is_history)
		window->message = 0;
	else
		window->part_predates = false;
	window->scanned = 0;
	go_to(window, number);
	return true;
}

/* A packet begins: whether its numbers show that messages are lost. */
static bool find_lost(struct receive_window *window, uint64_t message,
	struct reassembly_item *out)
{
	uint64_t expected = window->message;

	if (expected > 0 && message > expected) {
		give_lost(window, message - expected, out);
		return true;
	}
	window->message = message;
	return false;
}

/* ---- long messages ---- */

enum scan {
	SCAN_ENDS,  /* the message is there as a whole */
	SCAN_WAITS, /* the rest has not come yet */
	SCAN_BREAKS /* a piece is missing or it is too long: it is lost */
};

/* Looks at the pieces in a packet from its record at `offset` on. */
static enum scan scan_packet(struct receive_window *window,
	const struct wire_data *data, size_t offset, bool is_first)
{
	struct record record;
	struct reader reader;

	reader_init(
		&reader, data->records + offset, data->records_size - offset);
	while (record_next(&reader, &record)) {
		if (!record.is_text)
			continue;
		if (record.is_first && !is_first)
			return SCAN_BREAKS;
		is_first = false;
		window->scanned_size += record.text_size;
		if (window->scanned_size > WIRE_MESSAGE_MAX)
			return SCAN_BREAKS;
		if (record.is_last)
			return SCAN_ENDS;
	}
	return SCAN_WAITS;
}

/* Looks for the end of the long message that begins at `delivered`; each packet
 * is looked at once. */
static enum scan scan(struct receive_window *window)
{
	enum scan found = SCAN_WAITS;
	bool is_first = window->scanned == 0;
	uint64_t number = is_first ? window->delivered : window->scanned;

	if (is_first)
		window->scanned_size = 0;
	for (; found == SCAN_WAITS && number < window->next; number++) {
		const struct packet *packet =
			packet_store_get(&window->store, number);
		struct wire_data data;

		if (!packet ||
			!wire_data_open(packet->bytes, packet->size, &data))
			return SCAN_BREAKS;
		found = scan_packet(
			window, &data, is_first ? window->offset : 0, is_first);
		is_first = false;
	}
	window->scanned = number;
	return found;
}

/* Puts the pieces together from `delivered` on, and goes behind the last. */
static void assemble(struct receive_window *window, struct buffer *scratch,
	struct reassembly_item *out)
{
	bool is_whole = false;

	buffer_clear(scratch);
	for (;;) {
		const struct packet *packet =
			packet_store_get(&window->store, window->delivered);
		struct wire_data data;
		struct record record;
		struct reader reader;

		if (!packet ||
			!wire_data_open(packet->bytes, packet->size, &data))
			return; /* never: scan has seen them all */
		reader_init(&reader, data.records + window->offset,
			data.records_size - window->offset);
		while (!is_whole && record_next(&reader, &record)) {
			if (!record.is_text)
				continue;
			buffer_append(scratch, record.text, record.text_size);
			is_whole = record.is_last;
			out->kind = record.is_action ? REASSEMBLY_ACTION
						     : REASSEMBLY_MESSAGE;
		}
		out->number = window->delivered;
		window->offset = data.records_size - reader_left(&reader);
		if (is_whole)
			break;
		go_to(window, window->delivered + 1);
	}
	out->is_history = window->delivered < window->anchor;
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
	struct receive_window *window, struct reassembly_item *out)
{
	out->message = window->message++;
	window->shown++;
	if (!out->is_history || window->skip == 0)
		return OUTCOME_ITEM;
	window->skip--;
	return OUTCOME_NOTHING;
}

/* A piece of a message whose beginning is missing, or that was given up. */
static enum outcome pass_broken_part(struct receive_window *window,
	const struct record *record, struct reassembly_item *out)
{
	bool is_told = !out->is_history && !window->part_predates;

	if (!record->is_last)
		return OUTCOME_NOTHING;
	/* One that began before we listened was never promised. */
	if (!is_told) {
		window->message++;
		return OUTCOME_NOTHING;
	}
	give_lost(window, 1, out);
	return OUTCOME_ITEM;
}

/*
 * Whether a packet behind the anchor had left before we started after all: the
 * member that told of its author did not know how far that was.
 */
static bool is_before_start(
	const struct receive_window *window, const struct wire_data *data)
{
	return !window->has_begun && window->delivered >= window->anchor &&
	       !backfill_is_owed(data->sent.age, window->start);
}

/* The anchor is behind that packet. */
static void pass_history(
	struct receive_window *window, const struct packet *packet)
{
	if (window->passed_over == 0)
		window->passed_over = window->delivered;
	window->anchor = window->delivered + 1;
	window->anchor_message = packet->messages + 1;
	window->has_unknown_loss = false;
	window->part_predates = true;
	window->scanned = 0;
	go_to(window, window->anchor);
}

/* Whether the long message that was put together, and ends in the packet at
 * `delivered`, is history, of which it is passed over then. */
static bool pass_long_history(struct receive_window *window)
{
	const struct packet *packet =
		packet_store_get(&window->store, window->delivered);
	struct wire_data data;

	if (!packet || !wire_data_open(packet->bytes, packet->size, &data) ||
		!is_before_start(window, &data))
		return false;
	pass_history(window, packet);
	return true;
}

/* A long message begins with this piece, at window->offset. */
static enum outcome begin_long(struct receive_window *window,
	struct buffer *scratch, struct reassembly_item *out)
{
	switch (scan(window)) {
	case SCAN_WAITS:
		return OUTCOME_WAIT;
	case SCAN_ENDS:
		window->scanned = 0;
		assemble(window, scratch, out);
		if (pass_long_history(window))
			return OUTCOME_NOTHING;
		if (scratch->failed) {
			give_lost(window, 1, out);
			return OUTCOME_ITEM;
		}
		return count_message(window, out);
	case SCAN_BREAKS:
		break;
	}
	window->scanned = 0;
	window->part_predates = false;
	return OUTCOME_NOTHING;
}

/* Makes the item of a record, which begins at window->offset. */
static enum outcome give_record(struct receive_window *window,
	struct buffer *scratch, const struct record *record,
	struct reassembly_item *out)
{
	out->text = record->text;
	out->size = record->text_size;
	if (record->type == RECORD_NICK) {
		out->kind = REASSEMBLY_NICK;
		return OUTCOME_ITEM;
	}
	if (!record->is_text)
		return OUTCOME_NOTHING;
	if (!record->is_first)
		return pass_broken_part(window, record, out);
	if (!record->is_last)
		return begin_long(window, scratch, out);
	out->kind = record->is_action ? REASSEMBLY_ACTION : REASSEMBLY_MESSAGE;
	window->part_predates = false;
	return count_message(window, out);
}

/* Takes the next item out of the packet at `delivered`. */
static enum outcome next_of_packet(struct receive_window *window,
	const struct wire_data *data, struct buffer *scratch,
	struct reassembly_item *out)
{
	uint64_t number = window->delivered;
	struct record record;
	struct reader reader;

	reader_init(&reader, data->records + window->offset,
		data->records_size - window->offset);
	while (record_next(&reader, &record)) {
		size_t before = window->offset;
		enum outcome outcome;

		*out = (struct reassembly_item){
			.time = data->time,
			.number = number,
			.is_history = number < window->anchor,
		};
		outcome = give_record(window, scratch, &record, out);
		/* A long message that is whole has moved on by itself. */
		if (window->delivered != number)
			return outcome;
		if (outcome == OUTCOME_WAIT)
			return OUTCOME_WAIT;
		if (window->offset == before)
			window->offset =
				data->records_size - reader_left(&reader);
		else
			reader_init(&reader, data->records + window->offset,
				data->records_size - window->offset);
		if (outcome == OUTCOME_ITEM)
			return OUTCOME_ITEM;
	}
	go_to(window, number + 1);
	return OUTCOME_NOTHING;
}

/*
 * What next_item does for nearly all that comes out: a whole message that is
 * owed, behind another record of the same packet, which next_item has opened
 * for that one.  False when it is anything else.
 */
static bool next_line(
	struct receive_window *window, struct reassembly_item *out)
{
	const struct packet *packet;
	struct record record;
	struct reader reader;

	if (window->offset == 0 || !window->has_begun || window->scanned > 0 ||
		window->phase != BACKFILL_DONE ||
		window->delivered < window->anchor ||
		window->delivered >= window->next || window->has_unknown_loss)
		return false;
	packet = packet_store_get(&window->store, window->delivered);
	if (!packet)
		return false;
	reader_init(&reader,
		packet->bytes + WIRE_DATA_RECORDS_AT + window->offset,
		packet->size - WIRE_DATA_RECORDS_AT - window->offset);
	if (!record_next(&reader, &record) || !record_is_whole(&record))
		return false;
	window->offset += RECORD_OVERHEAD + record.size;
	window->part_predates = false;
	window->shown++;
	*out = (struct reassembly_item){
		.kind = record.type == RECORD_ACTION ? REASSEMBLY_ACTION
						     : REASSEMBLY_MESSAGE,
		.time = wire_data_time(packet->bytes),
		.number = window->delivered,
		.message = window->message++,
		.text = (const char *)record.bytes,
		.size = record.size,
	};
	return true;
}

/* All else; apart, so that a line pays for none of it. */
__attribute__((noinline)) static bool next_item(struct receive_window *window,
	struct buffer *scratch, struct reassembly_item *out)
{
	while (reassembly_is_ready(window)) {
		const struct packet *packet =
			packet_store_get(&window->store, window->delivered);
		struct wire_data data;

		if (give_unknown_loss(window, out))
			return true;
		if (window->delivered == window->next)
			return give_tail(window, out);
		if (!packet) {
			if (!pass_hole(window))
				return false;
			continue;
		}
		if (!wire_data_open(packet->bytes, packet->size, &data))
			return false; /* never: it was decoded before */
		if (is_before_start(window, &data)) {
			pass_history(window, packet);
			continue;
		}
		if (window->delivered >= window->anchor)
			window->has_begun = true;
		if (window->offset == 0 && window->scanned == 0 &&
			find_lost(window, data.message, out))
			return true;
		switch (next_of_packet(window, &data, scratch, out)) {
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

bool reassembly_next(struct receive_window *window, struct buffer *scratch,
	struct reassembly_item *out)
{
	return next_line(window, out) || next_item(window, scratch, out);
}

bool reassembly_give_up(struct receive_window *window)
{
	const struct packet *packet;
	struct record record;
	struct wire_data data;
	struct reader reader;

	if (window->scanned == 0)
		return false;
	/* Its end, and more behind it, may have come since it was looked at:
	 * then it is to come out. */
	if (scan(window) != SCAN_WAITS) {
		window->scanned = 0;
		return false;
	}
	packet = packet_store_get(&window->store, window->delivered);
	if (!packet || !wire_data_open(packet->bytes, packet->size, &data))
		return false;
	reader_init(&reader, data.records + window->offset,
		data.records_size - window->offset);
	if (!record_next(&reader, &record))
		return false;
	window->offset = data.records_size - reader_left(&reader);
	window->scanned = 0;
	window->part_predates = false;
	return true;
}
