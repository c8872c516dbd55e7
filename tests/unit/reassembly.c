/* SPDX-License-Identifier: ISC */
/*
 * From packets to messages: whole ones come out in order and once, and what is
 * missing is counted exactly, by the packets that follow it or by what the
 * author tells.
 */
#include "mchat/protocol/backfill.h"
#include "mchat/protocol/reassembly.h"

#include <stdlib.h>
#include <string.h>

#include "author.h"
#include "forged.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine.h"

static const struct instant now = {NS_PER_S};

/* Gives up every gap, as an engine does it that knows the author's last word.
 */
static void give_up_all(struct receive_window *window,
	const struct author *author, struct heard *h)
{
	struct extent extent = author_extent(author, author->packets);

	receive_window_learn(window, &extent);
	heard_drain(h, author, window);
	while (receive_window_has_gap(window)) {
		backfill_skip(window, receive_window_gap_end(window));
		heard_drain(h, author, window);
	}
}

static void long_messages(void)
{
	struct author author;
	struct receive_window window;
	struct heard h;

	heard_open(&h);
	author_open(&author, 6);
	author_say(&author, ENGINE_MESSAGE_MAX);
	author_say(&author, 10);
	author_say(&author, ENGINE_MESSAGE_MAX - 1);
	author_say(&author, ENGINE_MESSAGE_MAX);
	author_say(&author, 3000);
	author_flush(&author);
	receive_window_open(&window, 1, 1);
	for (uint64_t n = author.packets; n > 0; n--)
		author_give(&author, &window, n);
	heard_drain(&h, &author, &window);
	tap_ok(h.is_sound && h.messages == author.messages && h.lost == 0,
		"long messages, last packet first");
	tap_ok(receive_window_memory(&window) > (size_t)2 * ENGINE_MESSAGE_MAX,
		"the window tells how much memory it takes");
	tap_ok(h.scratch.capacity <= (size_t)4 * ENGINE_MESSAGE_MAX,
		"long messages are put together in %zu bytes",
		h.scratch.capacity);
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

/* An unfinished message is looked at again only when more of it has come. */
static void waits_for_the_rest(void)
{
	struct author author;
	struct receive_window window;
	struct heard h;
	int ready = 0;

	heard_open(&h);
	author_open(&author, 2);
	author_say(&author, 20000);
	author_say(&author, 10);
	author_flush(&author);
	receive_window_open(&window, 1, 1);
	for (uint64_t n = 1; n < author.packets; n++) {
		author_give(&author, &window, n);
		ready += reassembly_is_ready(&window);
		heard_drain(&h, &author, &window);
		ready -= reassembly_is_ready(&window);
	}
	tap_is_int((intmax_t)h.messages, 0,
		"a part of a message does not come out");
	tap_is_int(ready, (intmax_t)author.packets - 1,
		"each packet of a part is looked at once");
	tap_ok(h.scratch.capacity == 0,
		"a part of a message is not put together yet");
	author_give(&author, &window, author.packets);
	heard_drain(&h, &author, &window);
	tap_ok(h.is_sound && h.messages == 2,
		"when its end comes, the message comes out whole");
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

/* ---- holes ---- */

/* Some packets are missing; the author tells at the end how much there was. */
static void holes_of(const struct author *author, size_t share, bool with_ends)
{
	bool *missing = calloc((size_t)author->packets + 2, sizeof(*missing));
	struct receive_window window;
	struct heard h;
	uint64_t whole;

	if (!missing)
		abort();
	heard_open(&h);
	receive_window_open(&window, 1, 1);
	for (uint64_t n = 1; n <= author->packets; n++) {
		bool is_end = n < 3 || n + 3 > author->packets;

		missing[n] = is_end ? with_ends : random_below(share) == 0;
		if (!missing[n])
			author_give(author, &window, n);
		if (random_below(20) == 0)
			heard_drain(&h, author, &window);
		if (random_below(500) == 0 && n > 200)
			backfill_skip(&window, n - 200);
	}
	give_up_all(&window, author, &h);
	whole = author_count_whole(author, missing, 1);
	tap_ok(h.is_sound,
		"1 in %zu missing%s: messages come in order and once", share,
		with_ends ? ", first and last, too" : "");
	tap_is_int((intmax_t)h.messages, (intmax_t)whole,
		"every message that is whole comes out");
	tap_is_int((intmax_t)h.lost, (intmax_t)(author->messages - whole),
		"the loss is the exact count of the others");
	receive_window_fini(&window);
	heard_close(&h);
	free(missing);
}

static void holes(void)
{
	struct author author;

	author_say_many(&author, 1500);
	for (int round = 0; round < 5; round++) {
		holes_of(&author, 50, false);
		holes_of(&author, 3, false);
		holes_of(&author, 20, true);
	}
	author_close(&author);
}

/* Short ones, then a long one of which the packets from..to are missing. */
static void hole_in_long(
	uint64_t from, uint64_t to, uint64_t expected, const char *what)
{
	struct author author;
	struct receive_window window;
	struct heard h;

	heard_open(&h);
	author_open(&author, 10);
	author_say(&author, 10);
	author_say(&author, 10);
	author_flush(&author); /* packet 1 */
	author_say(&author, 3000);
	author_flush(&author); /* packets 2 to 7 */
	author_say(&author, 10);
	author_flush(&author); /* packet 8 */
	receive_window_open(&window, 1, 1);
	for (uint64_t n = 1; n <= author.packets; n++)
		if (n < from || n > to)
			author_give(&author, &window, n);
	give_up_all(&window, &author, &h);
	tap_ok(h.is_sound && author.packets == 8,
		"%s missing: messages are in order", what);
	tap_is_int((intmax_t)h.messages, (intmax_t)(4 - expected), what);
	tap_is_int((intmax_t)h.lost, (intmax_t)expected,
		"the loss of that hole is exact");
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

/* A long message waited for its end when it was looked at last; `more` of the
 * packets behind have come since, and memory is short. */
static void given_up(uint64_t more, bool expected, const char *what)
{
	struct author author;
	struct receive_window window;
	struct heard h;

	heard_open(&h);
	author_open(&author, 10);
	author_say(&author, 3000);
	author_flush(&author); /* packets 1 to 6 */
	author_say(&author, 10);
	author_flush(&author); /* packet 7 */
	receive_window_open(&window, 1, 1);
	for (uint64_t n = 1; n <= 4; n++)
		author_give(&author, &window, n);
	heard_drain(&h, &author, &window);
	for (uint64_t n = 5; n < 5 + more; n++)
		author_give(&author, &window, n);
	tap_ok(reassembly_give_up(&window) == expected, "%s", what);
	for (uint64_t n = 5 + more; n <= author.packets; n++)
		author_give(&author, &window, n);
	heard_drain(&h, &author, &window);
	tap_ok(h.is_sound && h.lost == expected && h.messages == 2 - h.lost,
		"%ju messages come out, %ju are told as lost",
		(uintmax_t)h.messages, (uintmax_t)h.lost);
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

static void parts(void)
{
	given_up(0, true, "a long message without an end is given up");
	given_up(1, true, "so is one of which another piece has come");
	given_up(2, false, "one whose end has come is not given up");
	given_up(3, false, "nor one behind which the next has come");

	hole_in_long(2, 2, 1, "the beginning of a long one");
	hole_in_long(4, 5, 1, "the middle of a long one");
	hole_in_long(7, 7, 1, "the end of a long one");
	hole_in_long(2, 7, 1, "all of a long one");
	hole_in_long(1, 2, 3, "those before a long one and its beginning");
	hole_in_long(1, 1, 2, "those before a long one");
	hole_in_long(7, 8, 2, "the end of a long one and what follows");
	hole_in_long(1, 8, 4, "everything");
}

/* A missing tail is told as lost once somebody has told its count, not before.
 */
static void tail(bool is_counted, bool is_authors_word)
{
	struct author author;
	struct receive_window window;
	struct extent extent;
	struct heard h;

	heard_open(&h);
	author_open(&author, 200);
	for (int i = 0; i < 100; i++)
		author_say(&author, 40);
	author_flush(&author);
	extent = author_extent(&author, author.packets);
	extent.is_counted = is_counted;
	receive_window_open(&window, 1, 1);
	author_give(&author, &window, 1);
	heard_drain(&h, &author, &window);
	if (is_authors_word)
		receive_window_learn(&window, &extent);
	else
		receive_window_hear_of(&window, &extent);
	backfill_skip(&window, receive_window_gap_end(&window));
	heard_drain(&h, &author, &window);
	tap_is_int((intmax_t)h.lost,
		is_counted ? (intmax_t)(100 - h.messages) : 0,
		is_counted
			? "a missing tail is counted to the message"
			: "a tail that nobody has counted is not told as lost");
	extent = author_extent(&author, author.packets);
	receive_window_learn(&window, &extent);
	heard_drain(&h, &author, &window);
	tap_is_int((intmax_t)(h.lost + h.messages), 100,
		"once the author has told its count all is told as lost");
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

static void tails(void)
{
	tail(true, true);
	tail(true, false);
	tail(false, false);
}

/* A long message of which we only hear the end began before we listened. */
static void began_before_us(void)
{
	struct author author;
	struct receive_window window;
	struct heard h;

	heard_open(&h);
	author_open(&author, 10);
	author_say(&author, 3000);
	author_say(&author, 10);
	author_flush(&author);
	receive_window_open(&window, 3, 1);
	for (uint64_t n = 3; n <= author.packets; n++)
		author_give(&author, &window, n);
	heard_drain(&h, &author, &window);
	tap_ok(h.is_sound && h.messages == 1 && h.first == 2,
		"the first whole one comes out");
	tap_is_int((intmax_t)h.lost, 0,
		"a message that began before us is no loss");
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

/* ---- giving up what is not finished ---- */

static void gives_up(bool with_rest)
{
	struct author author;
	struct receive_window window;
	struct heard h;
	uint64_t given;

	heard_open(&h);
	author_open(&author, 5);
	author_say(&author, 10);
	author_flush(&author);
	author_say(&author, 20000);
	author_say(&author, 10);
	author_flush(&author);
	given = with_rest ? author.packets : author.packets - 3;
	receive_window_open(&window, 1, 1);
	tap_ok(!reassembly_give_up(&window),
		"in an empty window there is nothing to give up");
	for (uint64_t n = 1; n + 3 <= author.packets; n++)
		author_give(&author, &window, n);
	tap_ok(!reassembly_give_up(&window),
		"a message that was not looked at yet is not given up");
	heard_drain(&h, &author, &window);
	tap_ok(reassembly_give_up(&window),
		"an unfinished message is given up");
	heard_drain(&h, &author, &window);
	tap_is_int((intmax_t)window.delivered, (intmax_t)window.next,
		"the packets of a message given up are done with");
	tap_ok(!reassembly_give_up(&window), "a message is given up once");
	packet_store_drop_before(&window.store, window.delivered);
	tap_is_int((intmax_t)receive_window_memory(&window), 0,
		"the packets of a message given up can be freed");
	for (uint64_t n = author.packets - 2; n <= given; n++)
		author_give(&author, &window, n);
	give_up_all(&window, &author, &h);
	tap_ok(h.is_sound && h.messages == (with_rest ? 2 : 1),
		"messages before and behind the one given up come out");
	tap_is_int((intmax_t)(h.messages + h.lost), 3,
		"the message given up is told as lost");
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

/* ---- hostile authors ---- */

static void give_forged(
	struct receive_window *window, const struct forged *forged)
{
	struct wire_header header;
	struct reader reader;
	struct wire_data data;

	reader_init(&reader, forged->bytes, forged_size(forged));
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		wire_data_decode(&reader, &data) != WIRE_OK)
		abort();
	backfill_take(window, &data, forged->bytes, forged_size(forged), now);
}

/* Messages and losses that come out. */
struct tally {
	uint64_t messages;
	uint64_t lost;
	size_t largest;
	struct buffer scratch;
};

static void count_items(struct receive_window *window, struct tally *tally)
{
	struct reassembly_item item;

	while (reassembly_next(window, &tally->scratch, &item)) {
		tally->messages += item.kind == REASSEMBLY_MESSAGE;
		tally->lost += item.kind == REASSEMBLY_LOST ? item.count : 0;
		if (item.kind == REASSEMBLY_MESSAGE &&
			item.size > tally->largest)
			tally->largest = item.size;
	}
}

/* Ends without beginnings give nothing, and no text twice. */
static void ends_alone(void)
{
	struct buffer scratch = {0};
	struct reassembly_item item;
	struct forged forged;
	struct receive_window window;
	int whole = 0;
	int stale = 0;

	receive_window_open(&window, 1, 1);
	forged_data(&forged, 0, AUTHOR_ID, 1, 1);
	forged_piece(&forged, RECORD_PART_LAST, "nothing before", 14);
	forged_piece(&forged, RECORD_PART_FIRST, "a", 1);
	forged_piece(&forged, RECORD_PART_LAST, "b", 1);
	for (int i = 0; i < 10; i++)
		forged_piece(&forged, RECORD_PART_LAST, "", 0);
	give_forged(&window, &forged);
	while (reassembly_next(&window, &scratch, &item)) {
		if (item.kind != REASSEMBLY_MESSAGE)
			continue;
		if (item.size == 2 && memcmp(item.text, "ab", 2) == 0 && !whole)
			whole++;
		else
			stale++;
	}
	tap_is_int(whole, 1, "one message of two pieces comes out");
	tap_is_int(stale, 0, "an end without a beginning gives no text");
	receive_window_fini(&window);
	buffer_fini(&scratch);
}

/* Packets with a piece each, then one with a line; the last piece ends the
 * message if `ends`. */
static struct tally pieces(uint64_t packets, bool ends)
{
	static char text[1300];
	struct tally tally = {0};
	struct forged forged;
	struct receive_window window;

	receive_window_open(&window, 1, 1);
	for (uint64_t n = 1; n <= packets; n++) {
		uint8_t flags = n == 1 ? RECORD_PART_FIRST : 0;

		if (n == packets && ends)
			flags |= RECORD_PART_LAST;
		forged_data(&forged, 0, AUTHOR_ID, n, 1);
		forged_piece(&forged, flags, text, sizeof(text));
		give_forged(&window, &forged);
		count_items(&window, &tally);
	}
	forged_data(&forged, 0, AUTHOR_ID, packets + 1, ends ? 2 : 1);
	forged_record(&forged, RECORD_LINE, "line", 4);
	give_forged(&window, &forged);
	count_items(&window, &tally);
	tap_is_int((intmax_t)window.delivered, (intmax_t)window.next,
		"every packet was looked at");
	receive_window_fini(&window);
	return tally;
}

static void too_long(void)
{
	uint64_t most = ENGINE_MESSAGE_MAX / 1300;
	struct tally tally = pieces(most, true);

	tap_ok(tally.messages == 2 && tally.lost == 0,
		"a message of almost the largest size, and a line, come out");
	tap_is_int((intmax_t)tally.largest, (intmax_t)most * 1300,
		"a message of almost the largest size is whole");
	buffer_fini(&tally.scratch);
	tally = pieces(most + 1, true);
	tap_ok(tally.messages == 1 && tally.lost == 1,
		"a message that is too long is lost, the line is not");
	buffer_fini(&tally.scratch);
	tally = pieces(500, false);
	tap_ok(tally.messages == 1 && tally.lost == 0,
		"pieces without an end give nothing, the line behind them "
		"comes");
	tap_ok(tally.scratch.capacity == 0,
		"pieces without an end take no memory to put together");
	buffer_fini(&tally.scratch);
}

/* Another message between two pieces: what began before it never ends. */
static void interrupted(void)
{
	struct tally tally = {0};
	struct forged forged;
	struct receive_window window;

	receive_window_open(&window, 1, 1);
	forged_data(&forged, 0, AUTHOR_ID, 1, 1);
	forged_piece(&forged, RECORD_PART_FIRST, "a", 1);
	forged_record(&forged, RECORD_LINE, "between", 7);
	forged_piece(&forged, RECORD_PART_LAST, "b", 1);
	give_forged(&window, &forged);
	forged_data(&forged, 0, AUTHOR_ID, 2, 3);
	forged_piece(&forged, RECORD_PART_FIRST, "c", 1);
	forged_piece(&forged, RECORD_PART_FIRST, "d", 1);
	forged_piece(&forged, RECORD_PART_LAST, "e", 1);
	give_forged(&window, &forged);
	count_items(&window, &tally);
	tap_is_int((intmax_t)tally.messages, 2,
		"interrupted: the line between and the message begun anew "
		"come");
	tap_is_int((intmax_t)tally.lost, 1,
		"interrupted: the message whose end came is lost");
	tap_is_int((intmax_t)tally.largest, 7,
		"interrupted: no message is made of two");
	receive_window_fini(&window);
	buffer_fini(&tally.scratch);
}

/* Numbers of messages that go back are no loss, and nothing is told twice. */
static void numbers_go_back(void)
{
	struct tally tally = {0};
	struct forged forged;
	struct receive_window window;
	static const uint64_t numbers[] = {1, 500, 7, 8, 3, 9};

	receive_window_open(&window, 1, 1);
	for (uint64_t n = 1; n <= 6; n++) {
		forged_data(&forged, 0, AUTHOR_ID, n, numbers[n - 1]);
		forged_record(&forged, RECORD_LINE, "x", 1);
		give_forged(&window, &forged);
	}
	count_items(&window, &tally);
	tap_is_int((intmax_t)tally.messages, 6, "every packet comes out");
	tap_is_int((intmax_t)tally.lost, 498 + 5,
		"what the numbers skip is lost, counted by the numbers");
	receive_window_fini(&window);
	buffer_fini(&tally.scratch);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_restart();
	long_messages();
	waits_for_the_rest();
	holes();
	parts();
	tails();
	began_before_us();
	gives_up(true);
	gives_up(false);
	ends_alone();
	too_long();
	interrupted();
	numbers_go_back();
	return tap_done();
}
