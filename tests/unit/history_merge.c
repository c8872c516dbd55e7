/* SPDX-License-Identifier: ISC */
#include "mchat/chat/history_merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/protocol/event.h"

/* When the tests begin. */
static const struct instant start = {NS_PER_S};

static struct instant after(int64_t ms)
{
	return instant_after(start, duration_ms(ms));
}

/* What somebody said at `time` by the clock there; before we joined, or now. */
static struct event said(
	uint64_t id, const char *text, int64_t time, bool is_history)
{
	return (struct event){
		.kind = EVENT_MESSAGE,
		.time = {time},
		.member = {.id = id, .nick = "nick", .nick_size = 4},
		.message = {.text = text,
			.size = strlen(text),
			.is_history = is_history},
	};
}

/* Takes a message out of memory that is gone afterwards. */
static bool take(struct history_merge *merge, const struct event *event,
	struct instant now)
{
	struct event borrowed = *event;
	char *text = strdup(event->message.text);
	bool is_taken;

	borrowed.message.text = text;
	is_taken = history_merge_take(merge, &borrowed, now);
	memset(text, '!', strlen(text));
	free(text);
	return is_taken;
}

static void hear(struct history_merge *merge, uint64_t id, const char *text,
	int64_t time, bool is_history)
{
	struct event event = said(id, text, time, is_history);

	tap_ok(take(merge, &event, start), "%s is held", text);
}

/* All that is given: words, and letters for what else happened. */
static void gives(
	struct history_merge *merge, const char *expected, const char *what)
{
	char got[512] = "";
	struct event event;

	while (history_merge_next(merge, &event)) {
		size_t size = strlen(got);

		snprintf(got + size, sizeof(got) - size, "%s%.*s",
			size > 0 ? " " : "",
			event.kind == EVENT_MESSAGE ? (int)event.message.size
						    : 1,
			event.kind == EVENT_MESSAGE ? event.message.text
			: event.kind == EVENT_LEAVE ? "L"
			: event.kind == EVENT_JOIN  ? "J"
						    : "?");
	}
	tap_is_string(got, expected, what);
}

static void test_order(void)
{
	struct history_merge merge;

	history_merge_init(&merge);
	history_merge_begin(&merge, start);
	hear(&merge, 1, "a1", 100, true);
	hear(&merge, 1, "a3", 300, true);
	hear(&merge, 1, "now", 50, false);
	hear(&merge, 2, "b2", 200, true);
	hear(&merge, 2, "b4", 400, true);
	hear(&merge, 2, "too", 10, false);
	gives(&merge, "", "while it is gathered none is given");
	history_merge_end(&merge);
	gives(&merge, "a1 b2 a3 b4 now too",
		"history by time, and behind it what is said now as it came");
	tap_ok(!history_merge_is_pending(&merge), "and that was all");
	history_merge_fini(&merge);
}

/* Clocks that are wrong, or are set, keep no author from its own order. */
static void test_clocks(void)
{
	struct history_merge merge;

	history_merge_init(&merge);
	history_merge_begin(&merge, start);
	hear(&merge, 1, "a1", 100, true);
	hear(&merge, 1, "a2", 500, true);
	hear(&merge, 1, "a3", 200, true);
	hear(&merge, 2, "b1", 300, true);
	hear(&merge, 2, "b2", 600, true);
	hear(&merge, 3, "old", INT64_MIN, true);
	hear(&merge, 3, "c2", 400, true);
	hear(&merge, 4, "future", INT64_MAX, true);
	hear(&merge, 4, "d2", 0, true);
	history_merge_end(&merge);
	gives(&merge, "old a1 b1 c2 a2 a3 b2 future d2",
		"an author's clock that goes back does not undo its order");
	hear(&merge, 1, "x", 5, true);
	hear(&merge, 2, "y", 5, true);
	hear(&merge, 1, "z", 5, true);
	history_merge_end(&merge);
	gives(&merge, "x y z", "at one time, as they came");
	history_merge_fini(&merge);
}

