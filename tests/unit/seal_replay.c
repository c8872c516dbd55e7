/* SPDX-License-Identifier: ISC */
/* What an outsider gains who records and delays; what a wrong clock costs.  In
 * virtual time. */
#include <stdlib.h>
#include <string.h>

#include "mchat/seal/seal.h"
#include "party.h"
#include "tap.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

/* Everything that they name goes to and fro until nothing is due. */
static void exchange(struct party *a, struct party *b, int64_t *now_ms)
{
	struct datagram names;

	for (int i = 0; i < 100; i++) {
		struct party *from = a;
		int64_t due = party_deadline(a);

		if (due < 0 ||
			(party_deadline(b) >= 0 && party_deadline(b) < due)) {
			from = b;
			due = party_deadline(b);
		}
		if (due < 0)
			return;
		if (due > *now_ms)
			*now_ms = due;
		if (party_names(from, *now_ms, &names))
			party_hear(from == a ? b : a, &names, *now_ms);
	}
	abort();
}

static size_t known(const struct party *party)
{
	struct seal_counts counts;

	seal_count(party->seal, &counts);
	return counts.sessions;
}

/* To a newcomer: only what was sealed less than two seconds before it joined.
 */
static void test_newcomer(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct datagram recorded[6];
	size_t opened = 0;

	party_join(&alice, 1, 0, 0);
	for (int i = 0; i < 6; i++)
		party_say(&alice, 48, 10 * SECOND + i * SECOND, &recorded[i]);
	party_join(&bob, 2, 0, 15 * SECOND + 999);
	for (int i = 0; i < 4; i++)
		opened += party_hear(&bob, &recorded[i], 15 * SECOND + 999) ==
			  SEAL_OPENED;
	tap_is_int((intmax_t)opened, 0, "2 s old or more: refused");
	tap_is_int(party_hear(&bob, &recorded[5], 15 * SECOND + 999),
		SEAL_OPENED, "of this second: opened");
	tap_is_int(party_hear(&bob, &recorded[4], 15 * SECOND + 999),
		SEAL_OPENED, "of the second before: opened");
	/* Ten seconds later what is from before the join is out of time for
	 * good. */
	party_leave(&bob);
	party_join(&bob, 3, 0, 25 * SECOND);
	opened = 0;
	for (int64_t now = 25 * SECOND; now < 60 * SECOND; now += SECOND / 2)
		for (int i = 0; i < 6; i++)
			opened += party_hear(&bob, &recorded[i], now) ==
				  SEAL_OPENED;
	tap_is_int((intmax_t)opened, 0, "nor do they become good later");
	party_leave(&alice);
	party_leave(&bob);
}

/* Whoever restarts in a loop under replay opens only what is two seconds old.
 */
static void test_restarts(void)
{
	enum { SECONDS = 30 };
	struct party alice = {0};
	struct datagram recorded[SECONDS];
	size_t too_old = 0;
	size_t new_ones = 0;

	party_join(&alice, 1, 0, 0);
	for (int s = 0; s < SECONDS; s++) {
		struct party bob = {0};

		party_say(&alice, 48, s * SECOND, &recorded[s]);
		party_join(&bob, (uint8_t)(s + 2), 0, s * SECOND);
		for (int i = 0; i <= s; i++) {
			bool is_open = party_hear(&bob, &recorded[i],
					       s * SECOND) == SEAL_OPENED;

			too_old += is_open && i < s - 1;
			new_ones += is_open && i == s;
		}
		party_leave(&bob);
	}
	tap_is_int((intmax_t)too_old, 0, "restarts: nothing old is opened");
	tap_is_int((intmax_t)new_ones, SECONDS, "restarts: all that is new is");
	party_leave(&alice);
}

/* A session that left, replayed to one that knew it: within its window, after
 * that by its time. */
