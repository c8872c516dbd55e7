/* SPDX-License-Identifier: ISC */
/* Members join and leave, and are waited for or not. */
#include <string.h>

#include "engines.h"
#include "forged.h"
#include "random.h"
#include "tap.h"
#include "mchat/protocol/engine_internal.h"

static void comes_and_goes(void)
{
	struct engines *engines = engines_open(2);

	tap_is_int(
		engines_seen(engines, 0)->joins, 1, "bob is told to join once");
	tap_is_string(engines_seen(engines, 0)->nick, "bob",
		"bob joins under his nick");
	tap_is_int((intmax_t)engine_member_count(engines->nodes[0].engine), 1,
		"while bob is here there is one member");
	engine_leave(engines->nodes[1].engine, engines->now);
	engines_drain(engines, 1);
	engines_run(engines, 100);
	tap_is_int(engines_seen(engines, 0)->byes, 1, "bob's bye is told");
	tap_is_int((intmax_t)engine_member_count(engines->nodes[0].engine), 0,
		"after bob's bye there is no member");
	engines_run(engines, 60000);
	tap_is_int(engines_seen(engines, 0)->leaves, 1,
		"bob is told to have left once");
	engines_join(engines, 2);
	engines_run(engines, 5000);
	engines_die(engines, 2);
	engines_run(engines, 60000);
	tap_is_int(engines_seen(engines, 0)->joins, 2, "cem is told to join");
	tap_is_int(engines_seen(engines, 0)->leaves, 2,
		"cem, who fell silent, is told to have left");
	tap_is_int(engines_seen(engines, 0)->byes, 1,
		"cem left by timeout, not by a bye");
	tap_ok(engines_seen(engines, 0)->is_balanced,
		"each leave has its join");
	engines_close(engines);
}

/* Where much is lost, bye is said more often. */
static void says_bye(void)
{
	struct engines *engines = engines_open(3);

	engine_leave(engines->nodes[1].engine, engines->now);
	engines_run(engines, 500);
	tap_is_int(engines->sent_for[1][ENGINE_BYE], 5,
		"without loss bye is sent five times");
	engines->loses = engines_lose_share;
	engines->loss = 30;
	for (int i = 0; i < 50; i++) {
		engines_say_now(engines, 0);
		engines_run(engines, 20);
	}
	engines_run(engines, 1000);
	engine_leave(engines->nodes[2].engine, engines->now);
	engines_run(engines, 500);
	tap_is_int(engines->sent_for[2][ENGINE_BYE], 10,
		"at 30 % loss bye is sent ten times");
	engines_close(engines);
}

/* How many byes have left so many ms after the others. */
static void test_byes_after(
	struct engines *engines, int64_t ms, intmax_t expected)
{
	engines_run(engines, ms);
	tap_is_int(engines->sent_for[0][ENGINE_BYE], expected,
		"byes in a large group come apart");
}

/* The more members are here, the longer they wait between two byes. */
static void says_bye_in_a_crowd(uint64_t members, int64_t gap)
{
	struct engines *engines = engines_open(1);

	for (uint64_t i = 1; i <= members; i++)
		engines_report(engines, i, 0, 0, 0);
	engine_leave(engines->nodes[0].engine, engines->now);
	test_byes_after(engines, gap - 2, 1);
	test_byes_after(engines, 4, 2);
	test_byes_after(engines, gap - 4, 2);
	test_byes_after(engines, 4, 3);
	test_byes_after(engines, 500, 3);
	engines_close(engines);
}

