/* SPDX-License-Identifier: ISC */
/*
 * Negative acknowledgements: when packets of an author are missing, when to ask
 * for them, and when to give them up.  A STATE that asks carries them as gaps
 * of a report; see timers.h for the random wait before it (RFC 5740,
 * section 5.1).
 */
#ifndef MCHAT_PROTOCOL_NACK_H
#define MCHAT_PROTOCOL_NACK_H

#include <stdint.h>

#include "mchat/base/time.h"

struct engine;
struct member;

/* Nothing is missing yet. */
void nack_init(struct engine *e);

/* What is missing is waited for from now on: the receive window of the author
 * was opened, its first packet came in, or another gap is the first. */
void nack_begin(struct member *m, struct instant now);

/* A STATE that leaves reports what we lack of the author. */
void nack_note_reported(struct engine *e, struct member *m);

/* The receive window of the author moved from `next_before`, or more of its
 * packets are known to exist: asks for what is missing, hands out what is not.
 */
void nack_update(struct engine *e, struct member *m, uint64_t next_before,
	struct instant now);

/* A repair came in: the time from the NACK to it is the group's turn-around. */
void nack_measure_rtt(
	struct engine *e, const struct member *m, struct instant now);

/* Another member has asked for what we lack of this author, too: we need not,
 * for now; but not so that we never give it up, and only so often before we ask
 * ourselves. */
void nack_suppress(struct engine *e, struct member *m, struct instant now);

/* Time has passed: is there something to ask for, or to give up? */
void nack_tick(struct engine *e, struct member *m, struct instant now);

#endif
