/* SPDX-License-Identifier: ISC */
/*
 * Where an author's messages begin for a member: with the first that was sent
 * since the member started, found by asking no further back than it takes; with
 * an exact loss where nobody has it; and with as much history as is wanted.
 * Packet n of the author leaves when that is n ms old.
 */
#include "mchat/protocol/backfill.h"

#include <stdlib.h>

#include "author.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/reassembly.h"
#include "mchat/protocol/send_window.h"

/* How a member comes to listen to an author. */
struct joining {
	uint64_t first; /* nobody has a packet before this one */
	uint64_t
		start; /* the first packet that left after the member started */
	uint64_t anchor; /* the first that it hears itself */
	unsigned history;
	uint64_t hole; /* a packet that nobody has; 0: none */
	uint64_t owed; /* the first packet owed, as the author says; 0: it does
			  not */
	uint64_t hole_size; /* packets, if more than one */
};

/* What came of joining. */
struct joined {
	struct heard heard;
	uint64_t fetched; /* packets before the first it heard */
	bool was_early;   /* something came out before all was known */
	bool was_counting;
	bool *missing;
};

/* Gives what the window lacks before `end`, as far as anybody has it. */
static void fetch(struct receive_window *window, const struct author *author,
	struct joined *out, uint64_t end)
{
	while (receive_window_has_gap(window) && window->next < end) {
		uint64_t begin = window->next;

		for (uint64_t n = end - 1; n >= begin; n--)
			if (!out->missing[n])
				out->fetched +=
					author_give(author, window, n) ==
					RECEIVE_WINDOW_NEW;
		if (window->next == begin)
			backfill_skip(window, receive_window_gap_end(window));
	}
}

static void settle_count(struct receive_window *window, const struct joining *j,
	struct joined *out)
{
	if (!backfill_is_counting(window))
		return;
	out->was_counting = true;
	if (j->owed > 0)
		backfill_learn_owed(window, j->owed);
	else
		backfill_stop_counting(window);
}

static void join(const struct author *author, const struct joining *j,
	struct joined *out)
{
	struct extent extent = author_extent(author, j->anchor - 1);
	struct receive_window window;

	*out = (struct joined){0};
	out->missing =
		calloc((size_t)author->packets + 2, sizeof(*out->missing));
	if (!out->missing)
		abort();
	for (uint64_t n = 1; n < j->first; n++)
		out->missing[n] = true;
	out->missing[j->hole] = true;
	for (uint64_t n = 1; n < j->hole_size; n++)
		out->missing[j->hole + n] = true;
	heard_open(&out->heard);
	backfill_begin(&window, &extent, duration_ms((int64_t)j->start),
		j->history, 1);
	for (int round = 0; round < 2; round++) {
		if (j->anchor <= author->packets && !out->missing[j->anchor])
			author_give(author, &window, j->anchor);
		if (window.next < j->anchor) {
			heard_drain(&out->heard, author, &window);
			out->was_early |= window.phase != BACKFILL_DONE &&
					  out->heard.messages > 0;
		}
		fetch(&window, author, out, j->anchor);
		settle_count(&window, j, out);
		fetch(&window, author, out, j->anchor);
	}
	heard_drain(&out->heard, author, &window);
	for (uint64_t n = j->anchor; n <= author->packets; n++) {
		if (!out->missing[n])
			author_give(author, &window, n);
		heard_drain(&out->heard, author, &window);
	}
	extent = author_extent(author, author->packets);
	receive_window_learn(&window, &extent);
	while (receive_window_has_gap(&window))
		backfill_skip(&window, receive_window_gap_end(&window));
	heard_drain(&out->heard, author, &window);
	receive_window_fini(&window);
}

static void forget(struct joined *joined)
{
	heard_close(&joined->heard);
	free(joined->missing);
}

/* How many messages begin in packet `from` or later. */
static uint64_t owed_of(const struct author *author, uint64_t from)
{
	uint64_t count = 0;

	for (uint64_t id = 1; id <= author->messages; id++)
		count += author->begins[id] >= from;
	return count;
}

/* ---- what is owed ---- */

