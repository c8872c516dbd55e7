/* SPDX-License-Identifier: ISC */
/* Keys that are not about the line alone, and what stays of the line. */
#include "mchat/terminal/typing.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/terminal/keys.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The outcome of the last key of these, and the size of the line then. */
static const struct {
	const char *keys;
	enum typing_outcome outcome;
	size_t size;
	const char *what;
} cases[] = {
	{"a", TYPING_DONE, 1, "text"},
	{"a\r", TYPING_ENTER, 1, "Enter"},
	{"a\n", TYPING_ENTER, 1, "Ctrl-J"},
	{"a\033OM", TYPING_ENTER, 1, "the keypad's Enter"},
	{"\004", TYPING_END, 0, "Ctrl-D on an empty line"},
	{"a\001\004", TYPING_DONE, 0, "Ctrl-D on a character"},
	{"a\004", TYPING_REFUSED, 1, "Ctrl-D at the end"},
	{"\003", TYPING_STOP, 0, "Ctrl-C on an empty line"},
	{"a\003", TYPING_DONE, 0, "Ctrl-C on another"},
	{"\032", TYPING_SUSPEND, 0, "Ctrl-Z"},
	{"a\t", TYPING_COMPLETE, 1, "Tab"},
	{"a\014", TYPING_CLEAR, 1, "Ctrl-L"},
	{"\033[200~", TYPING_PASTE, 0, "a paste"},
	{"\026\033[200~", TYPING_PASTE, 0, "a paste after Ctrl-V"},
	{"\022\033[200~", TYPING_PASTE, 0, "a paste in a search"},
	{"\026\032", TYPING_DONE, 1, "Ctrl-Z after Ctrl-V"},
	{"\026\n", TYPING_REFUSED, 0, "a newline after Ctrl-V"},
	{"\022x", TYPING_REFUSED, 0, "a search for what is not there"},
	{"\022\r", TYPING_ENTER, 0, "Enter in a search"},
	{"a\033[D\033[D", TYPING_REFUSED, 1, "Left at the start"},
	{"a\033[H\033[H", TYPING_DONE, 1, "Home at the start"},
	{"\033[A", TYPING_REFUSED, 0, "Up without history"},
	{"a\033x", TYPING_DONE, 1, "Alt-X, which means nothing"},
	{"a\033[5~", TYPING_DONE, 1, "Page Up, which means nothing"},
};

static void play(struct typing *typing, size_t i)
{
	enum typing_outcome outcome = TYPING_DONE;
	const char *bytes = cases[i].keys;
	struct keys keys;

	keys_init(&keys);
	while (*bytes) {
		struct key key;
		bool is_taken;

		if (keys_feed(&keys, *bytes, (struct instant){0}, &key,
			    &is_taken))
			outcome = typing_key(typing, &key);
		bytes += is_taken;
	}
	tap_is_int(outcome, cases[i].outcome, cases[i].what);
	tap_is_int((intmax_t)typing->draft.size, (intmax_t)cases[i].size,
		"and what stays of the line");
}

int main(void)
{
	struct typing *typing = malloc(sizeof(*typing));

	if (!typing)
		abort();
	for (size_t i = 0; i < COUNT(cases); i++) {
		typing_init(typing);
		play(typing, i);
		typing_fini(typing);
	}
	free(typing);
	return tap_done();
}
