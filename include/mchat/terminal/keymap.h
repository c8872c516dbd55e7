/* SPDX-License-Identifier: ISC */
/*
 * What each key does to the line.  Where a key does more than edit the line,
 * the outcome tells the editor what.
 */
#ifndef MCHAT_TERMINAL_KEYMAP_H
#define MCHAT_TERMINAL_KEYMAP_H

#include <stdbool.h>

#include "mchat/terminal/history_search.h"
#include "mchat/terminal/line_buffer.h"

struct key;

enum keymap_mode {
	KEYMAP_PLAIN,
	KEYMAP_LITERAL,   /* after Ctrl-V: the next key is inserted as it is */
	KEYMAP_SEARCHING, /* after Ctrl-R: text goes into the query */
};

enum keymap_outcome {
	KEYMAP_DONE,
	KEYMAP_REFUSED,  /* nothing to do, or no room: beep */
	KEYMAP_ENTER,    /* Enter: the line is complete */
	KEYMAP_END,      /* Ctrl-D on an empty line */
	KEYMAP_STOP,     /* Ctrl-C on an empty line */
	KEYMAP_SUSPEND,  /* Ctrl-Z */
	KEYMAP_COMPLETE, /* Tab */
	KEYMAP_CLEAR,    /* Ctrl-L: clear the window */
	KEYMAP_PASTE,    /* a paste begins */
};

struct keymap {
	struct line_buffer line_buffer;
	struct history_search history_search;
	enum keymap_mode mode;
};

void keymap_init(struct keymap *keymap);
void keymap_fini(struct keymap *keymap);

enum keymap_outcome keymap_key(struct keymap *keymap, const struct key *key);

/* Whether `key` is the control character `byte`, without Alt. */
bool keymap_is_control(const struct key *key, char byte);

#endif