/* Large bursts are for groups that are not small, and lose little. */
static void has_large_bursts(void)
{
	struct engines *engines = engines_open(1);
	struct engine *engine = engines->nodes[0].engine;

	for (uint64_t i = 1; i <= 16; i++)
		engines_report(engines, i, 0, 0, 0);
	tap_ok(!engine_has_large_bursts(engine), "no large bursts for 16");
	engines_report(engines, 17, 0, 0, 0);
	tap_ok(engine_has_large_bursts(engine), "large bursts for 17");
	engine->recent = 1000;
	engine->recent_repairs = 51;
	tap_ok(!engine_has_large_bursts(engine),
		"no large bursts where we lose more than a little");
	engine->recent_repairs = 50;
	tap_ok(engine_has_large_bursts(engine), "large bursts at 5 %% loss");
	engine->limiting.id = 1;
	members_find(&engine->members, 1)->share = (struct congestion_share){
		.usual = 0.9,
		.looks = 1000,
	};
	tap_ok(!engine_has_large_bursts(engine),
		"no large bursts where the limiting receiver does");
	engines_close(engines);
}

static bool loses_all_but_state(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)from, (void)size;
	return to == 2 && packet[1] != (WIRE_VERSION << 4 | WIRE_STATE);
}

/* A member that gets our STATEs, but nothing else, is waited for once. */
static void waits_once(void)
{
	struct engines *engines = engines_open(3);
	struct node *author = &engines->nodes[0];
	struct instant begun = engines->now;
	char text[1000];
	int ms = 0;

	memset(text, 'x', sizeof(text));
	engines->loses = loses_all_but_state;
	while (author->said < UINT64_C(2) * SEND_WINDOW_PACKETS && ms < 60000) {
		if (engine_say(author->engine, false, text, sizeof(text),
			    (struct wall_time){1},
			    engines->now) == ENGINE_SAID) {
			author->said++;
			continue;
		}
		engines_drain(engines, 0);
		engines_run(engines, 1);
		ms++;
	}
	engines_drain(engines, 0);
	engines_run(engines, 1000);
	tap_ok(instant_until(begun, engines->now).ns < 8 * NS_PER_S,
		"two windows took %.1f s",
		(double)instant_until(begun, engines->now).ns / 1e9);
	tap_is_int(engines_seen(engines, 0)->leaves, 1,
		"the member that gets no DATA is told to have left once");
	tap_is_int((intmax_t)engines_seen(engines, 1)->messages,
		(intmax_t)author->said, "the other member gets every message");
	engines->loses = NULL;
	engines_run(engines, 10000);
	tap_is_int(engines_seen(engines, 0)->here, 2,
		"the member that gets DATA again is back");
	engines_close(engines);
}

static void after_leaving(void)
{
	static char longest[ENGINE_MESSAGE_MAX + 1];
	struct engines *engines = engines_open(2);
	struct engine *engine = engines->nodes[0].engine;
	uint64_t before;

	tap_is_int(engine_say(engine, false, longest, sizeof(longest),
			   (struct wall_time){1}, engines->now),
		ENGINE_TOO_LONG,
		"a message that is one byte too long is refused");
	for (int i = 0; i < 10; i++)
		engine_say(engine, false, longest, sizeof(longest) - 1,
			(struct wall_time){1}, engines->now);
	engine_leave(engine, engines->now);
	engine_leave(engine, engines->now);
	tap_is_int(engines_say(engines, 0), ENGINE_LEFT,
		"after leaving nothing can be said");
	engine_set_nick(engine, "ghost");
	before = engines->packets;
	engines_drain(engines, 0);
	tap_ok(engines->packets > before && engines->packets <= before + 4,
		"after leaving a few byes are sent");
	engines_run(engines, 100);
	tap_is_int(engines_seen(engines, 1)->byes, 1,
		"several byes are told as one leave");
	tap_ok(instant_before(engines->now, engine_deadline(engine)),
		"after leaving no deadline is in the past");
	before = engines->packets;
	engine_tick(engine, engines->now);
	engines_drain(engines, 0);
	tap_is_int((intmax_t)(engines->packets - before), 0,
		"after the byes no packet is sent");
	engines_close(engines);
}

