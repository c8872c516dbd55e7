/* SPDX-License-Identifier: ISC */
/*
 * What each key does to the line.  Where a key does more than edit the line,
 * the outcome tells the editor what.
 */
#ifndef MCHAT_TERMINAL_KEYMAP_H
#define MCHAT_TERMINAL_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/terminal/history_search.h"
#include "mchat/terminal/line_buffer.h"
#include "mchat/terminal/undo.h"

struct key;

enum keymap_mode {
	KEYMAP_PLAIN,
	KEYMAP_LITERAL,   /* after Ctrl-V: the next key is inserted as it is */
	KEYMAP_SEARCHING, /* after Ctrl-R or Ctrl-S: text goes into the query */
	KEYMAP_PREFIX,    /* after Ctrl-X: the next key is another one */
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
	KEYMAP_EDIT,     /* Ctrl-X Ctrl-E: another editor is wanted */
};

/* The largest argument of Alt and digits, in either direction: as often as one
 * may want the same, and so seldom that any key is done at once. */
#define KEYMAP_ARGUMENT_MAX 999

struct keymap {
	struct line_buffer line_buffer;
	struct history_search history_search;
	struct undo undo;
	enum keymap_mode mode;
	bool has_argument; /* Alt and digits came: */
	unsigned argument; /* how often the next key is to be done, */
	bool is_negative;  /* in the other direction: Alt-- came */
	bool is_typing;   /* text was inserted last, which is undone together */
	bool was_blank;   /* it was a blank */
	size_t word_back; /* the line that Alt-. took its word from; 0: none */
	size_t word_start; /* where it is in the line buffer */
	size_t word_size;
};

void keymap_init(struct keymap *keymap);
void keymap_fini(struct keymap *keymap);

enum keymap_outcome keymap_key(struct keymap *keymap, const struct key *key);

/* How often the next key is to be done, by the argument so far. */
unsigned keymap_count(const struct keymap *keymap);

/* The line was entered: makes it the newest of the history, and begins a new
 * one. */
void keymap_enter(struct keymap *keymap);

/* Replaces the line by `text`, which can be undone. */
void keymap_set_text(struct keymap *keymap, const char *text, size_t size);

/* Whether `key` is the control character `byte`, without Alt. */
bool keymap_is_control(const struct key *key, char byte);

#endif
