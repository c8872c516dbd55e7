/* SPDX-License-Identifier: ISC */
/* Which sessions are named, and when. */
#include "mchat/seal/naming.h"

#include <string.h>

#include "tap.h"

struct fixture {
	struct naming naming;
	struct naming_load load;
	enum seal_kind kind;
	uint64_t names[NAMES_MAX];
};

static void fixture_init(struct fixture *f, size_t members)
{
	*f = (struct fixture){.load = {.now = {NS_PER_S}, .members = members}};
	naming_init(&f->naming, 42);
}

static void advance(struct fixture *f, int64_t ms)
{
	f->load.now.ns += ms * NS_PER_MS;
}

static size_t next(struct fixture *f)
{
	return naming_next(&f->naming, NAMES_MAX, &f->load, &f->kind, f->names);
}

/* To the next datagram; how many sessions it has.  0: none will leave. */
static size_t run(struct fixture *f)
{
	for (int i = 0; i < 10; i++) {
		struct instant due = naming_deadline(&f->naming);
		size_t count;

		if (instant_is_never(due))
			return 0;
		if (instant_before(f->load.now, due))
			f->load.now = due;
		count = next(f);
		if (count > 0)
			return count;
	}
	return 0;
}

static int64_t ms_since(const struct fixture *f, struct instant since)
{
	return instant_until(since, f->load.now).ns / NS_PER_MS;
}

static void test_ask(void)
{
	struct fixture f;
	struct instant began;

	fixture_init(&f, 0);
	tap_ok(instant_is_never(naming_deadline(&f.naming)), "nothing is due");
	tap_is_int((intmax_t)next(&f), 0, "nor sent");
	began = f.load.now;
	naming_ask(&f.naming, 7, &f.load);
	tap_is_int((intmax_t)run(&f), 1, "one is asked");
	tap_ok(f.kind == SEAL_NAMES && f.names[0] == 7, "the right one");
	tap_ok(ms_since(&f, began) <= 5, "within 5 ms where few are here");
	tap_ok(instant_is_never(naming_deadline(&f.naming)),
		"not again, while it is not heard");
}

/* H4: again after 1 s, 2 s, 4 s ... 60 s, for as long as it is heard. */
static void test_again(void)
{
	static const int64_t gaps[] = {
		1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
	struct fixture f;
	size_t wrong = 0;

	fixture_init(&f, 0);
	naming_ask(&f.naming, 7, &f.load);
	wrong += run(&f) != 1;
	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		struct instant asked = f.load.now;

		advance(&f, 1);
		naming_ask(&f.naming, 7, &f.load);
		naming_ask(&f.naming, 7, &f.load);
		wrong += run(&f) != 1;
		wrong += ms_since(&f, asked) < gaps[i] ||
			 ms_since(&f, asked) > gaps[i] + 5;
	}
	tap_is_int((intmax_t)wrong, 0, "asked again, ever more seldom");
	naming_ask(&f.naming, 7, &f.load);
	naming_drop(&f.naming, 7);
	tap_is_int((intmax_t)run(&f), 0, "not after it has named us");
	naming_drop(&f.naming, 8);
	naming_ask(&f.naming, 7, &f.load);
	tap_is_int((intmax_t)run(&f), 1, "anew, should it be needed");
}

static void test_many(void)
{
	struct fixture f;
	struct instant began;
	bool asked[1001] = {false};
	size_t count;
	size_t total = 0;
	size_t datagrams = 0;

	/* A newcomer with a wrong clock among a thousand, who all go on
	 * talking; it learns of the first ones, then of others. */
	fixture_init(&f, 1000);
	f.load.is_urgent = true;
	began = f.load.now;
	while (total < 1000 && datagrams < 1000) {
		for (uint64_t s = 1; s <= 1000; s++)
			if (!asked[s])
				naming_ask(&f.naming, s, &f.load);
		count = run(&f);
		datagrams += count > 0;
		for (size_t i = 0; i < count; i++) {
			total += !asked[f.names[i]];
			asked[f.names[i]] = true;
			naming_drop(&f.naming, f.names[i]);
		}
	}
	tap_is_int((intmax_t)total, 1000, "a thousand are asked");
	tap_is_int((intmax_t)datagrams, 16, "64 at a time");
	tap_ok(ms_since(&f, began) <= 4000, "in 4 s");
	tap_ok(ms_since(&f, began) >= 3000, "200 ms apart");
}

static void test_pace(void)
{
	struct fixture f;
	struct instant first;
	int64_t shortest = INT64_MAX;
	size_t silent = 0;

	fixture_init(&f, 1000);
	naming_ask(&f.naming, 1, &f.load);
	naming_reply(&f.naming, 2, &f.load);
	first = f.load.now;
	for (int i = 0; i < 100; i++) {
		struct instant before = f.load.now;

		silent += run(&f) == 0;
		if (i > 0 && ms_since(&f, before) < shortest)
			shortest = ms_since(&f, before);
		naming_ask(&f.naming, (uint64_t)i + 10, &f.load);
		naming_reply(&f.naming, (uint64_t)i + 10, &f.load);
	}
	tap_is_int((intmax_t)silent, 0, "asks and replies go on");
	tap_ok(shortest >= 10000, "a thousand members: 10 s apart");
	tap_ok(ms_since(&f, first) / 100 <= 21000,
		"and no more than twice that");
}