static void test_departed(void)
{
	static const int64_t later[] = {
		0, SECOND, 11 * SECOND, 5 * MINUTE, 11 * MINUTE, 24 * HOUR};
	struct party alice = {0};
	struct party bob = {0};
	struct datagram recorded[20];
	struct datagram names;
	size_t opened = 0;

	party_join(&alice, 1, 0, 0);
	party_join(&bob, 2, 0, 0);
	for (int i = 0; i < 20; i++) {
		party_say(&alice, 48, 10 * SECOND + i, &recorded[i]);
		party_hear(&bob, &recorded[i], 10 * SECOND + i);
	}
	for (size_t when = 0; when < 6; when++)
		for (int i = 19; i >= 0; i--) {
			int64_t now = 10 * SECOND + 20 + later[when];

			party_names(&bob, now, &names);
			opened += party_hear(&bob, &recorded[i], now) ==
				  SEAL_OPENED;
		}
	tap_is_int((intmax_t)opened, 0, "a departed session stays away");
	tap_is_int((intmax_t)known(&bob), 0, "and is forgotten");
	party_leave(&alice);
	party_leave(&bob);
}

/* H3: all of a session is held back, then comes in order. */
static void test_held_back(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct datagram first;
	struct datagram held[50];
	size_t opened = 0;

	party_join(&alice, 1, 0, 0);
	party_join(&bob, 2, 0, 0);
	party_say(&alice, 48, SECOND, &first);
	tap_is_int(party_hear(&bob, &first, SECOND), SEAL_OPENED, "heard");
	for (int i = 0; i < 50; i++)
		party_say(&alice, 48, 2 * SECOND + i, &held[i]);
	party_idle(&bob, HOUR - SECOND);
	for (int i = 0; i < 50; i++)
		opened += party_hear(&bob, &held[i], HOUR + i) == SEAL_OPENED;
	tap_is_int(
		(intmax_t)opened, 0, "held back for an hour: none is opened");
	party_say(&alice, 48, HOUR + SECOND, &first);
	tap_is_int(party_hear(&bob, &first, HOUR + SECOND), SEAL_OPENED,
		"what is sealed then is");
	for (int i = 0; i < 50; i++)
		party_say(&alice, 48, HOUR + 2 * SECOND + i, &held[i]);
	for (int i = 0; i < 50; i++)
		opened += party_hear(&bob, &held[i], HOUR + 11 * SECOND + i) ==
			  SEAL_OPENED;
	tap_is_int((intmax_t)opened, 50, "nine seconds late: all are");
	party_leave(&alice);
	party_leave(&bob);
}

/* Clocks that are off: both name one another, then all is opened. */
static void test_naming(void)
{
	static const int64_t ahead[] = {-86400 * SECOND, -3 * HOUR,
		-11 * SECOND, 12 * SECOND, 24 * HOUR, -PARTY_DAY_MS - HOUR};

	for (size_t i = 0; i < sizeof(ahead) / sizeof(ahead[0]); i++) {
		struct party alice = {0};
		struct party bob = {0};
		struct datagram said;
		struct datagram again;
		int64_t now = SECOND;

		party_join(&alice, 1, ahead[i], 0);
		party_join(&bob, 2, 0, 0);
		party_say(&alice, 48, now, &said);
		tap_is_int(party_hear(&bob, &said, now), SEAL_UNPROVEN,
			"a clock that is off");
		exchange(&alice, &bob, &now);
		tap_ok(now < 2 * SECOND, "named at once");
		party_say(&alice, 48, now, &again);
		tap_is_int(party_hear(&bob, &again, now), SEAL_OPENED,
			"then it is opened");
		tap_is_int(party_hear(&bob, &said, now), SEAL_UNPROVEN,
			"what came before is not");
		exchange(&alice, &bob, &now);
		party_say(&bob, 48, now, &again);
		tap_is_int(party_hear(&alice, &again, now), SEAL_OPENED,
			"nor need the other one be asked");
		party_leave(&alice);
		party_leave(&bob);
	}
}

