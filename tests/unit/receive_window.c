/* SPDX-License-Identifier: ISC */
/*
 * The receive window: what an author sent, shuffled, doubled and with holes,
 * and which packets are there, missing, too late or too far.
 */
#include "mchat/protocol/receive_window.h"

#include <stdlib.h>
#include <unistd.h>

#include "author.h"
#include "forged.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/reassembly.h"

static void shuffle(uint64_t *numbers, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = random_below(i);
		uint64_t swapped = numbers[i - 1];

		numbers[i - 1] = numbers[other];
		numbers[other] = swapped;
	}
}

/* Gives packets shuffled within `reach`, some several times; whether all
 * messages come out. */
static bool permuted(const struct author *author, size_t reach)
{
	size_t count = (size_t)author->packets;
	uint64_t *order = calloc(count, sizeof(*order));
	struct receive_window window;
	struct heard h;
	bool good;

	if (!order)
		abort();
	for (size_t i = 0; i < count; i++)
		order[i] = i + 1;
	for (size_t at = 0; at < count; at += reach)
		shuffle(order + at, count - at < reach ? count - at : reach);
	heard_open(&h);
	receive_window_open(&window, 1, 1);
	for (size_t i = 0; i < author->packets; i++) {
		author_give(author, &window, order[i]);
		if (random_below(5) == 0)
			author_give(
				author, &window, order[random_below(i + 1)]);
		if (random_below(3) == 0)
			heard_drain(&h, author, &window);
	}
	heard_drain(&h, author, &window);
	good = h.is_sound && h.messages == author->messages && h.lost == 0 &&
	       h.unknown == 0 && !receive_window_has_gap(&window) &&
	       window.next == author->packets + 1;
	receive_window_fini(&window);
	heard_close(&h);
	free(order);
	return good;
}

static void permutations(void)
{
	static const size_t reaches[] = {1, 2, 10, 100, 1000};
	struct author author;

	author_say_many(&author, 1500);
	tap_note("%ju packets", (uintmax_t)author.packets);
	for (size_t i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++) {
		int good = 0;

		for (int round = 0; round < 5; round++)
			good += permuted(&author, reaches[i]);
		tap_is_int(good, 5,
			"messages come in order and once, whatever the "
			"packets' order");
	}
	author_close(&author);
}

/* ---- gaps and the window ---- */

/* Whether the gaps found are those that a scan of `there` finds. */
static bool same_gaps(const struct receive_window *window, const bool *there,
	uint64_t end, size_t most)
{
	struct wire_gap gaps[WIRE_GAPS_MAX];
	size_t count = receive_window_gaps(window, 1, end, gaps, most);
	size_t found = 0;

	for (uint64_t n = 1; n < end && found < most; n++) {
		if (there[n] || !(n == 1 || there[n - 1]))
			continue;
		if (found >= count || gaps[found].first != n)
			return false;
		for (uint64_t i = 0; i < gaps[found].count; i++)
			if (n + i >= end || there[n + i])
				return false;
		if (n + gaps[found].count < end &&
			!there[n + gaps[found].count])
			return false;
		found++;
	}
	return found == count;
}

static void gaps(void)
{
	int good = 0;
	struct author author;

	author_open(&author, 500);
	author_say_each(&author, 500);
	for (int round = 0; round < 200; round++) {
		bool there[700] = {false};
		size_t share = 2 + random_below(30);
		struct receive_window window;
		uint64_t known = 0;

		receive_window_open(&window, 1, 1);
		for (uint64_t n = 1; n <= 500; n++) {
			if (random_below(share) == 0)
				continue;
			there[n] = true;
			known = n;
			author_give(&author, &window, n);
		}
		if (round % 2)
			receive_window_learn(
				&window, &(struct extent){.last = known = 600});
		good += same_gaps(&window, there, known + 1,
			1 + random_below(WIRE_GAPS_MAX));
		receive_window_fini(&window);
	}
	tap_is_int(good, 200, "the gaps are those that a scan finds");
	author_close(&author);
}

