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

/* Reports of the focus are no keys, but are told apart. */
static void focus(void)
{
	static const struct {
		const char *bytes;
		enum key_focus expected;
	} reports[] = {
		{"\033[I", KEY_FOCUS_IN},
		{"\033[O", KEY_FOCUS_OUT},
		{"\033\033[O", KEY_FOCUS_OUT},
		{"\033[1I", KEY_FOCUS_SAME},
		{"\033[?O", KEY_FOCUS_SAME},
		{"\033[24;80R", KEY_FOCUS_SAME},
	};

	for (size_t i = 0; i < COUNT(reports); i++) {
		struct keys keys;
		struct key key = {.code = KEY_TEXT};
		bool is_taken;

		keys_init(&keys);
		for (const char *at = reports[i].bytes; *at; at++)
			keys_feed(&keys, *at, start, &key, &is_taken);
		tap_ok(key.code == KEY_OTHER && key.modifiers == 0 &&
				key.focus == reports[i].expected,
			"a report of the focus, or none: %zu", i);
	}
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
	{"\033[;;;; qx", "other text=78"},
	/* Answers of the terminal: its device, modes, cursor, window, mouse. */
	{"\033[?1;2cx", "other text=78"},
	{"\033[>0;276;0cx\033[=0cx", "other text=78 other text=78"},
	{"\033[?2026;2$yx\033[4;1$yx", "other text=78 other text=78"},
	{"\033[24;80Rx\033[8;24;80tx", "other text=78 other text=78"},
	{"\033[?997;1nx\033[0nx\033[?1ux", "other text=78 other text=78 other "
					   "text=78"},
	{"\033[1;2cx", "other text=78"},
	{"\033[I\033[Ox", "other other text=78"},
	{"\033[<0;10;20Mx\033[32;10;20Mx", "other text=78 other text=78"},
	{"\033[M !\xffx", "other text=78"},
	{"\033[M\003\r\033x", "other text=78"},
	{"\033[M !", "other"},
	/* Its strings, up to BEL or ST. */
	{"\033]11;rgb:1e1e/1e1e/2e2e\ax", "other text=78"},
	{"\033]11;rgb:1e1e/1e1e/2e2e\033\\x", "other text=78"},
	{"\033P1+r524742=38\033\\x", "other text=78"},
	{"\033_Gi=31;OK\033\\x", "other text=78"},
	{"\033^pm\033\\x\033Xsos\033\\x", "other text=78 other text=78"},
	{"\033]l\xe4\xc4\r\n\t/quit\r\033\\x", "other text=78"},
	{"\033]a\030x\033]b\032x", "other text=78 other text=78"},
	/* One without its end ends with the next sequence, with Ctrl-C, or by
	 * itself. */
	{"\033]11;\033[A", "other up"},
	{"\033]11;\033\033]12;\ax", "other other text=78"},
	{"\033]11;\003", "other control=03"},
	{"\033]11;rgb", "other"},
	{"\033]11;rgb\033", "other"},
	/* Ctrl-C need not wait for an ESC before it. */
	{"\033\003", "escape control=03"},
	/* Pastes. */
	{"\033[200~a\033[201~b", "paste text=61 pasted text=62"},
	{"\033[200~\r\033[A\033[201~",
		"paste text=0d text=1b.5b text=41 pasted"},
	{"\033[200~\033\033[201~", "paste text=1b pasted"},
	{"\033[200~\033[20x", "paste text=1b.5b.32.30 text=78"},
	{"\033[200~a\003\032\004\033[201~b",
		"paste text=61 text=03 text=1a text=04 pasted text=62"},
	{"\033[200~\033]11;\a\033[201~",
		"paste text=1b text=5d text=31 text=31 "
		"text=3b text=07 pasted"},
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

/* Sequences over a slow link: each byte comes just within the patience. */
static void slowly(void)
{
	static const char *const sequences[][2] = {
		{"\033[D", "left"},
		{"\033b", "M-text=62"},
		{"\033[200~\033[201~", "paste pasted"},
		{"\033]11;rgb:0/0/0\033\\x", "other text=78"},
	};

	for (size_t i = 0; i < COUNT(sequences); i++) {
		struct instant now = start;
		struct buffer got = BUFFER_EMPTY;
		struct keys keys;
		struct key key;

		keys_init(&keys);
		for (const char *at = sequences[i][0]; *at; at++) {
			bool is_taken;

			now = instant_after(now, duration_ms(500));
			if (keys_tick(&keys, now, &key))
				add(&got, &key);
			if (keys_feed(&keys, *at, now, &key, &is_taken))
				add(&got, &key);
		}
		tap_is_bytes(buffer_bytes(&got), buffer_size(&got),
			sequences[i][1], strlen(sequences[i][1]),
			"half a second between two bytes of a key");
		buffer_fini(&got);
	}
}

static void long_string(void)
{
	struct keys keys;
	struct key key;
	size_t size = 0;
	bool is_taken;

	keys_init(&keys);
	keys_feed(&keys, '\033', start, &key, &is_taken);
	keys_feed(&keys, ']', start, &key, &is_taken);
	while (size <= KEYS_STRING_MAX) {
		size++;
		if (keys_feed(&keys, 'x', start, &key, &is_taken))
			break;
	}
	tap_is_int((intmax_t)size, (intmax_t)KEYS_STRING_MAX,
		"a string of the terminal that never ends is bounded");
	tap_is_int(key.code, KEY_OTHER,
		"the end of a string that is too long is no text");
}

int main(void)
{
	all_cases();
	deadlines();
	slowly();
	long_string();
	focus();
	return tap_done();
}
