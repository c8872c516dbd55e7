/* SPDX-License-Identifier: ISC */
/* The end of a chat: what is still shown, and what is said of it. */
#ifndef MCHAT_CHAT_SHUTDOWN_H
#define MCHAT_CHAT_SHUTDOWN_H

struct chat;

/*
 * Shows what came, writes out what is queued, and says what was left undone,
 * which is a failure even if nothing else was.
 */
void shutdown_run(struct chat *chat);

#endif
