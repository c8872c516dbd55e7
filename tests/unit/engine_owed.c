/* SPDX-License-Identifier: ISC */
/* What a member is owed by those that spoke before it heard them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engines.h"
#include "random.h"
#include "tap.h"

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
	return tap_done();
}
