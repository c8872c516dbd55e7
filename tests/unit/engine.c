/* SPDX-License-Identifier: ISC */
/* Engines that talk: each message is heard, in order and once, whatever packets
 * are lost. */
#include "mchat/protocol/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engines.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/event.h"

static void confirms(void)
{
	struct engines *engines = engines_open(3);
	struct engine *engine = engines->nodes[0].engine;

	tap_ok(engine_is_confirmed(engine),
		"when nothing was said all is confirmed");
	engines_say(engines, 0);
	tap_ok(!engine_is_confirmed(engine),
		"a message that was said, but not sent, is not confirmed");
	engines_drain(engines, 0);
	tap_ok(!engine_is_confirmed(engine),
		"a message that was just sent is not confirmed");
	engines_run(engines, 100);
	tap_ok(engine_is_confirmed(engine),
		"100 ms later a message is confirmed");
	engines_has_all(engines, 1, 1, "one message");
	tap_is_string(engines_seen(engines, 1)->nick, "ann",
		"the message is under its author's nick");
	tap_is_int((intmax_t)engines_seen(engines, 0)->messages, 0,
		"an author does not hear itself");
	engines->loses = engines_lose_data_to_last;
	engines_say_now(engines, 0);
	engines_run(engines, 1000);
	tap_ok(!engine_is_confirmed(engine),
		"a message that one member lacks is not confirmed");
	engines->loses = NULL;
	engines_run(engines, 2000);
	tap_ok(engine_is_confirmed(engine),
		"a message is confirmed when the last member has it");
	engines_has_all(
		engines, 2, 2, "the member that lacked a message gets it");
	engines_close(engines);
}

/* A bulk transfer: confirmations come while it lasts, and are few beside it. */
static void confirms_soon(void)
{
	struct engines *engines = engines_open(3);
	struct engine *engine = engines->nodes[0].engine;
	uint64_t before = engines->packets;
	uint64_t all;

	while (engines->nodes[0].said < 20000)
		engines_say(engines, 0);
	engines_drain(engines, 0);
	tap_ok(engines->packets - before >= 10, "ten packets leave at once");
	/* The round trip, and the spread of two members' confirmations. */
	engines_run(engines, 6);
	tap_ok(engine_confirmed(engine) > 0,
		"6 ms later %ju packets are confirmed",
		(uintmax_t)engine_confirmed(engine));
	engines_run(engines, 100);
	all = engines->packets - before;
	tap_ok(engine_is_confirmed(engine),
		"a bulk transfer: all is confirmed");
	tap_ok(all < engine_confirmed(engine) * 3 / 2,
		"%ju packets in all, %ju of them with messages", (uintmax_t)all,
		(uintmax_t)engine_confirmed(engine));
	engines_close(engines);
}

/* A file piped in, as far as the window lets it, at some loss. */
static void pipes(size_t loss, size_t messages)
{
	struct engines *engines = engines_open(3);
	unsigned full = 0;

	engines->loses = engines_lose_share;
	engines->loss = loss;
	while (engines->nodes[0].said < messages && full < 200000) {
		if (engines_say(engines, 0) == ENGINE_SAID)
			continue;
		full++;
		engines_drain(engines, 0);
		engines_run(engines, 1);
	}
	engines_drain(engines, 0);
	for (int i = 0; i < 60; i++)
		if (!engine_is_confirmed(engines->nodes[0].engine))
			engines_run(engines, 1000);
	tap_ok(full > 0 && full < 200000,
		"%zu %% loss: the window was full %u times", loss, full);
	tap_ok(engine_is_confirmed(engines->nodes[0].engine),
		"%zu %% loss: all is confirmed", loss);
	tap_note("%.1f s, %ju packets", (double)engines->now.ns / 1e9 - 4,
		(uintmax_t)engines->packets);
	engines_has_all(engines, 1, messages, "a file piped in reaches node 1");
	engines_has_all(engines, 2, messages, "a file piped in reaches node 2");
	tap_is_int(engines_seen(engines, 1)->leaves, 0,
		"nobody left during the transfer");
	engines_close(engines);
}

