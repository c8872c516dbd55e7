/* SPDX-License-Identifier: ISC */
/* What a member is owed by those that spoke before it heard them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"

/* Who comes after something was said has not missed it; who was there and did
 * not hear it has. */
static void hears_from_its_coming(void)
{
	struct engines *engines = engines_open(0);

	engines_join(engines, 0);
	engines_join(engines, 1);
	engines->loses = engines_lose_all;
	engines_say_now(engines, 0);
	engines->loses = NULL;
	engines_run(engines, 200);
	engines_has_all(engines, 1, 1, "who was there");
	engines_join(engines, 2);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engines_seen(engines, 2)->messages, 0,
		"nothing for who came 200 ms later");
	engines_say_now(engines, 0);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engines_seen(engines, 2)->messages, 1,
		"but what was said since");
	tap_is_int(
		(intmax_t)engines_seen(engines, 2)->lost, 0, "without a loss");
	engines_close(engines);
}

/* The last messages for one that comes late, from whoever has them. */
static void history(bool author_left)
{
	struct engines *engines = engines_open(2);
	struct engine_config config = engines_config(2);

	for (int i = 0; i < 50; i++) {
		engines_say_now(engines, 0);
		engines_run(engines, 20);
	}
	engines_run(engines, 3000);
	if (author_left) {
		engine_leave(engines->nodes[0].engine, engines->now);
		engines_drain(engines, 0);
		engines_run(engines, 1000);
		engines_die(engines, 0);
		engines_run(engines, 20000);
	}
	config.history = 20;
	engines_join_as(engines, 2, &config);
	engines_run(engines, 6000);
	tap_is_int((intmax_t)engines_seen(engines, 2)->messages, 20,
		author_left ? "history of one that left" : "history");
	tap_is_int(
		(intmax_t)engines_seen(engines, 2)->history, 20, "marked so");
	tap_is_int(
		(intmax_t)engines_seen(engines, 2)->last, 50, "up to the last");
	tap_ok(engines_seen(engines, 2)->is_ordered &&
			engines_seen(engines, 2)->lost == 0,
		"in order, none lost");
	if (!author_left) {
		engines_say_now(engines, 0);
		engines_run(engines, 100);
		tap_ok(engines_seen(engines, 2)->last == 51 &&
				engines_seen(engines, 2)->history == 20,
			"then what is said");
	}
	engines_close(engines);
}

/* Long ones: history begins further back, which only the author has. */
static void long_history(void)
{
	static char text[9000];
	struct engines *engines = engines_open(1);
	struct engine_config config = engines_config(1);

	memset(text, '.', sizeof(text));
	for (int i = 1; i <= 30; i++) {
		text[snprintf(text, sizeof(text), "%d of long", i)] = ' ';
		if (engine_say(engines->nodes[0].engine, false, text,
			    sizeof(text), (struct wall_time){1},
			    engines->now) != ENGINE_SAID)
			abort();
		engines_drain(engines, 0);
		engines_run(engines, 100);
	}
	config.history = 20;
	engines_join_as(engines, 1, &config);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engines_seen(engines, 1)->history, 20,
		"history of 20 long messages");
	tap_is_int(
		(intmax_t)engines_seen(engines, 1)->last, 30, "up to the last");
	tap_ok(engine_is_confirmed(engines->nodes[0].engine),
		"which holds up nobody");
	engines_close(engines);
}

/* No history wanted: none shown, and what follows is. */
static void no_history(void)
{
	struct engines *engines = engines_open(2);

	engines_run(engines, 5000);
	for (int i = 0; i < 50; i++)
		engines_say_now(engines, 0);
	engines_run(engines, 1000);
	engines_join(engines, 2);
	engines_run(engines, 5000);
	tap_is_int(
		(intmax_t)engines_seen(engines, 2)->messages, 0, "no history");
	engines_say_now(engines, 0);
	engines_run(engines, 100);
	engines_has_all(engines, 2, 1, "but what is said then");
	engines_close(engines);
}

