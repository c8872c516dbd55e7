/* SPDX-License-Identifier: ISC */
/*
 * The sequences, and what sends them:
 *
 *   CSI A..D H F             arrows, Home, End: all but where noted below
 *   SS3 A..D H F             the same, when in application mode
 *   CSI 1 ; M A              with modifiers M - 1: Shift 1, Alt 2, Ctrl 4
 *   CSI N ~, CSI N ; M ~     Home 1 7, Delete 3, End 4 8; others are ignored
 *   CSI N ^, CSI N $, CSI N @   rxvt: with Ctrl, with Shift, with both
 *   CSI a..d, SS3 a..d       rxvt: arrows with Shift, with Ctrl
 *   CSI [ A..E               Linux console: F1 to F5, ignored
 *   SS3 M                    keypad: Enter
 *   CSI 200 ~, CSI 201 ~     a bracketed paste begins, ends
 *   CSI I, CSI O             the focus comes, goes (xterm's mode 1004)
 *   ESC X                    Alt and X, where X may be any of these
 *
 * Terminals also answer questions that another program asked, and report the
 * mouse when one left that on (ECMA-48, xterm's ctlseqs).  These are read to
 * their end, and are keys without a meaning:
 *
 *   CSI < = > or ? ...       reports of the device, its modes, its mouse
 *   CSI N ; M $ y            the state of a mode
 *   CSI M and three bytes    the mouse, in its oldest form
 *   ESC ] ... BEL or ST      OSC: a colour, the title, the clipboard
 *   ESC P ... ST             DCS; likewise ESC X (SOS), ESC ^ (PM), ESC _ (APC)
 *
 * where ST is ESC \.
 */

#include "mchat/terminal/keys.h"

#include <string.h>

#include "mchat/base/utf8.h"

#define ESC '\033'
#define BEL '\a'
#define CAN '\030' /* breaks off a string, as does SUB */
#define SUB '\032'

/* Bytes that follow CSI M: the button, the column and the row. */
#define MOUSE_SIZE 3

#define PASTE_END "\033[201~"

/* No key has a greater parameter; a longer number does not overflow. */
#define PARAMETER_MAX 9999

char keys_byte(const struct key *key)
{
	if (key->size != 1)
		return '\0';
	return key->text[0];
}

void keys_init(struct keys *keys)
{
	*keys = (struct keys){.state = KEYS_GROUND};
}

/* Ends a sequence with this key. */
static bool finish(struct keys *keys, enum key_code code, unsigned modifiers,
	struct key *out)
{
	if (keys->has_alt)
		modifiers |= KEY_ALT;
	/* Neither is a key, so no modifier belongs to them. */
	if (code == KEY_PASTE_BEGIN || code == KEY_OTHER)
		modifiers = 0;
	*out = (struct key){.code = code, .modifiers = modifiers};
	*keys = (struct keys){
		.state = code == KEY_PASTE_BEGIN ? KEYS_PASTE : KEYS_GROUND,
		.last = keys->last,
	};
	return true;
}

/* Ends a key that consists of these bytes. */
static bool finish_text(struct keys *keys, enum key_code code, const char *text,
	size_t size, struct key *out)
{
	char copy[KEYS_TEXT_MAX];

	memcpy(copy, text, size);
	finish(keys, code, 0, out);
	memcpy(out->text, copy, size);
	out->size = size;
	return true;
}

/* ---- sequences ---- */

static enum key_code key_of_letter(char final)
{
	switch (final) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return KEY_RIGHT;
	case 'D':
		return KEY_LEFT;
	case 'F':
		return KEY_END;
	case 'H':
		return KEY_HOME;
	default:
		return KEY_OTHER;
	}
}

static enum key_code key_of_number(unsigned number)
{
	switch (number) {
	case 1:
	case 7:
		return KEY_HOME;
	case 3:
		return KEY_DELETE;
	case 4:
	case 8:
		return KEY_END;
	case 200:
		return KEY_PASTE_BEGIN;
	default:
		return KEY_OTHER;
	}
}

/* Whether no parameter has been read yet. */
static bool is_bare(const struct keys *keys)
{
	return !keys->is_private && keys->parameter == 0 &&
	       keys->parameters[0] == 0;
}

/* The arrow that rxvt sends, with a modifier, as a small letter; KEY_OTHER for
 * any other final byte. */
static enum key_code key_of_small_letter(char final)
{
	if (final < 'a' || final > 'd')
		return KEY_OTHER;
	return key_of_letter((char)(final - 'a' + 'A'));
}

