/* SPDX-License-Identifier: ISC */
/* The lines that tell people at a terminal who is here, who comes and who goes,
 * as presence_notices has it. */
#ifndef MCHAT_CHAT_PRESENCE_SHOW_H
#define MCHAT_CHAT_PRESENCE_SHOW_H

#include "mchat/base/time.h"

struct chat;
struct event;

/* We join a group. */
void presence_show_begin(struct chat *chat, struct instant now);

/* Shows the event, which may be any, if it is to be told now; else it is logged
 * alone. */
void presence_show_event(
	struct chat *chat, const struct event *event, struct instant now);

/* Shows what is due. */
void presence_show_tick(struct chat *chat, struct instant now);

#endif