static void stops(int64_t ms, size_t each_ms, bool loses_any)
{
	struct engines *engines = engines_open(3);
	uint64_t missed;

	engines_say_now(engines, 0);
	engines_run(engines, 1000);
	engines->nodes[2].is_stopped = true;
	for (int64_t i = 0; i < ms; i += (int64_t)each_ms) {
		/* One packet each. */
		if (engines_say(engines, 0) == ENGINE_SAID)
			engines_drain(engines, 0);
		engines_run(engines, (int64_t)each_ms);
	}
	engines->nodes[2].is_stopped = false;
	engines_run(engines, 100);
	engines_say_now(engines, 0);
	engines_run(engines, 40000);
	engines_say_now(engines, 0);
	engines_run(engines, 5000);
	missed = engines->nodes[0].said - engines_seen(engines, 2)->messages;
	tap_is_int((intmax_t)engines_seen(engines, 2)->lost, (intmax_t)missed,
		"stopped: told exactly what it lost");
	tap_ok(loses_any ? missed > 0 : missed == 0, "stopped: lost %ju of %ju",
		(uintmax_t)missed, (uintmax_t)engines->nodes[0].said);
	tap_is_int((intmax_t)engines_seen(engines, 2)->last,
		(intmax_t)engines->nodes[0].said,
		"stopped: it gets the last message");
	tap_ok(engines_seen(engines, 2)->is_ordered,
		"stopped: its messages are in order");
	tap_ok(engines_seen(engines, 0)->is_balanced &&
			engines_seen(engines, 1)->is_balanced &&
			engines_seen(engines, 2)->is_balanced,
		"each leave has its join");
	tap_is_int(engines_seen(engines, 0)->here, 2,
		"in the end both others are here for node 0");
	tap_is_int(engines_seen(engines, 2)->here, 2,
		"in the end both others are here for the one that stopped");
	engines_has_all(engines, 1, engines->nodes[0].said,
		"messages at the member that was not stopped");
	engines_close(engines);
}

/* A long message after a pause must not make anyone seem stalled. */
static void not_stalled(void)
{
	static char text[ENGINE_MESSAGE_MAX];
	struct engines *engines = engines_open(2);
	struct engine *engine = engines->nodes[0].engine;
	int wrong = 0;

	memset(text, 'x', sizeof(text));
	for (int round = 0; round < 50; round++) {
		engines_run(engines, 7000 + (int64_t)random_below(5000));
		engine_say(engine, false, text, sizeof(text),
			(struct wall_time){1}, engines->now);
		engines->now = instant_after(
			engines->now, duration_ms((int64_t)random_below(3000)));
		engine_tick(engine, engines->now);
		engines_drain(engines, 0);
		wrong += engines_seen(engines, 0)->leaves > 0;
		engines_seen(engines, 0)->leaves = 0;
		engines_run(engines, 1000);
	}
	tap_is_int(wrong, 0, "a tick between saying and sending drops nobody");
	tap_is_int((intmax_t)engines_seen(engines, 1)->messages, 50,
		"each of the 50 long messages comes");
	engines_close(engines);
}

