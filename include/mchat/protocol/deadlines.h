/* SPDX-License-Identifier: ISC */
/*
 * When each member is to be looked at next: a heap, so that a timer costs the
 * same however many members there are.  What is noted of a member may be too
 * early, since most timers are put off again and again: whoever looks says when
 * it is to be looked at again.
 */
#ifndef MCHAT_PROTOCOL_DEADLINES_H
#define MCHAT_PROTOCOL_DEADLINES_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"
#include "mchat/protocol/deadlines_types.h"

struct member;

void deadlines_fini(struct deadlines *deadlines);

/* Adds a member that nothing is due of; false without memory. */
bool deadlines_add(struct deadlines *deadlines, struct member *member);
void deadlines_remove(struct deadlines *deadlines, struct member *member);

/* The member is to be looked at then, or earlier as noted before. */
void deadlines_lower(struct deadlines *deadlines, struct member *member,
	struct instant when);

/* When the first is due; NEVER: nothing is. */
struct instant deadlines_next(const struct deadlines *deadlines);

/*
 * Takes up to `most` members that are due by now, those first that are last in
 * the list of members; nothing is due of them any more.  Returns how many.
 */
size_t deadlines_take(struct deadlines *deadlines, struct member **out,
	size_t most, struct instant now);

#endif
