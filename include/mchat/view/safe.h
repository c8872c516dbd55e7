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

/* Appends message text; a tab stays a tab. */
void safe_append_text(struct buffer *out, const char *text, size_t size);

/* Appends a nick or another name: a tab is made visible too. */
void safe_append_name(struct buffer *out, const char *text, size_t size);

/*
 * Whether a code point must not reach a terminal: C0 (tab included), DEL, C1,
 * the twelve bidi controls, U+2028, U+2029.
 */
bool safe_is_unsafe(uint32_t code_point);

#endif
