/* SPDX-License-Identifier: ISC */
#include "mchat/chat/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/protocol/engine.h"
#include "mchat/protocol/event.h"
#include "mchat/view/view.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
	struct fold fold;
	struct view view;
	struct buffer out;
};

static void fixture_init(struct fixture *f)
{
	*f = (struct fixture){.out = BUFFER_EMPTY};
	fold_init(&f->fold);
	f->fold.is_on = true;
}

static void fixture_fini(struct fixture *f)
{
	fold_fini(&f->fold);
	buffer_fini(&f->out);
}

static void say(struct fixture *f, const char *text, size_t size)
{
	struct event event = {
		.kind = EVENT_MESSAGE,
		.member = {.id = 1, .nick = "lee", .nick_size = 3},
		.message = {.text = text, .size = size},
	};

	buffer_clear(&f->out);
	fold_event(&f->fold, &f->view, &event, &f->out);
}

/* `size` bytes that begin with `first` and go on with `rest` over and over. */
static char *text_of(const char *first, const char *rest, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	snprintf(text, size + 1, "%s", first);
	for (size_t at = strlen(text); at < size; at++)
		text[at] = rest[(at - strlen(first)) % strlen(rest)];
	text[size] = '\0';
	return text;
}

static void ends(const struct fixture *f, const char *end, const char *what)
{
	size_t size = buffer_size(&f->out);

	if (!tap_ok(size >= strlen(end) &&
			    memcmp(buffer_bytes(&f->out) + size - strlen(end),
				    end, strlen(end)) == 0,
		    "%s", what))
		tap_note("%.*s", (int)size, buffer_bytes(&f->out));
}

static void test_sizes(void)
{
	static const struct {
		size_t size;
		size_t shown;
		const char *end;
	} cases[] = {
		{0, 0, ""},
		{FOLD_MIN, FOLD_MIN, ""},
		{FOLD_MIN + 1, FOLD_SHOWN, " … 1 KiB more, /show"},
		{ENGINE_MESSAGE_MAX, FOLD_SHOWN, " … 63 KiB more, /show"},
	};
	struct fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *text = text_of("", "x", cases[i].size);

		say(&f, text, cases[i].size);
		tap_is_int((intmax_t)buffer_size(&f.out),
			(intmax_t)(strlen("lee: \n") + cases[i].shown +
				   strlen(cases[i].end)),
			"the line is as long as it should be");
		ends(&f, "\n", "and has its end");
		buffer_consume(&f.out, strlen("lee: ") + cases[i].shown);
		ends(&f, cases[i].end[0] ? "KiB more, /show\n" : "\n",
			"and how much more there is");
		free(text);
	}
	fixture_fini(&f);
}

/* The cut is between words, or at least between characters. */
static void test_cut(void)
{
	char *text = text_of("", "seven b ", 8192);
	struct fixture f;

	fixture_init(&f);
	say(&f, text, 8192);
	ends(&f, "seven b … 7 KiB more, /show\n", "no word is cut");
	free(text);
	text = text_of("a", "\xec\x96\xb4", 8192);
	say(&f, text, 8191);
	ends(&f, "\xec\x96\xb4 … 7 KiB more, /show\n", "nor is a character");
	free(text);
	fixture_fini(&f);
}

static void test_off(void)
{
	char *text = text_of("", "x", 8192);
	struct fixture f;

	fixture_init(&f);
	f.fold.is_on = false;
	say(&f, text, 8192);
	tap_is_int((intmax_t)buffer_size(&f.out), 8192 + 6,
		"where it is off nothing is folded");
	tap_is_int((intmax_t)fold_show(&f.fold, 1, &f.out), 0,
		"and nothing is kept");
	free(text);
	fixture_fini(&f);
}

static void test_others(void)
{
	struct event event = {.kind = EVENT_JOIN,
		.member = {.id = 1, .nick = "lee", .nick_size = 3}};
	char *text = text_of("", "x", 4096);
	struct fixture f;

	fixture_init(&f);
	fold_event(&f.fold, &f.view, &event, &f.out);
	ends(&f, "lee joined\n", "what is no message is shown as it is");
	event = (struct event){
		.kind = EVENT_PLAIN, .plain = {.text = text, .size = 4096}};
	fold_event(&f.fold, &f.view, &event, &f.out);
	ends(&f, "x … 3 KiB more, /show\n", "a datagram is folded, too");
	free(text);
	fixture_fini(&f);
}

static void test_show(void)
{
	struct fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < 3; i++) {
		char first[16];
		char *text;

		snprintf(first, sizeof(first), "%zu ", i);
		text = text_of(first, "x", 4096);
		say(&f, text, 4096);
		free(text);
	}
	buffer_clear(&f.out);
	tap_is_int((intmax_t)fold_show(&f.fold, 1, &f.out), 1, "one is shown");
	tap_is_int((intmax_t)buffer_size(&f.out), 4096 + 6, "as a whole");
	tap_ok(memcmp(buffer_bytes(&f.out), "lee: 2 x", 8) == 0,
		"it is the last one");
	buffer_clear(&f.out);
	tap_is_int((intmax_t)fold_show(&f.fold, 99, &f.out), 3,
		"of 99 there are 3");
	tap_ok(memcmp(buffer_bytes(&f.out), "lee: 0 x", 8) == 0,
		"in the order in which they came");
	fixture_fini(&f);
}

/* Messages of the largest size, each byte of which is shown as four. */
static void test_memory(void)
{
	char *text = text_of("", "\x1b", ENGINE_MESSAGE_MAX);
	struct fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < 8; i++)
		say(&f, text, ENGINE_MESSAGE_MAX);
	tap_ok(buffer_size(&f.fold.whole.lines) <= FOLD_KEPT_SIZE,
		"%zu bytes are kept", buffer_size(&f.fold.whole.lines));
	buffer_clear(&f.out);
	tap_is_int((intmax_t)fold_show(&f.fold, 1, &f.out), 1,
		"the last one is among them");
	tap_is_int((intmax_t)buffer_size(&f.out),
		(intmax_t)(4 * ENGINE_MESSAGE_MAX + 6), "whole");
	free(text);
	fixture_fini(&f);
}

int main(void)
{
	test_sizes();
	test_cut();
	test_off();
	test_others();
	test_show();
	test_memory();
	return tap_done();
}
