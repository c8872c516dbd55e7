/* SPDX-License-Identifier: ISC */
/*
 * What was said before we joined comes author by author; it is shown in order
 * of time.  So it is gathered for a short while, with what is said meanwhile:
 *
 *  - History stands in the order of its authors' clocks, but what one author
 *    said stays in that author's order, even if its clock went back.
 *  - Behind it stands what happened since we joined, in the order it came.
 */
#ifndef MCHAT_CHAT_HISTORY_MERGE_H
#define MCHAT_CHAT_HISTORY_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

struct event;
struct history_merge_entry;

/* After joining, the first history is waited for so long: members spread their
 * answers, and hello is said again when one is lost. */
#define HISTORY_MERGE_FIRST_MS 500

/* More is waited for while something is known to be missing, or came less than
 * this ago: repairs are asked for after random waits. */
#define HISTORY_MERGE_QUIET_MS 250

/* History is shown at the latest so long after gathering began, and so long
 * after the first of what is said now: nobody is to wait long for an answer. */
#define HISTORY_MERGE_MAX_MS  2000
#define HISTORY_MERGE_LIVE_MS 750

/* Bytes of events that are held at most; then they are shown, in order, and
 * what comes later is gathered anew. */
#define HISTORY_MERGE_SIZE ((size_t)4 * 1024 * 1024)

struct history_merge {
	struct history_merge_entry *first; /* in the order they came, and when
					    * they are shown, in that order */
	struct history_merge_entry *last;
	struct history_merge_entry *given; /* lent to the caller */
	size_t count;
	size_t bytes;
	bool is_gathering;
	bool has_live;           /* something among it is no history, */
	bool has_leave;          /* or tells that a member left */
	struct instant quiet_at; /* gathering ends then, when all is there, */
	struct instant end_at;   /* and then in any case */
};

/* Nothing is held, and nothing gathered. */
void history_merge_init(struct history_merge *merge);
void history_merge_fini(struct history_merge *merge);

/* We join a group, and want its history. */
void history_merge_begin(struct history_merge *merge, struct instant now);

/*
 * Holds a copy of the event, if its turn comes later; history begins a
 * gathering if there is none.  False when it is to be shown now, which may be
 * for want of memory.
 */
bool history_merge_take(struct history_merge *merge, const struct event *event,
	struct instant now);

/* Whether time is up; `lacks_some` tells whether a member that is here is known
 * to have said something that has not come yet. */
bool history_merge_is_due(
	const struct history_merge *merge, struct instant now);
void history_merge_tick(
	struct history_merge *merge, bool lacks_some, struct instant now);

/* Gathering is over, whatever may still come. */
void history_merge_end(struct history_merge *merge);

/* Takes the next event to be shown, which stays valid until the next call of
 * any function here; false while gathering, and when there is none. */
bool history_merge_next(struct history_merge *merge, struct event *out);

/* Whether events wait to be taken: all later ones are to wait behind them. */
static inline bool history_merge_is_pending(const struct history_merge *merge)
{
	return !merge->is_gathering && merge->count > 0;
}

/* When it is due. */
struct instant history_merge_deadline(const struct history_merge *merge);

#endif
