/* SPDX-License-Identifier: ISC */
/* Packets as large as all members take: agreed, smaller at once when one comes
 * that takes less, larger again later. */
#include <stdio.h>
#include <string.h>

#include "ether.h"
#include "tap.h"
#include "mchat/base/cursor.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/event.h"
#include "mchat/protocol/packet_size.h"

#define ANN 0
#define BOB 1
#define CEM 2

struct fixture {
	struct ether ether;
	size_t largest[ETHER_MAX]; /* packet that each sent */
	uint64_t lines[ETHER_MAX]; /* that each was told */
	uint64_t disorder[ETHER_MAX];
	unsigned fragments;
};

static void see_sent(
	struct ether *ether, size_t index, const uint8_t *packet, size_t size)
{
	struct fixture *f = ether->watcher;

	if (size > f->largest[index])
		f->largest[index] = size;
	f->fragments += (packet[1] & 0x0f) == WIRE_FRAGMENT;
}

static void see_event(
	struct ether *ether, size_t index, const struct event *event)
{
	struct fixture *f = ether->watcher;

	if (event->kind != EVENT_MESSAGE)
		return;
	f->disorder[index] += event->message.number != ++f->lines[index];
}

static void fixture_init(struct fixture *f)
{
	*f = (struct fixture){0};
	ether_init(&f->ether);
	f->ether.watcher = f;
	f->ether.sent = see_sent;
	f->ether.happened = see_event;
}

static void join(struct fixture *f, size_t index, size_t largest)
{
	struct engine_config config = ether_config(index);

	config.packet_size = WIRE_USUAL_MAX;
	config.packet_largest = largest;
	config.history = 1000000;
	ether_join(&f->ether, &config, index);
}

static void run_ms(struct fixture *f, int64_t ms)
{
	ether_run(&f->ether, duration_ms(ms));
}

static intmax_t agreed(const struct fixture *f, size_t index)
{
	return (intmax_t)f->ether.engines[index]->packet_size.agreed;
}

/* Says so many lines of 100 bytes, faster than they leave. */
static void say(struct fixture *f, size_t index, unsigned lines)
{
	char text[101];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (unsigned i = 0; i < lines; i++)
		ether_say(&f->ether, index, text);
}

static void be_fast(struct fixture *f, size_t index)
{
	f->ether.engines[index]->congestion.rate = 5e7;
	f->ether.engines[index]->congestion.is_starting = false;
	ether_run(&f->ether, duration_ms(20));
}

static void leave(struct fixture *f, size_t index)
{
	engine_leave(f->ether.engines[index], f->ether.now);
	run_ms(f, 500);
	ether_remove(&f->ether, index);
}

static void test_agreement(void)
{
	struct fixture f;

	fixture_init(&f);
	join(&f, ANN, WIRE_PACKET_MAX);
	run_ms(&f, 3000);
	tap_is_int(agreed(&f, ANN), WIRE_USUAL_MAX, "alone: the usual size");
	join(&f, BOB, 8952);
	run_ms(&f, 500);
	tap_is_int(agreed(&f, ANN), 8952, "with one: what both take");
	tap_is_int(agreed(&f, BOB), 8952, "the other knows it, too");
	join(&f, CEM, 0);
	run_ms(&f, 500);
	tap_is_int(agreed(&f, ANN), WIRE_USUAL_MAX,
		"one that does not say: the usual size");
	leave(&f, CEM);
	run_ms(&f, 2000);
	tap_is_int(agreed(&f, ANN), WIRE_USUAL_MAX,
		"for a while after it left, too");
	run_ms(&f, 20000);
	tap_is_int(agreed(&f, ANN), 8952, "then a larger one again");
	engine_set_packet_size(f.ether.engines[BOB], 1400, 1400, f.ether.now);
	run_ms(&f, 3000);
	tap_is_int(agreed(&f, ANN), WIRE_USUAL_MAX,
		"its interfaces are others: the usual size");
	leave(&f, BOB);
	tap_is_int(agreed(&f, ANN), WIRE_USUAL_MAX, "alone again");
	ether_fini(&f.ether);
}

static void test_bytes(void)
{
	struct fixture f;

	fixture_init(&f);
	join(&f, ANN, WIRE_PACKET_MAX);
	join(&f, BOB, WIRE_PACKET_MAX);
	run_ms(&f, 500);
	say(&f, ANN, 200);
	run_ms(&f, 500);
	tap_ok(f.largest[ANN] <= WIRE_USUAL_MAX,
		"a slow author's packets are of the usual size: %zu",
		f.largest[ANN]);
	be_fast(&f, ANN);
	say(&f, ANN, 1000);
	run_ms(&f, 2000);
	tap_ok(f.largest[ANN] > 8800 && f.largest[ANN] <= WIRE_PACKET_MAX,
		"a fast one's are large: %zu", f.largest[ANN]);
	tap_is_int((intmax_t)f.lines[BOB], 1200, "all lines came");
	tap_is_int((intmax_t)f.disorder[BOB], 0, "in order");
	tap_is_int((intmax_t)f.fragments, 0, "none in fragments");
	/* One that joins late and takes less wants what was said before. */
	join(&f, CEM, 0);
	ether_limit(&f.ether, ANN, CEM, WIRE_USUAL_MAX);
	ether_limit(&f.ether, BOB, CEM, WIRE_USUAL_MAX);
	run_ms(&f, 10000);
	tap_is_int((intmax_t)f.lines[CEM], 1200,
		"one that takes less gets what was said before it came");
	tap_ok(f.fragments > 0, "the large ones in fragments");
	f.largest[ANN] = 0;
	be_fast(&f, ANN);
	say(&f, ANN, 1000);
	run_ms(&f, 5000);
	tap_ok(f.largest[ANN] <= WIRE_USUAL_MAX, "what is new is small: %zu",
		f.largest[ANN]);
	tap_is_int((intmax_t)f.lines[CEM], 2200, "and comes");
	tap_is_int((intmax_t)(f.disorder[BOB] + f.disorder[CEM]), 0,
		"all in order");
	ether_fini(&f.ether);
}

/* Something on the way drops what both ends say they take. */
static void test_hole(void)
{
	struct fixture f;

	fixture_init(&f);
	join(&f, ANN, WIRE_PACKET_MAX);
	join(&f, BOB, WIRE_PACKET_MAX);
	join(&f, CEM, WIRE_PACKET_MAX);
	ether_limit(&f.ether, ANN, CEM, WIRE_USUAL_MAX);
	ether_limit(&f.ether, BOB, CEM, WIRE_USUAL_MAX);
	run_ms(&f, 500);
	be_fast(&f, ANN);
	say(&f, ANN, 2000);
	run_ms(&f, 50);
	tap_is_int(agreed(&f, ANN), WIRE_USUAL_MAX,
		"when one repair does not come through: the usual size");
	run_ms(&f, 20000);
	tap_is_int((intmax_t)f.lines[CEM], 2000, "all came");
	tap_is_int((intmax_t)f.disorder[CEM], 0, "in order");
	tap_is_int((intmax_t)engine_packet_size(f.ether.engines[ANN]),
		WIRE_USUAL_MAX, "no smaller one");
	run_ms(&f, 30000);
	tap_is_int(agreed(&f, ANN), WIRE_USUAL_MAX, "and it stays so");
	leave(&f, CEM);
	run_ms(&f, 30000);
	tap_is_int(agreed(&f, ANN), WIRE_PACKET_MAX, "until that member left");
	ether_fini(&f.ether);
}

int main(void)
{
	test_agreement();
	test_bytes();
	test_hole();
	return tap_done();
}
