/* SPDX-License-Identifier: ISC */
/* The timers of an engine.  They only mark that a STATE is due. */
#ifndef MCHAT_PROTOCOL_TIMERS_H
#define MCHAT_PROTOCOL_TIMERS_H

#include <stdbool.h>

#include "mchat/base/time.h"
#include "mchat/protocol/engine_types.h"

struct engine;
struct member;

/* A STATE is to be sent, or this is a reason more for one that is. */
void timers_want_state(struct engine *e, enum engine_reason_kind why);

/* The mean time between two STATEs for presence. */
struct duration timers_presence_interval(const struct engine *e);

/* Between half and one and a half intervals (RFC 3550, section 6.3.1). */
void timers_schedule_presence(struct engine *e, struct instant now);

/* How long a confirmation of ours, or of any other member, may wait. */
struct duration timers_confirm_spread(const struct engine *e);

/* Packets of the member came in. */
void timers_confirm(struct engine *e, struct member *m, struct instant now);

/* The member wants to hear from us, or to learn that we hear it. */
void timers_answer(struct engine *e, struct member *m, struct instant now);

/* What we lack of the member is to be asked for after a random wait. */
void timers_schedule_nack(
	struct engine *e, struct member *m, struct instant now);

/* After an ask, ours or another's: time for the answer, and patience, up to
 * `latest`. */
void timers_schedule_nack_again(struct engine *e, struct member *m,
	struct instant latest, struct instant now);

/* Not all who came could be greeted at once: the others will be. */
void timers_greet_again(struct engine *e, struct instant now);

/* DATA of ours leaves: what is unconfirmed is spoken of soon. */
void timers_start_heartbeat(struct engine *e, struct instant now);

/* Time has passed: whatever is due makes us want to send STATE. */
void timers_tick(struct engine *e, struct instant now);

/* Whether we joined just now. */
bool timers_is_fresh(const struct engine *e, struct instant now);

#endif