static bool loses_first_to_last(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)packet, (void)size;
	return from == 0 && to == 2;
}

/* Of an author whom a newcomer does not hear yet others tell where it is. */
static void known_by_hearsay(void)
{
	struct engines *engines = engines_open(2);

	engines_run(engines, 3000);
	engines_say_now(engines, 0);
	engines_run(engines, 1000);
	engines->loses = loses_first_to_last;
	engines_join(engines, 2);
	engines_run(engines, 200);
	tap_is_int(engines_seen(engines, 2)->joins, 1, "one of two is heard");
	engines_say_now(engines, 0);
	engines_run(engines, 200);
	engines->loses = NULL;
	engines_run(engines, 5000);
	engines_has_all(
		engines, 2, 1, "what was said before its author was heard");
	engines_close(engines);
}

/* What others say an author's number to be must not hide what it says. */
static void hearsay_is_wrong(void)
{
	struct engines *engines = engines_open(1);
	struct forged packet;

	engines_forge_state(&packet, 66, 1, 1, 0);
	forged_report(
		&packet, &(struct wire_report){
				 .origin = 101, .next = 500, .known = 499});
	engines_join(engines, 2);
	engines_run(engines, 10);
	engines_receive(engines, 2, &packet);
	engines_join(engines, 1);
	engines_run(engines, 100);
	engines_say_now(engines, 1);
	engines_run(engines, 1000);
	engines_has_all(engines, 2, 1, "whatever was said of its author");
	engines_close(engines);
}

/* ---- who was there and heard nothing ---- */

static const struct engine *author_of(const struct engines *engines)
{
	return engines->nodes[0].engine;
}

/* Lets time pass until node 1 has or lacks all that node 0 said: the moments at
 * which node 0 knew of it and took all for confirmed before. */
static unsigned heal(struct engines *engines, int64_t most_ms)
{
	const struct seen *seen = engines_seen(engines, 1);
	unsigned early = 0;

	engines->loses = NULL;
	while (seen->messages + seen->lost < engines->nodes[0].said &&
		most_ms-- > 0) {
		engines_run(engines, 1);
		early +=
			engines_known(engines, 0, "bob").id &&
			seen->messages + seen->lost < engines->nodes[0].said &&
			(engine_is_confirmed(author_of(engines)) ||
				engine_confirmer_count(author_of(engines)) > 0);
	}
	return early;
}

/* All is said while nobody hears it. */
static void deaf_from_the_start(void)
{
	struct engines *engines = engines_open(0);
	const struct seen *seen = engines_seen(engines, 1);
	unsigned early;
	int64_t begun;

	engines->loses = engines_lose_all;
	engines_join(engines, 0);
	engines_join(engines, 1);
	engines_run(engines, 3000);
	engines_say_packets(engines, 0, 1000, 20);
	begun = engines->now.ns;
	early = heal(engines, 20000);
	tap_note("%.3f s", (double)(engines->now.ns - begun) / 1e9);
	engines_has_all(engines, 1, 20000, "who was there all along");
	tap_is_int((intmax_t)seen->first, 1, "from the first");
	tap_ok(seen->is_numbered && seen->lost_unknown == 0,
		"under the author's numbers");
	tap_is_int(early, 0, "and was not taken to have it before");
	engines_run(engines, 2000);
	tap_ok(engine_is_confirmed(author_of(engines)), "then it is confirmed");
	tap_is_int((intmax_t)engine_confirmer_count(author_of(engines)), 1,
		"by one");
	engines_close(engines);
}

