/* SPDX-License-Identifier: ISC */
/*
 * Makes text from the network safe to print: the one place that does.  What
 * could steer a terminal, reorder a line or fake a second one is written out
 * visibly instead: \n \r as such, other C0, DEL and ill-formed bytes as \x1b,
 * C1 controls, bidi controls and line separators as \u{9b}, \u{202e}.
 */
#ifndef MCHAT_VIEW_SAFE_H
#define MCHAT_VIEW_SAFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

/*
 * Of code points that take no column (marks, joiners, the vowels of Hangul
 * jamo) so many in a row pass, and \u{+1234} counts the rest: a pile of marks
 * covers the lines around it, and thousands stop a terminal.  No script needs
 * more: the flag of England has 6 tags, a syllable of old Hangul 6 jamo behind
 * the first, a stack of Tibetan or a pointed Hebrew letter 5.
 */
#define SAFE_UNSEEN_MAX 8

/* Appends message text; a tab stays a tab. */
void safe_append_text(struct buffer *out, const char *text, size_t size);

/*
 * Appends a nick or another name.  A tab is made visible too, and so is every
 * format character (joiners, variation selectors, tags, fillers), with which a
 * name could look like another's.
 */
void safe_append_name(struct buffer *out, const char *text, size_t size);

/*
 * Whether a code point must not reach a terminal: C0 (tab included), DEL, C1,
 * the twelve bidi controls, U+2028, U+2029.
 */
bool safe_is_unsafe(uint32_t code_point);

#endif
