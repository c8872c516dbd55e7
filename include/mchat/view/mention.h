/* SPDX-License-Identifier: ISC */
/* Whether somebody is spoken of. */
#ifndef MCHAT_VIEW_MENTION_H
#define MCHAT_VIEW_MENTION_H

#include <stdbool.h>
#include <stddef.h>

struct event;

/*
 * Whether somebody else says `nick`, of `size` > 0 bytes, now: as a word, which
 * ASCII letters, digits and '_' would go on, and whatever the case of ASCII
 * letters.  Other letters end a word: Korean particles follow without a blank.
 */
bool mention_is_in(const struct event *event, const char *nick, size_t size);

#endif
