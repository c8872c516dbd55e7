/* SPDX-License-Identifier: ISC */
/*
 * Up to where every awaited member has confirmed: the counts are compared with
 * a look at each member; and which member makes too little progress to be
 * awaited.
 */
#include "mchat/protocol/ack.h"

#include <stdlib.h>

#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/timers.h"

#define MEMBERS 50

static const struct engine_config config = {.id = 1, .packet_size = 600};

static struct instant at(int64_t ms)
{
	return (struct instant){NS_PER_S + ms * NS_PER_MS};
}

static struct engine *start(void)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (!e)
		abort();
	send_window_init(&e->send_window, &config, at(0));
	e->stall_look = INSTANT_NEVER;
	e->heartbeat_at = at(0);
	return e;
}

static void stop(struct engine *e)
{
	send_window_fini(&e->send_window);
	free(e);
}

/* A packet leaves, when the window has room for it. */
static void send_one(struct engine *e, struct instant now)
{
	if (!send_window_say(
		    &e->send_window, false, "x", 1, (struct wall_time){1}))
		return;
	if (!send_window_take(&e->send_window, now))
		abort();
	ack_expect(e, now);
}

static void confirm(
	struct engine *e, struct member *m, uint64_t next, struct instant now)
{
	ack_take_report(e, m, &(struct wire_report){.origin = 1, .next = next},
		duration_us(WIRE_HELD_MAX_US), now);
}

/* ---- up to where ---- */

/* The first packet that an awaited member still needs; what was confirmed stays
 * so. */
static uint64_t expected(const struct engine *e, const struct member *members,
	uint64_t confirmed)
{
	uint64_t first = e->send_window.unsent;

	for (size_t i = 0; i < MEMBERS; i++) {
		const struct member *m = &members[i];

		if (m->is_here && m->has_heard_us && !m->is_stalled &&
			m->acked_next < first)
			first = m->acked_next;
	}
	return first > confirmed ? first : confirmed;
}

/* Something random happens to a member. */
static void change(struct engine *e, struct member *m)
{
	uint64_t behind = e->send_window.unsent - m->acked_next;

	switch (random_below(8)) {
	case 0:
		m->is_here = random_below(3) > 0;
		break;
	case 1:
		m->has_heard_us = random_below(3) > 0;
		break;
	case 2:
		m->is_stalled = random_below(3) == 0;
		break;
	default:
		m->acked_next += random_below((size_t)behind + 1);
		break;
	}
	ack_update(e, m);
}

static void against_model(void)
{
	struct engine *e = start();
	struct member *members = calloc(MEMBERS, sizeof(*members));
	uint64_t confirmed = 1;
	int wrong = 0;

	if (!members)
		abort();
	for (size_t i = 0; i < MEMBERS; i++)
		members[i].acked_next = 1;
	for (int step = 0; step < 200000; step++) {
		if (random_below(3) == 0)
			send_one(e, at(step));
		else
			change(e, &members[random_below(MEMBERS)]);
		confirmed = expected(e, members, confirmed);
		wrong += e->send_window.confirmed != confirmed;
	}
	tap_is_int(
		wrong, 0, "the counts find what a look at each member finds");
	tap_ok(confirmed > (uint64_t)3 * ACK_SLOTS,
		"the counts went round (at %ju)", (uintmax_t)confirmed);
	for (size_t i = 0; i < MEMBERS; i++) {
		members[i].is_here = false;
		ack_update(e, &members[i]);
	}
	tap_is_int((intmax_t)e->ack_counts.members, 0,
		"when all have left, none is "
		"waited for");
	tap_is_int((intmax_t)e->send_window.confirmed,
		(intmax_t)e->send_window.unsent,
		"when all have left, all that was sent is confirmed");
	for (size_t i = 0; i < ACK_SLOTS; i++)
		wrong += e->ack_counts.waiting[i] != 0;
	tap_is_int(wrong, 0, "when all have left, every count is 0");
	free(members);
	stop(e);
}

/* ---- who is waited for ---- */

static struct member here(struct engine *e, struct instant now)
{
	struct member m = {.is_here = true, .acked_next = 1};

	confirm(e, &m, 1, now);
	return m;
}