static void knows_members(void)
{
	struct engines *engines = engines_open(4);
	struct engine *engine = engines->nodes[0].engine;
	struct engine_peer_report report;
	struct engine_member member;

	tap_ok(engine_member_at(engine, 2, &member) &&
			!engine_member_at(engine, 3, &member),
		"three other members are listed");
	member = engines_known(engines, 0, "cem");
	tap_ok(member.id == 102 && member.hears_us && member.hops == 0,
		"cem is found by the nick, on this network, hearing us");
	tap_ok(member.heard_at.ns <= engines->now.ns && member.heard_at.ns > 0,
		"cem was heard before now");
	tap_is_int((intmax_t)member.hears, 0,
		"cem hears no author before anybody speaks");
	tap_ok(!engine_peer_report_at(engine, 102, 0, &report),
		"cem has no report on an author before anybody speaks");
	engines->loses = engines_lose_data_to_last;
	engines_say_now(engines, 0);
	engines_say_now(engines, 1);
	engines_say_now(engines, 1);
	engines_run(engines, 2500);
	tap_is_int((intmax_t)engines_known(engines, 0, "cem").lacks, 1,
		"cem lacks one packet of ours");
	tap_is_int((intmax_t)engines_known(engines, 0, "bob").lacks, 0,
		"bob lacks no packet of ours");
	tap_is_int((intmax_t)engines_known(engines, 2, "bob").lost, 2,
		"cem itself knows two lost packets of bob");
	tap_is_int((intmax_t)engines_known(engines, 0, "cem").hears, 1,
		"cem hears one author");
	tap_ok(engine_peer_report_at(engine, 102, 0, &report) &&
			report.author.id == 101 && report.lacks == 2 &&
			memcmp(report.author.nick, "bob",
				report.author.nick_size) == 0,
		"cem's report says that it lacks two packets of bob");
	tap_ok(!engine_peer_report_at(engine, 102, 1, &report),
		"cem has no second report");
	tap_ok(!engine_peer_report_at(engine, 77, 0, &report),
		"an unknown member has no report");
	engines->loses = NULL;
	engines_run(engines, 3000);
	tap_is_int((intmax_t)engines_known(engines, 0, "cem").lacks, 0,
		"after the repair cem lacks no packet");
	engine_leave(engines->nodes[1].engine, engines->now);
	engines_drain(engines, 1);
	engines_run(engines, 100);
	tap_is_int((intmax_t)engines_known(engines, 0, "cem").hears, 0,
		"cem no longer hears an author that left");
	tap_ok(!engine_member_at(engine, 2, &member),
		"two other members are left");
	engines_close(engines);
}

/* Node 0 hears nothing of node 1. */
static bool loses_to_first(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)engines, (void)packet, (void)size;
	return from == 1 && to == 0;
}

static bool loses_until_second_bye(struct engines *engines, size_t from,
	size_t to, const uint8_t *packet, size_t size)
{
	(void)packet, (void)size;
	return from == 1 && to == 0 && engines->sent_for[1][ENGINE_BYE] < 2;
}

static void a_bye_confirms(void)
{
	struct engines *engines = engines_open(2);
	const struct engine *engine = engines->nodes[0].engine;

	engines_run(engines, 100);
	engines->loses = loses_until_second_bye;
	engines_say(engines, 0);
	engines_run(engines, 100);
	tap_is_int((intmax_t)engine_confirmer_count(engine), 0,
		"a confirmation that is lost does not count");
	engine_leave(engines->nodes[1].engine, engines->now);
	engines_run(engines, 100);
	tap_is_int((intmax_t)engine_confirmer_count(engine), 1,
		"a later bye confirms, too");
	engines_close(engines);
}

static bool loses_until_bye(struct engines *engines, size_t from, size_t to,
	const uint8_t *packet, size_t size)
{
	(void)packet, (void)size;
	return from == 1 && to == 0 && engines->sent_for[1][ENGINE_BYE] == 0;
}

/* A STATE has room for some 29 reports: the one that the author waits for is in
 * the first bye, behind which no other counts. */
static void a_bye_confirms_in_a_crowd(void)
{
	struct engines *engines = engines_open(2);
	const struct engine *engine = engines->nodes[0].engine;
	struct wire_state state = {
		.counter = 1, .nick = "eve", .nick_size = 3, .first = 1};
	struct forged packet;

	engines_run(engines, 100);
	for (uint64_t i = 0; i < 100; i++) {
		forged_state(&packet, ENGINES_ROOM, 1000 + i, 0, &state);
		engines_receive(engines, 1, &packet);
	}
	engines->loses = loses_until_bye;
	engines_say(engines, 0);
	engines_run(engines, 1000);
	tap_is_int((intmax_t)engine_confirmer_count(engine), 0,
		"in a crowd a confirmation goes lost");
	/* The turn of the author, who is the first, was just before. */
	engines->nodes[1].engine->rotation = 1;
	engine_leave(engines->nodes[1].engine, engines->now);
	engines_run(engines, 5);
	tap_is_int(engines->sent_for[1][ENGINE_BYE], 1,
		"who had confirmed says bye");
	tap_is_int((intmax_t)engine_confirmer_count(engine), 1,
		"and confirms again with the first bye");
	engines_close(engines);
}

