/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/backfill.h"

#include "mchat/base/cursor.h"
#include "mchat/protocol/wire.h"

bool backfill_is_owed(struct duration sent, struct duration start)
{
	return sent.ns >= start.ns;
}

/* What stands before the records of a packet that is there; false when it is
 * not. */
static bool open_at(
	const struct stream *stream, uint64_t number, struct wire_data *out)
{
	const struct packet *packet = store_get(&stream->store, number);

	return packet && wire_data_open(packet->bytes, packet->size, out);
}

/* ---- going back ---- */

/*
 * Has the stream begin further back, by `first` packets at first and then by as
 * many as there are; not before `floor`.  False when no more can be had.
 */
static bool reach_back(struct stream *stream, uint64_t first, uint64_t floor)
{
	uint64_t begin = stream->delivered;
	uint64_t end = stream->store.end;
	uint64_t lowest = end > STORE_SPAN ? end - STORE_SPAN : 1;
	uint64_t further = stream->anchor - begin;

	if (further == 0)
		further = first;
	else if (!store_get(&stream->store, begin))
		return false; /* even of this nobody has the beginning */
	if (lowest < floor)
		lowest = floor;
	if (begin <= lowest || further == 0)
		return false;
	if (further > begin - lowest)
		further = begin - lowest;
	if (!store_lower(&stream->store, begin - further))
		return false;
	stream->passed = begin;
	stream->reached = stream->next;
	stream->next = begin - further;
	stream->delivered = stream->next;
	return true;
}

/* ---- the first that is owed ---- */

/* The first packet that is there, before the anchor; the anchor when none is.
 */
static uint64_t first_present(const struct stream *stream)
{
	uint64_t number = store_find(&stream->store, stream->delivered);

	return number < stream->store.end && number < stream->anchor
		       ? number
		       : stream->anchor;
}

/* The anchor is at `number`, and the message that begins there is known, or 0;
 * history comes next. */
static void set_anchor(struct stream *stream, uint64_t number, uint64_t message)
{
	stream->anchor = number;
	stream->anchor_message = message;
	stream->phase = BACKFILL_HISTORY;
}

/* What comes before packet `number` is owed, but nobody has it. */
static void begin_with_loss(struct stream *stream, uint64_t number)
{
	stream->anchor = number;
	stream->part_predates = false;
	if (stream->owed > 0)
		set_anchor(stream, number, stream->owed);
	else
		stream->phase = BACKFILL_COUNTING;
}

/*
 * Packet `number` is owed, and `last` is the last before it that is there and
 * is not: 0 when none is.  What is missing between may be either.
 */
static void begin_behind(struct stream *stream, uint64_t last, uint64_t number,
	const struct wire_data *data)
{
	if (last + 1 == number || last == 0 ||
		!backfill_is_owed(wire_age_before(data->sent), stream->start))
		set_anchor(stream, number, data->message);
	else if (last + 2 == number)
		set_anchor(stream, last + 1,
			store_get(&stream->store, last)->messages + 1);
	else
		begin_with_loss(stream, number);
}

/* Of the packets from `number` on, which is there, the first that is owed. */
static void find_anchor(struct stream *stream, uint64_t number)
{
	struct wire_data data;
	uint64_t last = 0;

	for (; number < stream->anchor; number++) {
		if (!open_at(stream, number, &data))
			continue;
		if (backfill_is_owed(data.sent.age, stream->start)) {
			begin_behind(stream, last, number, &data);
			return;
		}
		last = number;
	}
	/* All that is there is history; what is missing behind it is owed. */
	if (last + 1 < stream->anchor)
		set_anchor(stream, last + 1,
			store_get(&stream->store, last)->messages + 1);
	else
		stream->phase = BACKFILL_HISTORY;
}

