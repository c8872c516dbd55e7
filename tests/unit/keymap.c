/* SPDX-License-Identifier: ISC */
/* Keys whose effect is not on the line alone, and the line after them. */
#include "mchat/terminal/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "mchat/terminal/keys.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The outcome of the last key of these, and the size of the line then. */
static const struct {
	const char *keys;
	enum keymap_outcome outcome;
	size_t size;
	const char *what;
} cases[] = {
	{"a", KEYMAP_DONE, 1, "text"},
	{"a\r", KEYMAP_ENTER, 1, "Enter"},
	{"a\n", KEYMAP_ENTER, 1, "Ctrl-J"},
	{"a\033\r", KEYMAP_DONE, 2, "Alt-Enter"},
	{"a\033-x", KEYMAP_REFUSED, 1, "text after Alt--"},
	{"a\033-\026", KEYMAP_REFUSED, 1, "Ctrl-V after Alt--"},
	{"\033-\004", KEYMAP_REFUSED, 0, "Ctrl-D after Alt--"},
	{"a\033OM", KEYMAP_ENTER, 1, "the keypad's Enter"},
	{"\004", KEYMAP_END, 0, "Ctrl-D on an empty line"},
	{"a\001\004", KEYMAP_DONE, 0, "Ctrl-D on a character"},
	{"a\004", KEYMAP_REFUSED, 1, "Ctrl-D at the end"},
	{"\003", KEYMAP_STOP, 0, "Ctrl-C on an empty line"},
	{"a\003", KEYMAP_DONE, 0, "Ctrl-C on another"},
	{"\032", KEYMAP_SUSPEND, 0, "Ctrl-Z"},
	{"a\t", KEYMAP_COMPLETE, 1, "Tab"},
	{"a\014", KEYMAP_CLEAR, 1, "Ctrl-L"},
	{"\033[200~", KEYMAP_PASTE, 0, "a paste"},
	{"\026\033[200~", KEYMAP_PASTE, 0, "a paste after Ctrl-V"},
	{"\022\033[200~", KEYMAP_PASTE, 0, "a paste in a search"},
	{"\026\032", KEYMAP_DONE, 1, "Ctrl-Z after Ctrl-V"},
	{"\026\n", KEYMAP_REFUSED, 0, "a newline after Ctrl-V"},
	{"\022x", KEYMAP_REFUSED, 0, "a search for what is not there"},
	{"\022\r", KEYMAP_ENTER, 0, "Enter in a search"},
	{"a\033[D\033[D", KEYMAP_REFUSED, 1, "Left at the start"},
	{"a\033[H\033[H", KEYMAP_DONE, 1, "Home at the start"},
	{"\033[A", KEYMAP_REFUSED, 0, "Up without history"},
	{"a\033x", KEYMAP_DONE, 1, "Alt-X, which means nothing"},
	{"a\033[5~", KEYMAP_DONE, 1, "Page Up, which means nothing"},
};

static void play(struct keymap *keymap, size_t i)
{
	enum keymap_outcome outcome = KEYMAP_DONE;
	const char *bytes = cases[i].keys;
	struct keys keys;

	keys_init(&keys);
	while (*bytes) {
		struct key key;
		bool is_taken;

		if (keys_feed(&keys, *bytes, (struct instant){0}, &key,
			    &is_taken))
			outcome = keymap_key(keymap, &key);
		bytes += is_taken;
	}
	tap_is_int(outcome, cases[i].outcome, cases[i].what);
	tap_is_int((intmax_t)keymap->line_buffer.size, (intmax_t)cases[i].size,
		"the size of the line after the key");
}

int main(void)
{
	struct keymap *keymap = malloc(sizeof(*keymap));

	if (!keymap)
		abort();
	for (size_t i = 0; i < COUNT(cases); i++) {
		keymap_init(keymap);
		play(keymap, i);
		keymap_fini(keymap);
	}
	free(keymap);
	return tap_done();
}