static void window(void)
{
	struct receive_window window;
	struct wire_gap gap;
	struct author author;

	author_open(&author, RECEIVE_WINDOW_PACKETS + 5);
	author_say_each(&author, RECEIVE_WINDOW_PACKETS + 5);
	receive_window_open(&window, 1, 1);
	tap_is_int(author_give(&author, &window, RECEIVE_WINDOW_PACKETS),
		RECEIVE_WINDOW_NEW, "the last packet of the window is taken");
	tap_is_int(author_give(&author, &window, RECEIVE_WINDOW_PACKETS + 1),
		RECEIVE_WINDOW_TOO_FAR,
		"the packet behind the window is too far");
	tap_is_int((intmax_t)window.known, RECEIVE_WINDOW_PACKETS + 1,
		"a packet that is too far is known to exist");
	tap_ok(window.told.is_counted &&
			window.told.last == RECEIVE_WINDOW_PACKETS + 1 &&
			window.told.messages == RECEIVE_WINDOW_PACKETS + 1 &&
			window.told.sent.ns ==
				duration_ms(RECEIVE_WINDOW_PACKETS + 1).ns,
		"of a packet too far its message and time are known");
	tap_is_int(author_give(&author, &window, RECEIVE_WINDOW_PACKETS),
		RECEIVE_WINDOW_DOUBLE, "the last packet again is a double");
	tap_is_int(
		(intmax_t)receive_window_gaps(&window, 1, UINT64_MAX, &gap, 1),
		1, "there is one gap");
	tap_ok(gap.first == 1 && gap.count == RECEIVE_WINDOW_PACKETS - 1,
		"the gap is all of the window but its last packet");
	tap_ok(receive_window_gaps(&window, 1, 100, &gap, 1) == 1 &&
			gap.first == 1 && gap.count == 99,
		"of the gap no more than up to the end that is asked for");
	tap_ok(receive_window_gaps(&window, 100, 100, &gap, 1) == 0 &&
			receive_window_gaps(&window, 100, 1, &gap, 1) == 0,
		"and nothing before or where that begins");
	tap_is_int((intmax_t)receive_window_gap_end(&window),
		RECEIVE_WINDOW_PACKETS,
		"the gap ends with the packet that is there");
	tap_is_int(author_give(&author, &window, 1), RECEIVE_WINDOW_NEW,
		"the first packet is new");
	tap_is_int(author_give(&author, &window, 1), RECEIVE_WINDOW_DOUBLE,
		"the first packet again is a double");
	tap_is_int(author_give(&author, &window, RECEIVE_WINDOW_PACKETS + 1),
		RECEIVE_WINDOW_NEW, "the first packet moves the window by one");
	tap_is_int(
		window.received, 6, "each packet that came counts as received");
	tap_ok(receive_window_mean_size(&window) > 60 &&
			receive_window_mean_size(&window) < 90,
		"packets have %zu bytes on average",
		receive_window_mean_size(&window));
	receive_window_fini(&window);
	tap_is_int((intmax_t)receive_window_mean_size(&window), 0,
		"without packets the average is 0");
	author_close(&author);
}

