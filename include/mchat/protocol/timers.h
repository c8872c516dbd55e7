/* SPDX-License-Identifier: ISC */
/* The timers of an engine.  They only mark that a STATE is due. */
#ifndef MCHAT_PROTOCOL_TIMERS_H
#define MCHAT_PROTOCOL_TIMERS_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

struct engine;
struct member;

/* Up to so many others a group is small: they are told of one another at once.
 * In a larger one hello is said only once, who has not confirmed is polled, a
 * STATE that confirms reports on few others, and byes are fewer. */
#define TIMERS_SMALL_GROUP 16

/* Nothing is due yet but hello. */
void timers_init(struct engine *e, struct instant now);

/* The mean time between two STATEs for presence, in a group of so many and in
 * ours. */
struct duration timers_interval_of(size_t members);
struct duration timers_presence_interval(const struct engine *e);

/* The same as others are to be told; 0: they take that for granted. */
struct duration timers_told_interval(const struct engine *e);

/* How long a confirmation of ours, or of any other member, may wait. */
struct duration timers_confirm_spread(const struct engine *e);

/* A timer of a member is due then. */
void timers_wake(struct engine *e, struct member *m, struct instant when);

/* A STATE leaves; and it has a report on this member. */
void timers_note_state(struct engine *e);
void timers_note_reported(struct engine *e, struct member *m);

/* A packet of the member came in: one that may be new, or a combination that is
 * of no use.  In a large group, where who has not confirmed is polled, that is
 * no reason to say again that we have all. */
void timers_confirm(
	struct engine *e, struct member *m, bool is_new, struct instant now);

/* The next STATE confirms what all authors have sent, whether that was done or
 * not, before it speaks of others. */
void timers_confirm_authors(struct engine *e);

/* The member polls us: it waits for what we confirm. */
void timers_poll(struct engine *e, struct member *m, struct instant now);

/* The member wants to hear from us, or to learn that we hear it. */
void timers_answer(struct engine *e, struct member *m, struct instant now);

/*
 * The member came.  In a group of up to so many everybody answers, within a
 * time that grows with the group, so that there are 160 answers a second at
 * most, however many come.  In a larger one that would go on for minutes after
 * many came, as long as somebody is met for the first time: there nobody
 * answers, and presence tells.  A newcomer then hears the forty that speak in
 * any second, and knows all in one interval.
 */
#define GREETED_BY_ALL_MAX 2048
void timers_greet(struct engine *e, struct member *m, struct instant now);

/* What we lack of the member is to be asked for after a random wait. */
void timers_schedule_nack(
	struct engine *e, struct member *m, struct instant now);

/* Schedules the next ask after one, ours or another's: later each time, but
 * no later than `latest`. */
void timers_schedule_nack_again(struct engine *e, struct member *m,
	struct instant latest, struct instant now);

/* Not all who came could be greeted at once: the others will be. */
void timers_greet_again(struct engine *e, struct instant now);

/* DATA of ours leaves for the first time: all will have confirmed it within a
 * time that follows from how fast we send. */
void timers_note_data(struct engine *e, struct instant now);

/* Something of ours leaves: what is unconfirmed is spoken of soon. */
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
