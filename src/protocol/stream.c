/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/stream.h"

#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/protocol/wire.h"

void stream_init(struct stream *stream)
{
	*stream = (struct stream){0};
}

void stream_fini(struct stream *stream)
{
	if (stream->is_open)
		store_fini(&stream->store);
	buffer_fini(&stream->part);
	stream_init(stream);
}

void stream_open(struct stream *stream, uint64_t anchor)
{
	stream_init(stream);
	stream->is_open = true;
	stream->is_settled = true;
	stream->anchor = anchor;
	stream->next = anchor;
	stream->delivered = anchor;
	stream->known = anchor - 1;
	stream->part_is_broken = true;
	stream->part_predates = anchor > 1;
	stream->message = anchor > 1 ? 0 : 1;
	store_init(&stream->store, anchor);
}

size_t stream_memory(const struct stream *stream)
{
	return stream->store.memory + stream->part.capacity;
}

/* ---- reading ---- */

struct opened {
	struct wire_header header;
	struct wire_data data;
};

/* Reads a packet that was checked when it came in. */
static bool open_packet(const struct packet *packet, struct opened *out)
{
	struct reader reader;

	reader_init(&reader, packet->bytes, packet->size);
	return wire_header_decode(&reader, &out->header) == WIRE_OK &&
	       wire_data_open(&reader, &out->data) == WIRE_OK;
}

/* Whether a message ends with this record whose beginning was there, too;
 * `is_part` is whether that of a long one was. */
static bool ends_whole(const struct wire_record *record, bool *is_part)
{
	bool is_whole = *is_part;

	if (record->type == WIRE_LINE || record->type == WIRE_ACTION)
		return true;
	if (record->type != WIRE_PART || record->size == 0)
		return false;
	if (record->bytes[0] & WIRE_PART_FIRST)
		is_whole = *is_part = true;
	if (!(record->bytes[0] & WIRE_PART_LAST))
		return false;
	*is_part = false;
	return is_whole;
}

/* The messages of history that are there as a whole. */
static uint64_t count_whole(const struct stream *stream)
{
	uint64_t count = 0;
	bool is_part = false;

	for (uint64_t n = stream->delivered; n < stream->anchor; n++) {
		const struct packet *packet = store_get(&stream->store, n);
		struct opened opened;
		struct wire_record record;
		struct reader reader;

		if (!packet || !open_packet(packet, &opened)) {
			is_part = false;
			continue;
		}
		reader_init(
			&reader, opened.data.records, opened.data.records_size);
		while (wire_record_next(&reader, &record))
			count += ends_whole(&record, &is_part);
	}
	return count;
}

/* ---- history ---- */

/*
 * Has history begin further back, by a packet a message at first and then by
 * as much as there is; false when no more of it can be had.
 */
static bool reach_back(struct stream *stream)
{
	uint64_t begin = stream->delivered;
	uint64_t end = stream->store.end;
	uint64_t floor = end > STORE_SPAN ? end - STORE_SPAN : 1;
	uint64_t further = stream->anchor - begin;

	if (further == 0)
		further = stream->wanted;
	else if (!store_get(&stream->store, begin))
		return false; /* even of this nobody has the beginning */
	if (floor < stream->floor)
		floor = stream->floor;
	if (begin <= floor)
		return false;
	if (further > begin - floor)
		further = begin - floor;
	if (!store_lower(&stream->store, begin - further))
		return false;
	stream->passed = begin;
	stream->reached = stream->next;
	stream->next = begin - further;
	stream->delivered = stream->next;
	return true;
}

/* All of history was had or given up: it is enough, or begins earlier. */
static void settle(struct stream *stream)
{
	uint64_t whole = count_whole(stream);

	if (whole >= stream->wanted) {
		stream->is_settled = true;
		stream->skip = whole - stream->wanted;
	} else {
		stream->is_settled = !reach_back(stream);
	}
}

void stream_want_history(
	struct stream *stream, unsigned history, uint64_t first)
{
	stream->wanted = history;
	stream->floor = first;
	settle(stream);
}

/* ---- taking ---- */

static void learn(struct stream *stream, uint64_t last)
{
	if (last > stream->known)
		stream->known = last;
}

/* Goes on over what is there, and over what was done with before history began
 * further back. */
static void advance(struct stream *stream)
{
	for (;;) {
		if (stream->next >= stream->passed &&
			stream->next < stream->reached)
			stream->next = stream->reached;
		else if (store_get(&stream->store, stream->next))
			stream->next++;
		else
			break;
	}
	learn(stream, stream->next - 1);
	if (!stream->is_settled && stream->next >= stream->anchor)
		settle(stream);
}

