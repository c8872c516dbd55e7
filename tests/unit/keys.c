/* SPDX-License-Identifier: ISC */
/* Keys as terminals send them, whole, in pieces, cut short and late. */
#include "mchat/terminal/keys.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"
#include "mchat/base/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct instant start = {NS_PER_S};

/* Writes what a key is: its code, modifiers and text. */
static void describe(const struct key *key, char out[64])
{
	static const char *const names[] = {
		[KEY_TEXT] = "text",
		[KEY_CONTROL] = "control",
		[KEY_ESCAPE] = "escape",
		[KEY_UP] = "up",
		[KEY_DOWN] = "down",
		[KEY_RIGHT] = "right",
		[KEY_LEFT] = "left",
		[KEY_HOME] = "home",
		[KEY_END] = "end",
		[KEY_DELETE] = "delete",
		[KEY_PASTE_BEGIN] = "paste",
		[KEY_PASTE_END] = "pasted",
		[KEY_PASTE_BROKEN] = "broken",
		[KEY_OTHER] = "other",
	};
	int at = snprintf(out, 64, "%s%s%s%s",
		key->modifiers & KEY_SHIFT ? "S-" : "",
		key->modifiers & KEY_ALT ? "M-" : "",
		key->modifiers & KEY_CTRL ? "C-" : "", names[key->code]);

	for (size_t i = 0; i < key->size; i++)
		at += snprintf(out + at, 64 - (size_t)at, "%c%02x",
			i == 0 ? '=' : '.', (unsigned char)key->text[i]);
}

static void add(struct buffer *out, const struct key *key)
{
	char name[64];

	describe(key, name);
	if (buffer_size(out) > 0)
		buffer_append_char(out, ' ');
	buffer_append_string(out, name);
}

/* Feeds bytes, then lets time pass; lists the keys. */
static void play(const char *bytes, size_t size, struct buffer *out)
{
	struct keys keys;
	struct key key;

	keys_init(&keys);
	for (size_t i = 0; i < size;) {
		bool is_taken;

		if (keys_feed(&keys, bytes[i], start, &key, &is_taken))
			add(out, &key);
		i += is_taken;
	}
	while (!instant_is_never(keys_deadline(&keys)))
		if (keys_tick(&keys, keys_deadline(&keys), &key))
			add(out, &key);
}

static const struct {
	const char *bytes;
	const char *expected;
} cases[] = {
	{"a", "text=61"},
	{"é", "text=c3.a9"},
	{"한", "text=ed.95.9c"},
	{"\001\r\177", "control=01 control=0d control=7f"},
	/* Invalid bytes stay, one by one. */
	{"\xff", "text=ff"},
	{"\x80", "text=80"},
	{"\xc3z", "text=c3 text=7a"},
	{"\xed\x95\xed\x95\x9c", "text=ed.95 text=ed.95.9c"},
	{"\xed\x95", "text=ed.95"},
	{"\xe0\x80", "text=e0 text=80"},
	/* xterm, PuTTY. */
	{"\033[A\033[B\033[C\033[D", "up down right left"},
	{"\033OA\033OB\033OC\033OD", "up down right left"},
	{"\033[H\033[F\033OH\033OF", "home end home end"},
	{"\033[1;5C\033[1;3D\033[1;2A", "C-right M-left S-up"},
	{"\033[1;9D", "M-left"},
	{"\033[1~\033[3~\033[4~", "home delete end"},
	{"\033[3;5~", "C-delete"},
	{"\033OM", "control=0d"},
	/* rxvt. */
	{"\033[7~\033[8~", "home end"},
	{"\033[3^\033[7$\033[8@", "C-delete S-home S-C-end"},
	{"\033[c\033Od\033Oc", "S-right C-left C-right"},
	/* The Linux console: a function key has no meaning here. */
	{"\033[[Ax", "other text=78"},
	{"\033[2~\033[5~\033[24~", "other other other"},
	/* Alt, also with a sequence. */
	{"\033b\033\177", "M-text=62 M-control=7f"},
	{"\033\xc3\xa9", "M-text=c3.a9"},
	{"\033\033[A", "M-up"},
	/* Complete only when no more bytes come in time. */
	{"\033", "escape"},
	{"\033\033", "M-escape"},
	{"\033[", "other"},
	{"\033[1;5", "other"},
	{"\033O", "other"},
	/* A sequence that is broken off is dropped, what broke it is not. */
	{"\033[1;\r", "other control=0d"},
	{"\033[\033[A", "other up"},
	{"\033[1é", "other text=c3.a9"},
	{"\033O\003", "other control=03"},
	/* Sequences of any length, with anything in them. */
	{"\033[99999999999999999999;1~x", "other text=78"},
	{"\033[?1;2cx", "S-right text=78"},
	{"\033[;;;; qx", "S-other text=78"},
	/* Pastes. */
	{"\033[200~a\033[201~b", "paste text=61 pasted text=62"},
	{"\033[200~\r\033[A\033[201~",
		"paste text=0d text=1b.5b text=41 pasted"},
	{"\033[200~\033\033[201~", "paste text=1b pasted"},
	{"\033[200~\033[20x", "paste text=1b.5b.32.30 text=78"},
	{"\033[200~a\003b", "paste text=61 broken text=62"},
	{"\033\033[200~a\033[201~", "paste text=61 pasted"},
	{"\033[201~", "other"},
};

static void all_cases(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buffer got = BUFFER_EMPTY;

		play(cases[i].bytes, strlen(cases[i].bytes), &got);
		tap_is_bytes(buffer_bytes(&got), buffer_size(&got),
			cases[i].expected, strlen(cases[i].expected),
			cases[i].expected);
		buffer_fini(&got);
	}
}

static void deadlines(void)
{
	struct keys keys;
	struct key key;
	struct instant due;
	bool is_taken;

	keys_init(&keys);
	tap_ok(instant_is_never(keys_deadline(&keys)),
		"without an unfinished sequence there is no deadline");
	keys_feed(&keys, '\033', start, &key, &is_taken);
	due = keys_deadline(&keys);
	tap_is_int(instant_until(start, due).ns, KEYS_PATIENCE_MS * NS_PER_MS,
		"ESC has a deadline");
	tap_ok(!keys_tick(&keys, (struct instant){due.ns - 1}, &key),
		"before its deadline ESC is not a key");
	tap_ok(keys_tick(&keys, due, &key) && key.code == KEY_ESCAPE,
		"at its deadline ESC is the Escape key");
	tap_ok(!keys_tick(&keys, due, &key), "the Escape key comes once");
	keys_feed(&keys, '\033', start, &key, &is_taken);
	tap_ok(keys_feed(&keys, 'b', (struct instant){due.ns + 1}, &key,
		       &is_taken) &&
			key.modifiers == KEY_ALT,
		"a byte read before the deadline was noticed belongs to the "
		"ESC");
	keys_feed(&keys, '\033', start, &key, &is_taken);
	keys_feed(&keys, '[', due, &key, &is_taken);
	tap_ok(instant_before(due, keys_deadline(&keys)),
		"each byte of a sequence extends the deadline");
}

int main(void)
{
	all_cases();
	deadlines();
	return tap_done();
}
