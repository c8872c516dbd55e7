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

/* An author waits so long for a member that makes too little progress; in a
 * crowd, where a confirmation may wait for a while, as long as so many of them
 * take: each of them may get lost. */
#define ACK_STALL_MS       5000
#define ACK_STALL_CONFIRMS 6

/* It has to confirm so many packets in that time, or all that had been sent
 * when it began.  A reader that takes one packet now and then would otherwise
 * hold up everybody. */
#define ACK_FLOOR 16

/* Who was let go is waited for again as soon as it confirms anything, but not
 * when it was let go twice within this time. */
#define ACK_FORGIVE_MS 60000

/* Something that decides whether the member is waited for, or its acked_next,
 * has changed. */
void ack_update(struct engine *e, struct member *m);

/* A packet of ours was sent for the first time. */
void ack_expect(struct engine *e, struct instant now);

/* From now on the member has that long for the next ACK_FLOOR packets. */
void ack_expect_progress(
	struct engine *e, struct member *m, struct instant now);

/* The member confirmed something: whether that was enough. */
void ack_note_progress(struct engine *e, struct member *m, struct instant now);

/* The member made too little progress: it is not waited for any more. */
void ack_stall(struct engine *e, struct member *m, struct instant now);

/* When the member will have made too little progress; NEVER when it lacks
 * nothing, or is not waited for. */
struct instant ack_deadline(const struct engine *e, const struct member *m);

#endif
