/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/stream.h"

#include "mchat/protocol/wire.h"

void stream_init(struct stream *stream)
{
	*stream = (struct stream){0};
}

void stream_fini(struct stream *stream)
{
	if (stream->is_open)
		store_fini(&stream->store);
	stream_init(stream);
}

void stream_open(struct stream *stream, uint64_t anchor, uint64_t message)
{
	stream_init(stream);
	stream->is_open = true;
	stream->phase = BACKFILL_DONE;
	stream->anchor = anchor;
	stream->anchor_message = message;
	stream->next = anchor;
	stream->delivered = anchor;
	stream->message = message;
	stream->known = anchor - 1;
	stream->told = (struct extent){
		.last = anchor - 1,
		.messages = message > 0 ? message - 1 : 0,
		.is_counted = message > 0,
	};
	stream->own = stream->told;
	stream->part_predates = anchor > 1;
	store_init(&stream->store, anchor);
}

size_t stream_memory(const struct stream *stream)
{
	return stream->store.memory;
}

size_t stream_mean_size(const struct stream *stream)
{
	return stream->received > 0 ? (size_t)(stream->bytes / stream->received)
				    : 0;
}

/* ---- what is known ---- */

static void know(struct stream *stream, uint64_t last)
{
	if (last > stream->known)
		stream->known = last;
}

void stream_hear_of(struct stream *stream, const struct extent *extent)
{
	know(stream, extent->last);
	if (extent->last > stream->told.last)
		stream->told = *extent;
}

/* A packet shows how many messages end in all up to it, whatever others say. */
static void hear_of_packet(struct stream *stream, const struct wire_data *data)
{
	struct extent extent = {
		.last = data->sequence,
		.messages = data->message - 1 + data->ends,
		.is_counted = true,
		.sent = data->sent.age,
	};

	know(stream, data->sequence);
	if (data->sequence >= stream->told.last)
		stream->told = extent;
	if (data->sequence >= stream->own.last)
		stream->own = extent;
}

void stream_learn(struct stream *stream, const struct extent *extent)
{
	uint64_t end = stream->store.end - 1;

	/* Its own word goes before all that was only heard of. */
	if (end <= extent->last)
		stream->told = *extent;
	if (extent->last >= stream->own.last)
		stream->own = *extent;
	stream->known = stream->next - 1;
	know(stream, extent->last);
	know(stream, end);
}

bool stream_unskip(struct stream *stream)
{
	const struct extent *own = &stream->own;
	uint64_t next = own->last + 1;

	if (stream->phase != BACKFILL_DONE || stream->next <= next)
		return false;
	/* Nothing is there of those numbers, so that nothing is dropped. */
	if (stream->store.first > next) {
		store_fini(&stream->store);
		store_init(&stream->store, next);
	}
	if (stream->delivered > next) {
		stream->delivered = next;
		stream->offset = 0;
		stream->scanned = 0;
		stream->message = own->is_counted ? own->messages + 1 : 0;
		stream->part_predates = true;
	}
	if (stream->gave_up >= next)
		stream->gave_up = 0;
	stream->next = next;
	stream->told = *own;
	stream->known = own->last;
	return true;
}

/* ---- taking ---- */

/* Goes on over what is there, and over what was done with before the beginning
 * moved back. */
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
	know(stream, stream->next - 1);
}

/* The first packet that has not been handed out yet: none of what was given up
 * before it will come. */
static uint64_t first_undelivered(const struct stream *stream)
{
	uint64_t number = store_find(&stream->store, stream->delivered);

	return number < stream->store.end && number < stream->next
		       ? number
		       : stream->next;
}

/* Makes room for `number` among what is kept for others. */
static void make_room(struct stream *stream, uint64_t number)
{
	uint64_t lowest = number >= STORE_SPAN ? number - STORE_SPAN + 1 : 0;

	if (lowest <= stream->store.first)
		return;
	if (lowest > stream->delivered) {
		uint64_t undelivered = first_undelivered(stream);

		if (lowest > undelivered)
			lowest = undelivered;
	}
	if (lowest > stream->store.first)
		store_drop_before(&stream->store, lowest);
}

enum stream_took stream_take(struct stream *stream,
	const struct wire_data *data, const void *bytes, size_t size,
	struct instant now)
{
	uint64_t number = data->sequence;
	struct packet *packet;

	stream->received++;
	stream->bytes += size;
	if (number >= stream->next + STREAM_WINDOW) {
		hear_of_packet(stream, data);
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
	packet = store_put(&stream->store, number, bytes, size, now);
	if (!packet)
		return STREAM_NO_MEMORY;
	packet->messages = data->message - 1 + data->ends;
	hear_of_packet(stream, data);
	advance(stream);
	return STREAM_NEW;
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
	uint64_t number = store_find(&stream->store, stream->next);

	return number < stream->store.end ? number : stream->known + 1;
}

void stream_skip(struct stream *stream, uint64_t number)
{
	if (number <= stream->next)
		return;
	if (stream->next >= stream->anchor)
		stream_note_lost(stream, stream->next);
	stream->next = number;
	advance(stream);
}

void stream_note_lost(struct stream *stream, uint64_t number)
{
	if (stream->gave_up == 0)
		stream->gave_up = number;
}

bool stream_has_lost(const struct stream *stream)
{
	return stream->gave_up > 0 && stream->gave_up <= stream->own.last;
}