static void seeks(const struct author *author, uint64_t start, uint64_t anchor,
	unsigned history)
{
	struct joining j = {.first = 1,
		.start = start,
		.anchor = anchor,
		.history = history};
	struct joined joined;
	uint64_t owed = owed_of(author, start);
	uint64_t most = 2 * (anchor - start) + BACKFILL_FIRST;
	struct heard *h = &joined.heard;
	bool good;

	join(author, &j, &joined);
	good = h->is_sound && h->lost == 0 && h->unknown == 0 &&
	       !joined.was_early && !joined.was_counting &&
	       h->messages - h->history >= owed &&
	       h->messages - h->history <= owed + 1 &&
	       (history > 0 || joined.fetched <= most);
	if (!tap_ok(good,
		    "started at %ju, heard from %ju, %u of history: all that "
		    "is owed",
		    (uintmax_t)start, (uintmax_t)anchor, history))
		tap_note("%ju of %ju, %ju of history, %ju lost, %ju unknown, "
			 "%ju fetched of at most %ju",
			(uintmax_t)(h->messages - h->history), (uintmax_t)owed,
			(uintmax_t)h->history, (uintmax_t)h->lost,
			(uintmax_t)h->unknown, (uintmax_t)joined.fetched,
			(uintmax_t)most);
	if (history > 0) {
		uint64_t whole =
			author_count_whole(author, joined.missing, 1) -
			author_count_whole(author, joined.missing, start);

		tap_is_int((intmax_t)h->history,
			(intmax_t)(whole < history ? whole : history),
			"as much history is shown as is wanted and there is");
	}
	forget(&joined);
}

static void finds_what_is_owed(void)
{
	static const uint64_t behind[] = {
		0, 1, 2, 63, 64, 65, 127, 128, 129, 200, 500, 1000};
	struct author author;

	author_say_many(&author, 1200);
	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		uint64_t anchor = author.packets + 1 - random_below(20);

		if (behind[i] >= anchor)
			continue;
		seeks(&author, anchor - behind[i], anchor, 0);
		seeks(&author, anchor - behind[i], anchor, 30);
	}
	seeks(&author, 1, 2, 0);
	seeks(&author, 1, 200, 0);
	seeks(&author, 2, 200, 0);
	seeks(&author, 2, 200, 5);
	author_close(&author);
}

/* Nobody has the first of what is owed. */
static void lacks_beginning(
	const struct author *author, const struct joining *j, const char *what)
{
	struct joined joined;
	struct heard *h = &joined.heard;
	uint64_t owed = owed_of(author, j->start);
	uint64_t whole;

	join(author, j, &joined);
	whole = author_count_whole(author, joined.missing, j->start);
	tap_ok(h->is_sound && joined.was_counting, "%s: messages come in order",
		what);
	tap_is_int((intmax_t)h->messages, (intmax_t)whole,
		"every message that anybody has comes");
	if (j->owed > 0) {
		tap_is_int((intmax_t)(h->messages + h->lost), (intmax_t)owed,
			"the loss is the exact count of the rest");
		tap_is_int((intmax_t)h->unknown, 0,
			"no loss is of an unknown size");
	} else {
		tap_is_int((intmax_t)h->unknown, 1,
			"a loss of an unknown size is told once");
	}
	forget(&joined);
}

static void beginnings_that_are_gone(void)
{
	struct author author;

	author_open(&author, 6000);
	author_say_each(&author, 4000);
	lacks_beginning(&author,
		&(struct joining){900, 100, 1000, 0, 0, 100, 0},
		"packets are kept from the middle on");
	lacks_beginning(&author,
		&(struct joining){999, 998, 1000, 0, 0, 998, 0},
		"one packet is gone");
	lacks_beginning(&author, &(struct joining){1000, 1, 1000, 0, 0, 1, 0},
		"all before what we hear is gone");
	lacks_beginning(&author,
		&(struct joining){900, 100, 1000, 10, 0, 100, 0},
		"with history wanted, which nobody can have");
	lacks_beginning(&author, &(struct joining){900, 100, 1000, 0, 0, 0, 0},
		"the author does not say how many are owed");
	lacks_beginning(&author, &(struct joining){1000, 100, 1000, 0, 0, 0, 0},
		"the author does not say, and nobody has a packet before");
	author_close(&author);
}

/* More is owed than anybody keeps: all of that is fetched which the author
 * keeps. */
