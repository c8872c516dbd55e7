/* SPDX-License-Identifier: ISC */
/* Coded repair between engines: one combination for many losses, plain repairs
 * where they are as good, survivors that repair in an author's place; and what
 * false combinations can do. */
#include "mchat/protocol/engine.h"

#include <string.h>

#include "engines.h"
#include "random.h"
#include "tap.h"

#define MESSAGES 40000

/* Loses packets of the first node to the others, each by itself. */
static bool loses_to_others(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)to, (void)packet, (void)size;
	return from == 0 && random_below(100) < engines->loss;
}

/* Node 0 says a lot to `members` - 1 others, at that loss. */
static struct engines *transfer(size_t members, size_t loss)
{
	struct engines *engines = engines_open(members);

	engines->loses = loses_to_others;
	engines->loss = loss;
	tap_ok(engines_say_all(engines, 0, MESSAGES, 60000),
		"%zu %% loss, %zu members: all is said", loss, members);
	engines_run(engines, 5000);
	for (size_t i = 1; i < members; i++)
		engines_has_all(engines, i, MESSAGES, "the others have all");
	return engines;
}

static void one_for_many(void)
{
	struct engines *engines = transfer(4, 10);
	struct engine_counts counts = engines_counts(engines, 0);
	uint64_t again = counts.coded_sent + counts.repairs_sent;

	tap_ok(counts.coded_sent > counts.repairs_sent,
		"%ju combinations and %ju plain repairs of %ju packets",
		(uintmax_t)counts.coded_sent, (uintmax_t)counts.repairs_sent,
		(uintmax_t)counts.data_sent);
	/* Each of three lost a tenth: plain repairs would be 30 %. */
	tap_ok(again * 100 < counts.data_sent * 25,
		"what went again is less than each loss by itself");
	counts = engines_counts(engines, 1);
	tap_ok(counts.decoded > 0 && counts.poisoned == 0,
		"node 1 put %ju packets together", (uintmax_t)counts.decoded);
	engines_close(engines);
}

/* For one receiver a plain repair is as good, and costs less. */
static void one_receiver(void)
{
	struct engines *engines = transfer(2, 10);
	struct engine_counts counts = engines_counts(engines, 0);

	tap_ok(counts.coded_sent == 0 && counts.repairs_sent > 0,
		"one receiver gets plain repairs");
	engines_close(engines);
}

/* Each of the survivors lost others than the rest. */
static bool loses_by_turns(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)size;
	return from == 0 && engines_gives_data(packet) &&
	       (!engines_is_data(packet) ||
		       engines_number(packet) % 16 == to * 4);
}

static void survivors(void)
{
	struct engines *engines = engines_open(4);
	uint64_t coded = 0;

	engines->loses = loses_by_turns;
	(void)engines_say_all(engines, 0, 8000, 10);
	engines_drain(engines, 0);
	engines_run(engines, 1);
	engines_die(engines, 0);
	engines->loses = NULL;
	engines_run(engines, 20000);
	for (size_t i = 1; i < 4; i++)
		coded += engines_counts(engines, i).coded_sent +
			 engines_counts(engines, i).repairs_sent;
	tap_ok(coded > 0, "the survivors sent %ju repairs", (uintmax_t)coded);
	for (size_t i = 1; i < 4; i++)
		tap_ok(engines_seen(engines, i)->is_ordered &&
				engines_seen(engines, i)->lost == 0 &&
				engines_seen(engines, i)->messages > 0,
			"survivor %zu has all of what was sent: %ju", i,
			(uintmax_t)engines_seen(engines, i)->messages);
	engines_close(engines);
}

/* False combinations in an author's name, while it sends at loss. */
static void garbage(void)
{
	struct engines *engines = engines_open(3);
	struct engine_counts counts;
	struct forged forged;
	size_t most = 0;

	engines->loses = loses_to_others;
	engines->loss = 10;
	for (int i = 0; i < 2000; i++) {
		(void)engines_say(engines, 0);
		(void)engines_say(engines, 0);
		engines_drain(engines, 0);
		for (int j = 0; j < 20; j++) {
			uint64_t last = 1 + random_below(i % 2 ? 3000 : 30000);

			forged_code(&forged, ENGINES_ROOM, 100,
				(uint8_t)random_below(192), last,
				(uint8_t)random_below(256));
			engines_receive(engines, 1, &forged);
		}
		engines_run(engines, 1);
		counts = engines_counts(engines, 1);
		most = counts.memory > most ? counts.memory : most;
	}
	engines->loses = NULL;
	engines_run(engines, 20000);
	counts = engines_counts(engines, 1);
	engines_has_all(engines, 1, engines->nodes[0].said,
		"beside 40,000 false combinations all comes");
	engines_has_all(engines, 2, engines->nodes[0].said,
		"and to a member that got none");
	tap_ok(counts.coded_received >= 1000,
		"%ju combinations came, %ju blocks were found to be false",
		(uintmax_t)counts.coded_received, (uintmax_t)counts.poisoned);
	tap_ok(most < (size_t)16 << 20, "at most %zu bytes were held", most);
	engines_close(engines);
}

/* Members ask for all of every block, again and again. */
static void greedy(void)
{
	struct engines *engines = engines_open(3);
	struct engine_counts before;
	struct engine_counts after;
	uint64_t bytes = 0;

	(void)engines_say_all(engines, 0, MESSAGES, 20000);
	engines_run(engines, 3000);
	before = engines_counts(engines, 0);
	for (uint64_t i = 0; i < 1000; i++) {
		struct wire_lack lacks[WIRE_LACK_BLOCKS_MAX];
		struct wire_report report = {
			.origin = 100, .next = 1, .known = before.data_sent};
		struct wire_state state = {.counter = i + 1,
			.nick = "eve",
			.nick_size = 3,
			.first = 1};
		struct forged forged;

		memset(lacks, 64, sizeof(lacks));
		for (unsigned j = 0; j < WIRE_LACK_BLOCKS_MAX; j++)
			lacks[j] = (struct wire_lack){64, 0};
		forged_state(&forged, ENGINES_ROOM, 1000 + i % 7, 0, &state);
		forged_report(&forged, &report);
		wire_lacks_encode(
			&forged.writer, 0, lacks, WIRE_LACK_BLOCKS_MAX);
		bytes += forged_size(&forged);
		engines_receive(engines, 0, &forged);
		engines_run(engines, 1);
	}
	after = engines_counts(engines, 0);
	tap_ok((after.coded_sent - before.coded_sent) * 1000 <= 60 * bytes,
		"%ju bytes of false asks cause %ju combinations",
		(uintmax_t)bytes,
		(uintmax_t)(after.coded_sent - before.coded_sent));
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	one_for_many();
	one_receiver();
	survivors();
	garbage();
	greedy();
	return tap_done();
}
