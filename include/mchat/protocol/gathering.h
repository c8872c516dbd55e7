/* SPDX-License-Identifier: ISC */
/*
 * Waiting until as many members as are wanted say that they hear us: those that
 * are here and do not say so yet are polled.  In a large group they would
 * answer within seconds, as presence has it.
 */
#ifndef MCHAT_PROTOCOL_GATHERING_H
#define MCHAT_PROTOCOL_GATHERING_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct engine;

void gathering_init(struct engine *e);

/* Waits for so many members from now on; 0: for none (any more). */
void gathering_set(struct engine *e, size_t wanted, struct instant now);

/* Time has passed: perhaps a poll is due. */
void gathering_tick(struct engine *e, struct instant now);

/* The next STATE polls these, at most `most`: how many.  The first place is
 * that of the limiting receiver, who is nobody. */
size_t gathering_polled(struct engine *e, uint64_t *ids, size_t most);

#endif
