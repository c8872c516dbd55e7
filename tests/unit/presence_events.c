/* SPDX-License-Identifier: ISC */
/* The queue of presence events: in order, bounded, whole. */
#include "mchat/protocol/presence_events.h"

#include <string.h>

#include "tap.h"

static struct presence_event make(uint64_t id)
{
	struct presence_event event = {
		.kind = id % 2 ? PRESENCE_EVENT_JOIN : PRESENCE_EVENT_NICK,
		.id = id,
		.nick_size = (uint8_t)(id % (WIRE_NICK_MAX + 1)),
		.old_nick_size = (uint8_t)(id % 7),
	};

	memset(event.nick, 'a' + (int)(id % 26), event.nick_size);
	memset(event.old_nick, 'A' + (int)(id % 26), event.old_nick_size);
	return event;
}

static bool takes(struct presence_events *events, uint64_t id)
{
	struct presence_event expected = make(id);
	struct presence_event got;

	return presence_events_take(events, &got) &&
	       got.kind == expected.kind && got.id == id &&
	       got.nick_size == expected.nick_size &&
	       got.old_nick_size == expected.old_nick_size &&
	       memcmp(got.nick, expected.nick, got.nick_size) == 0 &&
	       memcmp(got.old_nick, expected.old_nick, got.old_nick_size) == 0;
}

static void in_order(void)
{
	struct presence_events events = {0};
	struct presence_event event;
	uint64_t in = 0;
	uint64_t out = 0;
	bool good = true;

	tap_ok(!presence_events_take(&events, &event),
		"at first there is no event");
	/* Three in and two out, so that the ring wraps around while it fills.
	 */
	while (events.count + 3 <= PRESENCE_EVENTS_MAX) {
		for (int i = 0; i < 3; i++) {
			event = make(in++);
			presence_events_add(&events, &event);
		}
		good = good && takes(&events, out++) && takes(&events, out++);
	}
	while (out < in)
		good = good && takes(&events, out++);
	tap_ok(good, "%ju events go through in order", (uintmax_t)in);
	tap_ok(!presence_events_take(&events, &event),
		"when all were taken there is no event");
	presence_events_fini(&events);
}

static void full(void)
{
	struct presence_events events = {0};
	bool good = true;

	for (uint64_t id = 0; id < (uint64_t)2 * PRESENCE_EVENTS_MAX; id++) {
		struct presence_event event = make(id);

		presence_events_add(&events, &event);
	}
	for (uint64_t id = 0; id < PRESENCE_EVENTS_MAX; id++)
		good = good && takes(&events, id);
	tap_ok(good, "of too many events the oldest are kept");
	tap_is_int((intmax_t)events.count, 0,
		"of too many events no others are kept");
	presence_events_fini(&events);
	presence_events_fini(&events);
	tap_ok(true, "fini twice is harmless");
}

int main(void)
{
	in_order();
	full();
	return tap_done();
}
