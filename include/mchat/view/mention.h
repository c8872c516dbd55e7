/* SPDX-License-Identifier: ISC */
/* Whether a message mentions somebody. */
#ifndef MCHAT_VIEW_MENTION_H
#define MCHAT_VIEW_MENTION_H

#include <stdbool.h>
#include <stddef.h>

struct event;
struct event_payload;

/*
 * Whether somebody else says `nick`, of `size` > 0 bytes, now rather than in
 * the history.  It must be a whole word: ASCII letters, digits and '_' continue
 * one, and their case does not matter.  Other letters end it, since Korean
 * particles follow a name without a space.
 */
bool mention_is_in(const struct event *event, const char *nick, size_t size);

/* The same for words from offset `from` on, whoever says them: where the first
 * mention begins; words->size when there is none. */
size_t mention_find(const struct event_payload *words, size_t from,
	const char *nick, size_t size);

#endif
