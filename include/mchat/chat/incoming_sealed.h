/* SPDX-License-Identifier: ISC */
/* What comes in to a private group: opened, or seen to. */
#ifndef MCHAT_CHAT_INCOMING_SEALED_H
#define MCHAT_CHAT_INCOMING_SEALED_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct chat;
struct datagram;

/*
 * Opens a datagram that came to the chat's private group, by whatever way.
 * True: *packet is the same with what was sealed in it, a packet, whose bytes
 * are valid until the next call.  False: there is nothing more to do with it.
 */
bool incoming_sealed_open(struct chat *chat, const struct datagram *datagram,
	struct instant now, struct datagram *packet);

#endif