/* More than an author keeps. */
static void deaf_for_too_long(void)
{
	struct engines *engines = engines_open(0);
	const struct seen *seen = engines_seen(engines, 1);
	unsigned early;

	engines->loses = engines_lose_all;
	engines_join(engines, 0);
	engines_join(engines, 1);
	engines_run(engines, 3000);
	engines_say_packets(engines, 0, 6000, 20);
	early = heal(engines, 60000);
	tap_is_int((intmax_t)(seen->messages + seen->lost), 120000,
		"what came and what is lost are all that was said");
	tap_ok(seen->messages > 60000, "%ju came", (uintmax_t)seen->messages);
	tap_is_int((intmax_t)seen->lost, (intmax_t)seen->first - 1,
		"lost is what comes before the first that came");
	tap_ok(seen->is_ordered && seen->is_numbered && seen->is_loss_named &&
			seen->lost_unknown == 0,
		"in order, and the loss has its author's nick");
	tap_is_int(early, 0, "and was not taken to have it before");
	engines_run(engines, 2000);
	tap_ok(engine_is_confirmed(author_of(engines)),
		"who was told what it lacks has confirmed");
	engines_close(engines);
}

/* Node 1 neither hears nor is heard. */
static bool loses_of_second(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)packet, (void)size;
	return from == 1 || to == 1;
}

static void held_by_a_third(int packets, int64_t ms)
{
	struct engines *engines = engines_open(0);
	const struct seen *seen = engines_seen(engines, 1);
	uint64_t said;

	engines->loses = loses_of_second;
	for (size_t i = 0; i < 3; i++)
		engines_join(engines, i);
	engines_run(engines, 3000);
	engines_say_packets(engines, 0, packets, 20);
	engines_run(engines, 1000);
	said = engines->nodes[0].said;
	engines_has_all(engines, 2, said, "a third");
	engines_die(engines, 0);
	engines_run(engines, 200);
	engines->loses = NULL;
	engines_run(engines, ms);
	engines_has_all(engines, 1, said, "of a dead author, held by a third");
	tap_ok(seen->first == 1 && seen->is_numbered && seen->lost_unknown == 0,
		"from the first");
	engines_close(engines);
}

/* What was said before a member started, and what after, all unheard. */
static void started_in_between(unsigned history)
{
	struct engines *engines = engines_open(0);
	struct engine_config config = engines_config(1);
	const struct seen *seen = engines_seen(engines, 1);

	config.history = history;
	engines->loses = engines_lose_all;
	engines_join(engines, 0);
	engines_say_packets(engines, 0, 500, 1);
	engines_run(engines, 100);
	engines_join_as(engines, 1, &config);
	engines_say_packets(engines, 0, 300, 1);
	engines_run(engines, 100);
	engines->loses = NULL;
	engines_run(engines, 5000);
	tap_is_int((intmax_t)(seen->messages - seen->history), 300,
		"what was said since it started");
	tap_is_int((intmax_t)seen->history, history, "and of history that");
	tap_is_int((intmax_t)seen->first, 501 - (intmax_t)history,
		"from that message on");
	tap_ok(seen->is_ordered && seen->is_numbered && seen->lost == 0 &&
			seen->lost_unknown == 0,
		"in order, none lost");
	tap_ok(engine_is_confirmed(author_of(engines)), "confirmed");
	engines_close(engines);
}

/* Apart for so long that each takes the other for gone; more is said than a
 * window takes. */
static void apart_for_long(void)
{
	struct engines *engines = engines_open(2);

	engines_say_now(engines, 0);
	engines_say_now(engines, 1);
	engines_run(engines, 1000);
	engines->loses = engines_lose_all;
	engines_run(engines, 30000);
	engines_say_packets(engines, 0, 3000, 5);
	engines_say_packets(engines, 1, 3000, 5);
	tap_is_int(engines_seen(engines, 0)->here, 0, "it is gone");
	engines->loses = NULL;
	engines_run(engines, 20000);
	engines_has_all(engines, 1, 15001, "what one said meanwhile");
	engines_has_all(engines, 0, 15001, "and what the other said");
	engines_close(engines);
}

/* Node 1 is heard, but does not hear. */
static bool loses_from_first(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)packet, (void)size;
	return from == 0 && to == 1;
}