static void does_not_drain(void)
{
	struct engines *engines = engines_open(1);
	uint64_t said = 0;

	while (said < 10000000 && engines_say(engines, 0) == ENGINE_SAID)
		said++;
	tap_ok(said < 10000000, "said, never sent: full after %ju",
		(uintmax_t)said);
	tap_ok(engines_counts(engines, 0).memory < (size_t)8 * 1024 * 1024,
		"said, never sent: %zu bytes are held",
		engines_counts(engines, 0).memory);
	engines_close(engines);
}

static void nicks(void)
{
	struct engines *engines = engines_open(2);

	engine_set_nick(engines->nodes[1].engine, "bea");
	engines_drain(engines, 1);
	engines_run(engines, 100);
	tap_is_int(engines_seen(engines, 0)->nicks, 1, "a new nick is told");
	tap_is_string(engines_seen(engines, 0)->nick, "bea",
		"the member goes by the new nick");
	engine_set_nick(engines->nodes[1].engine, "bea");
	engines_drain(engines, 1);
	engines_run(engines, 10000);
	tap_is_int(engines_seen(engines, 0)->nicks, 1,
		"the same nick again is no change");
	engines_say(engines, 1);
	engine_set_nick(engines->nodes[1].engine,
		"a nick of more bytes than the thirty-two that one has");
	engines_say_now(engines, 1);
	engines_run(engines, 100);
	tap_is_string(engines_seen(engines, 0)->text, "2 of 1",
		"the message said after the change is the last");
	tap_is_string(engines_seen(engines, 0)->nick,
		"a nick of more bytes than the th",
		"a message is under its author's nick of then, cut to 32 "
		"bytes");
	engines_close(engines);
}

static void rooms(void)
{
	struct engines *engines = engines_open(1);
	struct engine_config other = engines_config(1);

	other.room = ENGINES_ROOM + 1;
	engines_join_as(engines, 1, &other);
	engines_run(engines, 5000);
	engines_say_now(engines, 1);
	engines_say_now(engines, 0);
	engines_run(engines, 5000);
	tap_ok(engines_seen(engines, 0)->joins == 0 &&
			engines_seen(engines, 1)->joins == 0,
		"members of another room are not seen");
	tap_ok(engines_seen(engines, 0)->messages +
				engines_seen(engines, 1)->messages ==
			0,
		"messages of another room are not heard");
	engines_close(engines);
}

static void echo(void)
{
	struct engines *engines = engines_open(1);
	struct engine *engine = engines->nodes[0].engine;
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size;

	engines_say(engines, 0);
	while ((size = engine_next_packet(engine, packet, engines->now)) > 0)
		tap_is_int(
			engine_receive(engine, packet, size, 1, engines->now),
			WIRE_OK, "our own packet that comes back is accepted");
	engines_drain(engines, 0);
	tap_ok(engines_seen(engines, 0)->messages == 0 &&
			engines_seen(engines, 0)->joins == 0,
		"our own packet that comes back makes no event");
	tap_is_int((intmax_t)engines_counts(engines, 0).data_received, 0,
		"our own packet that comes back is not counted");
	engines_close(engines);
}

/* Each survivor gets another half of what an author says that then dies. */
static bool loses_halves(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)size;
	/* The last byte of the sequence number of DATA. */
	return from == 0 && engines_is_data(packet) &&
	       engines_number(packet) % 2 == to % 2;
}

static void author_dies(void)
{
	struct engines *engines = engines_open(3);

	engines->loses = loses_halves;
	for (int i = 0; i < 40; i++)
		engines_say_now(engines, 0);
	engines_die(engines, 0);
	engines_run(engines, 1);
	engines->loses = NULL;
	engines_run(engines, 5000);
	engines_has_all(engines, 1, 40, "a dead author's messages at node 1");
	engines_has_all(engines, 2, 40, "a dead author's messages at node 2");
	engines_run(engines, 60000);
	tap_is_int(engines_seen(engines, 1)->leaves, 1,
		"node 1 is told that the dead author left");
	tap_is_int(engines_seen(engines, 2)->leaves, 1,
		"node 2 is told that the dead author left");
	engines_close(engines);
}

