/* SPDX-License-Identifier: ISC */
/*
 * Where packets are usually lost, a packet that leaves alone is sent again
 * unasked, a few times within milliseconds: so what was typed need not wait for
 * somebody to miss it.
 */
#ifndef MCHAT_PROTOCOL_COPIES_H
#define MCHAT_PROTOCOL_COPIES_H

#include <stdint.h>

#include "mchat/base/time.h"

struct copies;
struct engine;

void copies_init(struct copies *copies);

/* A packet of ours left for the first time. */
void copies_note_sent(struct engine *e, uint64_t number, struct instant now);

/* Time has passed: plans the next copy as a repair. */
void copies_tick(struct engine *e, struct instant now);

#endif
