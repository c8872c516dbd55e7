/* SPDX-License-Identifier: ISC */
/* What a member is owed by authors that spoke before it heard them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"

/* A member that starts after something was said has not missed it; one that had
 * started and did not hear it has. */
static void hears_from_its_coming(void)
{
	struct engines *engines = engines_open(0);

	engines_join(engines, 0);
	engines_join(engines, 1);
	engines->loses = engines_lose_all;
	engines_say_now(engines, 0);
	engines->loses = NULL;
	engines_run(engines, 200);
	engines_has_all(engines, 1, 1,
		"a member that had started gets what it did not hear");
	engines_join(engines, 2);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engines_seen(engines, 2)->messages, 0,
		"a member that starts 200 ms later gets nothing of it");
	engines_say_now(engines, 0);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engines_seen(engines, 2)->messages, 1,
		"a member that starts later gets what is said since");
	tap_is_int((intmax_t)engines_seen(engines, 2)->lost, 0,
		"a member that starts later is told of no loss");
	engines_close(engines);
}

/* The last messages for a member that comes late, from any that has them. */
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
		author_left ? "history of an author that left: 20 messages"
			    : "history of an author that is here: 20 messages");
	tap_is_int((intmax_t)engines_seen(engines, 2)->history, 20,
		"history is marked as such");
	tap_is_int((intmax_t)engines_seen(engines, 2)->last, 50,
		"history ends with the last message");
	tap_ok(engines_seen(engines, 2)->is_ordered &&
			engines_seen(engines, 2)->lost == 0,
		"history is in order, none lost");
	if (!author_left) {
		engines_say_now(engines, 0);
		engines_run(engines, 100);
		tap_ok(engines_seen(engines, 2)->last == 51 &&
				engines_seen(engines, 2)->history == 20,
			"after the history comes what is said");
	}
	engines_close(engines);
}

/* Of what ann said nothing comes to cem, nor anything that she says. */
static bool lose_ann_to_cem(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)size;
	return to == 2 && (from == 0 || engines_gives_data(packet));
}

/* A private group may take some time to let a newcomer read an author, of which
 * it has known by the reports of others: what it is owed is waited for since
 * the author's first packet came in. */
static void heard_late(void)
{
	struct engines *engines = engines_open(2);
	struct engine_config config = engines_config(2);

	for (int i = 0; i < 50; i++) {
		engines_say_now(engines, 0);
		engines_run(engines, 20);
	}
	config.history = 20;
	engines->loses = lose_ann_to_cem;
	engines_join_as(engines, 2, &config);
	engines_run(engines, 6000);
	engines->loses = NULL;
	engines_say_now(engines, 0);
	engines_run(engines, 6000);
	tap_ok(engines_seen(engines, 2)->history == 20 &&
			engines_seen(engines, 2)->last == 51 &&
			engines_seen(engines, 2)->lost == 0,
		"the history of an author that is heard late: %ju, %ju lost",
		(uintmax_t)engines_seen(engines, 2)->history,
		(uintmax_t)engines_seen(engines, 2)->lost);
	engines_close(engines);
}

/* With long messages history begins further back, which only the author has. */
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
	tap_is_int((intmax_t)engines_seen(engines, 1)->last, 30,
		"a long history ends with the last message");
	tap_ok(engine_is_confirmed(engines->nodes[0].engine),
		"a long history does not hold up the author");
	engines_close(engines);
}

/* No history is wanted: none is shown, but what follows is. */
static void no_history(void)
{
	struct engines *engines = engines_open(2);

	engines_run(engines, 5000);
	for (int i = 0; i < 50; i++)
		engines_say_now(engines, 0);
	engines_run(engines, 1000);
	engines_join(engines, 2);
	engines_run(engines, 5000);
	tap_is_int((intmax_t)engines_seen(engines, 2)->messages, 0,
		"no history is shown where none is wanted");
	engines_say_now(engines, 0);
	engines_run(engines, 100);
	engines_has_all(engines, 2, 1, "without history, what is said then");
	engines_close(engines);
}