/* Packets that nobody holds, in several gaps, are told as lost in bounded time.
 */
static bool loses_some(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)size, (void)to;
	return from == 0 && engines_is_data(packet) &&
	       engines_number(packet) % 4 == 0;
}

static void nobody_holds(void)
{
	struct engines *engines = engines_open(3);

	engines->loses = loses_some;
	for (int i = 0; i < 41; i++)
		engines_say_now(engines, 0);
	engines_run(engines, 1);
	engines_die(engines, 0);
	engines->loses = NULL;
	engines_run(engines, 70000);
	tap_is_int((intmax_t)engines_seen(engines, 1)->lost, 10,
		"70 s later each message that nobody holds is told as lost");
	tap_is_int((intmax_t)engines_seen(engines, 1)->messages, 31,
		"each message that somebody holds comes");
	tap_ok(engines_seen(engines, 1)->is_ordered,
		"messages of a dead author come in order");
	tap_is_int(engines_seen(engines, 1)->leaves, 1,
		"the dead author is told to have left");
	engines_close(engines);
}

/* What is lost after a long silence is repaired all the same. */
static void loss_after_silence(void)
{
	struct engines *engines = engines_open(2);

	for (int round = 0; round < 10; round++) {
		engines_run(engines, 40000);
		engines->loses = engines_lose_data;
		engines_say_now(engines, 0);
		engines_run(engines, 1);
		engines->loses = NULL;
		engines_say_now(engines, 0);
		engines_run(engines, 3000);
	}
	engines_has_all(engines, 1, 20, "messages lost after a silence come");
	engines_close(engines);
}

/* Only the last packet is lost: its author soon tells that it was sent. */
static void last_is_lost(void)
{
	struct engines *engines = engines_open(2);

	engines_run(engines, 40000);
	engines->loses = engines_lose_data;
	engines_say_now(engines, 0);
	engines_run(engines, 1);
	engines->loses = NULL;
	engines_run(engines, 100);
	engines_has_all(
		engines, 1, 1, "a last line, lost, comes within 100 ms");
	engines_close(engines);
}

/* Two halves of a group, each of which hears only itself, talk on. */
static bool loses_between(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)packet, (void)size;
	return from / 2 != to / 2;
}

static void partition(void)
{
	struct engines *engines = engines_open(4);

	engines->loses = loses_between;
	for (int i = 0; i < 50; i++) {
		for (size_t n = 0; n < ENGINES_MAX; n++)
			engines_say_now(engines, n);
		engines_run(engines, 100);
	}
	engines->loses = NULL;
	engines_run(engines, 20000);
	for (size_t n = 0; n < ENGINES_MAX; n++) {
		const struct seen *seen = engines_seen(engines, n);

		tap_ok(seen->messages == 150 && seen->lost == 0,
			"after a partition: %ju of 150 messages, %ju lost",
			(uintmax_t)seen->messages, (uintmax_t)seen->lost);
	}
	engines_close(engines);
}

/* A member that is on the network again greets, and need not wait for what is
 * due some time later. */
static void greets(void)
{
	struct engines *engines = engines_open(2);

	engines->loses = engines_lose_all;
	engines_say_now(engines, 0);
	engines_say_now(engines, 1);
	engines_run(engines, 4000);
	engines->loses = NULL;
	engine_greet(engines->nodes[0].engine, engines->now);
	engines_run(engines, 100);
	tap_is_int((intmax_t)engines_seen(engines, 1)->messages, 1,
		"a member that greets is asked at once for what others miss");
	tap_is_int((intmax_t)engines_seen(engines, 0)->messages, 1,
		"a member that greets is told at once what it misses");
	engines_close(engines);
}

/* The largest packet of node 0 while it says something long. */
static size_t largest(struct engines *engines)
{
	static char text[4000];
	uint8_t packet[WIRE_PACKET_MAX];
	struct engine *engine = engines->nodes[0].engine;
	size_t most = 0;
	size_t size;

	tap_is_int(engine_say(engine, false, text, sizeof(text),
			   (struct wall_time){1}, engines->now),
		ENGINE_SAID, "a long message is said");
	engines->now = instant_after(engines->now, duration_ms(1000));
	while ((size = engine_next_packet(engine, packet, engines->now)) > 0)
		most = size > most ? size : most;
	return most;
}

