/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/backfill.h"

#include "mchat/base/cursor.h"
#include "mchat/protocol/record.h"
#include "mchat/protocol/send_window.h"
#include "mchat/protocol/wire.h"

bool backfill_is_owed(struct duration sent, struct duration start)
{
	return sent.ns >= start.ns;
}

/* What stands before the records of a packet that is there; false when it is
 * not. */
static bool open_at(const struct receive_window *window, uint64_t number,
	struct wire_data *out)
{
	const struct packet *packet = packet_store_get(&window->store, number);

	return packet && wire_data_open(packet->bytes, packet->size, out);
}

/* ---- going back ---- */

/*
 * Has the window begin further back, by `first` packets at first and then by as
 * many as there are; not before `floor`, nor further than an author keeps.
 * False when no more can be had.
 */
static bool reach_back(
	struct receive_window *window, uint64_t first, uint64_t floor)
{
	uint64_t begin = window->delivered;
	uint64_t end = window->store.end;
	uint64_t lowest = end > SEND_WINDOW_KEPT ? end - SEND_WINDOW_KEPT : 1;
	uint64_t further = window->anchor - begin;

	if (further == 0)
		further = first;
	else if (!packet_store_get(&window->store, begin))
		return false; /* even of this nobody has the beginning */
	if (lowest < floor)
		lowest = floor;
	if (begin <= lowest || further == 0)
		return false;
	if (further > begin - lowest)
		further = begin - lowest;
	if (!packet_store_lower(&window->store, begin - further))
		return false;
	window->passed = begin;
	window->reached = window->next;
	window->next = begin - further;
	window->delivered = window->next;
	return true;
}

/* ---- the first that is owed ---- */

/* The first packet that is there, before the anchor; the anchor when none is.
 */
static uint64_t first_present(const struct receive_window *window)
{
	uint64_t number = packet_store_find(&window->store, window->delivered);

	return number < window->store.end && number < window->anchor
		       ? number
		       : window->anchor;
}

/* The anchor is at `number`, and the message that begins there is known, or 0;
 * history comes next. */
static void set_anchor(
	struct receive_window *window, uint64_t number, uint64_t message)
{
	window->anchor = number;
	window->anchor_message = message;
	window->phase = BACKFILL_HISTORY;
}

/* What comes before packet `number` is owed and lost, nobody knows how much. */
static void set_unknown_loss(struct receive_window *window, uint64_t number)
{
	window->has_unknown_loss = true;
	receive_window_note_lost(window, number);
	set_anchor(window, number, 0);
}

/*
 * The first message that is owed is known: whether it is lost is, too, and told
 * to the author before it comes out, which may take a while.  An author that
 * says it is one behind packet `number` does not know when we started: it heard
 * us late, and that packet is owed.
 */
static void set_lossy_anchor(struct receive_window *window, uint64_t number)
{
	struct wire_data data;
	bool is_there = open_at(window, number, &data);

	if (is_there && data.message < window->owed) {
		set_unknown_loss(window, number);
		return;
	}
	set_anchor(window, number, window->owed);
	if (is_there && data.message > window->owed)
		receive_window_note_lost(window, number);
}

/* What comes before packet `number` is owed, but nobody has it. */
static void begin_with_loss(struct receive_window *window, uint64_t number)
{
	window->anchor = number;
	window->part_predates = false;
	if (window->owed > 0)
		set_lossy_anchor(window, number);
	else
		window->phase = BACKFILL_COUNTING;
}

/*
 * Packet `number` is owed, and `last` is the last before it that is there and
 * is not: 0 when none is.  What is missing between may be either.
 */
static void begin_behind(struct receive_window *window, uint64_t last,
	uint64_t number, const struct wire_data *data)
{
	if (last + 1 == number || last == 0 ||
		!backfill_is_owed(wire_age_before(data->sent), window->start))
		set_anchor(window, number, data->message);
	else if (last + 2 == number)
		set_anchor(window, last + 1,
			packet_store_get(&window->store, last)->messages + 1);
	else
		begin_with_loss(window, number);
}

/* Of the packets from `number` on, which is there, the first that is owed. */
static void find_anchor(struct receive_window *window, uint64_t number)
{
	struct wire_data data;
	uint64_t last = 0;

	for (; number < window->anchor; number++) {
		if (!open_at(window, number, &data))
			continue;
		if (backfill_is_owed(data.sent.age, window->start)) {
			begin_behind(window, last, number, &data);
			return;
		}
		last = number;
	}
	/* All that is there is history; what is missing behind it is owed.
	 * Nothing is there when the packet at the anchor shows that the one
	 * before it is history, whatever was told of that. */
	if (last > 0 && last + 1 < window->anchor)
		set_anchor(window, last + 1,
			packet_store_get(&window->store, last)->messages + 1);
	else
		window->phase = BACKFILL_HISTORY;
}