static void deadlines(void)
{
	struct engine *e = start();
	struct member m = here(e, at(0));

	tap_ok(instant_is_never(ack_deadline(e, &m)),
		"a member that lacks nothing has no deadline");
	for (int i = 0; i < 100; i++)
		send_one(e, at(10000));
	tap_is_int(ack_deadline(e, &m).ns, at(10000 + ACK_STALL_MS).ns,
		"the deadline counts from when the first packet it lacks was "
		"sent");
	tap_is_int(e->stall_look.ns, ack_deadline(e, &m).ns,
		"then it is looked for");
	e->members.here = MEMBERS_MAX;
	tap_is_int(ack_deadline(e, &m).ns,
		at(10000).ns + ACK_STALL_CONFIRMS * timers_confirm_spread(e).ns,
		"in a crowd the deadline allows for several confirmations");
	tap_is_int(ack_deadline(e, &m).ns, at(19000).ns,
		"in the largest crowd the deadline is 9 s");
	e->members.here = 277;
	tap_is_int(ack_deadline(e, &m).ns, at(10000 + ACK_STALL_MS).ns,
		"277 members are no crowd yet");
	e->members.here = 278;
	tap_ok(instant_before(at(10000 + ACK_STALL_MS), ack_deadline(e, &m)),
		"278 members are a crowd");
	e->members.here = 0;
	confirm(e, &m, 2, at(11000));
	tap_is_int(ack_deadline(e, &m).ns, at(11000 + ACK_STALL_MS).ns,
		"one packet is progress when the deadline began before any was "
		"sent");
	confirm(e, &m, 1 + ACK_FLOOR, at(12000));
	tap_is_int(ack_deadline(e, &m).ns, at(11000 + ACK_STALL_MS).ns,
		"later, less than the floor is no progress");
	confirm(e, &m, 2 + ACK_FLOOR, at(13000));
	tap_is_int(ack_deadline(e, &m).ns, at(13000 + ACK_STALL_MS).ns,
		"as much as the floor is progress");
	confirm(e, &m, 95, at(14000));
	confirm(e, &m, 100, at(18000));
	tap_is_int(ack_deadline(e, &m).ns, at(14000 + ACK_STALL_MS).ns,
		"some of the last few packets are no progress");
	confirm(e, &m, 101, at(18500));
	tap_ok(instant_is_never(ack_deadline(e, &m)),
		"all of the last few packets end the deadline");
	stop(e);
}

static void let_go(void)
{
	struct engine *e = start();
	struct member m = here(e, at(0));

	for (int i = 0; i < 200; i++)
		send_one(e, at(0));
	ack_stall(e, &m, at(5000));
	tap_ok(m.is_stalled && instant_is_never(ack_deadline(e, &m)),
		"a stalled member is not waited for");
	tap_is_int((intmax_t)e->send_window.confirmed,
		(intmax_t)e->send_window.unsent,
		"a stalled member does not hold up the window");
	confirm(e, &m, 2, at(6000));
	tap_ok(!m.is_stalled, "after the first stall any progress ends it");
	ack_stall(e, &m, at(11000));
	confirm(e, &m, 3, at(12000));
	tap_ok(m.is_stalled,
		"after the second stall a little progress does not end it");
	confirm(e, &m, 3 + ACK_FLOOR, at(15000));
	tap_ok(!m.is_stalled, "after the second stall fast progress ends it");
	ack_stall(e, &m, at(20000));
	confirm(e, &m, 4 + 2 * ACK_FLOOR, at(26000));
	tap_ok(m.is_stalled,
		"as much progress in a longer time does not end it");
	confirm(e, &m, e->send_window.unsent, at(40000));
	tap_ok(!m.is_stalled, "a member that has caught up is not stalled");
	for (int i = 0; i < 20; i++)
		send_one(e, at(41000));
	ack_stall(e, &m, at(46000 + ACK_FORGIVE_MS));
	confirm(e, &m, m.acked_next + 1, at(47000 + ACK_FORGIVE_MS));
	tap_ok(!m.is_stalled, "a minute later a stall counts as the first");
	stop(e);
}

/* What is confirmed stays confirmed, whoever joins later. */
static void late_comer(void)
{
	struct engine *e = start();
	struct member one = here(e, at(0));
	struct member two;

	for (int i = 0; i < 10; i++)
		send_one(e, at(0));
	confirm(e, &one, 11, at(1));
	two = here(e, at(2));
	tap_is_int((intmax_t)e->send_window.confirmed, 11,
		"a late comer takes back no confirmation");
	send_one(e, at(3));
	confirm(e, &one, 12, at(4));
	tap_is_int((intmax_t)e->send_window.confirmed, 11,
		"a late comer is waited for");
	confirm(e, &two, 12, at(5));
	tap_is_int((intmax_t)e->send_window.confirmed, 12,
		"once the late comer confirms, the packet is confirmed");
	tap_ok(instant_is_never(e->heartbeat_at),
		"when all is confirmed there is no heartbeat");
	stop(e);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_restart();
	against_model();
	deadlines();
	let_go();
	late_comer();
	return tap_done();
}
