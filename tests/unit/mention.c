/* SPDX-License-Identifier: ISC */
/* A nick as a word, in text that ends where its allocation does. */
#include "mchat/view/mention.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/protocol/event.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool mentions(const char *text, const char *nick)
{
	size_t size = strlen(text);
	char *copy = malloc(size > 0 ? size : 1);
	struct event event = {
		.kind = EVENT_MESSAGE,
		.message = {.text = copy, .size = size},
	};
	bool result;

	if (!copy)
		abort();
	for (size_t i = 0; i < size; i++)
		copy[i] = text[i];
	result = mention_is_in(&event, nick, strlen(nick));
	free(copy);
	return result;
}

static void words(void)
{
	static const struct {
		const char *nick;
		const char *text;
		bool is_in;
	} cases[] = {
		{"lee", "lee", true},
		{"lee", "lee: are you here?", true},
		{"lee", "hello, LEE!", true},
		{"Lee", "hello lee", true},
		{"lee", "(lee)", true},
		{"lee", "le", false},
		{"lee", "", false},
		{"lee", "sleep", false},
		{"lee", "fleet lee's", true},
		{"lee", "leeward", false},
		{"lee", "lee2", false},
		{"lee", "lee_", false},
		{"lee", "lelee", false},
		{"lee", "lele lee", true},
		{"lee", "lee\xeb\x8b\x98", true}, /* a Korean particle */
		{"\xeb\xaf\xbc", "\xeb\xaf\xbc\xec\x95\x84", true},
		{"\xeb\xaf\xbc", "a\xeb\xaf\xbc", true},
		{"\xeb\xaf\xbc", "\xeb\xaf", false},
		{"[x]", "a[x]b", true},          /* no letters at its ends */
		{"\xc3\x89", "\xc3\xa9", false}, /* only ASCII has cases */
		{"a b", "a  b, a b", true},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		tap_ok(mentions(cases[i].text, cases[i].nick) == cases[i].is_in,
			"%s in \"%s\"", cases[i].nick, cases[i].text);
}

static void kinds(void)
{
	struct event event = {
		.kind = EVENT_MESSAGE,
		.message = {.text = "lee", .size = 3},
	};

	event.message.is_own = true;
	tap_ok(!mention_is_in(&event, "lee", 3),
		"what we say ourselves is no mention");
	event.message.is_own = false;
	event.message.is_history = true;
	tap_ok(!mention_is_in(&event, "lee", 3), "history is no mention");
	event.message.is_history = false;
	event.kind = EVENT_ACTION;
	tap_ok(mention_is_in(&event, "lee", 3), "an action may be a mention");
	event = (struct event){
		.kind = EVENT_PLAIN, .plain = {.text = "lee", .size = 3}};
	tap_ok(mention_is_in(&event, "lee", 3),
		"a plain datagram may be a mention");
	event = (struct event){
		.kind = EVENT_JOIN, .member = {.nick = "lee", .nick_size = 3}};
	tap_ok(!mention_is_in(&event, "lee", 3), "a join is no mention");
}

int main(void)
{
	words();
	kinds();
	return tap_done();
}