static void more_than_is_kept(uint64_t kept)
{
	struct joining j = {.start = 10, .anchor = 9000, .owed = 10};
	struct joined joined;
	struct author author;

	author_open(&author, 9000);
	author_say_each(&author, 9000);
	j.first = j.anchor + 1 - kept;
	join(&author, &j, &joined);
	tap_ok(joined.heard.is_sound, "messages come in order and once");
	tap_ok(joined.heard.first == j.first,
		"of %ju packets that are kept, from %ju on, %ju is the first "
		"that comes",
		(uintmax_t)kept, (uintmax_t)j.first,
		(uintmax_t)joined.heard.first);
	tap_is_int((intmax_t)joined.heard.lost, (intmax_t)j.first - 10,
		"all before it are told as lost");
	tap_is_int((intmax_t)joined.heard.messages, (intmax_t)kept,
		"all from it on come");
	forget(&joined);
	author_close(&author);
}

/* A hole in what is owed is a loss of its size. */
static void hole_in_what_is_owed(void)
{
	struct joining j = {1, 300, 1000, 0, 500, 0, 0};
	struct joined joined;
	struct author author;

	author_open(&author, 1100);
	author_say_each(&author, 1100);
	join(&author, &j, &joined);
	tap_ok(joined.heard.is_sound && !joined.was_counting &&
			joined.heard.messages == 800 && joined.heard.lost == 1,
		"801 are owed: %ju came, %ju lost",
		(uintmax_t)joined.heard.messages, (uintmax_t)joined.heard.lost);
	forget(&joined);
	/* The message that is missing may have been said before we started or
	 * after. */
	j.hole = 299;
	join(&author, &j, &joined);
	tap_ok(joined.heard.is_sound && joined.heard.messages == 801 &&
			joined.heard.lost <= 1,
		"a hole just before the first owed is a loss of one at most");
	forget(&joined);
	author_close(&author);
}

/* Nobody has the packets around the first that is owed; then only the author
 * can tell which that is. */
static void hole_over_the_first_owed(void)
{
	struct joining j = {1, 500, 1000, 0, 490, 500, 20};
	struct joined joined;
	struct author author;

	author_open(&author, 1100);
	author_say_each(&author, 1100);
	join(&author, &j, &joined);
	tap_ok(joined.heard.is_sound && joined.heard.messages == 591,
		"a hole over the first owed: all that anybody has comes");
	tap_is_int((intmax_t)joined.heard.lost, 10,
		"of the hole, only what is owed is told as lost");
	tap_is_int((intmax_t)joined.heard.unknown, 0,
		"a hole over the first owed: the loss is exact");
	forget(&joined);
	author_close(&author);
}