static void packet_sizes(void)
{
	struct engines *engines = engines_open(1);
	struct engine *engine = engines->nodes[0].engine;
	size_t most = largest(engines);

	tap_ok(most > 1100 && most <= 1200,
		"packets are as large as configured: %zu", most);
	engine_set_packet_size(engine, 700, 0, engines->now);
	most = largest(engines);
	tap_ok(most > 600 && most <= 700,
		"packets are smaller when set so: %zu", most);
	engine_set_packet_size(engine, 100, 0, engines->now);
	most = largest(engines);
	tap_ok(most > 400 && most <= ENGINE_PACKET_MIN,
		"packets are never too small for the protocol: %zu", most);
	engine_set_packet_size(engine, WIRE_USUAL_MAX, 0, engines->now);
	most = largest(engines);
	tap_ok(most > 1400, "packets are large again when set so: %zu", most);
	engines_close(engines);
}

/* How much is confirmed, by how many, while one member lacks something. */
static void progress(void)
{
	struct engines *engines = engines_open(3);
	struct engine *engine = engines->nodes[0].engine;

	tap_is_int((intmax_t)engine_said_last(engine), 0,
		"before anything is said the last packet is 0");
	tap_is_int((intmax_t)engine_confirmer_count(engine), 2,
		"before anything is said both others have confirmed all");
	engines_say(engines, 0);
	engines_say(engines, 0);
	tap_is_int((intmax_t)engine_said_last(engine), 1,
		"two short messages are one packet");
	tap_is_int((intmax_t)engine_confirmed(engine), 0,
		"a packet that was not sent is not confirmed");
	tap_is_int((intmax_t)engine_confirmer_count(engine), 0,
		"a packet that was not sent is confirmed by nobody");
	engines_drain(engines, 0);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engine_confirmed(engine), 1,
		"the first packet is confirmed");
	engines->loses = engines_lose_data_to_last;
	engines_say_now(engines, 0);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engine_said_last(engine), 2,
		"the next message is another packet");
	tap_is_int((intmax_t)engine_confirmed(engine), 1,
		"a packet that one member lacks is not confirmed");
	tap_is_int((intmax_t)engine_confirmer_count(engine), 1,
		"a packet that one of two lacks is confirmed by the other");
	engine_leave(engines->nodes[1].engine, engines->now);
	engines_drain(engines, 1);
	engines_join(engines, 3);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engine_confirmer_count(engine), 1,
		"a member that left still counts, one that came later does "
		"not");
	engines->loses = NULL;
	engines_run(engines, 3000);
	tap_is_int((intmax_t)engine_confirmer_count(engine), 2,
		"when repaired, the packet is confirmed by two");
	tap_is_int((intmax_t)engine_confirmed(engine), 2,
		"when repaired, the packet is confirmed");
	engines_close(engines);
}

