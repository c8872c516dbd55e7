/* SPDX-License-Identifier: ISC */
/*
 * Turns bytes into keys, for the encodings of xterm, rxvt, the Linux console,
 * PuTTY and terminals like them.  A sequence may arrive in pieces; a deadline,
 * never a blocking read, decides whether an ESC was the Escape key or the start
 * of a sequence.
 */
#ifndef MCHAT_TERMINAL_KEYS_H
#define MCHAT_TERMINAL_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

/*
 * The longest pause between two bytes of one key: on a slow connection, and of
 * a hand that types ESC and then a letter for Alt and that letter.  A lone ESC
 * has a meaning in few places, so that its delay is seldom noticed.
 */
#define KEYS_PATIENCE_MS 1000

/* The same within a string of the terminal, whose rest is not to become text:
 * nobody types one, but Alt with one of P X ] ^ _ looks like the start of one.
 */
#define KEYS_STRING_PATIENCE_MS 2000

/* The longest string of the terminal, in bytes: it may answer with what is in
 * its clipboard.  None of it is kept; a longer one ends here. */
#define KEYS_STRING_MAX ((size_t)256 * 1024)

/* The longest text of one key: the start of a paste's end marker that turned
 * out to be text. */
#define KEYS_TEXT_MAX 8

/* The byte that Ctrl with a letter sends. */
#define KEYS_CTRL(letter) ((letter)&0x1f)

/* How many parameters of a sequence are used: the key and its modifiers. */
#define KEYS_PARAMETERS 2

enum key_code {
	KEY_TEXT,    /* one character, or bytes that are not valid UTF-8 */
	KEY_CONTROL, /* a control character: text[0] is below 0x20, or 0x7f */
	KEY_ESCAPE,
	KEY_UP,
	KEY_DOWN,
	KEY_RIGHT,
	KEY_LEFT,
	KEY_HOME,
	KEY_END,
	KEY_DELETE,
	KEY_PASTE_BEGIN, /* every key from here to the end of the paste is text
			  */
	KEY_PASTE_END,
	KEY_OTHER, /* a key that does nothing here */
};

enum key_modifiers {
	KEY_SHIFT = 1,
	KEY_ALT = 2,
	KEY_CTRL = 4, /* with a named key; Ctrl-A is KEY_CONTROL instead */
};

/* What the terminal tells of itself (xterm's mode 1004): it got the focus, or
 * lost it. */
enum key_focus {
	KEY_FOCUS_SAME,
	KEY_FOCUS_IN,
	KEY_FOCUS_OUT,
};

struct key {
	enum key_code code;
	unsigned modifiers;
	char text[KEYS_TEXT_MAX]; /* KEY_TEXT and KEY_CONTROL: its bytes */
	size_t size;
	enum key_focus focus; /* KEY_OTHER: what it tells */
};

enum keys_state {
	KEYS_GROUND,
	KEYS_CHARACTER, /* within a multi-byte character */
	KEYS_ESCAPE,    /* after ESC */
	KEYS_CSI,       /* after ESC [ */
	KEYS_CONSOLE,   /* after ESC [ [: a function key of the Linux console */
	KEYS_SS3,       /* after ESC O */
	KEYS_MOUSE,     /* after ESC [ M: three bytes of a mouse report */
	KEYS_STRING,    /* after ESC and one of P X ] ^ _ */
	KEYS_STRING_ESCAPE, /* after ESC within such a string */
	KEYS_PASTE,         /* within a bracketed paste */
};

struct keys {
	enum keys_state state;
	bool has_alt;             /* an ESC came before: Alt is held */
	char text[KEYS_TEXT_MAX]; /* the bytes of the character so far */
	/* Bytes of text; of a paste's end marker, of a string and of a mouse
	 * report those that came so far. */
	size_t size;
	unsigned parameters[KEYS_PARAMETERS];
	unsigned parameter;  /* index of the parameter being read */
	bool is_private;     /* a CSI sequence that no key sends */
	struct instant last; /* when the last byte came */
};

/* The byte of a one-byte key; NUL for any other key. */
char keys_byte(const struct key *key);

void keys_init(struct keys *keys);

/*
 * Takes one byte that was read at `now`.  Returns whether that completed a key,
 * which is then in *out.  When *is_taken is false, the byte ended the key
 * before it without being part of it: feed it again.
 */
bool keys_feed(struct keys *keys, char byte, struct instant now,
	struct key *out, bool *is_taken);

/* When an unfinished key will be taken as complete; INSTANT_NEVER when there is
 * none. */
struct instant keys_deadline(const struct keys *keys);

/* If keys_deadline has passed at `now`, puts the key that the unfinished bytes
 * stand for into *out; false otherwise. */
bool keys_tick(struct keys *keys, struct instant now, struct key *out);

#endif
