/* SPDX-License-Identifier: ISC */
/*
 * The one place that makes text from the network safe to print.  What could
 * control a terminal, reorder a line or fake a second one is shown as an
 * escape: newline and carriage return as \n and \r; other C0, DEL and
 * ill-formed bytes like \x1b; C1, bidi controls and line separators like \u{9b}
 * and \u{202e}.
 */
#ifndef MCHAT_VIEW_SAFE_H
#define MCHAT_VIEW_SAFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

/*
 * At most this many code points in a row that take no column (marks, joiners,
 * Hangul vowels) pass, and \u{+1234} counts the rest: a pile of marks covers
 * the lines around it, and thousands make a terminal hang.  No script needs
 * more: the flag of England has 6 tags, a syllable of old Hangul 6 jamo after
 * the first, a stack of Tibetan or a pointed Hebrew letter 5.
 */
#define SAFE_UNSEEN_MAX 8

/* Whether a text is printable ASCII alone, so that it stays as it is. */
bool safe_is_printable(const char *text, size_t size);

/* Appends message text; a tab stays a tab. */
void safe_append_text(struct buffer *out, const char *text, size_t size);

/*
 * Appends a nick or another name.  A tab is escaped too, and so is every format
 * character (joiners, variation selectors, tags, fillers), which could make one
 * name look like another.
 */
void safe_append_name(struct buffer *out, const char *text, size_t size);

/* Appends one code point, of `size` bytes, as an escape, whatever it is. */
void safe_append_escape(struct buffer *out, const char *text, size_t size);

/*
 * Whether a code point must not reach a terminal: C0 (tab included), DEL, C1,
 * the twelve bidi controls, U+2028, U+2029.
 */
bool safe_is_unsafe(uint32_t code_point);

#endif