static void says_why(void)
{
	struct engines *engines = engines_open(3);
	unsigned(*sent_for)[ENGINE_PRESENCE + 1] = engines->sent_for;
	struct engine_reason reason;

	tap_ok(sent_for[0][ENGINE_HELLO] > 1 && sent_for[0][ENGINE_HELLO] < 8,
		"a newcomer says a few hellos");
	tap_ok(sent_for[0][ENGINE_ANSWER] > 0, "answers to others' hellos");
	engines->loses = engines_lose_data_to_last;
	engines_say_now(engines, 0);
	engines_run(engines, 10);
	tap_is_int(sent_for[0][ENGINE_FIRST], 1, "one packet leaves first");
	tap_ok(sent_for[0][ENGINE_REPAIR] > 0 &&
			sent_for[2][ENGINE_NACK] == 0 &&
			engines->reasons[ENGINE_REPAIR].requests == 0,
		"a lone packet is sent again before anybody asks");
	engines_run(engines, 200);
	tap_ok(sent_for[1][ENGINE_ANSWER] + sent_for[1][ENGINE_CONFIRM] > 0,
		"the member that has the packet confirms");
	tap_ok(sent_for[2][ENGINE_NACK] > 0,
		"the member that lacks the packet asks");
	tap_ok(sent_for[0][ENGINE_REPAIR] > 0, "the author repairs the packet");
	engines_die(engines, 0);
	engines_run(engines, 1500);
	tap_ok(sent_for[1][ENGINE_REPAIR_FOR] > 0,
		"when the author is dead, another member repairs");
	reason = engines->reasons[ENGINE_REPAIR_FOR];
	tap_ok(reason.origin == 100 && reason.requester == 102 &&
			reason.requests == 1,
		"the repair names the author and the one that asked");
	engines_die(engines, 1);
	engines_run(engines, 1500);
	reason = engines->reasons[ENGINE_NACK];
	tap_ok(reason.origin == 100 && reason.origins == 1 &&
			reason.packets == 1,
		"a NACK tells that one packet of one author is asked for");
	engine_set_nick(engines->nodes[2].engine, "zoe");
	engines_drain(engines, 2);
	engines_run(engines, 10);
	tap_is_int(sent_for[2][ENGINE_NICK], 1, "a new nick is sent once");
	engines_run(engines, 10000);
	tap_ok(sent_for[2][ENGINE_PRESENCE] > 0,
		"after a while presence is sent");
	engine_leave(engines->nodes[2].engine, engines->now);
	engines_drain(engines, 2);
	tap_ok(sent_for[2][ENGINE_BYE] > 0, "a member that leaves says bye");
	engines_close(engines);
}

/* A packet that nobody answers is sent again at first; later only heartbeats
 * tell of it. */
static void beats(void)
{
	struct engines *engines = engines_open(2);
	unsigned(*sent_for)[ENGINE_PRESENCE + 1] = engines->sent_for;

	engines->loses = engines_lose_all;
	engines_say_now(engines, 0);
	engines_run(engines, 30);
	tap_ok(sent_for[0][ENGINE_REPAIR] > 0 &&
			sent_for[0][ENGINE_HEARTBEAT] == 0,
		"nobody answers: the packet is sent again");
	engines_run(engines, 300);
	tap_ok(sent_for[0][ENGINE_HEARTBEAT] > 0,
		"nobody answers: heartbeats tell of the packet");
	tap_ok(sent_for[0][ENGINE_REPAIR] < 6,
		"nobody answers: the packet is not sent for ever");
	engines_close(engines);
}

/* As long as the author is heard, others leave repairs to it. */
/* Of twenty members it is not known that they hear ann, for their STATEs were
 * lost: when she says no more, she asks them until each has confirmed. */
static void asks_the_unheard(void)
{
	struct engines *engines = engines_open(2);
	struct engine *e = engines->nodes[0].engine;
	struct wire_report report = {.origin = 100};
	struct forged forged;
	unsigned beats;

	for (uint64_t i = 0; i < 20; i++) {
		engines_forge_state(&forged, 5000 + i, 1, 1, 0);
		engines_receive(engines, 0, &forged);
	}
	engines_say_packets(engines, 0, 30, 10);
	engines_run(engines, 3000);
	tap_ok(send_window_is_confirmed(&e->send_window) &&
			!engine_is_confirmed(e),
		"who is known to hear has confirmed");
	engine_finish(e, engines->now);
	beats = engines->sent_for[0][ENGINE_HEARTBEAT];
	engines_run(engines, 3000);
	tap_ok(engines->sent_for[0][ENGINE_HEARTBEAT] > beats + 3,
		"the others are asked");
	report.next = e->send_window.unsent;
	report.known = report.next - 1;
	for (uint64_t i = 0; i < 20; i++) {
		engines_forge_state(&forged, 5000 + i, 2, 1, 0);
		forged_report(&forged, &report);
		engines_receive(engines, 0, &forged);
	}
	beats = engines->sent_for[0][ENGINE_HEARTBEAT];
	engines_run(engines, 3000);
	tap_ok(engine_is_confirmed(e) &&
			engines->sent_for[0][ENGINE_HEARTBEAT] == beats,
		"until they have confirmed");
	engines_close(engines);
}