static void test_presence(void)
{
	struct event join = {.kind = EVENT_JOIN, .member = {.id = 3}};
	struct event leave = {.kind = EVENT_LEAVE, .member = {.id = 3}};
	struct event lost = {
		.kind = EVENT_LOST, .member = {.id = 1}, .lost.why = "x"};
	struct history_merge merge;

	history_merge_init(&merge);
	tap_ok(!history_merge_take(&merge, &leave, start),
		"without history nothing is held");
	history_merge_begin(&merge, start);
	tap_ok(!history_merge_take(&merge, &join, start),
		"who comes need not wait");
	hear(&merge, 1, "a1", 100, true);
	tap_ok(history_merge_take(&merge, &leave, start),
		"who leaves does, for its words");
	tap_ok(history_merge_take(&merge, &join, start),
		"and who comes back waits for that");
	hear(&merge, 3, "c0", 50, true);
	tap_ok(history_merge_take(&merge, &lost, start), "a loss is held");
	hear(&merge, 1, "late", 20, true);
	history_merge_end(&merge);
	gives(&merge, "c0 a1 L J ? late",
		"nothing of an author overtakes what it lost");
	history_merge_fini(&merge);
}

static void test_time(void)
{
	struct event old = said(1, "old", 1, true);
	struct event new = said(1, "new", 2, false);
	struct history_merge merge;

	history_merge_init(&merge);
	tap_ok(instant_is_never(history_merge_deadline(&merge)),
		"nothing is due");
	history_merge_begin(&merge, start);
	take(&merge, &old, after(10));
	tap_ok(!history_merge_is_due(&merge, after(HISTORY_MERGE_FIRST_MS - 1)),
		"after joining the first answers are waited for");
	tap_ok(history_merge_is_due(&merge, after(HISTORY_MERGE_FIRST_MS)),
		"but not longer");
	take(&merge, &old, after(HISTORY_MERGE_FIRST_MS));
	tap_ok(!history_merge_is_due(&merge, after(HISTORY_MERGE_FIRST_MS + 1)),
		"more is waited for when more came");
	history_merge_tick(&merge, true, after(HISTORY_MERGE_MAX_MS - 1));
	tap_ok(!history_merge_is_pending(&merge), "or is known to come");
	history_merge_tick(&merge, true, after(HISTORY_MERGE_MAX_MS));
	gives(&merge, "old old", "until it has been long enough");

	take(&merge, &old, after(5000));
	history_merge_tick(
		&merge, false, after(5000 + HISTORY_MERGE_QUIET_MS - 1));
	tap_ok(!history_merge_is_pending(&merge),
		"history that comes later is gathered, too");
	history_merge_tick(&merge, false, after(5000 + HISTORY_MERGE_QUIET_MS));
	gives(&merge, "old", "for a while");

	history_merge_begin(&merge, after(10000));
	take(&merge, &new, after(10000));
	take(&merge, &new, after(10000 + HISTORY_MERGE_LIVE_MS - 1));
	history_merge_tick(&merge, true, after(10000 + HISTORY_MERGE_FIRST_MS));
	tap_ok(!history_merge_is_pending(&merge), "what is said now waits");
	history_merge_tick(&merge, true, after(10000 + HISTORY_MERGE_LIVE_MS));
	gives(&merge, "new new", "but not for long");
	history_merge_fini(&merge);
}

static void test_memory(void)
{
	static char text[60000];
	struct event event = said(1, text, 1, true);
	struct history_merge merge;
	size_t count = 0;
	size_t given = 0;

	memset(text, 'x', sizeof(text) - 1);
	event.message.size = sizeof(text) - 1;
	history_merge_init(&merge);
	do {
		tap_ok(history_merge_take(&merge, &event, start), "%zu is held",
			count);
		count++;
	} while (!history_merge_is_pending(&merge) && count < 1000);
	tap_ok(merge.bytes >= HISTORY_MERGE_SIZE &&
			merge.bytes < HISTORY_MERGE_SIZE + 2 * sizeof(text),
		"so much is held, and then shown");
	event.message.is_history = false;
	tap_ok(history_merge_take(&merge, &event, start),
		"what comes before it was shown waits behind it");
	while (history_merge_next(&merge, &event))
		given++;
	tap_is_int((intmax_t)given, (intmax_t)count + 1, "all of it");
	tap_is_int((intmax_t)merge.bytes, 0, "which frees the memory");
	history_merge_begin(&merge, start);
	hear(&merge, 1, "left", 1, true);
	history_merge_fini(&merge);
}

int main(void)
{
	test_order();
	test_clocks();
	test_presence();
	test_time();
	test_memory();
	return tap_done();
}
