/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/receive_window.h"

#include "mchat/protocol/code_store.h"
#include "mchat/protocol/wire.h"

void receive_window_init(struct receive_window *window)
{
	*window = (struct receive_window){0};
}

void receive_window_fini(struct receive_window *window)
{
	if (window->is_open)
		packet_store_fini(&window->store);
	code_store_free(window->codes);
	receive_window_init(window);
}

void receive_window_open(
	struct receive_window *window, uint64_t anchor, uint64_t message)
{
	receive_window_init(window);
	window->is_open = true;
	window->phase = BACKFILL_DONE;
	window->anchor = anchor;
	window->anchor_message = message;
	window->next = anchor;
	window->delivered = anchor;
	window->message = message;
	window->known = anchor - 1;
	window->came = INSTANT_NEVER;
	window->told = (struct extent){
		.last = anchor - 1,
		.messages = message > 0 ? message - 1 : 0,
		.is_counted = message > 0,
	};
	window->own = window->told;
	window->part_predates = anchor > 1;
	packet_store_init(&window->store, anchor);
}

size_t receive_window_memory(const struct receive_window *window)
{
	return window->store.memory +
	       (window->codes ? window->codes->memory : 0);
}

size_t receive_window_mean_size(const struct receive_window *window)
{
	return window->received > 0 ? (size_t)(window->bytes / window->received)
				    : 0;
}

/* ---- what is known ---- */

static void know(struct receive_window *window, uint64_t last)
{
	if (last <= window->known)
		return;
	window->known = last;
	window->came = INSTANT_NEVER;
}

void receive_window_hear_of(
	struct receive_window *window, const struct extent *extent)
{
	know(window, extent->last);
	if (extent->last > window->told.last)
		window->told = *extent;
}

/* A packet shows how many messages end in all up to it, whatever others say. */
static void hear_of_packet(struct receive_window *window,
	const struct wire_data *data, struct instant now)
{
	bool is_last = data->sequence > window->known;

	struct extent extent = {
		.last = data->sequence,
		.messages = data->message - 1 + data->ends,
		.is_counted = true,
		.sent = data->sent.age,
	};

	know(window, data->sequence);
	if (is_last)
		window->came = now;
	if (data->sequence >= window->told.last)
		window->told = extent;
	if (data->sequence >= window->own.last)
		window->own = extent;
}

void receive_window_learn(
	struct receive_window *window, const struct extent *extent)
{
	uint64_t end = window->store.end - 1;
	uint64_t known = window->next - 1;

	/* Its own word goes before all that was only heard of. */
	if (end <= extent->last)
		window->told = *extent;
	if (extent->last >= window->own.last)
		window->own = *extent;
	known = extent->last > known ? extent->last : known;
	known = end > known ? end : known;
	if (known != window->known)
		window->came = INSTANT_NEVER;
	window->known = known;
}

bool receive_window_unskip(struct receive_window *window)
{
	const struct extent *own = &window->own;
	uint64_t next = own->last + 1;

	if (window->phase != BACKFILL_DONE || window->next <= next)
		return false;
	/* Nothing is there of those numbers, so that nothing is dropped. */
	if (window->store.first > next) {
		packet_store_fini(&window->store);
		packet_store_init(&window->store, next);
	}
	if (window->delivered > next) {
		window->delivered = next;
		window->offset = 0;
		window->scanned = 0;
		window->message = own->is_counted ? own->messages + 1 : 0;
		window->part_predates = true;
	}
	if (window->gave_up >= next)
		window->gave_up = 0;
	window->next = next;
	window->told = *own;
	window->known = own->last;
	window->came = INSTANT_NEVER;
	return true;
}

/* ---- taking ---- */

/* Goes on over what is there, and over what was done with before the beginning
 * moved back. */
static void advance(struct receive_window *window)
{
	for (;;) {
		if (window->next >= window->passed &&
			window->next < window->reached)
			window->next = window->reached;
		else if (packet_store_get(&window->store, window->next))
			window->next++;
		else
			break;
	}
	know(window, window->next - 1);
}

