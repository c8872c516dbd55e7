/* SPDX-License-Identifier: ISC */
/*
 * Which comings and goings people at a terminal are told of, and when:
 *
 *  - Who was here before us stands in one line, soon after we joined.
 *  - Who comes later is told of a moment after, unless gone by then: one who
 *    speaks right away is shown by its message alone, and if it leaves soon
 *    after that, nothing is told, for it was a program that had one thing to
 *    say.
 *  - Who is alone is told so, after a while.
 */
#ifndef MCHAT_CHAT_PRESENCE_NOTICES_H
#define MCHAT_CHAT_PRESENCE_NOTICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct event;

/* Those who are here answer within this time after we joined (they spread their
 * answers by 10 ms for each member), or so soon after another answer; the line
 * comes at the latest after the third. */
#define PRESENCE_NOTICES_FIRST_MS 500
#define PRESENCE_NOTICES_QUIET_MS 250
#define PRESENCE_NOTICES_LIST_MS  2000

/* Who comes is told of after this: longer than `mchat -m` takes on a LAN. */
#define PRESENCE_NOTICES_HOLD_MS 1000

/* Who spoke as soon as it came may leave so long after it without a word: the
 * time that it may wait for confirmations. */
#define PRESENCE_NOTICES_SPOKEN_MS 10000

/* Nobody may come for so long before one is told to be alone. */
#define PRESENCE_NOTICES_ALONE_MS 5000

/* Members that are held back at most; of more, each is told of at once. */
#define PRESENCE_NOTICES_MAX 64

struct presence_notice {
	uint64_t id;
	struct instant due;
	bool has_spoken; /* its joining is not told any more */
};

struct presence_notices {
	bool is_on;              /* else all is told at once */
	struct instant list_at;  /* when to tell who is here; NEVER: it was */
	struct instant list_end; /* at the latest */
	struct instant alone_at; /* when to tell that nobody is, likewise */
	struct presence_notice held[PRESENCE_NOTICES_MAX];
	size_t count;
};

/* Tells all at once. */
void presence_notices_init(struct presence_notices *notices);

/* We join a group, and people want to read who is there. */
void presence_notices_begin(
	struct presence_notices *notices, struct instant now);

/* Whether people are not to be told of the event, or not now.  Of a member that
 * joins: whether it was here before us. */
bool presence_notices_take(struct presence_notices *notices,
	const struct event *event, bool was_here, struct instant now);

/* Whether it is time to tell who is here, which it is once; or that nobody is,
 * unless somebody is to be told of soon. */
bool presence_notices_take_list(
	struct presence_notices *notices, struct instant now);
bool presence_notices_take_alone(
	struct presence_notices *notices, struct instant now);

/* Takes a member whose joining is to be told now; false when none is. */
bool presence_notices_take_join(
	struct presence_notices *notices, struct instant now, uint64_t *id);

/* Whether the joining of this member is still to be told. */
bool presence_notices_holds(
	const struct presence_notices *notices, uint64_t id);

/* When one of them is due. */
struct instant presence_notices_deadline(
	const struct presence_notices *notices);

#endif