static bool loses_first_to_last(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)packet, (void)size;
	return from == 0 && to == 2;
}

/* A newcomer does not hear an author yet, but others report which packets that
 * author has sent. */
static void known_by_hearsay(void)
{
	struct engines *engines = engines_open(2);

	engines_run(engines, 3000);
	engines_say_now(engines, 0);
	engines_run(engines, 1000);
	engines->loses = loses_first_to_last;
	engines_join(engines, 2);
	engines_run(engines, 200);
	tap_is_int(engines_seen(engines, 2)->joins, 1,
		"the newcomer hears one of two members");
	engines_say_now(engines, 0);
	engines_run(engines, 200);
	engines->loses = NULL;
	engines_run(engines, 5000);
	engines_has_all(
		engines, 2, 1, "what was said before its author was heard");
	engines_close(engines);
}

/* A wrong report on how far an author has got must not hide what it says. */
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
	engines_has_all(engines, 2, 1,
		"a message whose author was reported on wrongly");
	engines_close(engines);
}

/* ---- members that had started and heard nothing ---- */

static const struct engine *author_of(const struct engines *engines)
{
	return engines->nodes[0].engine;
}

/* Lets time pass until node 1 has all that node 0 said, or was told its loss.
 * Returns how often node 0, knowing node 1, took all for confirmed before. */
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
	engines_has_all(
		engines, 1, 20000, "a member that was deaf from the start");
	tap_is_int((intmax_t)seen->first, 1,
		"a member that was deaf gets the first message");
	tap_ok(seen->is_numbered && seen->lost_unknown == 0,
		"a member that was deaf gets messages under their numbers");
	tap_is_int(early, 0,
		"nothing is taken for confirmed before a deaf member has it");
	engines_run(engines, 2000);
	tap_ok(engine_is_confirmed(author_of(engines)),
		"once a deaf member has all, it is confirmed");
	tap_is_int((intmax_t)engine_confirmer_count(author_of(engines)), 1,
		"once a deaf member has all, it counts as a confirmer");
	engines_close(engines);
}

/* All is said while nobody hears it, and is more than an author keeps. */
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
		"deaf for too long: messages and losses are all that was said");
	tap_ok(seen->messages > 60000, "deaf for too long: %ju messages came",
		(uintmax_t)seen->messages);
	tap_is_int((intmax_t)seen->lost, (intmax_t)seen->first - 1,
		"deaf for too long: all before the first that came is lost");
	tap_ok(seen->is_ordered && seen->is_numbered && seen->is_loss_named &&
			seen->lost_unknown == 0,
		"deaf for too long: messages are in order, the loss has a "
		"nick");
	tap_is_int(early, 0,
		"deaf for too long: nothing is taken for confirmed before");
	engines_run(engines, 2000);
	tap_ok(engine_is_confirmed(author_of(engines)),
		"a member that was told what it lacks has confirmed");
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
	engines_has_all(
		engines, 2, said, "a third member has all that was said");
	engines_die(engines, 0);
	engines_run(engines, 200);
	engines->loses = NULL;
	engines_run(engines, ms);
	engines_has_all(engines, 1, said,
		"messages of a dead author, held by a third member");
	tap_ok(seen->first == 1 && seen->is_numbered && seen->lost_unknown == 0,
		"messages of a dead author come from the first on");
	engines_close(engines);
}

/* Messages from before and after a member started, none of which it heard. */
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
		"each message said since the member started comes");
	tap_is_int((intmax_t)seen->history, history,
		"as much history comes as is wanted");
	tap_is_int((intmax_t)seen->first, 501 - (intmax_t)history,
		"the first message is the first of the history wanted");
	tap_ok(seen->is_ordered && seen->is_numbered && seen->lost == 0 &&
			seen->lost_unknown == 0,
		"history and the rest are in order, none lost");
	tap_ok(engine_is_confirmed(author_of(engines)),
		"history and the rest are confirmed");
	engines_close(engines);
}