/* A reply that was recorded proves nothing to who joined anew. */
static void test_old_names(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct datagram said;
	struct datagram asked;
	struct datagram reply;
	int64_t now = SECOND;

	party_join(&alice, 1, -HOUR, 0);
	party_join(&bob, 2, 0, 0);
	party_say(&alice, 48, now, &said);
	party_hear(&bob, &said, now);
	now = party_deadline(&bob);
	tap_ok(party_names(&bob, now, &asked), "bob asks");
	tap_is_int(party_hear(&alice, &asked, now), SEAL_OPENED, "alice hears");
	now = party_deadline(&alice);
	tap_ok(party_names(&alice, now, &reply), "and replies");
	tap_is_int((intmax_t)reply.size, 72, "in 72 bytes");
	tap_is_int(party_hear(&bob, &reply, now), SEAL_OPENED, "which proves");
	tap_is_int(party_hear(&bob, &reply, now), SEAL_REPLAYED, "once");
	tap_is_int(party_deadline(&alice), -1, "nobody answers a reply");
	party_leave(&bob);
	party_join(&bob, 3, 0, now);
	tap_is_int(party_hear(&bob, &reply, now), SEAL_UNPROVEN,
		"to a later session it proves nothing");
	party_leave(&alice);
	party_leave(&bob);
}

/* Who is proven is so from that number on, however often we change sessions. */
static void test_proven_stays(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct datagram said;
	int64_t now = SECOND;

	party_join(&alice, 1, -HOUR, 0);
	party_join(&bob, 2, 0, 0);
	party_say(&alice, 48, now, &said);
	party_hear(&bob, &said, now);
	exchange(&alice, &bob, &now);
	party_say(&bob, 48, now, &said);
	bob.ahead_ms -= 20 * SECOND;
	party_say(&bob, 48, now, &said);
	party_say(&alice, 48, now, &said);
	tap_is_int(party_hear(&bob, &said, now), SEAL_OPENED,
		"still opened after our session changed");
	party_leave(&alice);
	party_leave(&bob);
}

/* M1: a reader that was blocked for a minute. */
static void test_blocked(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct datagram said;
	struct datagram before;
	struct seal_opened opened;
	int64_t now = 5 * MINUTE;

	party_join(&alice, 1, 0, 0);
	party_say(&alice, 48, 2 * MINUTE - 3 * SECOND, &before);
	party_join(&bob, 2, 0, 2 * MINUTE);
	party_idle(&bob, now);
	party_say(&alice, 48, now + SECOND, &said);
	now += MINUTE;
	tap_is_int(seal_open(bob.seal, said.bytes, said.size,
			   party_wall(&bob, now), party_now(now), &opened),
		SEAL_OPENED, "read a minute after it came");
	party_leave(&bob);
	/* Blocked from the join on: still nothing from before it. */
	party_join(&bob, 3, 0, 2 * MINUTE);
	now = 2 * MINUTE + 30 * SECOND;
	tap_is_int(seal_open(bob.seal, before.bytes, before.size,
			   party_wall(&bob, now), party_now(now), &opened),
		SEAL_UNPROVEN, "what is from before the join is not");
	party_leave(&alice);
	party_leave(&bob);
}

/* A machine that slept for hours, and then is kept from emptying its queue. */
static void test_slept(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct datagram said;
	struct datagram queued;
	struct seal_opened opened;
	int64_t now = MINUTE;

	party_join(&alice, 1, 0, 0);
	party_join(&bob, 2, 0, 0);
	party_idle(&bob, now);
	alice.ahead_ms = HOUR;
	party_say(&alice, 48, now, &said);
	alice.ahead_ms = 2 * HOUR;
	party_say(&alice, 48, now, &queued);
	bob.ahead_ms = 2 * HOUR;
	now += SECOND;
	tap_is_int(seal_open(bob.seal, said.bytes, said.size,
			   party_wall(&bob, now), party_now(now), &opened),
		SEAL_UNPROVEN, "what was recorded while it slept is not fresh");
	tap_is_int(seal_open(bob.seal, queued.bytes, queued.size,
			   party_wall(&bob, now), party_now(now), &opened),
		SEAL_OPENED, "what came when it woke up is");
	party_leave(&alice);
	party_leave(&bob);
}

