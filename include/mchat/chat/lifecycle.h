/* SPDX-License-Identifier: ISC */
/* The phases of a chat, from joining a group to leaving it. */
#ifndef MCHAT_CHAT_LIFECYCLE_H
#define MCHAT_CHAT_LIFECYCLE_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct chat;

/* Is in the group from now on: what depends on that begins anew. */
void lifecycle_begin(struct chat *chat, struct instant now);

/* Goes from one phase to the next when it is time. */
void lifecycle_advance(struct chat *chat, struct instant now);

/* Leaves, and goes on to where the user wants to be, when what was said is
 * confirmed or need not be waited for; false when it is to be. */
bool lifecycle_part(struct chat *chat, struct instant now);

/* Says good-bye, a few times in a short while. */
void lifecycle_leave(struct chat *chat);

/* Somebody seals as we do: leaves without a word, as a copy of this machine is
 * still there as us, and comes back as another member. */
void lifecycle_leave_copy(struct chat *chat, struct instant now);

#endif
