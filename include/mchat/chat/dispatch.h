/* SPDX-License-Identifier: ISC */
/* What was typed or read: lines to be said, and commands. */
#ifndef MCHAT_CHAT_DISPATCH_H
#define MCHAT_CHAT_DISPATCH_H

#include "mchat/base/time.h"

struct chat;

/* Does it, command by command and batch by batch. */
void dispatch_input(struct chat *chat, struct instant now);

#endif
