/* SPDX-License-Identifier: ISC */
/* The timers of an engine.  They only mark that a STATE is due. */
#ifndef MCHAT_PROTOCOL_TIMERS_H
#define MCHAT_PROTOCOL_TIMERS_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct engine;
struct member;

/* Nothing is due yet but hello. */
void timers_init(struct engine *e, struct instant now);

/* The mean time between two STATEs for presence. */
struct duration timers_presence_interval(const struct engine *e);

/* How long a confirmation of ours, or of any other member, may wait. */
struct duration timers_confirm_spread(const struct engine *e);

/* A timer of a member is due then. */
void timers_wake(struct engine *e, struct instant when);

/* The timers of all members were looked at now: the first is due then. */
void timers_note_look(
	struct engine *e, struct instant soonest, struct instant now);

/* A STATE leaves; and it has a report on this member. */
void timers_note_state(struct engine *e);
void timers_note_reported(struct member *m);

/* Packets of the member came in. */
void timers_confirm(struct engine *e, struct member *m, struct instant now);

/* The member polls us: it waits for what we confirm. */
void timers_poll(struct engine *e, struct member *m, struct instant now);

/* The member wants to hear from us, or to learn that we hear it. */
void timers_answer(struct engine *e, struct member *m, struct instant now);

/* What we lack of the member is to be asked for after a random wait. */
void timers_schedule_nack(
	struct engine *e, struct member *m, struct instant now);

/* Schedules the next ask after one, ours or another's: later each time, but
 * no later than `latest`. */
void timers_schedule_nack_again(struct engine *e, struct member *m,
	struct instant latest, struct instant now);

/* Not all who came could be greeted at once: the others will be. */
void timers_greet_again(struct engine *e, struct instant now);

/* DATA of ours leaves: what is unconfirmed is spoken of soon. */
void timers_start_heartbeat(struct engine *e, struct instant now);

/* All is confirmed. */
void timers_stop_heartbeat(struct engine *e);

/* Whether what is unconfirmed is to be sent again; it is taken note of. */
bool timers_take_probe(struct engine *e);

/* Time has passed: whatever is due makes us want to send STATE. */
void timers_tick(struct engine *e, struct instant now);

/* Whether we joined just now. */
bool timers_is_fresh(const struct engine *e, struct instant now);

#endif
