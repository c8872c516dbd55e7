/* SPDX-License-Identifier: ISC */
/* One turn of the poll loop: waits for the first thing that is ready or due,
 * and handles all that are. */
#ifndef MCHAT_CHAT_LOOP_H
#define MCHAT_CHAT_LOOP_H

#include "mchat/base/time.h"

struct chat;

void loop_turn(struct chat *chat);

/* Prints what there is, as far as it is taken. */
void loop_show(struct chat *chat, struct instant now);

/* Writes what is queued for stdout, as far as it is taken. */
void loop_write(struct chat *chat);

#endif