static bool finish_focus(struct keys *keys, char final, struct key *out)
{
	finish(keys, KEY_OTHER, 0, out);
	out->focus = final == 'I' ? KEY_FOCUS_IN : KEY_FOCUS_OUT;
	return true;
}

static bool finish_csi(struct keys *keys, char final, struct key *out)
{
	unsigned number = keys->parameters[0];
	unsigned modifiers = keys->parameters[1];

	if (keys->is_private)
		return finish(keys, KEY_OTHER, 0, out);
	if (is_bare(keys) && (final == 'I' || final == 'O'))
		return finish_focus(keys, final, out);
	/* The parameter is 1 plus Shift 1, Alt 2, Ctrl 4, Meta 8; Meta counts
	 * as Alt. */
	modifiers = modifiers > 0 ? modifiers - 1 : 0;
	if (modifiers & 8)
		modifiers |= KEY_ALT;
	modifiers &= KEY_SHIFT | KEY_ALT | KEY_CTRL;
	switch (final) {
	case '~':
		return finish(keys, key_of_number(number), modifiers, out);
	case '^':
		return finish(keys, key_of_number(number), KEY_CTRL, out);
	case '$':
		return finish(keys, key_of_number(number), KEY_SHIFT, out);
	case '@':
		return finish(
			keys, key_of_number(number), KEY_CTRL | KEY_SHIFT, out);
	default:
		break;
	}
	if (final < 'a')
		return finish(keys, key_of_letter(final), modifiers, out);
	/* rxvt sends its arrows without a parameter. */
	return finish(keys,
		number == 0 && keys->parameter == 0 ? key_of_small_letter(final)
						    : KEY_OTHER,
		KEY_SHIFT, out);
}

static bool feed_csi(struct keys *keys, char byte, struct key *out)
{
	unsigned *parameter = &keys->parameters[keys->parameter];

	if ((byte == '[' || byte == 'M') && is_bare(keys)) {
		keys->state = byte == '[' ? KEYS_CONSOLE : KEYS_MOUSE;
		return false;
	}
	/* rxvt ends a key with $; elsewhere it is not the last byte. */
	if (byte >= '@' ||
		(byte == '$' && !keys->is_private && keys->parameter == 0))
		return finish_csi(keys, byte, out);
	if (byte < '0' || (byte >= '<' && byte <= '?'))
		keys->is_private = true;
	if (byte >= '0' && byte <= '9' && *parameter <= PARAMETER_MAX)
		*parameter = *parameter * 10 + (unsigned)(byte - '0');
	/* A third parameter's digits are added to the second: no key is lost by
	 * that, since none here has three. */
	if (byte == ';' && keys->parameter + 1 < KEYS_PARAMETERS)
		keys->parameter++;
	return false;
}

static bool feed_ss3(struct keys *keys, char byte, struct key *out)
{
	if (byte == 'M')
		return finish_text(keys, KEY_CONTROL, "\r", 1, out);
	if (byte >= 'a')
		return finish(keys, key_of_small_letter(byte), KEY_CTRL, out);
	return finish(keys, key_of_letter(byte), 0, out);
}

/* ---- characters ---- */

static bool is_control(char byte)
{
	return (unsigned char)byte < 0x20 || byte == 0x7f;
}

static bool is_lead(char byte)
{
	return (unsigned char)byte >= 0xc2 && (unsigned char)byte <= 0xf4;
}

/* A byte outside any sequence; after ESC, the key is held with Alt. */
static bool feed_ground(struct keys *keys, char byte, struct key *out)
{
	if (byte == ESC) {
		keys->has_alt = keys->state == KEYS_ESCAPE;
		keys->state = KEYS_ESCAPE;
		return false;
	}
	keys->has_alt = keys->state == KEYS_ESCAPE;
	if (is_lead(byte)) {
		keys->state = KEYS_CHARACTER;
		keys->text[0] = byte;
		keys->size = 1;
		return false;
	}
	return finish_text(
		keys, is_control(byte) ? KEY_CONTROL : KEY_TEXT, &byte, 1, out);
}

static bool feed_escape(
	struct keys *keys, char byte, struct key *out, bool *is_taken)
{
	switch (byte) {
	case '[':
		keys->state = KEYS_CSI;
		return false;
	case 'O':
		keys->state = KEYS_SS3;
		return false;
	case 'P':
	case 'X':
	case ']':
	case '^':
	case '_':
		keys->state = KEYS_STRING;
		return false;
	case KEYS_CTRL('C'):
		/* Who wants to get out need not wait after an ESC. */
		*is_taken = false;
		return finish(keys, KEY_ESCAPE, 0, out);
	default:
		return feed_ground(keys, byte, out);
	}
}