static void heard_but_deaf(int packets)
{
	struct engines *engines = engines_open(0);
	const struct seen *seen = engines_seen(engines, 1);
	unsigned early;

	engines->loses = loses_from_first;
	engines_join(engines, 0);
	engines_join(engines, 1);
	engines_run(engines, 100);
	engines_say_packets(engines, 0, packets, 20);
	tap_ok(!engine_is_confirmed(author_of(engines)),
		"who is here and hears nothing has not confirmed");
	early = heal(engines, 60000);
	tap_ok(seen->messages + seen->lost == engines->nodes[0].said &&
			seen->lost == seen->first - 1 && seen->is_numbered,
		"all came or is told: %ju and %ju lost",
		(uintmax_t)seen->messages, (uintmax_t)seen->lost);
	tap_ok(packets > 4000 || seen->lost == 0, "and is lost if dropped");
	tap_is_int(early, 0, "and was not taken to have it before");
	engines_close(engines);
}

/* Node 1 starts at some time and has a link at some times, which loses some. */
static bool loses_at_times(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)packet, (void)size;
	return (from == 1 || to == 1) && random_below(100) < engines->loss;
}

/* Whether node 1 has or lacks what was said since it started, exactly; of what
 * its author does not keep any more it may be told of as many too many as that
 * said in a grain of its log. */
static bool is_accounted(
	const struct engines *engines, struct instant started, uint64_t before)
{
	const struct seen *seen = &engines->nodes[1].seen;
	const struct send_window *window =
		&engines->nodes[0].engine->send_window;
	struct send_mark mark = {1, 1};
	bool is_marked = send_times_find(&window->log,
		(struct instant){started.ns - 10 * NS_PER_MS}, &mark);
	uint64_t owed = engines->nodes[0].said - before;
	uint64_t has = seen->messages + seen->lost;
	uint64_t most = owed + before + 1 - (is_marked ? mark.message : 1);
	bool is_sound = seen->is_ordered && seen->is_numbered &&
			seen->lost_unknown == 0 &&
			(seen->messages == 0 || seen->first > before);

	if (is_sound && has >= owed && has <= (seen->lost ? most : owed))
		return true;
	tap_note("%ju of %ju, at most %ju: %ju lost, %u unknown, from %ju, "
		 "%ju before",
		(uintmax_t)has, (uintmax_t)owed, (uintmax_t)most,
		(uintmax_t)seen->lost, seen->lost_unknown,
		(uintmax_t)seen->first, (uintmax_t)before);
	return false;
}

static bool whatever_the_link_did(unsigned round, uint64_t *lost)
{
	struct engines *engines = engines_open(0);
	struct engine_config config = engines_config(1);
	struct instant started = engines->now;
	uint64_t before = 0;
	int starts;
	bool is_good;

	/* Every network begins with the same numbers. */
	while (config.seed % 1000 != round)
		config.seed = random_next();
	starts = 1 + (int)random_below(30);
	engines->loses = loses_at_times;
	engines_join(engines, 0);
	engines_join(engines, 2);
	engines_run(engines, 500);
	for (int step = 1; step <= 40; step++) {
		if (random_below(3) == 0)
			engines->loss = random_below(3) ? 100 : 20;
		if (step == starts) {
			engines_run(engines, 10);
			before = engines->nodes[0].said;
			started = engines->now;
			engines_join_as(engines, 1, &config);
			engines_run(engines, 10);
		}
		engines_say_packets(engines, 0,
			1 + (int)random_below(step % 10 ? 50 : 4000),
			1 + (int)random_below(5));
		engines_run(engines, (int64_t)random_below(1000));
	}
	engines->loss = random_below(3) ? 0 : 20;
	engines_run(engines, 60000);
	*lost += engines_seen(engines, 1)->lost;
	is_good = is_accounted(engines, started, before);
	engines_close(engines);
	return is_good;
}

static void any_link(void)
{
	uint64_t lost = 0;
	int good = 0;

	for (unsigned round = 0; round < 10; round++)
		good += whatever_the_link_did(round, &lost);
	tap_is_int(good, 10,
		"whatever the link did, what is owed came or is told");
	tap_note("%ju lost in all", (uintmax_t)lost);
}

