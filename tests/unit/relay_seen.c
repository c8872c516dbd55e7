/* SPDX-License-Identifier: ISC */
/* What a member that passes packets on lets pass, and by which way. */
#include "mchat/relay/relay_seen.h"

#include <stdlib.h>
#include <string.h>

#include "forged.h"
#include "tap.h"

#define US    UINT64_C(1)
#define ALICE UINT64_C(0xa11ce)
#define BOB   UINT64_C(0xb0b)

#define FIRST  RELAY_PEER(0)
#define SECOND RELAY_PEER(1)

struct fixture {
	struct relay_seen *seen;
	struct instant now;
	struct forged packet;
};

static void fixture_init(struct fixture *f)
{
	f->seen = relay_seen_new();
	f->now = (struct instant){NS_PER_S};
	if (!f->seen)
		abort();
}

static void fixture_fini(struct fixture *f)
{
	relay_seen_free(f->seen);
}

static enum relay_verdict take(struct fixture *f, unsigned source)
{
	const struct relay_packet packet = {
		.bytes = f->packet.bytes,
		.size = forged_size(&f->packet),
		.source = source,
	};
	struct relay_author author;

	return relay_seen_take(f->seen, &packet, US, f->now, &author);
}

static enum relay_verdict data(
	struct fixture *f, uint64_t member, uint64_t number, unsigned source)
{
	forged_data(&f->packet, 0, member, number, 1);
	return take(f, source);
}

static enum relay_verdict repair(
	struct fixture *f, uint64_t member, uint64_t number, unsigned source)
{
	forged_data(&f->packet, 0, member, number, 1);
	wire_mark_repair(f->packet.bytes);
	return take(f, source);
}

static enum relay_verdict state(
	struct fixture *f, uint64_t member, uint64_t counter, unsigned source)
{
	const struct wire_state state = {.counter = counter, .first = 1};

	forged_state(&f->packet, 0, member, 0, &state);
	return take(f, source);
}

static void wait(struct fixture *f, int64_t ms)
{
	f->now = instant_after(f->now, duration_ms(ms));
}

static void test_data(void)
{
	struct fixture f;

	fixture_init(&f);
	tap_is_int(data(&f, ALICE, 1, RELAY_LAN), RELAY_PASS, "DATA passes");
	tap_is_int(data(&f, ALICE, 1, RELAY_LAN), RELAY_LEAVE, "once");
	tap_is_int(data(&f, ALICE, 3, RELAY_LAN), RELAY_PASS,
		"the next passes, also with a gap before");
	tap_is_int(data(&f, ALICE, 2, RELAY_LAN), RELAY_PASS,
		"and what was overtaken");
	tap_is_int(data(&f, BOB, 1, RELAY_LAN), RELAY_PASS,
		"another author's packet is another");
	tap_is_int(data(&f, US, 1, FIRST), RELAY_PRUNE,
		"what is ours does not pass, and is not wanted");
	wait(&f, 3600000);
	tap_is_int(data(&f, ALICE, 1, RELAY_LAN), RELAY_LEAVE,
		"not even an hour later");
	tap_is_int(data(&f, ALICE, WIRE_SEQUENCE_MAX, RELAY_LAN), RELAY_PASS,
		"an absurd number passes");
	tap_is_int(data(&f, ALICE, 4, RELAY_LAN), RELAY_PASS,
		"and does not stop those that are older than the window");
	tap_is_int(data(&f, ALICE, 4, RELAY_LAN), RELAY_LEAVE,
		"which pass once, too");
	fixture_fini(&f);
}