/* A thousand hear a newcomer whose clock is off: all together send about 100
 * datagrams a second. */
static void test_together(void)
{
	enum { MEMBERS = 1000 };
	static struct fixture f;
	size_t in_second[10] = {0};
	size_t most = 0;

	for (size_t i = 0; i < MEMBERS; i++) {
		int64_t ms;

		fixture_init(&f, MEMBERS);
		naming_init(&f.naming, i);
		naming_ask(&f.naming, 7, &f.load);
		ms = instant_until(f.load.now, naming_deadline(&f.naming)).ns /
		     NS_PER_MS;
		in_second[ms / 1000]++;
	}
	for (int i = 0; i < 10; i++)
		if (in_second[i] > most)
			most = in_second[i];
	tap_ok(most <= 140, "in no second more than 140: %zu", most);
}

static void test_replies(void)
{
	struct fixture f;
	size_t total = 0;
	size_t count;

	fixture_init(&f, 0);
	for (uint64_t s = 1; s <= 300; s++) {
		naming_reply(&f.naming, s, &f.load);
		naming_reply(&f.naming, 1, &f.load);
	}
	count = run(&f);
	tap_ok(count == 64 && f.kind == SEAL_NAMES_REPLY && f.names[0] == 1 &&
			f.names[63] == 64,
		"the first 64, each once");
	while (count > 0) {
		total += count;
		count = run(&f);
	}
	tap_is_int((intmax_t)total, 256, "256 replies are owed at most");
}

/* Of 256 that are to be asked, the one heard longest ago gives way. */
static void test_bound(void)
{
	struct fixture f;
	bool asked[NAMING_SESSIONS_MAX + 2] = {false};
	size_t total = 0;
	size_t count;

	fixture_init(&f, 0);
	for (uint64_t s = 1; s <= NAMING_SESSIONS_MAX; s++) {
		naming_ask(&f.naming, s, &f.load);
		advance(&f, 1);
	}
	naming_ask(&f.naming, 1, &f.load);
	naming_ask(&f.naming, NAMING_SESSIONS_MAX + 1, &f.load);
	while ((count = run(&f)) > 0)
		for (size_t i = 0; i < count; i++, total++)
			asked[f.names[i]] = true;
	tap_is_int((intmax_t)total, NAMING_SESSIONS_MAX, "256 are asked");
	tap_ok(asked[1] && asked[NAMING_SESSIONS_MAX + 1] && !asked[2],
		"but for the one heard longest ago");
}

static void test_room(void)
{
	struct fixture f;

	fixture_init(&f, 0);
	for (uint64_t s = 1; s <= 10; s++)
		naming_ask(&f.naming, s, &f.load);
	f.load.now = naming_deadline(&f.naming);
	tap_is_int(
		(intmax_t)naming_next(&f.naming, 3, &f.load, &f.kind, f.names),
		3, "as many as there is room for");
	tap_is_int((intmax_t)run(&f), 7, "the others later");
}

static bool arrives(struct prng *prng, unsigned percent)
{
	return prng_unit(prng) * 100 >= percent;
}

/* H4: two whose clocks differ ask one another, under loss. */
static void test_loss(unsigned percent)
{
	enum { PAIRS = 1000 };
	static struct fixture f;
	struct prng prng = {percent};
	size_t deaf = 0;

	for (size_t pair = 0; pair < PAIRS; pair++) {
		struct instant began;
		bool is_proven = false;

		fixture_init(&f, 30);
		naming_init(&f.naming, pair);
		began = f.load.now;
		while (!is_proven && ms_since(&f, began) < 600000) {
			naming_ask(&f.naming, 7, &f.load);
			run(&f);
			/* By the reply, or as it asks us at that time. */
			is_proven = (arrives(&prng, percent) &&
					    arrives(&prng, percent)) ||
				    arrives(&prng, percent);
		}
		deaf += !is_proven;
	}
	tap_is_int((intmax_t)deaf, 0, "nobody is deaf for ten minutes");
}

/* A clock that is set: what would have waited long is asked at once. */
static void test_hurry(void)
{
	struct fixture f;
	struct instant began;

	fixture_init(&f, 1000);
	naming_ask(&f.naming, 1, &f.load);
	run(&f);
	naming_ask(&f.naming, 2, &f.load);
	advance(&f, 100);
	began = f.load.now;
	f.load.is_urgent = true;
	naming_hurry(&f.naming, &f.load);
	tap_is_int((intmax_t)run(&f), 1, "asked");
	tap_ok(ms_since(&f, began) <= 205, "at once");
}

int main(void)
{
	test_ask();
	test_again();
	test_many();
	test_pace();
	test_together();
	test_replies();
	test_bound();
	test_room();
	test_loss(30);
	test_loss(50);
	test_hurry();
	return tap_done();
}