/* Node 1 begins when node 0 has said 100 numbers. */
static void begin_later(struct engines *engines)
{
	engines->loses = engines_lose_all;
	engines_join(engines, 0);
	engines_say_packets(engines, 0, 50, 2);
	engines_run(engines, 100);
	engines_join(engines, 1);
	engines_run(engines, 100);
}

/* What of node 0 reaches node 1 in the end is not its word. */
static bool loses_states_of_first(struct engines *engines, size_t from,
	size_t to, const uint8_t *packet, size_t size)
{
	(void)engines, (void)size;
	return from == 0 && to == 1 && !engines_is_data(packet);
}

/* The link goes again, for some seconds, while the beginning is sought. */
static void interrupted_while_it_seeks(int64_t ms)
{
	struct engines *engines = engines_open(0);
	const struct seen *seen = engines_seen(engines, 1);

	begin_later(engines);
	engines_say_packets(engines, 0, 1500, 2);
	engines->loses = NULL;
	engines_say_packets(engines, 0, 20, 2);
	engines->loses = engines_lose_all;
	engines_run(engines, ms);
	engines->loses = NULL;
	engines_run(engines, 10000);
	engines_has_all(engines, 1, 3040,
		"the link was gone while the beginning was sought");
	tap_is_int((intmax_t)seen->first, 101, "from the first that is owed");
	tap_is_int((intmax_t)seen->lost_unknown, 0, "nothing else is told");
	engines_close(engines);
}

/* How much is lost only the author can tell, and its word is lost at first. */
static void word_comes_late(int64_t ms)
{
	struct engines *engines = engines_open(0);
	const struct seen *seen = engines_seen(engines, 1);

	begin_later(engines);
	engines_say_packets(engines, 0, 6000, 2);
	engines->loses = loses_states_of_first;
	engines_say_packets(engines, 0, 20, 2);
	engines_run(engines, ms);
	engines->loses = NULL;
	engines_say_packets(engines, 0, 20, 2);
	engines_run(engines, 10000);
	tap_is_int((intmax_t)seen->lost_unknown, 0,
		"the author's word was lost at first: it is waited for");
	tap_is_int((intmax_t)seen->lost, (intmax_t)seen->first - 101,
		"what is lost is told exactly, since it was quiet then");
	tap_is_int((intmax_t)(seen->messages + seen->lost), 12080,
		"and all others come");
	engines_close(engines);
}

/* The first STATE of node 1, which reaches node 0 later. */
static uint8_t held[WIRE_PACKET_MAX];
static size_t held_size;

/* Neither node hears the other. */
static bool holds_first_state(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines;
	(void)to;
	if (from == 1 && held_size == 0) {
		memcpy(held, packet, size);
		held_size = size;
	}
	return true;
}

/* The author does not read its socket for seconds, as when its stdout is full:
 * the STATE that it then finds there makes the member look younger than it is.
 * What it said meanwhile is owed all the same. */
static void state_waits_in_socket(int packets)
{
	struct engines *engines = engines_open(0);
	const struct seen *seen = engines_seen(engines, 1);

	begin_later(engines);
	engines->loses = holds_first_state;
	held_size = 0;
	engines_run(engines, 3000);
	engines_say_packets(engines, 0, packets, 2);
	engine_receive(
		engines->nodes[0].engine, held, held_size, 1, engines->now);
	engines->loses = NULL;
	engines_say_packets(engines, 0, 20, 2);
	engines_run(engines, 30000);
	tap_is_int((intmax_t)seen->lost_unknown, 0,
		"what a member lacks from its start on is counted");
	tap_is_int((intmax_t)seen->lost, (intmax_t)seen->first - 101,
		"and told, though its first STATE was read late");
	engines_close(engines);
}

/* ---- what nobody holds, at the end of an author who is gone ---- */

/* The tail reaches nobody, its extent only node 2. */
static bool loses_tail(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)size;
	return from == 0 && (to == 1 || engines_is_data(packet));
}