static void one_way(void)
{
	struct engines *engines = engines_open(0);

	engines->loses = loses_to_first;
	engines_join(engines, 0);
	engines_join(engines, 1);
	engines_run(engines, 5000);
	engines_say_now(engines, 1);
	engines_run(engines, 5000);
	tap_ok(!engines_known(engines, 1, "ann").hears_us,
		"ann does not hear us");
	tap_is_int((intmax_t)engines_known(engines, 1, "ann").lacks, 1,
		"ann, who does not hear us, lacks the packet we sent");
	engines->loses = NULL;
	engines_run(engines, 5000);
	tap_ok(engines_known(engines, 1, "ann").hears_us,
		"when the link is good ann hears us");
	engines_close(engines);
}

static void shared_nicks(void)
{
	struct engines *engines = engines_open(2);
	struct engine_config config = engines_config(2);

	engines_say_now(engines, 1);
	engines_run(engines, 100);
	tap_ok(!engines_seen(engines, 0)->is_shared,
		"the nick of the only bob is not shared");
	config.nick = "bob";
	engines_join_as(engines, 2, &config);
	engines_run(engines, 3000);
	tap_ok(engines_seen(engines, 0)->is_shared,
		"the nick of a second bob is shared");
	engines_say_now(engines, 1);
	engines_run(engines, 100);
	tap_ok(engines_seen(engines, 0)->is_shared,
		"the nick of the first bob is now shared");
	tap_ok(engines_known(engines, 0, "bob").is_nick_shared,
		"the list of members marks bob's nick as shared");
	engine_set_nick(engines->nodes[2].engine, "ann");
	engines_drain(engines, 2);
	engines_run(engines, 100);
	tap_ok(engines_seen(engines, 0)->is_shared,
		"our nick, taken by another, is shared");
	engines_say_now(engines, 1);
	engines_run(engines, 100);
	tap_ok(!engines_seen(engines, 0)->is_shared,
		"the nick of the only bob left is not shared");
	engines_say_now(engines, 2);
	engines_run(engines, 100);
	tap_ok(engines_seen(engines, 0)->is_shared,
		"the nick of the other ann is shared");
	engine_set_nick(engines->nodes[0].engine, "eve");
	engines_drain(engines, 0);
	engines_say_now(engines, 2);
	engines_run(engines, 100);
	tap_ok(!engines_seen(engines, 0)->is_shared,
		"the nick of the only ann left is not shared");
	engines_close(engines);
}

/* In an idle hour there are few packets, no events, few wake-ups. */
static void idle(void)
{
	struct engines *engines = engines_open(4);
	uint64_t packets;
	uint64_t drains;

	engines_run(engines, 10000);
	packets = engines->packets;
	drains = engines->drains;
	engines_run(engines, 3600000);
	packets = engines->packets - packets;
	drains = engines->drains - drains;
	tap_ok(packets < (uint64_t)4 * 3600,
		"an idle hour of four: %ju packets", (uintmax_t)packets);
	tap_ok(drains < 20 * packets, "an idle hour of four: %ju wake-ups",
		(uintmax_t)drains);
	tap_is_int(engines_seen(engines, 0)->leaves, 0,
		"an idle hour: nobody leaves");
	engines_close(engines);
}

/* ---- many members ---- */

/* A STATE of fake number `fake` reaches nodes 0 and 1. */
static void hear_fake(struct engines *engines, uint64_t fake, uint64_t counter)
{
	struct forged packet;

	engines_forge_state(&packet, 1000 + fake, counter, 1, 0);
	engines_receive(engines, 0, &packet);
	engines_receive(engines, 1, &packet);
}

/* `fakes` fakes are heard, each twice. */
static void fill(struct engines *engines, uint64_t fakes)
{
	for (uint64_t i = 0; i < 2 * fakes; i++)
		hear_fake(engines, i % fakes, i + 1);
}

