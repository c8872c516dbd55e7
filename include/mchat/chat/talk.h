/* SPDX-License-Identifier: ISC */
/* What was typed or read: lines to be said, and commands. */
#ifndef MCHAT_CHAT_TALK_H
#define MCHAT_CHAT_TALK_H

#include "mchat/base/time.h"

struct chat;

/* Does it, command by command and batch by batch. */
void talk_do(struct chat *chat, struct instant now);

#endif