/* Makes room for `number` among what is kept for others. */
static void make_room(struct stream *stream, uint64_t number)
{
	uint64_t lowest = number >= STORE_SPAN ? number - STORE_SPAN + 1 : 0;

	/* What was not handed out yet is not to be forgotten. */
	if (lowest > stream->delivered)
		lowest = stream->delivered;
	if (lowest > stream->store.first)
		store_drop_before(&stream->store, lowest);
}

enum stream_took stream_take(struct stream *stream, uint64_t number,
	const void *bytes, size_t size, struct instant now)
{
	stream->received++;
	if (number >= stream->next + STREAM_WINDOW) {
		learn(stream, number);
		return STREAM_TOO_FAR;
	}
	if (number < stream->store.first || store_get(&stream->store, number))
		return STREAM_DOUBLE;
	if (number < stream->next)
		return STREAM_LATE;
	make_room(stream, number);
	/* Only when the messages are not taken out. */
	if (number - stream->store.first >= STORE_SPAN)
		return STREAM_TOO_FAR;
	if (!store_put(&stream->store, number, bytes, size, now))
		return STREAM_NO_MEMORY;
	learn(stream, number);
	advance(stream);
	return STREAM_NEW;
}

void stream_learn(struct stream *stream, uint64_t last, uint64_t messages)
{
	/* Its own word goes before all that was only heard of. */
	stream->known = last > stream->next - 1 ? last : stream->next - 1;
	learn(stream, stream->store.end - 1);
	stream->total_last = last;
	stream->total = messages;
}

/* ---- gaps ---- */

bool stream_has_gap(const struct stream *stream)
{
	return stream->next <= stream->known;
}

/* The end of the window, or of what is known if that comes first. */
static uint64_t horizon(const struct stream *stream)
{
	uint64_t window = stream->next + STREAM_WINDOW;

	return stream->known < window ? stream->known + 1 : window;
}

size_t stream_gaps(
	const struct stream *stream, struct wire_gap *out, size_t count)
{
	uint64_t end = horizon(stream);
	uint64_t number = stream->next;
	size_t found = 0;

	while (number < end && found < count) {
		struct wire_gap *gap = &out[found++];

		gap->first = number;
		while (number < end && !store_get(&stream->store, number))
			number++;
		gap->count = number - gap->first;
		while (number < end && store_get(&stream->store, number))
			number++;
	}
	return found;
}

uint64_t stream_gap_end(const struct stream *stream)
{
	uint64_t number = stream->next;

	while (number < stream->store.end && !store_get(&stream->store, number))
		number++;
	return number < stream->store.end ? number : stream->known + 1;
}

void stream_skip(struct stream *stream, uint64_t number)
{
	if (number <= stream->next)
		return;
	stream->next = number;
	if (stream->known < number - 1)
		stream->known = number - 1;
	advance(stream);
}

/* ---- delivering ---- */

bool stream_is_ready(const struct stream *stream)
{
	return stream->is_open && stream->is_settled &&
	       stream->delivered < stream->next;
}

static void give_lost(
	const struct stream *stream, uint64_t count, struct stream_item *out)
{
	*out = (struct stream_item){
		.kind = STREAM_LOST,
		.number = stream->delivered,
		.count = count,
	};
}

/*
 * How many messages were in the packets from `before` on, behind which there is
 * none: the author may have said how many it has written up to there, or else
 * each packet counts as one.
 */
static uint64_t count_at_end(const struct stream *stream, uint64_t before)
{
	if (stream->message > 0 && stream->total + 1 >= stream->message &&
		stream->total_last + 1 == stream->delivered)
		return stream->total + 1 - stream->message;
	return stream->delivered - before;
}

/*
 * The window was moved over packets that never came: goes to the first behind
 * them, and not beyond the anchor.  How many messages they held is told by the
 * next packet; without one each counts as one for now.
 */
static bool pass_hole(struct stream *stream, struct stream_item *out)
{
	uint64_t before = stream->delivered;
	uint64_t end = stream->next;
	bool is_history = before < stream->anchor;

	if (is_history && end > stream->anchor)
		end = stream->anchor;
	if (stream->delivered < stream->store.first)
		stream->delivered = stream->store.first;
	while (stream->delivered < end &&
		stream->delivered < stream->store.end &&
		!store_get(&stream->store, stream->delivered))
		stream->delivered++;
	/* There may be more numbers than can be counted, but not packets. */
	if (stream->delivered > end || stream->delivered >= stream->store.end)
		stream->delivered = end;
	buffer_clear(&stream->part);
	stream->part_is_broken = true;
	if (is_history)
		stream->message = 0;
	else
		stream->part_predates = false;
	if (is_history || store_get(&stream->store, stream->delivered))
		return false;
	give_lost(stream, count_at_end(stream, before), out);
	if (stream->message > 0)
		stream->message += out->count;
	return out->count > 0;
}