/* The first packet that has not been handed out yet: none of what was given up
 * before it will come. */
static uint64_t first_undelivered(const struct receive_window *window)
{
	uint64_t number = packet_store_find(&window->store, window->delivered);

	return number < window->store.end && number < window->next
		       ? number
		       : window->next;
}

/* Drops what need not be kept for others any more, with `number` there. */
static void make_room(struct receive_window *window, uint64_t number)
{
	uint64_t lowest = number >= PACKET_STORE_KEPT
				  ? number - PACKET_STORE_KEPT + 1
				  : 0;

	if (window->store.memory > PACKET_STORE_BYTES &&
		lowest <= window->store.first)
		lowest = window->store.first + 1;
	if (lowest > window->next)
		lowest = window->next;
	if (lowest <= window->store.first)
		return;
	if (lowest > window->delivered) {
		uint64_t undelivered = first_undelivered(window);

		if (lowest > undelivered)
			lowest = undelivered;
	}
	if (lowest > window->store.first)
		packet_store_drop_before(&window->store, lowest);
}

void receive_window_count(struct receive_window *window, size_t size)
{
	window->received++;
	window->bytes += size;
}

enum receive_window_result receive_window_take(struct receive_window *window,
	const struct wire_data *data, const void *bytes, size_t size,
	struct instant now)
{
	uint64_t number = data->sequence;
	struct packet *packet;

	if (number >= window->next + RECEIVE_WINDOW_PACKETS) {
		hear_of_packet(window, data, now);
		return RECEIVE_WINDOW_TOO_FAR;
	}
	if (number < window->store.first ||
		packet_store_get(&window->store, number))
		return RECEIVE_WINDOW_DOUBLE;
	if (number < window->next)
		return RECEIVE_WINDOW_LATE;
	make_room(window, number);
	/* Only when the messages are not taken out. */
	if (number - window->store.first >= PACKET_STORE_SPAN)
		return RECEIVE_WINDOW_TOO_FAR;
	packet = packet_store_put(&window->store, number, bytes, size, now);
	if (!packet)
		return RECEIVE_WINDOW_NO_MEMORY;
	packet->messages = data->message - 1 + data->ends;
	hear_of_packet(window, data, now);
	advance(window);
	return RECEIVE_WINDOW_NEW;
}

/* ---- gaps ---- */

bool receive_window_has_gap(const struct receive_window *window)
{
	return window->next <= window->known;
}

/* The end of the window, or of what is known if that comes first. */
static uint64_t horizon(const struct receive_window *window)
{
	uint64_t end = window->next + RECEIVE_WINDOW_PACKETS;

	return window->known < end ? window->known + 1 : end;
}

size_t receive_window_gaps(const struct receive_window *window, uint64_t number,
	uint64_t end, struct wire_gap *out, size_t count)
{
	size_t found = 0;

	if (end > horizon(window))
		end = horizon(window);
	if (number < window->next)
		number = window->next;
	while (number < end && packet_store_get(&window->store, number))
		number++;
	while (number < end && found < count) {
		struct wire_gap *gap = &out[found++];

		gap->first = number;
		while (number < end &&
			!packet_store_get(&window->store, number))
			number++;
		gap->count = number - gap->first;
		while (number < end && packet_store_get(&window->store, number))
			number++;
	}
	return found;
}

uint64_t receive_window_gap_end(const struct receive_window *window)
{
	uint64_t number = packet_store_find(&window->store, window->next);

	return number < window->store.end ? number : window->known + 1;
}

void receive_window_skip(struct receive_window *window, uint64_t number)
{
	if (number <= window->next)
		return;
	if (window->next >= window->anchor)
		receive_window_note_lost(window, window->next);
	window->next = number;
	advance(window);
}

void receive_window_note_lost(struct receive_window *window, uint64_t number)
{
	if (window->gave_up == 0)
		window->gave_up = number;
}

bool receive_window_has_lost(const struct receive_window *window)
{
	return window->gave_up > 0 && window->gave_up <= window->own.last;
}
