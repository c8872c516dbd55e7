/* SPDX-License-Identifier: ISC */
/* Sends what was typed or read on its way: lines to the group, commands to
 * commands.h. */
#ifndef MCHAT_CHAT_INPUT_DISPATCH_H
#define MCHAT_CHAT_INPUT_DISPATCH_H

#include "mchat/base/time.h"

struct chat;

/* Does it, command by command and batch by batch. */
void input_dispatch_run(struct chat *chat, struct instant now);

#endif
