/* SPDX-License-Identifier: ISC */
/*
 * From what is to be said to datagrams: lines go to the engine, or become a
 * datagram each, and a batch of these is sent.  While it waits for room in the
 * kernel no more input is read: that is the back-pressure.
 */
#ifndef MCHAT_CHAT_OUTGOING_H
#define MCHAT_CHAT_OUTGOING_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct chat;

/* Whether input should be read when there is some. */
bool outgoing_wants_input(const struct chat *chat);

/*
 * Sends a batch of what there is, or until the kernel's buffer is full: a turn
 * takes as much as a turn of receiving does, since our own echo comes back.
 */
void outgoing_send(struct chat *chat, struct instant now);

/* When the engine has something to send. */
struct instant outgoing_deadline(const struct chat *chat);

#endif
