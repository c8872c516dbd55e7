/* SPDX-License-Identifier: ISC */
/* Members join, leave and time out; newcomers are refused when the table is
 * full. */
#ifndef MCHAT_PROTOCOL_PRESENCE_H
#define MCHAT_PROTOCOL_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct engine;
struct member;
struct wire_state;

/* When to look at the timers of a member again: when the next is due, or
 * earlier; NEVER when none is. */
struct instant presence_deadline(
	const struct engine *e, const struct member *m, struct instant now);

/* The member of this id, known from now on; NULL when there is no room for it.
 */
struct member *presence_meet(struct engine *e, uint64_t id, struct instant now);

/* A packet of the member itself came in; a STATE. */
void presence_hear(struct member *m, struct instant now);
void presence_hear_state(const struct engine *e, struct member *m,
	const struct wire_state *state, struct instant now);

/* Whether a newcomer was refused lately since too many are known. */
bool presence_is_full(const struct engine *e, struct instant now);

/* The member says that it knows too many to let in more. */
void presence_hear_full(struct engine *e, const struct member *m);

/* The member is not here any more. */
void presence_leave(struct engine *e, struct member *m, bool is_timeout);

/* The member is here, by the nick of its STATE. */
void presence_arrive(
	struct engine *e, struct member *m, const struct wire_state *state);

/* Time has passed: was the member silent, or stuck, for too long? */
void presence_tick(struct engine *e, struct member *m, struct instant now);

#endif
