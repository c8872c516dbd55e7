/* SPDX-License-Identifier: ISC */
/* Whether nicks in use are shared, compared with a search of a plain list. */
#include "mchat/protocol/nicks.h"

#include <stdio.h>
#include <string.h>

#include "random.h"
#include "tap.h"

#define OWNERS 200

struct model {
	struct nicks nicks;
	struct nick list[OWNERS];
	bool is_used[OWNERS];
};

static bool is_shared(const struct model *model, const struct nick *nick)
{
	for (size_t i = 0; i < OWNERS; i++)
		if (model->is_used[i] && model->list[i].owner != nick->owner &&
			nick_is_same(&model->list[i], nick))
			return true;
	return false;
}

static void toggle(struct model *model, size_t i)
{
	char text[WIRE_NICK_MAX + 1];
	int size = snprintf(text, sizeof(text), "n%zu", random_below(100));

	if (model->is_used[i]) {
		nicks_remove(&model->nicks, &model->list[i]);
	} else {
		nick_set(&model->list[i], text, (size_t)size);
		nicks_add(&model->nicks, &model->list[i]);
	}
	model->is_used[i] = !model->is_used[i];
}

static void many(void)
{
	static struct model model;
	unsigned shared = 0;
	bool good = true;

	nicks_init(&model.nicks, random_next());
	for (size_t i = 0; i < OWNERS; i++)
		nick_init(&model.list[i], i + 1);
	for (int round = 0; round < 20000; round++) {
		struct nick *nick = &model.list[random_below(OWNERS)];
		bool expected = is_shared(&model, nick);

		shared += expected;
		good = good && nicks_is_shared(&model.nicks, nick) == expected;
		toggle(&model, random_below(OWNERS));
	}
	tap_ok(good && shared > 1000 && shared < 19000,
		"the index agrees with a search: %u of 20,000 shared", shared);
}

static void bytes(void)
{
	static const char zero[] = {'a', 0, 'b'};
	struct nicks nicks;
	struct nick one;
	struct nick two;
	char longest[WIRE_NICK_MAX + 1];

	memset(longest, 'x', sizeof(longest));
	nicks_init(&nicks, random_next());
	nick_init(&one, 1);
	nick_init(&two, 2);
	nick_set(&one, longest, sizeof(longest));
	tap_is_int(one.size, WIRE_NICK_MAX,
		"a nick is cut to the bytes it may have");
	nick_set(&one, zero, 3);
	nick_set(&two, zero, 1);
	nicks_add(&nicks, &one);
	nicks_add(&nicks, &two);
	tap_ok(!nicks_is_shared(&nicks, &one),
		"nicks that differ behind a NUL are not shared");
	nicks_remove(&nicks, &two);
	nick_set(&two, zero, 3);
	nicks_add(&nicks, &two);
	tap_ok(nicks_is_shared(&nicks, &one),
		"nicks with the same bytes are shared");
}

static void plain_ones(void)
{
	static const char *const plain[] = {"kim", "Zz_-09aA", "-"};
	static const char *const others[] = {"", "kim lee", "a:b", "kim#1a2b",
		"J\xc3\xbcrgen", "a\x1b", "@", "[", "`", "{", "/"};
	struct nick nick;

	nick_init(&nick, 1);
	tap_ok(!nick.is_plain, "without a text a nick is not plain");
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		nick_set(&nick, plain[i], strlen(plain[i]));
		tap_ok(nick.is_plain, "\"%s\" is plain", plain[i]);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		nick_set(&nick, others[i], strlen(others[i]));
		tap_ok(!nick.is_plain, "what is not plain: %zu", i);
	}
}

/* A caller that remembers an answer learns when to ask again. */
static void changes(void)
{
	struct nicks nicks;
	struct nick nick;
	uint64_t before;

	nicks_init(&nicks, 1);
	tap_ok(nicks.changes > 0, "changes begin with 1");
	nick_init(&nick, 1);
	before = nicks.changes;
	nicks_remove(&nicks, &nick);
	tap_ok(nicks.changes == before,
		"removing a nick that is not there is no change");
	nicks_add(&nicks, &nick);
	tap_ok(nicks.changes > before, "adding a nick is a change");
	before = nicks.changes;
	nicks_remove(&nicks, &nick);
	tap_ok(nicks.changes > before, "removing a nick is a change");
}

int main(void)
{
	tap_note("SEED=%ju", (uintmax_t)random_seed());
	random_restart();
	many();
	bytes();
	plain_ones();
	changes();
	return tap_done();
}
