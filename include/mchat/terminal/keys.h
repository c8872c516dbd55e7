/* SPDX-License-Identifier: ISC */
/*
 * From bytes to keys, as xterm, rxvt, the Linux console, PuTTY and their kin
 * send them.  A sequence may come in pieces; whether an ESC is the key or the
 * start of a sequence is decided by a deadline, never by waiting.
 */
#ifndef MCHAT_TERMINAL_KEYS_H
#define MCHAT_TERMINAL_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

/* The bytes of one key come together; a slow line may spread them by this. */
#define KEYS_PATIENCE_MS 40

/* The longest text that one key can hold: a broken end of a paste. */
#define KEYS_TEXT_MAX 8

/* The byte of Ctrl and a letter. */
#define KEYS_CTRL(letter) ((letter)&0x1f)

/* Parameters of a sequence that are looked at: the key and its modifiers. */
#define KEYS_PARAMETERS 2

enum key_code {
	KEY_TEXT,    /* bytes to insert: one character, or an invalid byte */
	KEY_CONTROL, /* text[0] is below 0x20, or 0x7f */
	KEY_ESCAPE,
	KEY_UP,
	KEY_DOWN,
	KEY_RIGHT,
	KEY_LEFT,
	KEY_HOME,
	KEY_END,
	KEY_DELETE,
	KEY_PASTE_BEGIN, /* from here to the end every key is text */
	KEY_PASTE_END,
	KEY_PASTE_BROKEN, /* Ctrl-C: a paste whose end got lost would never end
			   */
	KEY_OTHER,        /* a key without a meaning here */
};

enum key_modifiers {
	KEY_SHIFT = 1,
	KEY_ALT = 2,
	KEY_CTRL = 4, /* of a named key: Ctrl-A is KEY_CONTROL */
};

struct key {
	enum key_code code;
	unsigned modifiers;
	char text[KEYS_TEXT_MAX]; /* of KEY_TEXT and KEY_CONTROL */
	size_t size;
};

enum keys_state {
	KEYS_GROUND,
	KEYS_CHARACTER, /* within a character of several bytes */
	KEYS_ESCAPE,    /* after ESC */
	KEYS_CSI,       /* after ESC [ */
	KEYS_CONSOLE,   /* after ESC [ [: a function key of the console */
	KEYS_SS3,       /* after ESC O */
	KEYS_PASTE,     /* within a bracketed paste */
};

struct keys {
	enum keys_state state;
	bool has_alt;             /* an ESC came before */
	char text[KEYS_TEXT_MAX]; /* of the character so far */
	size_t size;              /* of text; of a paste's end so far */
	unsigned parameters[KEYS_PARAMETERS];
	unsigned parameter;  /* the one that is being read */
	struct instant last; /* when the last byte came */
};

/* The byte of a key that is one byte; NUL of any other. */
char keys_byte(const struct key *key);

void keys_init(struct keys *keys);

/*
 * Takes one byte that came at `now`.  Returns whether a key is complete, in
 * *out.  When *is_taken is false the byte ended what came before it without
 * being part of it: give it again.
 */
bool keys_feed(struct keys *keys, char byte, struct instant now,
	struct key *out, bool *is_taken);

/* When what is there so far is to be taken for all there is; or NEVER. */
struct instant keys_deadline(const struct keys *keys);

/* Gives the key that keys_deadline has made of an unfinished sequence; false
 * when there is none at `now`. */
bool keys_tick(struct keys *keys, struct instant now, struct key *out);

#endif