/* Two members are apart for so long that each takes the other for gone; more is
 * said than a window takes. */
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
	tap_is_int(engines_seen(engines, 0)->here, 0,
		"apart for long: each takes the other for gone");
	engines->loses = NULL;
	engines_run(engines, 20000);
	engines_has_all(engines, 1, 15001, "what node 0 said while apart");
	engines_has_all(engines, 0, 15001, "what node 1 said while apart");
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
		"a member that is here and hears nothing has not confirmed");
	early = heal(engines, 60000);
	tap_ok(seen->messages + seen->lost == engines->nodes[0].said &&
			seen->lost == seen->first - 1 && seen->is_numbered,
		"heard but deaf: %ju messages and %ju losses are all",
		(uintmax_t)seen->messages, (uintmax_t)seen->lost);
	tap_ok(packets > 4000 || seen->lost == 0,
		"heard but deaf: nothing that is still kept is lost");
	tap_is_int(early, 0,
		"heard but deaf: nothing is taken for confirmed before");
	engines_close(engines);
}

/* Node 1 starts at a random time; its link is there at random times, and loses
 * some packets. */
static bool loses_at_times(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)packet, (void)size;
	return (from == 1 || to == 1) && random_below(100) < engines->loss;
}

/* Whether node 1 has each message said since it started, or was told its loss.
 * Of those that the author no longer keeps the count may be too high by as many
 * as were said in one step of the author's log of times. */
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

/* Node 0's DATA reaches node 1, but its STATEs do not. */
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
		"messages when the link was gone while the beginning was "
		"sought");
	tap_is_int((intmax_t)seen->first, 101,
		"after that messages come from the first that is owed");
	tap_is_int((intmax_t)seen->lost_unknown, 0,
		"after that no loss of an unknown size is told");
	engines_close(engines);
}

/* Only the author can tell how much is lost, and its STATEs are lost at first.
 */
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
		"the author's STATEs were lost at first: they are waited for");
	tap_is_int((intmax_t)seen->lost, (intmax_t)seen->first - 101,
		"once the author's STATEs come the loss is told exactly");
	tap_is_int((intmax_t)(seen->messages + seen->lost), 12080,
		"once the author's STATEs come messages and losses are all");
	engines_close(engines);
}

/* A packet of node 1, on its way to node 0. */
struct held {
	uint8_t bytes[WIRE_PACKET_MAX];
	size_t size;
	struct instant due;
};

/* How long the packets of node 1 wait in the socket of node 0, and which do. */
static int64_t held_ms;
static struct held held[4096];
static size_t held_count;
static size_t held_given;

/* Neither node hears the other, but for what was held. */
static bool holds_all(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)to;
	if (from == 1 && held_count < sizeof(held) / sizeof(*held)) {
		struct held *it = &held[held_count++];

		memcpy(it->bytes, packet, size);
		it->size = size;
		it->due = instant_after(engines->now, duration_ms(held_ms));
	}
	return true;
}

/* What node 0 says is heard at once, what node 1 says is read late. */
static bool holds_second(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	return from == 1 && holds_all(engines, from, to, packet, size);
}

/* Lets time pass, in which node 0 reads what is due. */
static void run_and_read(struct engines *engines, int64_t ms)
{
	for (int64_t passed = 0; passed < ms; passed += 10) {
		engines_run(engines, 10);
		for (; held_given < held_count &&
			!instant_before(engines->now, held[held_given].due);
			held_given++)
			engine_receive(engines->nodes[0].engine,
				held[held_given].bytes, held[held_given].size,
				1, engines->now);
	}
}

/* The author reads its socket late, as when its stdout is full: each STATE that
 * it finds there makes the member look younger than it is.  What it said
 * meanwhile is owed all the same. */