/* Twenty members do not confirm what ann said until she can say no more: they
 * are asked soon, and not when all should have confirmed it by themselves. */
static void asks_when_full(void)
{
	static const char text[1400];
	struct engines *engines = engines_open(1);
	struct engine *e = engines->nodes[0].engine;
	struct wire_report report = {.origin = 100, .next = 1};
	struct forged forged;
	unsigned beats;

	for (uint64_t i = 0; i < 20; i++) {
		engines_forge_state(&forged, 5000 + i, 1, 1, 0);
		forged_report(&forged, &report);
		engines_receive(engines, 0, &forged);
	}
	for (int ms = 0; ms < 5000 && !send_window_is_full(&e->send_window);
		ms++) {
		e->congestion.rate = 5e6;
		while (engine_say(e, false, text, sizeof(text),
			       (struct wall_time){1},
			       engines->now) == ENGINE_SAID)
			continue;
		engines_run(engines, 1);
	}
	while (send_window_has_unsent(&e->send_window))
		engines_run(engines, 1);
	beats = engines->sent_for[0][ENGINE_HEARTBEAT];
	engines_run(engines, 30);
	tap_ok(engines->sent_for[0][ENGINE_HEARTBEAT] >= beats + 3,
		"who holds up all is asked at once: %u times in 30 ms",
		engines->sent_for[0][ENGINE_HEARTBEAT] - beats);
	engines_close(engines);
}

static void left_to_author(void)
{
	struct engines *engines = engines_open(4);

	engines->loses = engines_lose_share;
	engines->loss = 20;
	for (int i = 0; i < 500; i++) {
		engines_say_now(engines, 0);
		engines_run(engines, 10);
	}
	engines_run(engines, 1000);
	engines_has_all(engines, 1, 500, "20 % loss: messages at node 1");
	tap_ok(engines->sent_for[0][ENGINE_REPAIR] > 100,
		"the author repaired %u", engines->sent_for[0][ENGINE_REPAIR]);
	tap_ok(engines->sent_for[1][ENGINE_REPAIR_FOR] +
				engines->sent_for[2][ENGINE_REPAIR_FOR] +
				engines->sent_for[3][ENGINE_REPAIR_FOR] <=
			5,
		"others repaired hardly anything: %u",
		engines->sent_for[1][ENGINE_REPAIR_FOR] +
			engines->sent_for[2][ENGINE_REPAIR_FOR] +
			engines->sent_for[3][ENGINE_REPAIR_FOR]);
	engines_close(engines);
}

/* How many packets of ours were sent, to compare with what members receive:
 * each repair counts once, though we hear it ourselves, and so does one that
 * another member sends. */
static void counts_own_packets(void)
{
	struct engines *engines = engines_open(3);
	struct engine *engine = engines->nodes[0].engine;
	struct engine_counts counts;
	struct forged repair;
	unsigned others;
	uint64_t sent;

	engines->has_echo = true;
	engines->loses = engines_lose_share;
	engines->loss = 20;
	engines_say_packets(engines, 0, 500, 1);
	engines_run(engines, 3000);
	counts = engines_counts(engines, 0);
	others = engines->sent_for[1][ENGINE_CODE_FOR] +
		 engines->sent_for[2][ENGINE_CODE_FOR];
	tap_ok(counts.data_sent == 500 && counts.repairs_sent > 100,
		"500 packets and %ju repairs", (uintmax_t)counts.repairs_sent);
	sent = counts.data_sent + counts.repairs_sent + counts.coded_sent;
	/* Of what the others sent in our place some was lost on the way. */
	tap_ok(engine->own_sent >= sent && engine->own_sent <= sent + others,
		"each packet and each repair counts once: %u, %ju of them ours",
		engine->own_sent, (uintmax_t)sent);
	sent = engine->own_sent;
	engines_forge_data(&repair, 100, 7);
	wire_mark_repair(repair.bytes);
	engines_receive(engines, 0, &repair);
	tap_is_int(engine_packet_took(engine), ENGINE_DISPOSITION_ECHO,
		"a repair of our packet by another is our own packet");
	tap_is_int((intmax_t)engine->own_sent, (intmax_t)sent + 1,
		"a repair of our packet by another counts");
	engines_forge_data(&repair, 101, 7);
	wire_mark_repair(repair.bytes);
	engines_receive(engines, 0, &repair);
	tap_is_int((intmax_t)engine->own_sent, (intmax_t)sent + 1,
		"a repair of another's packet does not count");
	engines_close(engines);
}

