/* SPDX-License-Identifier: ISC */
/* Members come and go, and hold up the author or not. */
#ifndef MCHAT_PROTOCOL_ATTENDANCE_H
#define MCHAT_PROTOCOL_ATTENDANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct engine;
struct member;
struct wire_state;

/* Whether an author has to wait for the member's confirmation. */
bool attendance_is_waited_for(const struct member *m);

/* Looks anew up to where all that are waited for have confirmed. */
void attendance_update_confirmed(struct engine *e);

/* The next timer of a member, those that only get later not counted. */
struct instant attendance_deadline(
	const struct engine *e, const struct member *m);

/* DATA of ours leaves: whoever had all until now is waited for from now on. */
void attendance_expect(struct engine *e, struct instant now);

/* The member of this id, known from now on; NULL when there is no room for it.
 */
struct member *attendance_meet(
	struct engine *e, uint64_t id, struct instant now);

/* The member is not here any more. */
void attendance_leave(struct engine *e, struct member *m, bool is_timeout);

/* The member is here, by the nick of its STATE. */
void attendance_arrive(
	struct engine *e, struct member *m, const struct wire_state *state);

/* Time has passed: was the member silent, or stuck, for too long? */
void attendance_tick(struct engine *e, struct member *m, struct instant now);

#endif
