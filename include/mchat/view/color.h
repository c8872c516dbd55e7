/* SPDX-License-Identifier: ISC */
/*
 * Whether there is colour, which one a nick has, and the escape sequences for
 * it: SGR (ECMA-48, 8.3.117) with xterm's 256 colours, and no other.
 */
#ifndef MCHAT_VIEW_COLOR_H
#define MCHAT_VIEW_COLOR_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

enum color_when {
	COLOR_AUTO, /* on a terminal that has it, unless NO_COLOR is set */
	COLOR_ALWAYS,
	COLOR_NEVER,
};

/* Finds one by its name: "auto", "always", "never". */
bool color_when_find(const char *name, enum color_when *out);

/*
 * Whether to use colour, as `when` says.  COLOR_AUTO means on a terminal,
 * unless NO_COLOR is set and not empty (no-color.org), or TERM is missing,
 * empty, "dumb" or one that lacks the 256 colours, as vt100; but COLORTERM,
 * when it is "truecolor" or "24bit", knows better.
 */
bool color_is_wanted(enum color_when when, bool on_terminal);

/*
 * The colour of a nick: always and everywhere the same.  It is an index into
 * the 256 colours, and is readable on black and on white: the contrast
 * (WCAG 2.1) is at least 3.8:1.
 */
unsigned color_of_nick(const char *nick, size_t size);

/* Append what makes the text that follows coloured, and bold if `is_bold`;
 * dimmed, which is a grey that is quieter on black and on white; highlighted,
 * on any background; plain again. */
void color_begin(struct buffer *out, unsigned color, bool is_bold);
void color_dim(struct buffer *out);
void color_highlight(struct buffer *out);
void color_end(struct buffer *out);

#endif