/* A packet that comes after it was given up is neither new nor a double. */
static void late(void)
{
	struct receive_window window;
	struct author author;
	struct heard h;

	heard_open(&h);
	author_open(&author, 4);
	author_say_each(&author, 4);
	receive_window_open(&window, 1, 1);
	author_give(&author, &window, 1);
	author_give(&author, &window, 3);
	receive_window_skip(&window, 3);
	tap_is_int(author_give(&author, &window, 2), RECEIVE_WINDOW_LATE,
		"a packet that was given up comes late");
	heard_drain(&h, &author, &window);
	tap_is_int(author_give(&author, &window, 2), RECEIVE_WINDOW_LATE,
		"a packet that was told as lost comes late");
	tap_is_int((intmax_t)h.lost, 1, "a packet that came late is one loss");
	tap_is_int(author_give(&author, &window, 3), RECEIVE_WINDOW_DOUBLE,
		"a packet that was there before is a double");
	tap_is_int(author_give(&author, &window, 4), RECEIVE_WINDOW_NEW,
		"the packet behind a loss is new");
	receive_window_skip(&window, 3);
	tap_is_int((intmax_t)window.next, 5,
		"giving up what is past changes nothing");
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

static void before_the_beginning(void)
{
	struct receive_window window;
	struct author author;

	author_open(&author, 4);
	author_say_each(&author, 4);
	receive_window_open(&window, 3, 3);
	tap_is_int(author_give(&author, &window, 2), RECEIVE_WINDOW_DOUBLE,
		"a packet before the beginning is a double");
	tap_ok(!receive_window_has_gap(&window) && window.known == 2,
		"a packet before the beginning makes no gap");
	tap_is_int(author_give(&author, &window, 3), RECEIVE_WINDOW_NEW,
		"the packet at the beginning is new");
	receive_window_fini(&window);
	author_close(&author);
}

/* Nobody takes the messages out: memory stays bounded, and nothing gets lost.
 */
static void not_drained(void)
{
	struct receive_window window;
	struct author author;
	struct heard h;
	uint64_t taken = 0;

	heard_open(&h);
	author_open(&author, (size_t)2 * PACKET_STORE_SPAN);
	receive_window_open(&window, 1, 1);
	for (uint64_t n = 1; n < (uint64_t)2 * PACKET_STORE_SPAN; n++) {
		author_say(&author, 8);
		author_flush(&author);
		taken += author_give(&author, &window, n) == RECEIVE_WINDOW_NEW;
	}
	tap_is_int((intmax_t)taken, PACKET_STORE_SPAN,
		"not drained: as many packets are taken as are kept");
	heard_drain(&h, &author, &window);
	tap_ok(h.is_sound && h.messages == taken,
		"not drained: every packet taken comes out later");
	tap_ok(receive_window_has_gap(&window),
		"not drained: the others can be asked for");
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

/* ---- what is known to exist ---- */

static void whose_word(void)
{
	struct extent more = {.last = 9, .messages = 9, .is_counted = true};
	struct extent less = {.last = 6, .messages = 6, .is_counted = true};
	struct receive_window window;
	struct author author;

	author_open(&author, 9);
	author_say_each(&author, 9);
	receive_window_open(&window, 1, 1);
	author_give(&author, &window, 1);
	receive_window_hear_of(&window, &more);
	tap_is_int((intmax_t)window.known, 9,
		"another member's report of more packets counts");
	receive_window_hear_of(&window, &less);
	tap_ok(window.known == 9 && window.told.last == 9,
		"another member's report of fewer packets changes nothing");
	receive_window_learn(&window, &less);
	tap_ok(window.known == 6 && window.told.last == 6 &&
			window.told.messages == 6,
		"the author's own report of fewer packets counts");
	author_give(&author, &window, 8);
	receive_window_learn(&window, &less);
	tap_ok(window.known == 8 && window.told.last == 8,
		"the author's own report does not undo a packet that is there");
	receive_window_learn(&window, &(struct extent){.last = 0});
	tap_is_int((intmax_t)window.known, 8,
		"the author's report of 0 does not undo a packet, either");
	receive_window_fini(&window);
	author_close(&author);
}

/* A number that is far away must cost neither time nor memory. */
static void far_numbers(void)
{
	static const uint64_t far[] = {(uint64_t)1 << 32, (uint64_t)1 << 62,
		WIRE_SEQUENCE_MAX - 1, WIRE_SEQUENCE_MAX};
	struct reassembly_item item;

	alarm(20);
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		struct buffer scratch = {0};
		struct receive_window window;
		struct forged forged;
		struct wire_data data = {
			.sequence = far[i], .message = 1, .ends = 1};

		forged_data(&forged, 0, AUTHOR_ID, far[i], 1);
		forged_record(&forged, RECORD_LINE, "x", 1);

		receive_window_open(&window, 1, 1);
		receive_window_take(&window, &data, forged.bytes,
			forged_size(&forged), (struct instant){1});
		receive_window_learn(&window, &(struct extent){.last = far[i]});
		if (receive_window_has_gap(&window))
			receive_window_skip(
				&window, receive_window_gap_end(&window));
		receive_window_take(&window, &data, forged.bytes,
			forged_size(&forged), (struct instant){1});
		while (reassembly_next(&window, &scratch, &item))
			;
		tap_ok(receive_window_memory(&window) < 100000,
			"a jump to packet %ju takes little memory",
			(uintmax_t)far[i]);
		receive_window_fini(&window);
		buffer_fini(&scratch);
	}
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_restart();
	permutations();
	gaps();
	window();
	late();
	before_the_beginning();
	not_drained();
	whose_word();
	far_numbers();
	return tap_done();
}