static void states_wait_in_socket(int packets, int64_t ms)
{
	struct engines *engines = engines_open(0);
	const struct seen *seen = engines_seen(engines, 1);

	engines->loses = engines_lose_all;
	engines_join(engines, 0);
	engines_say_packets(engines, 0, 50, 2);
	engines_run(engines, 100);
	held_ms = ms;
	held_count = 0;
	held_given = 0;
	engines->loses = holds_all;
	engines_join(engines, 1);
	engines_run(engines, 100);
	engines_say_packets(engines, 0, packets, 2);
	engines->loses = holds_second;
	engines_say_packets(engines, 0, 20, 2);
	run_and_read(engines, 40000);
	tap_is_int((intmax_t)seen->lost_unknown, 0,
		"what a member lacks from its start on is counted");
	tap_is_int((intmax_t)seen->lost, (intmax_t)seen->first - 101,
		"and told, though its STATEs are read late");
	engines_close(engines);
}

/* ---- what nobody holds of the end of a dead author ---- */

/* The last packets reach nobody; only node 2 learns how many there are. */
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
			"%s messages at the end: what was heard comes",
			is_long ? "long" : "packed");
		tap_is_int((intmax_t)seen->lost, expected,
			i == 1 ? "node 1, by another's report, tells how many "
				 "are lost"
			       : "node 2, by the author's word, tells how many "
				 "are lost");
	}
	engines_close(engines);
}

/* Packet 3 of node 0 reaches nobody, like one that is too large for the path.
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

/* A packet that its author still keeps, and that nobody can get. */
static void never_gets_through(void)
{
	struct engines *engines = engines_open(2);
	const struct seen *seen = engines_seen(engines, 1);
	struct engine_member bob;

	engines->loses = loses_third;
	engines_say_packets(engines, 0, 6, 1);
	engines_run(engines, 40000);
	tap_is_int((intmax_t)seen->lost, 1,
		"a packet that never gets through is lost");
	tap_is_int((intmax_t)seen->messages, 5,
		"all but the packet that never gets through comes");
	bob = engines_known(engines, 0, "bob");
	tap_ok(bob.has_skipped, "the author knows that bob skipped something");
	tap_is_int((intmax_t)bob.skipped_from, 3,
		"the author knows which packet bob skipped first");
	tap_is_int((intmax_t)engine_confirmer_count(engines->nodes[0].engine),
		0, "nobody confirms all when a packet never gets through");
	engines_close(engines);
}

/* A member starts when an author has gone, whom another still reports on, and
 * then reads what that one says late: the author looks younger than it was, and
 * what it said, later. */
static void report_waits_in_socket(void)
{
	struct engines *engines = engines_open(0);
	const struct seen *seen = engines_seen(engines, 0);

	held_ms = 5000;
	held_count = 0;
	held_given = 0;
	engines_join(engines, 1);
	engines_join(engines, 2);
	engines_run(engines, 1000);
	engines_say_packets(engines, 2, 20, 5);
	engines_run(engines, 500);
	engines_die(engines, 2);
	engines_run(engines, 500);
	engines_join(engines, 0);
	engines_run(engines, 500);
	engines->loses = holds_second;
	run_and_read(engines, 20000);
	tap_ok(held_given > 0, "%zu packets of the reporter were read late",
		held_given);
	tap_is_int((intmax_t)seen->messages, 0,
		"a report that is read late: nothing said before the start "
		"comes out as said since");
	tap_ok(seen->lost == 0 && seen->lost_unknown == 0,
		"a report that is read late: no loss is told of what was said "
		"before the start");
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

/* Cem was unheard for so long that the author gave up waiting, and no longer
 * keeps what cem may lack; but cem had everything all the time. */
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
	engines_has_all(engines, 2, said, "messages at cem, who is not heard");
	cem = engines_known(engines, 0, "cem");
	tap_ok(!cem.has_skipped,
		"the author does not say that cem skipped something");
	tap_is_int((intmax_t)cem.lacks, 0,
		"the author does not say that cem lacks something");
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	hears_from_its_coming();
	history(false);
	history(true);
	heard_late();
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
	states_wait_in_socket(6000, 0);
	states_wait_in_socket(6000, 300);
	states_wait_in_socket(6000, 3000);
	report_waits_in_socket();
	any_link();
	tail_of_dead(false, 114);
	tail_of_dead(true, 1);
	never_gets_through();
	unheard_but_complete();
	return tap_done();
}