/* The author started after us: all that it said is owed. */
static void began_after_us(void)
{
	struct extent extent;
	struct receive_window window;
	struct author author;
	struct heard h;

	heard_open(&h);
	author_open(&author, 50);
	author_say_each(&author, 50);
	extent = author_extent(&author, 30);
	backfill_begin(&window, &extent, duration_ms(-5), 20, 1);
	tap_is_int((intmax_t)window.next, 1,
		"an author that started after us is heard from its first "
		"packet on");
	tap_is_int((intmax_t)window.known, 30,
		"an author that started after us: packets are known up to the "
		"last");
	for (uint64_t n = 11; n <= 50; n++)
		author_give(&author, &window, n);
	heard_drain(&h, &author, &window);
	tap_is_int((intmax_t)h.messages, 0,
		"nothing comes out while the first packets are missing");
	backfill_skip(&window, receive_window_gap_end(&window));
	heard_drain(&h, &author, &window);
	tap_ok(h.lost == 10 && h.messages == 40 && h.history == 0,
		"the first that nobody has are a loss of exact size");
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

/* An author that has said nothing yet, however old it is. */
static void silent_so_far(void)
{
	struct extent nothing = {
		.is_counted = true, .sent = duration_ms(-WIRE_QUIET_MAX_MS)};
	struct receive_window window;

	backfill_begin(&window, &nothing, duration_ms(1000), 20, 1);
	tap_ok(window.next == 1 && !receive_window_has_gap(&window) &&
			window.phase == BACKFILL_DONE,
		"an author that was silent so far begins with its first "
		"packet");
	receive_window_fini(&window);
}

/* Nothing was sent since we started: nothing is asked for. */
static void nothing_is_owed(void)
{
	struct joining j = {.first = 1, .start = 40, .anchor = 40};
	struct joined joined;
	struct author author;

	author_open(&author, 50);
	author_say_each(&author, 50);
	join(&author, &j, &joined);
	tap_ok(joined.heard.is_sound && joined.heard.first == 40 &&
			joined.heard.messages == 11 && joined.heard.lost == 0,
		"messages come from the first that left after we started");
	tap_is_int((intmax_t)joined.fetched, 0,
		"when nothing is owed no packet is fetched");
	forget(&joined);
	author_close(&author);
}

/* The author may say what is owed before that is needed. */
static void word_comes_first(void)
{
	struct extent extent;
	struct receive_window window;
	struct author author;
	struct heard h;

	heard_open(&h);
	author_open(&author, 50);
	author_say_each(&author, 50);
	extent = author_extent(&author, 49);
	backfill_begin(&window, &extent, duration_ms(20), 0, 1);
	tap_ok(window.phase == BACKFILL_SEEKING &&
			receive_window_has_gap(&window),
		"packets before the first heard are sought");
	backfill_learn_owed(&window, 20);
	author_give(&author, &window, 50);
	backfill_skip(&window, receive_window_gap_end(&window));
	tap_ok(!backfill_is_counting(&window),
		"what the author has said is not waited for again");
	heard_drain(&h, &author, &window);
	tap_ok(h.lost == 30 && h.messages == 1 && h.unknown == 0,
		"what the author said makes the loss exact: %ju",
		(uintmax_t)h.lost);
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

/* The author heard us late, and takes us for younger than we are. */
static void word_is_too_late(void)
{
	struct extent extent;
	struct receive_window window;
	struct author author;
	struct heard h;

	heard_open(&h);
	author_open(&author, 50);
	author_say_each(&author, 50);
	extent = author_extent(&author, 44);
	backfill_begin(&window, &extent, duration_ms(20), 0, 1);
	for (uint64_t number = 45; number <= 50; number++)
		author_give(&author, &window, number);
	backfill_skip(&window, receive_window_gap_end(&window));
	tap_ok(backfill_is_counting(&window), "what came before is lost");
	backfill_learn_owed(&window, 48);
	heard_drain(&h, &author, &window);
	tap_ok(h.unknown == 1 && h.lost == 0 && h.messages == 6,
		"an author that owes less than what is there is not believed: "
		"%ju losses of unknown size, %ju messages",
		(uintmax_t)h.unknown, (uintmax_t)h.messages);
	receive_window_fini(&window);
	heard_close(&h);
	author_close(&author);
}

/* ---- history ---- */

static void history_of(
	const struct author *author, const struct joining *j, const char *what)
{
	struct joined joined;
	struct heard *h = &joined.heard;
	uint64_t live;
	uint64_t there;

	join(author, j, &joined);
	live = author_count_whole(author, joined.missing, j->anchor);
	there = author_count_whole(author, joined.missing, 1) - live;
	tap_ok(!joined.was_early, "%s: nothing comes before history is known",
		what);
	tap_ok(h->is_sound, "%s: messages come in order and once", what);
	if (!tap_ok(h->history == (there < j->history ? there : j->history),
		    "the last %u of %ju old ones", j->history,
		    (uintmax_t)there))
		tap_note("came: %ju", (uintmax_t)h->history);
	/* One that began before may come whole, if history has that. */
	tap_ok(live - (h->messages - h->history) <= 1,
		"%s: all that was said after joining comes", what);
	tap_ok(h->lost == 0 && h->unknown == 0,
		"%s: no loss is told of history", what);
	forget(&joined);
}

static void histories_of(const struct author *author, const char *what)
{
	static const unsigned wanted[] = {0, 1, 3, 20, 1000};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		for (uint64_t anchor = author->packets + 1; anchor > 1;
			anchor -= anchor / 3 + 1)
			history_of(author,
				&(struct joining){
					1, anchor, anchor, wanted[i], 0, 0, 0},
				what);
}

static void histories(void)
{
	struct author author;
	uint64_t last;

	author_say_many(&author, 300);
	last = author.packets;
	histories_of(&author, "a mixture");
	history_of(&author,
		&(struct joining){last - 30, last, last, 1000, 0, 0, 0},
		"an author of which only the end is kept");
	history_of(&author,
		&(struct joining){1, last, last, 100, last - 5, 0, 0},
		"a hole that nobody fills");
	author_close(&author);

	author_open(&author, 5000);
	for (int i = 0; i < 5000; i++)
		author_say(&author, 8);
	author_flush(&author);
	histories_of(&author, "dozens to a packet");
	author_close(&author);

	author_open(&author, 25);
	for (int i = 0; i < 25; i++) {
		author_say(&author, ENGINE_MESSAGE_MAX);
		author_flush(&author);
	}
	histories_of(&author, "hundreds of packets each");
	author_close(&author);
}

/* History is not asked for where nobody has it any more. */
static void history_has_a_floor(void)
{
	struct extent extent;
	struct receive_window window;
	struct author author;

	author_open(&author, 500);
	author_say_each(&author, 500);
	extent = author_extent(&author, 500);
	backfill_begin(&window, &extent, duration_ms(1000), 300, 450);
	tap_is_int((intmax_t)window.next, 450,
		"history begins with what is still kept");
	tap_is_int((intmax_t)window.anchor, 501,
		"history ends with the last packet");
	receive_window_fini(&window);
	author_close(&author);
}

/* We learn of the author from another member that does not know all that it had
 * sent before we started: not even to the end of a long message. */
static void told_of_half_a_message(void)
{
	struct joining j = {.first = 1, .anchor = 25, .history = 3};
	struct joined joined;
	struct author author;

	author_open(&author, 41);
	author_say_each(&author, 20);
	author_say(&author, 6000);
	author_flush(&author);
	author_say_each(&author, 20);
	j.start = author.packets + 1;
	join(&author, &j, &joined);
	tap_ok(author.ends[21] > 25 && author.begins[21] < 25,
		"a long message begins before packet 25 and ends behind it");
	tap_is_int((intmax_t)joined.heard.history, 3,
		"the last 3 messages that were told of are shown as history");
	tap_is_int((intmax_t)joined.heard.messages, 3,
		"no other old message is shown as if it were new");
	tap_is_int((intmax_t)joined.heard.lost, 0,
		"no loss is told of a half known history");
	forget(&joined);
	author_close(&author);
}

/* Another member, whose clock has jumped, tells that the author is far older
 * than it is; the author itself corrects that later. */
static void told_of_a_wrong_age(void)
{
	struct receive_window window;
	struct author author;
	struct heard heard;
	struct extent extent;

	author_open(&author, 40);
	author_say_each(&author, 40);
	extent = author_extent(&author, 10);
	heard_open(&heard);
	backfill_begin(&window, &extent, duration_ms(1000), 3, 1);
	for (uint64_t n = 1; n <= 40; n++)
		author_give(&author, &window, n);
	heard_drain(&heard, &author, &window);
	tap_ok(heard.messages == 3 && heard.history == 3,
		"by the wrong age all is history, of which 3 are shown");
	backfill_correct_start(&window, duration_ms(21));
	heard_drain(&heard, &author, &window);
	tap_is_int((intmax_t)(heard.messages - heard.history), 20,
		"what was said since we started comes when its author is "
		"heard");
	tap_ok(heard.is_sound && heard.lost == 0,
		"after the correction messages are in order, with no loss");
	receive_window_fini(&window);
	heard_close(&heard);
	author_close(&author);
}

/* Another member told that the last packet before the first that we hear is
 * owed; the first that we hear shows that it is not, and no other packet can be
 * had. */
static void told_a_lie_of_the_last(void)
{
	struct receive_window window;
	struct author author;
	struct heard heard;
	struct extent extent;

	author_open(&author, 20);
	author_say_each(&author, 20);
	extent = author_extent(&author, 10);
	extent.sent = duration_ms(1000);
	heard_open(&heard);
	backfill_begin(&window, &extent, duration_ms(500), 0, 1);
	author_give(&author, &window, 11);
	backfill_skip(&window, receive_window_gap_end(&window));
	heard_drain(&heard, &author, &window);
	tap_ok(!receive_window_has_gap(&window),
		"a lie about the last packet: nothing is waited for");
	tap_is_int((intmax_t)heard.messages, 0,
		"a lie about the last packet: nothing is owed");
	receive_window_fini(&window);
	heard_close(&heard);
	author_close(&author);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_restart();
	finds_what_is_owed();
	beginnings_that_are_gone();
	more_than_is_kept(4000);
	more_than_is_kept(SEND_WINDOW_KEPT);
	hole_in_what_is_owed();
	hole_over_the_first_owed();
	began_after_us();
	silent_so_far();
	nothing_is_owed();
	word_comes_first();
	word_is_too_late();
	histories();
	history_has_a_floor();
	told_of_half_a_message();
	told_of_a_wrong_age();
	told_a_lie_of_the_last();
	return tap_done();
}
