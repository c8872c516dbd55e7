/* SPDX-License-Identifier: ISC */
/*
 * What a nick may look like, so that a reader can tell it from another one, and
 * from what stands around it: "kim" from "kim " and "kim: yes".  One rule for
 * our own nick, which is refused, and for those of others, which are escaped.
 */
#ifndef MCHAT_VIEW_NICK_RULE_H
#define MCHAT_VIEW_NICK_RULE_H

#include <stddef.h>

struct buffer;

/* What is wrong with a nick of valid UTF-8, as a phrase; NULL: nothing. */
const char *nick_rule_flaw(const char *text, size_t size);

/* Appends a nick of any bytes, safe to print, what breaks the rule as \x20 and
 * \u{a0}. */
void nick_rule_append(struct buffer *out, const char *text, size_t size);

#endif