/* A packet begins: whether its numbers show that messages are lost. */
static bool find_lost(
	struct stream *stream, uint64_t message, struct stream_item *out)
{
	uint64_t expected = stream->message;

	stream->message = message;
	if (expected == 0 || message <= expected ||
		stream->delivered <= stream->anchor)
		return false;
	give_lost(stream, message - expected, out);
	return true;
}

/* Adds a piece; true when it ends a message, which is then in `part`. */
static bool add_part(struct stream *stream, const struct wire_record *record)
{
	uint8_t flags = record->bytes[0];
	size_t size = record->size - 1;

	if (flags & WIRE_PART_FIRST) {
		buffer_clear(&stream->part);
		stream->part_is_broken = false;
		stream->part_predates = false;
	}
	if (buffer_size(&stream->part) + size > WIRE_MESSAGE_MAX)
		stream->part_is_broken = true;
	if (!stream->part_is_broken)
		buffer_append(&stream->part, record->bytes + 1, size);
	if (stream->part.failed)
		stream->part_is_broken = true;
	return flags & WIRE_PART_LAST;
}

/* Makes the item of a record; false when nothing comes out of it. */
static bool give_record(struct stream *stream, const struct wire_record *record,
	struct stream_item *out)
{
	out->kind =
		record->type == WIRE_ACTION ? STREAM_ACTION : STREAM_MESSAGE;
	out->text = (const char *)record->bytes;
	out->size = record->size;
	switch (record->type) {
	case WIRE_NICK:
		out->kind = STREAM_NICK;
		return true;
	case WIRE_LINE:
	case WIRE_ACTION:
		stream->part_predates = false;
		return true;
	case WIRE_PART:
		if (record->size == 0 || !add_part(stream, record))
			return false;
		if (record->bytes[0] & WIRE_PART_ACTION)
			out->kind = STREAM_ACTION;
		out->text = buffer_bytes(&stream->part);
		out->size = buffer_size(&stream->part);
		return true;
	default:
		return false;
	}
}

/* A message comes out, unless it is too old or its beginning is missing. */
static bool count_message(
	struct stream *stream, struct stream_item *out, bool is_broken)
{
	out->message = stream->message++;
	if (is_broken) {
		/* One that began before we listened was never promised. */
		if (out->is_history || stream->part_predates)
			return false;
		give_lost(stream, 1, out);
		return true;
	}
	if (out->is_history && stream->skip > 0) {
		stream->skip--;
		return false;
	}
	return true;
}

/* Takes the next item out of the packet at `delivered`; false at its end. */
static bool next_of_packet(struct stream *stream, const struct packet *packet,
	struct stream_item *out)
{
	struct opened opened;
	struct wire_record record;
	struct reader reader;

	if (!open_packet(packet, &opened))
		return false;
	if (stream->offset == 0 && find_lost(stream, opened.data.message, out))
		return true;
	reader_init(&reader, opened.data.records + stream->offset,
		opened.data.records_size - stream->offset);
	while (wire_record_next(&reader, &record)) {
		bool gives;

		*out = (struct stream_item){
			.time = opened.data.time,
			.number = stream->delivered,
			.is_history = stream->delivered < stream->anchor,
		};
		gives = give_record(stream, &record, out);
		if (gives && out->kind != STREAM_NICK)
			gives = count_message(stream, out,
				record.type == WIRE_PART &&
					stream->part_is_broken);
		/* A message that is out has no further piece. */
		if (gives && record.type == WIRE_PART)
			stream->part_is_broken = true;
		if (gives) {
			stream->offset =
				opened.data.records_size - reader_left(&reader);
			return true;
		}
	}
	return false;
}

bool stream_next(struct stream *stream, struct stream_item *out)
{
	while (stream_is_ready(stream)) {
		const struct packet *packet =
			store_get(&stream->store, stream->delivered);

		if (!packet) {
			if (pass_hole(stream, out))
				return true;
			continue;
		}
		if (next_of_packet(stream, packet, out))
			return true;
		stream->delivered++;
		stream->offset = 0;
	}
	return false;
}