static void tail_of_dead(bool is_long, intmax_t expected)
{
	static char text[20000];
	struct engines *engines = engines_open(3);

	memset(text, 'x', sizeof(text));
	engines_say_packets(engines, 0, 10, 1);
	engines_run(engines, 1000);
	engines->loses = loses_tail;
	if (is_long)
		engine_say(engines->nodes[0].engine, false, text, sizeof(text),
			(struct wall_time){1}, engines->now);
	else
		for (intmax_t i = 0; i < expected; i++)
			engines_say(engines, 0);
	engines_drain(engines, 0);
	engines_run(engines, 200);
	engines_die(engines, 0);
	engines_run(engines, 90000);
	for (size_t i = 1; i < 3; i++) {
		const struct seen *seen = engines_seen(engines, i);

		tap_ok(seen->messages == 10 && seen->is_loss_named,
			"%s at the end: what was heard",
			is_long ? "long" : "packed");
		tap_is_int((intmax_t)seen->lost, expected,
			i == 1 ? "who knows of it from another tells how many"
			       : "and who knows it from the author");
	}
	engines_close(engines);
}

/* Packet 3 of the first reaches nobody, as one that is too large for the way.
 */
static bool loses_third(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines;
	(void)to;
	(void)size;
	return from == 0 && engines_is_data(packet) &&
	       engines_number(packet) == 3;
}

/* What its author still keeps, and nobody can get. */
static void never_gets_through(void)
{
	struct engines *engines = engines_open(2);
	const struct seen *seen = engines_seen(engines, 1);
	struct engine_member bob;

	engines->loses = loses_third;
	engines_say_packets(engines, 0, 6, 1);
	engines_run(engines, 40000);
	tap_is_int(
		(intmax_t)seen->lost, 1, "what does not get through is lost");
	tap_is_int((intmax_t)seen->messages, 5, "and the rest comes");
	bob = engines_known(engines, 0, "bob");
	tap_ok(bob.has_skipped, "its author knows that, too");
	tap_is_int((intmax_t)bob.skipped_from, 3, "and from where on");
	tap_is_int((intmax_t)engine_confirmer_count(engines->nodes[0].engine),
		0, "nobody confirms all of it");
	engines_close(engines);
}

/* Nobody hears cem. */
static bool loses_of_cem(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines;
	(void)to;
	(void)packet;
	(void)size;
	return from == 2;
}

/* Who was unheard for so long that the author let it go, and no longer keeps
 * what it was not known to have, had it all the time. */
static void unheard_but_complete(void)
{
	struct engines *engines = engines_open(3);
	struct engine_member cem;
	uint64_t said;

	engines_say_now(engines, 0);
	engines_run(engines, 1000);
	engines->loses = loses_of_cem;
	engines_run(engines, 8000);
	engines_say_packets(engines, 0, 2 * PACKET_STORE_SPAN, 1);
	engines_run(engines, 1000);
	said = engines->nodes[0].said;
	engines->loses = NULL;
	engines_run(engines, 10000);
	engines_has_all(engines, 2, said, "who is not heard");
	cem = engines_known(engines, 0, "cem");
	tap_ok(!cem.has_skipped, "its author does not say that it lost some");
	tap_is_int((intmax_t)cem.lacks, 0, "nor that it lacks some");
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	hears_from_its_coming();
	history(false);
	history(true);
	long_history();
	no_history();
	known_by_hearsay();
	hearsay_is_wrong();
	deaf_from_the_start();
	deaf_for_too_long();
	held_by_a_third(200, 10000);
	held_by_a_third(1000, 30000);
	started_in_between(0);
	started_in_between(20);
	apart_for_long();
	heard_but_deaf(1000);
	heard_but_deaf(6000);
	interrupted_while_it_seeks(1000);
	interrupted_while_it_seeks(20000);
	word_comes_late(1000);
	word_comes_late(20000);
	state_waits_in_socket(1000);
	state_waits_in_socket(6000);
	any_link();
	tail_of_dead(false, 114);
	tail_of_dead(true, 1);
	never_gets_through();
	unheard_but_complete();
	return tap_done();
}
