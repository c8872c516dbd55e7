/* SPDX-License-Identifier: ISC */
/*
 * What each key does to the line.  A key that is not about the line alone is
 * the editor's: its outcome says so.
 */
#ifndef MCHAT_TERMINAL_TYPING_H
#define MCHAT_TERMINAL_TYPING_H

#include <stdbool.h>

#include "mchat/terminal/draft.h"
#include "mchat/terminal/recall.h"

struct key;

enum typing_mode {
	TYPING_PLAIN,
	TYPING_LITERAL,   /* Ctrl-V: the next key is text */
	TYPING_SEARCHING, /* Ctrl-R: text goes into the query */
};

enum typing_outcome {
	TYPING_DONE,
	TYPING_REFUSED,  /* there was nothing to do, or no room */
	TYPING_ENTER,    /* Enter: the line is complete */
	TYPING_END,      /* Ctrl-D on an empty line */
	TYPING_STOP,     /* Ctrl-C on an empty line */
	TYPING_SUSPEND,  /* Ctrl-Z */
	TYPING_COMPLETE, /* Tab */
	TYPING_CLEAR,    /* Ctrl-L: the window */
	TYPING_PASTE,    /* a paste begins */
};

struct typing {
	struct draft draft;
	struct recall recall;
	enum typing_mode mode;
};

void typing_init(struct typing *typing);
void typing_fini(struct typing *typing);

enum typing_outcome typing_key(struct typing *typing, const struct key *key);

/* Whether `key` is Ctrl and a letter, or another control, with no modifier. */
bool typing_is_control(const struct key *key, char byte);

#endif