static void says_what(void)
{
	struct engines *engines = engines_open(3);
	struct engine *engine = engines->nodes[2].engine;
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size;

	tap_ok(engines->took[ENGINE_DISPOSITION_STATE] > 0,
		"STATEs are taken as such");
	engines_say_now(engines, 0);
	engines_run(engines, 100);
	tap_is_int(engines->took[ENGINE_DISPOSITION_NEW], 2,
		"a packet is new to both others");
	tap_is_int(engines->took[ENGINE_DISPOSITION_REPAIR], 0,
		"without loss there is no repair");
	engines->loses = engines_lose_data_to_last;
	engines_say_now(engines, 0);
	engines_run(engines, 1);
	engines->loses = NULL;
	engines_run(engines, 1000);
	tap_is_int(engines->took[ENGINE_DISPOSITION_REPAIR], 1,
		"the member that lacked the packet takes the repair");
	tap_is_int(engines->took[ENGINE_DISPOSITION_DOUBLE], 1,
		"a member that had the packet takes the repair as a double");
	engines_say(engines, 2);
	size = engine_next_packet(engine, packet, engines->now);
	engine_receive(engine, packet, size, 1, engines->now);
	tap_is_int(engine_packet_took(engine), ENGINE_DISPOSITION_ECHO,
		"our own packet is an echo");
	engine = engines->nodes[1].engine;
	engine_receive(engine, packet, size - 1, 1, engines->now);
	tap_is_int(engine_packet_took(engine), ENGINE_DISPOSITION_NOTHING,
		"a packet that was cut is nothing");
	packet[7]++;
	engine_receive(engine, packet, size, 1, engines->now);
	tap_is_int(engine_packet_took(engine), ENGINE_DISPOSITION_OTHER_ROOM,
		"a packet of another room is told as such");
	engines_run(engines, 3000);
	engine_set_nick(engine, "zoe");
	size = engine_next_packet(engine, packet, engines->now);
	engine = engines->nodes[0].engine;
	engine_receive(engine, packet, size, 1, engines->now);
	tap_is_int(engine_packet_took(engine), ENGINE_DISPOSITION_STATE,
		"a new STATE is told as such");
	engine_receive(engine, packet, size, 1, engines->now);
	tap_is_int(engine_packet_took(engine), ENGINE_DISPOSITION_OLD_STATE,
		"the same STATE again is an old one");
	engines_close(engines);
}

/* Readies a reader of the reports of a STATE; false: it is none. */
static bool opens_reports(
	const uint8_t *packet, size_t size, struct reader *out)
{
	struct wire_header header;
	struct wire_state state;

	if (engines_gives_data(packet))
		return false;
	reader_init(out, packet, size);
	if (wire_header_decode(out, &header) != WIRE_OK ||
		wire_state_decode(out, &state) != WIRE_OK)
		abort();
	reader_init(out, state.reports, state.reports_size);
	return true;
}

/* Loses every other packet of DATA, by number, to node 2, and combinations, but
 * not repairs. */
static bool loses_every_other_to_last(struct engines *engines, size_t from,
	size_t to, const uint8_t *packet, size_t size)
{
	struct wire_report report;
	struct reader reader;

	(void)from;
	if (engines_is_data(packet))
		return to == 2 && !(packet[2] & WIRE_REPAIR) &&
		       engines_number(packet) % 2 == 0;
	if (!opens_reports(packet, size, &reader))
		return to == 2;
	while (wire_report_next(&reader, &report))
		if (report.gap_count > engines->reports)
			engines->reports = report.gap_count;
	return false;
}

