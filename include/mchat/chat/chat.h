/* SPDX-License-Identifier: ISC */
/*
 * The chat: the one place where the group's sockets, the engine, standard
 * input and standard output meet, in one poll loop.
 */
#ifndef MCHAT_CHAT_CHAT_H
#define MCHAT_CHAT_CHAT_H

#include "mchat/chat/config.h"

struct call_log;

/*
 * Chats until input ends, `count` messages came, `timeout` is over or a signal
 * asks to end; then leaves the group.  Returns the exit status: 0 done, and
 * confirmed by every member that is known, 1 it could not be done, 2 wrong
 * usage; stderr says why.  `log` tells of the socket calls.
 */
int chat_run(const struct chat_config *config, struct call_log *log);

#endif
