/* SPDX-License-Identifier: ISC */
#include "mchat/chat/presence_notices.h"

#include "tap.h"
#include "mchat/protocol/event.h"

static const struct instant start = {NS_PER_S};

static struct instant after(int64_t ms)
{
	return instant_after(start, duration_ms(ms));
}

static bool is_hidden(struct presence_notices *notices, enum event_kind kind,
	uint64_t id, int64_t ms)
{
	struct event event = {.kind = kind, .member = {.id = id}};

	return presence_notices_take(notices, &event, false, after(ms));
}

/* The member joins, and has heard us before it did. */
static bool answers(struct presence_notices *notices, uint64_t id, int64_t ms)
{
	struct event event = {.kind = EVENT_JOIN, .member = {.id = id}};

	return presence_notices_take(notices, &event, true, after(ms));
}

/* Takes the one whose joining is due; 0: nobody's is. */
static uint64_t due(struct presence_notices *notices, int64_t ms)
{
	uint64_t id = 0;

	return presence_notices_take_join(notices, after(ms), &id) ? id : 0;
}

static void test_off(void)
{
	struct presence_notices notices;

	presence_notices_init(&notices);
	tap_ok(!is_hidden(&notices, EVENT_JOIN, 1, 0) &&
			!is_hidden(&notices, EVENT_LEAVE, 1, 0),
		"switched off, all is told");
	tap_ok(instant_is_never(presence_notices_deadline(&notices)),
		"and nothing is due");
}

static void test_list(void)
{
	struct presence_notices notices;

	presence_notices_begin(&notices, start);
	tap_ok(answers(&notices, 1, 10) && answers(&notices, 2, 400),
		"who was here is not told of one by one");
	tap_ok(!presence_notices_take_list(&notices, after(600)),
		"more may come");
	tap_ok(is_hidden(&notices, EVENT_LEAVE, 1, 610),
		"who left before it was told of was not here");
	tap_ok(presence_notices_take_list(&notices, after(650)) &&
			!presence_notices_take_list(&notices, after(700)),
		"they are listed once");
	tap_ok(!presence_notices_take_alone(&notices, after(6000)),
		"nobody is alone");
	tap_ok(!is_hidden(&notices, EVENT_LEAVE, 2, 700),
		"who leaves later is told");

	presence_notices_begin(&notices, start);
	for (int64_t ms = 0; ms < PRESENCE_NOTICES_LIST_MS; ms += 100)
		answers(&notices, 3, ms);
	tap_ok(presence_notices_take_list(
		       &notices, after(PRESENCE_NOTICES_LIST_MS)),
		"however many come, it does not take long");
}

static void test_newcomer(void)
{
	struct presence_notices notices;

	presence_notices_begin(&notices, start);
	presence_notices_take_list(&notices, after(1000));
	tap_ok(is_hidden(&notices, EVENT_JOIN, 1, 100),
		"one that was not here before came later");
	tap_ok(presence_notices_holds(&notices, 1), "and is told of by itself");
	tap_ok(is_hidden(&notices, EVENT_NICK, 1, 200),
		"under the nick it has then");
	tap_is_int((intmax_t)due(&notices, 100 + PRESENCE_NOTICES_HOLD_MS - 1),
		0, "not at once");
	tap_is_int((intmax_t)due(&notices, 100 + PRESENCE_NOTICES_HOLD_MS), 1,
		"but soon");
	tap_is_int((intmax_t)due(&notices, 60000), 0, "once");
	tap_ok(!is_hidden(&notices, EVENT_NICK, 1, 2000) &&
			!is_hidden(&notices, EVENT_LEAVE, 1, 2000),
		"and then what it does");
}

static void test_passing(void)
{
	struct event timeout = {.kind = EVENT_LEAVE,
		.member = {.id = 3},
		.leave = {.is_timeout = true}};
	struct presence_notices notices;

	presence_notices_begin(&notices, start);
	presence_notices_take_list(&notices, after(1000));
	is_hidden(&notices, EVENT_JOIN, 1, 0);
	tap_ok(is_hidden(&notices, EVENT_LEAVE, 1, 500),
		"who only passed by is not told of");
	is_hidden(&notices, EVENT_JOIN, 2, 0);
	tap_ok(!is_hidden(&notices, EVENT_MESSAGE, 2, 500),
		"what it says is shown");
	tap_is_int((intmax_t)due(&notices, 2000), 0, "and is enough");
	tap_ok(is_hidden(&notices, EVENT_LEAVE, 2, 9000),
		"its end is not told either");
	is_hidden(&notices, EVENT_JOIN, 3, 0);
	is_hidden(&notices, EVENT_ACTION, 3, 0);
	tap_ok(!presence_notices_take(&notices, &timeout, false, after(9000)),
		"unless it was lost");
	is_hidden(&notices, EVENT_JOIN, 4, 0);
	is_hidden(&notices, EVENT_MESSAGE, 4, 0);
	tap_is_int((intmax_t)due(&notices, PRESENCE_NOTICES_SPOKEN_MS), 0,
		"who stays was told of by what it said");
	tap_ok(!is_hidden(&notices, EVENT_LEAVE, 4, 20000),
		"and its end is told");
}

static void test_bounds(void)
{
	struct presence_notices notices;
	size_t told = 0;

	presence_notices_begin(&notices, start);
	for (uint64_t id = 1; id <= PRESENCE_NOTICES_MAX; id++)
		is_hidden(&notices, EVENT_JOIN, id, 0);
	tap_ok(!is_hidden(&notices, EVENT_JOIN, 1000, 0),
		"one more is told of at once");
	while (due(&notices, 5000))
		told++;
	tap_is_int((intmax_t)told, PRESENCE_NOTICES_MAX, "and then the others");
}

static void test_alone(void)
{
	struct presence_notices notices;

	presence_notices_begin(&notices, start);
	presence_notices_take_list(&notices, after(PRESENCE_NOTICES_FIRST_MS));
	tap_is_int(presence_notices_deadline(&notices).ns,
		after(PRESENCE_NOTICES_ALONE_MS).ns, "who is alone waits");
	tap_ok(presence_notices_take_alone(
		       &notices, after(PRESENCE_NOTICES_ALONE_MS)) &&
			!presence_notices_take_alone(&notices, after(60000)),
		"and is told so once");
}

int main(void)
{
	test_off();
	test_list();
	test_newcomer();
	test_passing();
	test_bounds();
	test_alone();
	return tap_done();
}