/* One STATE asks for what is missing in many places, once asking for blocks was
 * in vain. */
static void asks_for_many(void)
{
	struct engines *engines = engines_open(3);

	engines->loses = loses_every_other_to_last;
	while (engines->nodes[0].said < 20000)
		engines_say(engines, 0);
	engines_drain(engines, 0);
	engines_run(engines, 10000);
	tap_ok(engines->reports > 20, "%u gaps in one STATE", engines->reports);
	engines_has_all(
		engines, 2, 20000, "the member that lost every other packet");
	engines_close(engines);
}

/* No STATE names an author twice. */
static bool finds_twice(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	struct wire_report report;
	struct reader reader;
	uint64_t origins[WIRE_REPORTS_MAX];
	size_t count = 0;

	(void)from, (void)to;
	if (!opens_reports(packet, size, &reader))
		return false;
	while (wire_report_next(&reader, &report)) {
		for (size_t i = 0; i < count; i++)
			engines->twice += origins[i] == report.origin;
		origins[count++] = report.origin;
	}
	engines->reports += (unsigned)count;
	return false;
}

static void reports_once(void)
{
	struct engines *engines = engines_open(4);

	engines->loses = finds_twice;
	for (int i = 0; i < 400; i++) {
		engines_say_now(engines, (size_t)i % ENGINES_MAX);
		engines_run(engines, 25);
	}
	tap_ok(engines->reports > 1000 && engines->twice == 0,
		"%u of %u reports are of an author named already",
		engines->twice, engines->reports);
	engines_close(engines);
}

/* Pages that this process has in memory; 0: it cannot be told here. */
static long resident_pages(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	char line[128] = "";
	char *end = line;

	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	strtol(line, &end, 10);
	return strtol(end, NULL, 10);
}

static void hundred_members(void)
{
	struct engine_config config = engines_config(0);
	struct instant now = {NS_PER_S};
	struct engine *engine = engine_new(&config, now);
	struct forged packet;
	long before = resident_pages();
	long more;
	struct event event;

	for (uint64_t round = 1; engine && round <= 10; round++)
		for (uint64_t i = 0; i < 100; i++) {
			engines_forge_state(&packet, 1000 + i, round, 1, 0);
			engine_receive(engine, packet.bytes,
				forged_size(&packet), 1, now);
			while (engine_next_event(engine, &event))
				;
		}
	more = (resident_pages() - before) * sysconf(_SC_PAGESIZE);
	tap_ok(engine && engine_member_count(engine) == 0 && more < 512L * 1024,
		"a hundred members take %ld bytes", more);
	engine_free(engine);
}

/* The same seed, the same packets; another seed, others. */
static uint64_t hash_of_run(uint64_t seed)
{
	struct engines *engines = engines_open(0);
	uint64_t result;

	for (size_t i = 0; i < 3; i++) {
		struct engine_config config = engines_config(i);

		config.seed = seed + i;
		engines_join_as(engines, i, &config);
	}
	engines->loses = engines_lose_share;
	engines->loss = 20;
	for (int i = 0; i < 200; i++) {
		engines_say_now(engines, (size_t)i % 3);
		engines_run(engines, 10);
	}
	engines_run(engines, 5000);
	result = engines->hash;
	engines_close(engines);
	return result;
}

static void determinism(void)
{
	uint64_t first = hash_of_run(1);

	tap_ok(hash_of_run(1) == first, "the same seed makes the same packets");
	tap_ok(hash_of_run(9) != first, "another seed makes other packets");
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	hundred_members();
	confirms();
	confirms_soon();
	progress();
	says_why();
	beats();
	asks_the_unheard();
	asks_when_full();
	left_to_author();
	counts_own_packets();
	says_what();
	nicks();
	rooms();
	echo();
	author_dies();
	last_is_lost();
	loss_after_silence();
	partition();
	greets();
	packet_sizes();
	reports_once();
	determinism();
	does_not_drain();
	asks_for_many();
	pipes(0, 400000);
	pipes(10, 400000);
	pipes(30, 400000);
	nobody_holds();
	return tap_done();
}
