/* SPDX-License-Identifier: ISC */
/* The sessions that are known, and which of them give way. */
#include "mchat/seal/sessions.h"

#include <stdlib.h>

#include "tap.h"
#include "mchat/base/prng.h"

#define START INT64_C(1790000000)

static struct instant at(int64_t seconds)
{
	return (struct instant){seconds * NS_PER_S};
}

/* Adds a session that is heard then, with the right time; NULL: none gave way.
 */
static struct remote_session *add(
	struct sessions *sessions, uint64_t session, int64_t seconds)
{
	struct remote_session *remote =
		sessions_add(sessions, session, START + seconds);

	if (remote) {
		remote->newest = START + seconds;
		remote->heard = at(seconds);
	}
	return remote;
}

static void test_find(void)
{
	enum { COUNT = 1000 };
	struct sessions sessions = {0};
	struct prng prng = {1};
	size_t wrong = 0;

	tap_ok(!sessions_find(&sessions, 5), "none is known");
	for (int i = 0; i < COUNT; i++)
		add(&sessions, prng_next(&prng), 0);
	prng.state = 1;
	for (int i = 0; i < COUNT; i++) {
		uint64_t session = prng_next(&prng);
		struct remote_session *remote =
			sessions_find(&sessions, session);

		wrong += !remote || remote->session != session;
		wrong += sessions_find(&sessions, session + 1) != NULL;
	}
	tap_is_int(
		(intmax_t)wrong, 0, "all that were added are, and no others");
	tap_is_int((intmax_t)sessions.count, COUNT, "their number");
	tap_ok(sizeof(struct remote_session) <= 640, "0.6 KiB each");
	sessions_fini(&sessions);
}

static void test_silent(void)
{
	struct sessions sessions = {0};
	struct remote_session *named = add(&sessions, 1, 0);
	struct remote_session *ahead = add(&sessions, 3, 0);

	add(&sessions, 2, 0);
	add(&sessions, 4, 60);
	sessions_prove(&sessions, named, 7);
	ahead->newest = START + 3600;
	sessions_forget_silent(&sessions, START + 599, at(599));
	tap_is_int((intmax_t)sessions.count, 4, "before 10 minutes none goes");
	sessions_forget_silent(&sessions, START + 600, at(600));
	tap_ok(!sessions_find(&sessions, 2),
		"then the silent one is forgotten");
	tap_ok(sessions_find(&sessions, 1), "not one that named ours");
	tap_ok(sessions_find(&sessions, 3),
		"nor one that will be in time again");
	tap_ok(sessions_find(&sessions, 4), "nor one that was heard since");
	tap_is_int((intmax_t)sessions_heard(&sessions, at(60)), 1,
		"one was heard since the first minute");
	sessions_forget_silent(&sessions, START + 3620, at(3620));
	tap_is_int((intmax_t)sessions.count, 1, "in the end all but the named");
	sessions_renew(&sessions);
	tap_ok(sessions_find(&sessions, 1)->proven == 7,
		"it is proven, whatever our session");
	sessions_forget_silent(&sessions, START + 3621, at(3621));
	tap_is_int((intmax_t)sessions.count, 0,
		"with a new session of ours it may go, too");
	sessions_fini(&sessions);
}

static void test_proven(void)
{
	struct sessions sessions = {0};
	struct remote_session *remote = add(&sessions, 1, 0);

	sessions_prove(&sessions, remote, 7);
	sessions_prove(&sessions, remote, 9);
	tap_ok(remote->proven == 7 && sessions.named == 1,
		"proven by the first number, counted once");
	sessions_renew(&sessions);
	tap_is_int((intmax_t)sessions.named, 0, "none named the new session");
	sessions_prove(&sessions, remote, 12);
	tap_ok(remote->proven == 7 && sessions.named == 1, "then it did");
	sessions_fini(&sessions);
}

static void test_full(void)
{
	struct sessions sessions = {0};

	for (uint64_t i = 1; i <= SESSIONS_MAX; i++)
		add(&sessions, i, 0);
	sessions_prove(&sessions, sessions_find(&sessions, 1), 1);
	sessions_find(&sessions, 5)->heard = at(-1);
	tap_ok(!add(&sessions, 10000, 19), "full: none is 20 s behind");
	tap_ok(!add(&sessions, 10000, 19), "nor when asked again");
	tap_ok(add(&sessions, 10000, 20), "then one gives way");
	tap_is_int((intmax_t)sessions.count, SESSIONS_MAX, "to the newcomer");
	tap_ok(!sessions_find(&sessions, 5), "the longest silent one");
	for (uint64_t i = 1; i < SESSIONS_MAX; i++)
		add(&sessions, 10000 + i, 20);
	tap_is_int((intmax_t)sessions.count, SESSIONS_MAX, "as many as before");
	tap_ok(sessions_find(&sessions, 1), "the one that named ours is there");
	tap_ok(!sessions_find(&sessions, 2), "the others are gone");
	tap_ok(!add(&sessions, 30000, 39), "full again");
	sessions_renew(&sessions);
	tap_ok(add(&sessions, 30000, 39), "until our session is another one");
	tap_ok(!sessions_find(&sessions, 1), "in the place of that one");
	sessions_fini(&sessions);
}

/* H2 of the design: scripts that join, speak and leave, many a second. */
static void test_scripts(unsigned per_second)
{
	struct sessions sessions = {0};
	struct prng prng = {per_second};
	size_t refused = 0;

	for (int64_t second = 0; second < 900; second++) {
		for (unsigned i = 0; i < per_second; i++)
			refused += !add(&sessions, prng_next(&prng), second);
		if (second % 60 == 0)
			sessions_forget_silent(
				&sessions, START + second, at(second));
	}
	tap_is_int((intmax_t)refused, 0, "newcomers are not refused");
	sessions_fini(&sessions);
}

int main(void)
{
	test_find();
	test_silent();
	test_proven();
	test_full();
	test_scripts(10);
	test_scripts(100);
	return tap_done();
}