/* M3: a clock that was ahead is set right. */
static void test_set_back(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct party carol = {0};
	struct datagram said;
	struct datagram names;
	int64_t now = 0;
	uint64_t session;

	party_join(&alice, 1, 9 * HOUR, 0);
	party_join(&bob, 2, 0, 0);
	party_say(&alice, 48, now, &said);
	party_hear(&bob, &said, now);
	exchange(&alice, &bob, &now);
	session = seal_session(alice.seal);
	alice.ahead_ms = 0;
	party_say(&alice, 48, now, &said);
	tap_ok(seal_session(alice.seal) != session, "it begins a session");
	tap_is_int(party_hear(&bob, &said, now), SEAL_OPENED,
		"which has the right time, so nobody need ask");
	party_join(&carol, 3, 0, now);
	tap_is_int(
		party_hear(&carol, &said, now), SEAL_OPENED, "nor newcomers");
	party_say(&bob, 48, now, &said);
	tap_is_int(party_hear(&alice, &said, now), SEAL_OPENED,
		"who proved to be alive is still heard");
	party_say(&carol, 48, now, &said);
	tap_is_int(party_hear(&alice, &said, now), SEAL_UNPROVEN,
		"it goes on to open with a clock that never runs back");
	tap_ok(party_names(&alice, party_deadline(&alice), &names),
		"so it asks newcomers");
	/* A new group of the same process: the clock is the process's. */
	party_leave(&alice);
	party_join(&alice, 4, 0, now);
	tap_is_int(party_hear(&alice, &said, now), SEAL_UNPROVEN,
		"in the next group, too");
	party_leave(&alice);
	party_leave(&bob);
	party_leave(&carol);
}

/* M5, on record: to whom is behind, recordings of that time look live. */
static void test_slow_clock(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct datagram said;

	party_join(&alice, 1, 0, 0);
	party_say(&alice, 48, MINUTE, &said);
	party_join(&bob, 2, -3 * MINUTE, 4 * MINUTE);
	tap_is_int(party_hear(&bob, &said, 4 * MINUTE), SEAL_OPENED,
		"three minutes behind: a recording of then is taken for live");
	tap_is_int(party_hear(&bob, &said, 4 * MINUTE), SEAL_REPLAYED, "once");
	party_leave(&bob);
	party_join(&bob, 3, 0, 4 * MINUTE);
	tap_is_int(party_hear(&bob, &said, 4 * MINUTE), SEAL_UNPROVEN,
		"where the clock is right it is not");
	party_leave(&alice);
	party_leave(&bob);
}

/* A clock that is not set opens by naming only. */
static void test_unset(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct datagram said;
	int64_t now = SECOND;

	party_join(&alice, 1, -PARTY_DAY_MS, 0);
	party_join(&bob, 2, -PARTY_DAY_MS, 0);
	tap_ok(!seal_clock_is_set(bob.seal), "its clock is not set");
	party_say(&alice, 48, now, &said);
	tap_is_int(party_hear(&bob, &said, now), SEAL_UNPROVEN,
		"in time, but no time is good");
	exchange(&alice, &bob, &now);
	party_say(&alice, 48, now, &said);
	tap_is_int(
		party_hear(&bob, &said, now), SEAL_OPENED, "once named it is");
	party_leave(&alice);
	party_leave(&bob);
}

/* A clock that drifts is proven while it is still heard. */
static void test_drift(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct datagram said;
	size_t lost = 0;
	int64_t now = SECOND;

	party_join(&alice, 1, 0, 0);
	party_join(&bob, 2, 0, 0);
	for (int i = 0; i < 60; i++) {
		alice.ahead_ms -= SECOND / 2;
		party_say(&alice, 48, now, &said);
		lost += party_hear(&bob, &said, now) != SEAL_OPENED;
		exchange(&alice, &bob, &now);
		now += MINUTE;
	}
	tap_is_int((intmax_t)lost, 0, "30 s in an hour: all is opened");
	party_leave(&alice);
	party_leave(&bob);
}

