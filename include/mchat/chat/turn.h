/* SPDX-License-Identifier: ISC */
/* One turn of the loop: waits for whatever comes first, and sees to all of it.
 */
#ifndef MCHAT_CHAT_TURN_H
#define MCHAT_CHAT_TURN_H

#include "mchat/base/time.h"

struct chat;

void turn_take(struct chat *chat);

/* Prints what there is, as far as it is taken. */
void turn_show(struct chat *chat, struct instant now);

/* Writes what is queued for stdout, as far as it is taken. */
void turn_write(struct chat *chat);

#endif