static void test_state(void)
{
	struct fixture f;

	fixture_init(&f);
	tap_is_int(state(&f, ALICE, 0, RELAY_LAN), RELAY_PASS,
		"STATE passes, from counter 0 on");
	tap_is_int(state(&f, ALICE, 0, RELAY_LAN), RELAY_LEAVE, "once");
	tap_is_int(state(&f, ALICE, 9, RELAY_LAN), RELAY_PASS,
		"and when its counter grows");
	tap_is_int(state(&f, ALICE, 127, RELAY_LAN), RELAY_PASS,
		"to 127, the last of one byte");
	tap_is_int(state(&f, ALICE, 128, RELAY_LAN), RELAY_PASS,
		"and to 128, the first of two");
	tap_is_int(state(&f, ALICE, 127, RELAY_LAN), RELAY_LEAVE,
		"127 is older than 128");
	tap_is_int(state(&f, ALICE, 8, RELAY_LAN), RELAY_LEAVE,
		"what was overtaken is of no use");
	tap_is_int(state(&f, ALICE, UINT64_MAX, RELAY_LAN), RELAY_PASS,
		"an absurd counter passes");
	tap_is_int(state(&f, ALICE, 10, RELAY_LAN), RELAY_LEAVE,
		"and stops the member's own");
	wait(&f, 30000);
	tap_is_int(state(&f, ALICE, 11, RELAY_LAN), RELAY_PASS,
		"but not for ever");
	fixture_fini(&f);
}

/* How often a repair passes that comes back each `round_ms`, for ten minutes.
 */
static unsigned rounds(int64_t round_ms)
{
	struct fixture f;
	unsigned passes = 0;

	fixture_init(&f);
	for (int64_t at = 0; at < 600000; at += round_ms) {
		if (repair(&f, ALICE, 7, RELAY_LAN) != RELAY_PASS)
			break;
		passes++;
		wait(&f, round_ms);
	}
	fixture_fini(&f);
	return passes;
}

static void test_repairs(void)
{
	struct fixture f;

	fixture_init(&f);
	tap_is_int(data(&f, ALICE, 7, RELAY_LAN), RELAY_PASS, "a packet");
	tap_is_int(repair(&f, ALICE, 7, RELAY_LAN), RELAY_PASS,
		"its repair passes at once");
	tap_is_int(repair(&f, ALICE, 7, FIRST), RELAY_LEAVE,
		"a copy that comes another way does not");
	wait(&f, 100);
	tap_is_int(repair(&f, ALICE, 7, RELAY_LAN), RELAY_PASS,
		"one that is sent again passes again");
	wait(&f, 100);
	tap_is_int(repair(&f, ALICE, 7, RELAY_LAN), RELAY_LEAVE,
		"each time after a longer while");
	wait(&f, 100);
	tap_is_int(repair(&f, ALICE, 7, RELAY_LAN), RELAY_PASS, "which ends");
	fixture_fini(&f);
	tap_is_int(rounds(1), 1, "a repair that goes in circles passes once");
	tap_is_int(rounds(200), 3, "on a slow ring it comes to rest, too");
	tap_is_int(rounds(5000), 8, "even on one slower than any");
}

static void test_kinds(void)
{
	struct fixture f;

	fixture_init(&f);
	forged_data(&f.packet, 0, ALICE, 1, 1);
	f.packet.bytes[1] = WIRE_VERSION << 4 | WIRE_FRAGMENT;
	tap_is_int(take(&f, RELAY_LAN), RELAY_PASS, "a FRAGMENT passes");
	tap_is_int(take(&f, FIRST), RELAY_LEAVE, "once");
	f.packet.bytes[25] ^= 1;
	tap_is_int(take(&f, RELAY_LAN), RELAY_PASS, "another part passes");
	wait(&f, 100);
	tap_is_int(
		take(&f, RELAY_LAN), RELAY_PASS, "and again as a repair does");
	f.packet.bytes[1] = WIRE_VERSION << 4 | 15;
	tap_is_int(take(&f, RELAY_LAN), RELAY_PASS,
		"a packet of a later kind passes");
	tap_is_int(take(&f, FIRST), RELAY_LEAVE, "once");
	wait(&f, 2000);
	tap_is_int(take(&f, RELAY_LAN), RELAY_PASS, "in a while");
	f.packet.bytes[20] ^= 1;
	tap_is_int(take(&f, RELAY_LAN), RELAY_PASS,
		"one with other bytes is another");
	for (uint8_t kind = 4; kind <= 8; kind++) {
		f.packet.bytes[1] = (uint8_t)(WIRE_VERSION << 4 | kind);
		tap_ok(take(&f, RELAY_LAN) == RELAY_LEAVE,
			"kind %u stays on its link", (unsigned)kind);
	}
	fixture_fini(&f);
}