/* Our clock is set by more than ten seconds: all look wrong, and are asked. */
static void test_step_forward(void)
{
	struct party alice = {0};
	struct party bob = {0};
	struct datagram said;
	int64_t now = HOUR;
	int64_t began;

	party_join(&alice, 1, 0, 0);
	party_join(&bob, 2, 0, 0);
	party_say(&alice, 48, now, &said);
	tap_is_int(party_hear(&bob, &said, now), SEAL_OPENED, "heard");
	bob.ahead_ms = 3 * HOUR;
	began = now;
	party_say(&alice, 48, now, &said);
	tap_is_int(party_hear(&bob, &said, now), SEAL_UNPROVEN, "off");
	exchange(&alice, &bob, &now);
	tap_ok(now - began < SECOND, "named at once");
	party_say(&alice, 48, now, &said);
	tap_is_int(party_hear(&bob, &said, now), SEAL_OPENED, "heard again");
	party_leave(&alice);
	party_leave(&bob);
}

/* The machine was copied: two seals with one seed. */
static void test_copy(void)
{
	struct party alice = {0};
	struct party copy = {0};
	struct datagram said;
	struct datagram forged;
	uint8_t entropy[SEAL_SEED_SIZE] = {0};
	uint8_t seeds[2][SEAL_SEED_SIZE];
	struct instant now = party_now(SECOND);

	party_join(&alice, 1, 0, 0);
	party_join(&copy, 1, 0, 0);
	tap_ok(seal_session(alice.seal) == seal_session(copy.seal),
		"both have one session");
	party_say(&alice, 48, SECOND, &said);
	forged = said;
	forged.bytes[60] ^= 1;
	tap_is_int(party_hear(&copy, &forged, SECOND), SEAL_FORGED,
		"who does not have the key makes nobody believe that");
	tap_is_int(party_hear(&copy, &said, SECOND + 999), SEAL_ECHO,
		"looked at once a second");
	tap_is_int(party_hear(&copy, &said, 2 * SECOND), SEAL_COPIED,
		"a number that we did not use");
	tap_is_int((intmax_t)seal_close(copy.seal, SEAL_PACKET, said.bytes, 9,
			   SEAL_DATAGRAM_MAX),
		0, "nothing is sealed any more");
	party_say(&copy, 48, SECOND, &said);
	tap_is_int((intmax_t)said.size, 0, "nor later");
	party_leave(&copy);
	party_join(&copy, 1, 0, 0);
	party_say(&copy, 48, SECOND, &said);
	party_say(&copy, 48, SECOND, &said);
	tap_is_int(party_hear(&alice, &said, SECOND), SEAL_COPIED,
		"the other one sees it, too");
	party_say(&alice, 9, SECOND, &said);
	/* Both draw the same entropy, at the same time. */
	party_leave(&copy);
	party_join(&copy, 1, 0, 0);
	seal_reseed(alice.seal, entropy, now, seeds[0]);
	seal_reseed(copy.seal, entropy, now, seeds[1]);
	tap_ok(memcmp(seeds[0], seeds[1], SEAL_SEED_SIZE) != 0,
		"their new seeds differ by what they saw");
	tap_ok(memcmp(seeds[0], alice.seed, SEAL_SEED_SIZE) != 0,
		"and are not the old one");
	party_leave(&alice);
	alice.seal = seal_new(party_key, PARTY_TAG, seeds[0], &alice.history,
		party_wall(&alice, SECOND), now);
	if (!alice.seal)
		abort();
	party_say(&copy, 48, SECOND, &said);
	tap_is_int(party_hear(&alice, &said, SECOND), SEAL_OPENED,
		"the session is the other one's now");
	party_leave(&alice);
	party_leave(&copy);
}

int main(void)
{
	test_newcomer();
	test_restarts();
	test_departed();
	test_held_back();
	test_naming();
	test_old_names();
	test_proven_stays();
	test_blocked();
	test_slept();
	test_set_back();
	test_slow_clock();
	test_unset();
	test_drift();
	test_step_forward();
	test_copy();
	return tap_done();
}