static void seek(struct receive_window *window)
{
	uint64_t number = first_present(window);
	struct wire_data data;

	if (!open_at(window, number, &data)) {
		if (!reach_back(window, BACKFILL_FIRST, 1))
			begin_with_loss(window, window->anchor);
		return;
	}
	if (number == 1 ||
		!backfill_is_owed(wire_age_before(data.sent), window->start))
		find_anchor(window, number);
	else if (number > window->delivered ||
		 !reach_back(window, BACKFILL_FIRST, 1))
		begin_with_loss(window, number);
}

/* ---- history ---- */

/* The messages of history that are there as a whole. */
static uint64_t count_whole(const struct receive_window *window)
{
	uint64_t count = 0;
	bool has_begun = false; /* a long one, in a piece that is there */

	for (uint64_t n = window->delivered; n < window->anchor; n++) {
		struct wire_data data;
		struct record record;
		struct reader reader;

		if (!open_at(window, n, &data)) {
			has_begun = false;
			continue;
		}
		reader_init(&reader, data.records, data.records_size);
		while (record_next(&reader, &record)) {
			has_begun |= record.is_first;
			if (!record.is_last)
				continue;
			count += has_begun;
			has_begun = false;
		}
	}
	return count;
}

/* Nothing is missing any more: the messages come out. */
static void finish(struct receive_window *window)
{
	window->phase = BACKFILL_DONE;
	if (window->wanted == 0 || window->delivered >= window->anchor)
		window->delivered = window->anchor;
	window->message = window->delivered == window->anchor
				  ? window->anchor_message
				  : 0;
}

static void settle_history(struct receive_window *window)
{
	uint64_t whole;

	if (window->wanted == 0) {
		finish(window);
		return;
	}
	whole = count_whole(window);
	if (whole >= window->wanted)
		window->skip = whole - window->wanted;
	else if (reach_back(window, window->wanted, window->floor))
		return;
	finish(window);
}

/* ---- the whole of it ---- */

static void settle(struct receive_window *window)
{
	if (window->phase == BACKFILL_DONE || window->next < window->anchor)
		return;
	if (window->phase == BACKFILL_SEEKING)
		seek(window);
	if (window->phase == BACKFILL_HISTORY && window->next >= window->anchor)
		settle_history(window);
}

void backfill_begin(struct receive_window *window, const struct extent *extent,
	struct duration start, unsigned history, uint64_t floor)
{
	bool is_all_owed = start.ns <= 0 || extent->last == 0;
	uint64_t message = extent->is_counted ? extent->messages + 1 : 0;

	if (is_all_owed) {
		receive_window_open(window, 1, 1);
		receive_window_hear_of(window, extent);
		return;
	}
	receive_window_open(window, extent->last + 1, message);
	window->told = *extent;
	window->start = start;
	window->wanted = history;
	window->floor = floor;
	window->phase = backfill_is_owed(extent->sent, start)
				? BACKFILL_SEEKING
				: BACKFILL_HISTORY;
	settle(window);
}

void backfill_correct_start(
	struct receive_window *window, struct duration start)
{
	struct wire_data data;
	uint64_t number = window->passed_over;

	window->start = start;
	if (number == 0 || window->has_begun)
		return;
	for (; number < window->delivered; number++) {
		if (!open_at(window, number, &data) ||
			!backfill_is_owed(data.sent.age, start))
			continue;
		set_anchor(window, number, data.message);
		window->phase = BACKFILL_DONE;
		window->delivered = number;
		window->offset = 0;
		window->scanned = 0;
		window->message = data.message;
		window->part_predates = true;
		return;
	}
}

void backfill_learn_owed(struct receive_window *window, uint64_t owed)
{
	window->owed = owed;
	if (window->phase != BACKFILL_COUNTING)
		return;
	set_lossy_anchor(window, window->anchor);
	settle(window);
}

bool backfill_is_counting(const struct receive_window *window)
{
	return window->phase == BACKFILL_COUNTING;
}

void backfill_stop_counting(struct receive_window *window)
{
	set_unknown_loss(window, window->anchor);
	settle(window);
}

enum receive_window_result backfill_take(struct receive_window *window,
	const struct wire_data *data, const void *bytes, size_t size,
	struct instant now)
{
	enum receive_window_result took =
		receive_window_take(window, data, bytes, size, now);

	settle(window);
	return took;
}

void backfill_skip(struct receive_window *window, uint64_t number)
{
	receive_window_skip(window, number);
	settle(window);
}