static bool feed_character(
	struct keys *keys, char byte, struct key *out, bool *is_taken)
{
	uint32_t code_point;
	size_t length;

	keys->text[keys->size] = byte;
	length = utf8_decode(keys->text, keys->size + 1, &code_point);
	*is_taken = length == keys->size + 1;
	if (*is_taken) {
		keys->size++;
		if (code_point == UTF8_INVALID)
			return false;
	}
	return finish_text(keys, KEY_TEXT, keys->text, keys->size, out);
}

/* ---- reports ---- */

static bool feed_mouse(struct keys *keys, struct key *out)
{
	keys->size++;
	return keys->size == MOUSE_SIZE && finish(keys, KEY_OTHER, 0, out);
}

static bool feed_string(
	struct keys *keys, char byte, struct key *out, bool *is_taken)
{
	/* No terminal sends it within a string: somebody wants to get out. */
	*is_taken = byte != KEYS_CTRL('C');
	keys->size++;
	if (byte == ESC) {
		keys->state = KEYS_STRING_ESCAPE;
		return false;
	}
	return (byte == BEL || byte == CAN || byte == SUB || !*is_taken ||
		       keys->size == KEYS_STRING_MAX) &&
	       finish(keys, KEY_OTHER, 0, out);
}

static bool feed_string_escape(
	struct keys *keys, char byte, struct key *out, bool *is_taken)
{
	*is_taken = byte == '\\';
	finish(keys, KEY_OTHER, 0, out);
	/* Else the string was broken off by another sequence. */
	if (!*is_taken)
		keys->state = KEYS_ESCAPE;
	return true;
}

/* ---- pastes ---- */

static bool feed_paste(
	struct keys *keys, char byte, struct key *out, bool *is_taken)
{
	static const char end[] = PASTE_END;

	if (byte == end[keys->size]) {
		keys->size++;
		return end[keys->size] == '\0' &&
		       finish(keys, KEY_PASTE_END, 0, out);
	}
	/* What looked like the end marker so far was text. */
	*is_taken = keys->size == 0;
	if (*is_taken)
		finish_text(keys, KEY_TEXT, &byte, 1, out);
	else
		finish_text(keys, KEY_TEXT, end, keys->size, out);
	keys->state = KEYS_PASTE;
	return true;
}

/* ---- all ---- */

bool keys_feed(struct keys *keys, char byte, struct instant now,
	struct key *out, bool *is_taken)
{
	*is_taken = true;
	keys->last = now;
	switch (keys->state) {
	case KEYS_GROUND:
		return feed_ground(keys, byte, out);
	case KEYS_CHARACTER:
		return feed_character(keys, byte, out, is_taken);
	case KEYS_ESCAPE:
		return feed_escape(keys, byte, out, is_taken);
	case KEYS_MOUSE:
		return feed_mouse(keys, out);
	case KEYS_STRING:
		return feed_string(keys, byte, out, is_taken);
	case KEYS_STRING_ESCAPE:
		return feed_string_escape(keys, byte, out, is_taken);
	case KEYS_PASTE:
		return feed_paste(keys, byte, out, is_taken);
	case KEYS_CSI:
	case KEYS_CONSOLE:
	case KEYS_SS3:
		break;
	}
	/* No sequence contains a control character or a byte above ASCII. */
	if (is_control(byte) || (unsigned char)byte >= 0x80) {
		*is_taken = false;
		return finish(keys, KEY_OTHER, 0, out);
	}
	if (keys->state == KEYS_CSI)
		return feed_csi(keys, byte, out);
	if (keys->state == KEYS_SS3)
		return feed_ss3(keys, byte, out);
	return finish(keys, KEY_OTHER, 0, out);
}

struct instant keys_deadline(const struct keys *keys)
{
	switch (keys->state) {
	case KEYS_GROUND:
	case KEYS_PASTE:
		return INSTANT_NEVER;
	case KEYS_STRING:
	case KEYS_STRING_ESCAPE:
		return instant_after(
			keys->last, duration_ms(KEYS_STRING_PATIENCE_MS));
	default:
		return instant_after(keys->last, duration_ms(KEYS_PATIENCE_MS));
	}
}

bool keys_tick(struct keys *keys, struct instant now, struct key *out)
{
	if (instant_before(now, keys_deadline(keys)))
		return false;
	switch (keys->state) {
	case KEYS_CHARACTER:
		return finish_text(keys, KEY_TEXT, keys->text, keys->size, out);
	case KEYS_ESCAPE:
		return finish(keys, KEY_ESCAPE, 0, out);
	case KEYS_GROUND:
	case KEYS_PASTE:
		return false;
	default:
		return finish(keys, KEY_OTHER, 0, out);
	}
}