/* Lets time pass in which each of the fakes is heard every 25 s. */
static void run_among(struct engines *engines, uint64_t fakes, int64_t seconds)
{
	uint64_t rounds = (uint64_t)seconds * fakes / 25;

	for (uint64_t i = 0; i < rounds; i++) {
		hear_fake(engines, i % fakes, 100000 + i);
		if (i % (fakes / 25) == 0) {
			engines_say_now(engines, 0);
			engines_say_now(engines, 1);
		}
		engines_run(engines, 25000 / (int64_t)fakes);
	}
}

static void two_among_many(void)
{
	struct engines *engines = engines_open(2);
	uint64_t fakes = MEMBERS_MAX - 1;
	unsigned gone = 0;

	fill(engines, fakes);
	run_among(engines, fakes, 75);
	for (size_t i = 0; i < 2; i++) {
		const struct seen *seen = engines_seen(engines, i);

		gone += seen->leaves;
		tap_ok(seen->messages + 1 >= engines->nodes[1 - i].said &&
				seen->is_ordered && seen->lost == 0,
			"among 2,047 fakes, what the other says comes: %ju",
			(uintmax_t)seen->messages);
	}
	tap_is_int(gone, 0,
		"among 2,047 fakes neither is told that anybody has left");
	engines_run(engines, 5000);
	tap_is_int((intmax_t)engine_confirmer_count(engines->nodes[0].engine),
		1, "the one honest member confirms everything");
	tap_is_int((intmax_t)engine_confirmed(engines->nodes[0].engine),
		(intmax_t)engine_said_last(engines->nodes[0].engine),
		"no fake holds up the confirmation");
	engines_close(engines);
}

/* There is no room for newcomers: each is told so once, and so are we. */
static void full_table(void)
{
	struct engines *engines = engines_open(2);
	uint64_t fakes = MEMBERS_MAX - 1;
	struct forged packet;

	fill(engines, fakes);
	tap_is_int((intmax_t)engines->nodes[0].engine->members.count,
		MEMBERS_MAX, "the table is full");
	tap_is_int((intmax_t)engines_seen(engines, 0)->fulls, 0,
		"a table that is just full is not told of");
	engines_join(engines, 2);
	run_among(engines, fakes, 10);
	tap_is_int((intmax_t)engines_seen(engines, 0)->fulls, 1,
		"node 0 tells that a newcomer is not let in");
	tap_is_int((intmax_t)engines_seen(engines, 1)->fulls, 1,
		"node 1 tells that a newcomer is not let in");
	tap_is_int((intmax_t)engines_seen(engines, 2)->refused, 1,
		"the newcomer is told that it was not let in");
	engines_join(engines, 3);
	for (uint64_t i = 0; i < 500; i++) {
		engines_forge_state(&packet, 900000 + i, 1, 1, 0);
		engines_receive(engines, 0, &packet);
	}
	run_among(engines, fakes, 30);
	tap_is_int((intmax_t)engines_seen(engines, 0)->fulls, 1,
		"node 0 tells only once that newcomers are not let in");
	tap_is_int((intmax_t)engines_seen(engines, 2)->refused, 1,
		"the first newcomer is told only once");
	tap_is_int((intmax_t)engines_seen(engines, 3)->refused, 1,
		"the other newcomer is told once");
	tap_ok(engines_seen(engines, 0)->refused == 0 &&
			engines_seen(engines, 2)->fulls == 0,
		"a member that has room, or was let in, is told nothing");
	tap_is_int((intmax_t)engines_seen(engines, 0)->leaves, 0,
		"a full table makes nobody leave");
	engines_close(engines);
}

/* ---- which members are waited for ---- */

/* A member that confirms so many packets of node 0 in each period, or all that
 * were sent if those are fewer. */
struct drip {
	int64_t period_ms;
	uint64_t packets;
	uint64_t next;
	uint64_t counter;
};