/* A combination with this index and contents, of block 1 to `last`. */
static enum relay_verdict code(struct fixture *f, uint8_t index, uint64_t last,
	uint8_t byte, unsigned source)
{
	forged_code(&f->packet, 0, ALICE, index, last, byte);
	return take(f, source);
}

static void test_codes(void)
{
	struct fixture f;

	fixture_init(&f);
	(void)data(&f, ALICE, 64, FIRST);
	tap_is_int(code(&f, 0, 64, 1, RELAY_LAN), RELAY_PASS, "a CODE passes");
	tap_is_int(code(&f, 0, 64, 1, FIRST), RELAY_LEAVE,
		"once, whichever way it comes");
	tap_is_int(relay_seen_source(f.seen, ALICE), FIRST,
		"and does not change where its author comes from");
	tap_is_int(code(&f, 1, 64, 1, FIRST), RELAY_PASS,
		"another combination of the block passes");
	tap_is_int(code(&f, 0, 128, 1, FIRST), RELAY_PASS,
		"and the same of another block");
	tap_is_int(code(&f, 0, 64, 2, FIRST), RELAY_PASS,
		"a forged one does not stand in the way of the right one");
	wait(&f, 100);
	tap_is_int(code(&f, 0, 64, 1, RELAY_LAN), RELAY_PASS,
		"one that is made again passes again, as a repair does");
	relay_seen_note_prune(f.seen, ALICE, FIRST, f.now);
	tap_ok(!relay_seen_is_pruned(f.seen, f.packet.bytes,
		       forged_size(&f.packet), FIRST, f.now),
		"whoever wants no first-time packets is sent it");
	fixture_fini(&f);
}

/* SECOND was asked just now to leave out ALICE, who comes by FIRST. */
static void test_renewal(struct fixture *f)
{
	const struct relay_packet packet = {.source = FIRST};
	const struct relay_packet other = {.source = SECOND};

	tap_is_int(relay_seen_renew(f->seen, &packet, ALICE, f->now), RELAY_LAN,
		"who was just asked is not asked anew");
	wait(f, RELAY_PRUNE_MS * 3 / 4);
	tap_is_int(relay_seen_renew(f->seen, &other, ALICE, f->now), RELAY_LAN,
		"nor while packets come another way");
	tap_is_int(relay_seen_renew(f->seen, &packet, ALICE, f->now), SECOND,
		"but while they come by the way that is kept");
	tap_is_int(relay_seen_renew(f->seen, &packet, ALICE, f->now), RELAY_LAN,
		"once");
}

static void test_prune(void)
{
	struct fixture f;

	fixture_init(&f);
	tap_is_int(data(&f, ALICE, 1, FIRST), RELAY_PASS, "first by one peer");
	tap_is_int(relay_seen_source(f.seen, ALICE), FIRST,
		"then that is where the member comes from");
	tap_is_int(data(&f, ALICE, 1, SECOND), RELAY_PRUNE,
		"the peer that is second is asked to spare us this author");
	tap_is_int(state(&f, ALICE, 1, SECOND), RELAY_PASS,
		"what is new passes whoever it comes from");
	tap_is_int(relay_seen_source(f.seen, ALICE), FIRST,
		"but who was asked does not become the source");
	tap_is_int(state(&f, ALICE, 1, FIRST), RELAY_LEAVE,
		"nor is the source ever asked: one way stays open");
	tap_is_int(data(&f, ALICE, 1, SECOND), RELAY_LEAVE,
		"nobody is asked again at once");
	wait(&f, RELAY_PRUNE_MS);
	tap_is_int(data(&f, ALICE, 1, SECOND), RELAY_PRUNE, "but in a while");
	test_renewal(&f);
	wait(&f, RELAY_PRUNE_MS);
	tap_is_int(data(&f, ALICE, 2, SECOND), RELAY_PASS,
		"where the source fails, the other goes on");
	tap_is_int(
		relay_seen_source(f.seen, ALICE), SECOND, "and is the source");
	tap_is_int(data(&f, ALICE, 2, RELAY_LAN), RELAY_LEAVE,
		"the network cannot be asked");
	fixture_fini(&f);
}