static void seek(struct stream *stream)
{
	uint64_t number = first_present(stream);
	struct wire_data data;

	if (!open_at(stream, number, &data)) {
		if (!reach_back(stream, BACKFILL_FIRST, 1))
			begin_with_loss(stream, stream->anchor);
		return;
	}
	if (number == 1 ||
		!backfill_is_owed(wire_age_before(data.sent), stream->start))
		find_anchor(stream, number);
	else if (number > stream->delivered ||
		 !reach_back(stream, BACKFILL_FIRST, 1))
		begin_with_loss(stream, number);
}

/* ---- history ---- */

/* The messages of history that are there as a whole. */
static uint64_t count_whole(const struct stream *stream)
{
	uint64_t count = 0;
	bool has_begun = false; /* a long one, in a piece that is there */

	for (uint64_t n = stream->delivered; n < stream->anchor; n++) {
		struct wire_data data;
		struct wire_record record;
		struct reader reader;

		if (!open_at(stream, n, &data)) {
			has_begun = false;
			continue;
		}
		reader_init(&reader, data.records, data.records_size);
		while (wire_record_next(&reader, &record)) {
			bool is_part = record.type == WIRE_PART;

			if (is_part && record.bytes[0] & WIRE_PART_FIRST)
				has_begun = true;
			if (!wire_record_ends_message(&record))
				continue;
			count += !is_part || has_begun;
			has_begun = false;
		}
	}
	return count;
}

/* Nothing is missing any more: the messages come out. */
static void finish(struct stream *stream)
{
	stream->phase = BACKFILL_DONE;
	if (stream->wanted == 0 || stream->delivered >= stream->anchor)
		stream->delivered = stream->anchor;
	stream->message = stream->delivered == stream->anchor
				  ? stream->anchor_message
				  : 0;
}

static void settle_history(struct stream *stream)
{
	uint64_t whole;

	if (stream->wanted == 0) {
		finish(stream);
		return;
	}
	whole = count_whole(stream);
	if (whole >= stream->wanted)
		stream->skip = whole - stream->wanted;
	else if (reach_back(stream, stream->wanted, stream->floor))
		return;
	finish(stream);
}

/* ---- the whole of it ---- */

static void settle(struct stream *stream)
{
	if (stream->phase == BACKFILL_DONE || stream->next < stream->anchor)
		return;
	if (stream->phase == BACKFILL_SEEKING)
		seek(stream);
	if (stream->phase == BACKFILL_HISTORY && stream->next >= stream->anchor)
		settle_history(stream);
}

void backfill_begin(struct stream *stream, const struct extent *extent,
	struct duration start, unsigned history, uint64_t floor)
{
	bool is_all_owed = start.ns <= 0 || extent->last == 0;
	uint64_t message = extent->is_counted ? extent->messages + 1 : 0;

	if (is_all_owed) {
		stream_open(stream, 1, 1);
		stream_hear_of(stream, extent);
		return;
	}
	stream_open(stream, extent->last + 1, message);
	stream->told = *extent;
	stream->start = start;
	stream->wanted = history;
	stream->floor = floor;
	stream->phase = backfill_is_owed(extent->sent, start)
				? BACKFILL_SEEKING
				: BACKFILL_HISTORY;
	settle(stream);
}

void backfill_learn_owed(struct stream *stream, uint64_t owed)
{
	stream->owed = owed;
	if (stream->phase != BACKFILL_COUNTING)
		return;
	set_anchor(stream, stream->anchor, owed);
	settle(stream);
}

bool backfill_is_counting(const struct stream *stream)
{
	return stream->phase == BACKFILL_COUNTING;
}

void backfill_stop_counting(struct stream *stream)
{
	stream->has_unknown_loss = true;
	set_anchor(stream, stream->anchor, 0);
	settle(stream);
}

enum stream_took backfill_take(struct stream *stream,
	const struct wire_data *data, const void *bytes, size_t size,
	struct instant now)
{
	enum stream_took took = stream_take(stream, data, bytes, size, now);

	settle(stream);
	return took;
}

void backfill_skip(struct stream *stream, uint64_t number)
{
	stream_skip(stream, number);
	settle(stream);
}
