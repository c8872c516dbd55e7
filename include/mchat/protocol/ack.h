/* SPDX-License-Identifier: ISC */
/*
 * Confirmations: which members an author waits for, up to where all of them
 * have confirmed, and who makes too little progress to be waited for.  Each
 * report costs the same, however many members there are.
 */
#ifndef MCHAT_PROTOCOL_ACK_H
#define MCHAT_PROTOCOL_ACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct engine;
struct member;
struct wire_report;

/* An author waits this long for a member that makes too little progress; in a
 * large group, where confirmations come late, as long as this many of them may
 * take, since any of them may get lost. */
#define ACK_STALL_MS       5000
#define ACK_STALL_CONFIRMS 6

/* It has to confirm so many packets in that time, or all that had been sent
 * when it began.  A reader that takes one packet now and then would otherwise
 * hold up everybody. */
#define ACK_FLOOR 16

/* A member that was let go is waited for again as soon as it confirms
 * anything; but if let go twice within this time, only once it has caught up
 * or is fast enough. */
#define ACK_FORGIVE_MS 60000

/* Whether all that are here have confirmed all that we said since they came. */
bool ack_is_complete(const struct engine *e);

/* Nobody has confirmed anything yet. */
void ack_init(struct engine *e);

/* Counts a packet of ours that is sent, or that another member has repaired;
 * returns how many there were so far. */
uint32_t ack_count_sent(struct engine *e);

/* The member was met just now: what was sent until then it is not owed. */
void ack_meet(const struct engine *e, struct member *m);

/* The member tells its age, in the STATE whose reports come next: what we owe
 * it begins when it started. */
void ack_learn_age(struct engine *e, struct member *m, struct duration age);

/* What it reports of us, after it held the last packet it knows for so long
 * (WIRE_HELD_MAX_US: not known); false when it claims what was never sent. */
bool ack_take_report(struct engine *e, struct member *m,
	const struct wire_report *report, struct duration held,
	struct instant now);

/* It left: whether it hears us is not known any more. */
void ack_forget_hearing(struct member *m);

/* A STATE that leaves tells it what it is owed. */
void ack_note_owed_told(struct member *m);

/* Something that decides whether the member is waited for, or its acked_next,
 * has changed. */
void ack_update(struct engine *e, struct member *m);

/* A packet of ours was sent for the first time. */
void ack_expect(struct engine *e, struct instant now);

/* The member made too little progress: it is not waited for any more. */
void ack_stall(struct engine *e, struct member *m, struct instant now);

/* Time has passed: once in the time that a member has, all are looked at, since
 * who says nothing at all is noticed by nothing else. */
void ack_tick(struct engine *e, struct instant now);

/* When the member will have made too little progress; NEVER when it lacks
 * nothing, or is not waited for. */
struct instant ack_deadline(const struct engine *e, const struct member *m);

#endif