static void test_pruned(void)
{
	struct fixture f;
	const void *packet = f.packet.bytes;

	fixture_init(&f);
	(void)data(&f, ALICE, 1, RELAY_LAN);
	relay_seen_note_prune(f.seen, ALICE, FIRST, f.now);
	relay_seen_note_prune(f.seen, BOB, FIRST, f.now);
	tap_ok(relay_seen_is_pruned(f.seen, packet, 48, FIRST, f.now),
		"a peer that asked is sent none of that author");
	tap_ok(!relay_seen_is_pruned(f.seen, packet, 48, SECOND, f.now),
		"others are");
	wire_mark_repair(f.packet.bytes);
	tap_ok(!relay_seen_is_pruned(f.seen, packet, 48, FIRST, f.now),
		"a repair is sent to all");
	forged_data(&f.packet, 0, ALICE, 2, 1);
	wait(&f, RELAY_PRUNE_MS);
	tap_ok(!relay_seen_is_pruned(f.seen, packet, 48, FIRST, f.now),
		"in a while it is sent them again");
	relay_seen_note_prune(f.seen, ALICE, FIRST, f.now);
	relay_seen_forget_peer(f.seen, FIRST);
	tap_ok(!relay_seen_is_pruned(f.seen, packet, 48, FIRST, f.now),
		"another peer in its place did not ask");
	fixture_fini(&f);
}

/* Of two that pass on to one network, the one without rank gives way. */
static void test_two_bridges(void)
{
	struct relay_packet packet = {.source = RELAY_LAN};
	struct relay_author author;
	struct fixture f;

	fixture_init(&f);
	(void)data(&f, ALICE, 1, FIRST);
	packet.bytes = f.packet.bytes;
	packet.size = forged_size(&f.packet);
	tap_is_int(relay_seen_take(f.seen, &packet, US, f.now, &author),
		RELAY_LEAVE, "the one with rank asks nobody");
	tap_is_int(relay_seen_source(f.seen, ALICE), FIRST, "and goes on");
	packet.lan_has_rank = true;
	tap_is_int(relay_seen_take(f.seen, &packet, US, f.now, &author),
		RELAY_PRUNE, "the other asks to be spared");
	tap_is_int(author.asked, FIRST, "its peer, though that was first");
	tap_is_int(relay_seen_source(f.seen, ALICE), RELAY_LAN,
		"and takes the network for the source");
	tap_is_int(data(&f, ALICE, 2, FIRST), RELAY_PASS,
		"what is still on its way passes");
	tap_is_int(relay_seen_source(f.seen, ALICE), RELAY_LAN,
		"but changes nothing");
	tap_is_int(relay_seen_take(f.seen, &packet, US, f.now, &author),
		RELAY_LEAVE, "once is enough");
	fixture_fini(&f);
}

/* A flood of members that do not exist takes places, but no memory, and what is
 * too short or of nobody nothing at all. */
static void test_hostile(void)
{
	struct fixture f;

	fixture_init(&f);
	for (uint64_t id = 2; id < 20000; id++)
		(void)data(&f, id << 20, 1, FIRST);
	tap_is_int(data(&f, ALICE, 1, RELAY_LAN), RELAY_PASS,
		"after a flood of members a packet passes");
	tap_is_int(data(&f, ALICE, 1, RELAY_LAN), RELAY_LEAVE, "once");
	for (size_t size = 0; size < 24; size++) {
		const struct relay_packet packet = {
			.bytes = f.packet.bytes,
			.size = size,
			.source = RELAY_LAN,
		};
		struct relay_author author;

		if (relay_seen_take(f.seen, &packet, US, f.now, &author) ==
			RELAY_PASS)
			tap_ok(false, "%zu bytes pass", size);
	}
	forged_data(&f.packet, 0, ALICE, 2, 1);
	memset(f.packet.bytes + 8, 0, 8);
	tap_is_int(take(&f, RELAY_LAN), RELAY_LEAVE, "nobody's does not pass");
	fixture_fini(&f);
}

int main(void)
{
	test_data();
	test_state();
	test_repairs();
	test_kinds();
	test_codes();
	test_prune();
	test_pruned();
	test_two_bridges();
	test_hostile();
	return tap_done();
}
