/* SPDX-License-Identifier: ISC */
/*
 * What others have an engine hold stays within a limit, whatever it is; and
 * after an attack honest members are served as before.
 */

#include "engines.h"
#include "forged.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/ack.h"
#include "mchat/protocol/engine_internal.h"
#include "mchat/protocol/receive_memory.h"

/* What an engine may hold beside others' packets: resume points, notices, a
 * message that is put together, planned repairs. */
#define OTHERS_MAX ((size_t)1024 * 1024)

#define LARGE ((size_t)1380)

/* The most that node 0 held so far, its own packets not counted. */
static void watch(const struct engines *engines, size_t *most)
{
	size_t own = engines->nodes[0].engine->send_window.store.memory;
	size_t held = engines_counts(engines, 0).memory - own;

	if (held > *most)
		*most = held;
}

/* A large packet of a fake, with one line or one piece. */
static void give_large(struct engines *engines, uint64_t fake, uint64_t number,
	int piece_flags)
{
	static char text[LARGE];
	struct forged packet;

	forged_data(&packet, ENGINES_ROOM, 1000 + fake, number,
		piece_flags < 0 ? number : 1);
	if (piece_flags < 0)
		forged_record(&packet, RECORD_LINE, text, sizeof(text));
	else
		forged_piece(&packet, (uint8_t)piece_flags, text, sizeof(text));
	engines_receive(engines, 0, &packet);
}

/* Bob says 60,000 numbers at some loss: the ms that this takes. */
static int64_t serve(struct engines *engines)
{
	const struct seen *seen = engines_seen(engines, 0);
	uint64_t goal = seen->last + 60000;
	struct instant begun = engines->now;

	engines->loses = engines_lose_share;
	engines->loss = 5;
	engines_say_all(engines, 1, engines->nodes[1].said + 60000, 120000);
	for (int ms = 0; ms < 60000 && seen->last < goal; ms++)
		engines_run(engines, 1);
	engines->loses = NULL;
	return instant_until(begun, engines->now).ns / NS_PER_MS;
}

static void check(
	struct engines *engines, size_t most, int64_t usual, const char *what)
{
	const struct seen *seen = engines_seen(engines, 0);
	uint64_t before = seen->messages;
	int64_t after;

	tap_ok(most <= RECEIVE_MEMORY_MAX + OTHERS_MAX, "%s: at most %.1f MB",
		what, (double)most / 1e6);
	tap_ok(most > RECEIVE_MEMORY_MAX / 2,
		"%s: the attack fills more than half of the limit", what);
	after = serve(engines);
	/* A fake that reported on us and is silent now is waited for. */
	tap_ok(after < usual + ACK_STALL_MS + 2000,
		"60,000 messages at 5 %% loss take %jd ms, %jd before",
		(intmax_t)after, (intmax_t)usual);
	tap_is_int((intmax_t)(seen->messages - before), 60000,
		"all 60,000 messages come after the attack");
	tap_ok(engines_known(engines, 0, "bob").id == 101,
		"%s: the honest member is here", what);
	most = 0;
	watch(engines, &most);
	tap_ok(most <= RECEIVE_MEMORY_MAX + OTHERS_MAX,
		"%s: afterwards %.1f MB are held", what, (double)most / 1e6);
}

/* 24 fakes with a gap each, and then many packets in order of 24 others. */
static void gaps_and_order(void)
{
	struct engines *engines = engines_open(2);
	int64_t usual = serve(engines);
	size_t most = 0;

	for (uint64_t number = 2; number < RECEIVE_WINDOW_PACKETS; number++) {
		for (uint64_t fake = 0; fake < 24; fake++)
			give_large(engines, fake, number, -1);
		watch(engines, &most);
		engines_run(engines, 1);
	}
	for (uint64_t number = 1; number < 4000; number++) {
		for (uint64_t fake = 24; fake < 48; fake++)
			give_large(engines, fake, number, -1);
		watch(engines, &most);
		engines_run(engines, 1);
	}
	check(engines, most, usual, "a gap each");
	engines_close(engines);
}

/* As many long messages as there can be members, of which none ends. */
static void unfinished(void)
{
	uint64_t fakes = MEMBERS_MAX - 8;
	struct engines *engines = engines_open(2);
	int64_t usual = serve(engines);
	size_t most = 0;

	for (uint64_t number = 1; number <= WIRE_MESSAGE_MAX / LARGE; number++)
		for (uint64_t fake = 0; fake < fakes; fake++) {
			give_large(engines, fake, number,
				number == 1 ? RECORD_PART_FIRST : 0);
			watch(engines, &most);
			if (fake % 100 == 0)
				engines_run(engines, 1);
		}
	check(engines, most, usual, "unfinished messages");
	engines_close(engines);
}

/* Fakes that go on while the honest member speaks. */
static void during_the_attack(void)
{
	struct engines *engines = engines_open(2);
	const struct seen *seen = engines_seen(engines, 0);
	uint64_t before;
	size_t most = 0;

	for (uint64_t number = 2; number < RECEIVE_WINDOW_PACKETS; number++)
		for (uint64_t fake = 0; fake < 40; fake++)
			give_large(engines, fake, number, -1);
	before = seen->last;
	engines->loses = engines_lose_share;
	engines->loss = 5;
	for (uint64_t i = 0; i < 2000; i++) {
		engines_say_packets(engines, 1, 1, 5);
		for (uint64_t fake = 0; fake < 8; fake++)
			give_large(engines, 100 + i % 200 * 8 + fake,
				2 + i / 200, -1);
		watch(engines, &most);
	}
	engines_run(engines, 10000);
	tap_ok(most <= RECEIVE_MEMORY_MAX + OTHERS_MAX,
		"during the attack %.1f MB are held", (double)most / 1e6);
	tap_is_int((intmax_t)(seen->last - before), 10000,
		"during the attack the honest member is heard to the end");
	tap_ok(seen->is_ordered && seen->lost == 0,
		"during the attack nothing is lost");
	engines_close(engines);
}

/* What bob said and node 0 keeps for others gives way, too; what it has not
 * shown yet does not. */
static void not_shown_yet(void)
{
	struct engines *engines = engines_open(2);
	const struct seen *seen = engines_seen(engines, 0);
	size_t most = 0;

	engines_say_packets(engines, 1, 1000, 2);
	for (uint64_t number = 2; number < RECEIVE_WINDOW_PACKETS; number++)
		for (uint64_t fake = 0; fake < 40; fake++)
			give_large(engines, fake, number, -1);
	watch(engines, &most);
	engines_say_packets(engines, 1, 1000, 2);
	engines_run(engines, 5000);
	tap_ok(most <= RECEIVE_MEMORY_MAX + OTHERS_MAX,
		"packets that are not shown yet: %.1f MB are held",
		(double)most / 1e6);
	engines_has_all(engines, 0, 4000,
		"packets that are not shown yet: the honest member's messages");
	tap_ok(seen->is_numbered,
		"packets that are not shown yet: messages have their numbers");
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	gaps_and_order();
	unfinished();
	during_the_attack();
	not_shown_yet();
	return tap_done();
}