static void confirm(struct engines *engines, struct drip *drip)
{
	const struct engine *engine = engines->nodes[0].engine;
	struct forged packet;

	drip->next += drip->packets;
	if (drip->next > engine->send_window.unsent)
		drip->next = engine->send_window.unsent;
	engines_forge_state(&packet, 66, ++drip->counter, 1, 0);
	forged_report(
		&packet, &(struct wire_report){.origin = 100,
				 .next = drip->next,
				 .known = engine->send_window.unsent - 1});
	engines_receive(engines, 0, &packet);
}

/* Node 0 has more to say than it may send.  Returns the ms for which it was
 * held up: the pauses of more than a second in which no more was confirmed. */
static int64_t held_up(struct engines *engines, struct drip *drip, int64_t ms)
{
	static const char text[1000];
	struct engine *engine = engines->nodes[0].engine;
	uint64_t confirmed = 0;
	int64_t since = 0;
	int64_t held = 0;

	for (int64_t now = 0; now < ms; now++) {
		if (now % drip->period_ms == 0)
			confirm(engines, drip);
		/* A hundred packets a second. */
		if (now % 10 == 0)
			engine_say(engine, false, text, sizeof(text),
				(struct wall_time){1}, engines->now);
		engines_drain(engines, 0);
		engines_run(engines, 1);
		if (engine_confirmed(engine) > confirmed) {
			confirmed = engine_confirmed(engine);
			held += now - since > 1000 ? now - since : 0;
			since = now;
		}
	}
	return held + (ms - since > 1000 ? ms - since : 0);
}

static void holds_up_for_a_while(void)
{
	struct engines *engines = engines_open(2);
	struct drip drip = {.period_ms = 2000, .packets = 1, .next = 1};
	int64_t held;

	confirm(engines, &drip);
	held = held_up(engines, &drip, 60000);
	/* It is waited for twice; and a packet each 2 s makes pauses as well.
	 */
	tap_ok(held > 4000 && held < 14000,
		"a member that drips holds up the author for %jd ms of 60 s",
		(intmax_t)held);
	tap_ok(engines_seen(engines, 0)->leaves >= 1 &&
			engines_seen(engines, 0)->leaves <= 3,
		"a member that drips is told to have left: %u times",
		engines_seen(engines, 0)->leaves);
	tap_ok(engines_seen(engines, 1)->messages > 5500,
		"the other member still hears: %ju messages",
		(uintmax_t)engines_seen(engines, 1)->messages);
	engines_close(engines);
}

/* A reader that takes 20 packets in each 5 s is waited for. */
static void waits_for_the_slow(void)
{
	struct engines *engines = engines_open(2);
	struct drip drip = {.period_ms = 5000, .packets = 20, .next = 1};

	confirm(engines, &drip);
	held_up(engines, &drip, 300000);
	tap_is_int((intmax_t)engines_seen(engines, 0)->leaves, 0,
		"a slow reader is waited for without end");
	tap_is_int((intmax_t)engine_confirmed(engines->nodes[0].engine),
		(intmax_t)drip.next - 1,
		"all that a slow reader has is confirmed");
	engines_close(engines);
}

/* Who was here first is told by the ages that members tell. */
static void older(void)
{
	struct engines *engines = engines_open(0);

	engines_join(engines, 0);
	engines_run(engines, 300);
	engines_join(engines, 1);
	engines_run(engines, 500);
	tap_ok(engines_known(engines, 1, "ann").is_older,
		"ann was here when bob came");
	tap_ok(!engines_known(engines, 0, "bob").is_older,
		"bob was not when ann came");
	engines_close(engines);
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	comes_and_goes();
	says_bye();
	says_bye_in_a_crowd(17, 17);
	says_bye_in_a_crowd(60, 60);
	says_bye_in_a_crowd(200, 80);
	has_large_bursts();
	knows_members();
	one_way();
	shared_nicks();
	not_stalled();
	stops(3000, 10, false);
	stops(90000, 10, true);
	idle();
	waits_once();
	after_leaving();
	a_bye_confirms();
	a_bye_confirms_in_a_crowd();
	two_among_many();
	full_table();
	holds_up_for_a_while();
	waits_for_the_slow();
	older();
	return tap_done();
}
