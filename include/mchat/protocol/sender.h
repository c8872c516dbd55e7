/* SPDX-License-Identifier: ISC */
/*
 * What this member says, as packets: short messages packed together, long ones
 * cut, all kept by number until they need not be sent again.
 */
#ifndef MCHAT_PROTOCOL_SENDER_H
#define MCHAT_PROTOCOL_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/cursor.h"
#include "mchat/base/time.h"
#include "mchat/protocol/send_log.h"
#include "mchat/protocol/store.h"
#include "mchat/protocol/wire.h"

struct engine_config;

/* Packets that may be unconfirmed: half of what a receiver takes ahead, so
 * that one which lags by a whole window still takes the next. */
#define SENDER_WINDOW (STORE_SPAN / 4)

struct sender {
	uint64_t id;
	uint32_t room;
	size_t packet_size;
	struct instant started; /* when its age began */
	struct store store;
	struct send_log log;
	struct duration sent; /* its age when the last packet left first */
	uint64_t last;        /* number of the last packet that is closed */
	uint64_t unsent;      /* number of the next to be sent first */
	uint64_t confirmed;   /* all before it are had by every member */
	uint64_t messages;    /* that have ended, in the open packet too */
	uint8_t open[WIRE_PACKET_MAX];
	struct writer writer; /* over `open`; at its start: nothing open */
	char nick[WIRE_NICK_MAX + 1];    /* terminated */
	char written[WIRE_NICK_MAX + 1]; /* the one the open packet has */
};

/* `config` has id, room and packet size; its age begins at `now`. */
void sender_init(struct sender *sender, const struct engine_config *config,
	struct instant now);
void sender_fini(struct sender *sender);

/* What is said from now on goes in packets of this size; the one that is being
 * filled is closed. */
void sender_set_packet_size(struct sender *sender, size_t packet_size);

/* Unconfirmed packets that are little: they may be sent again unasked. */
#define SENDER_LITTLE 2

/* Whether no more than that has been sent and not been confirmed. */
bool sender_is_little(const struct sender *sender);

/* What is said from now on is said under this nick, cut to WIRE_NICK_MAX. */
void sender_set_nick(struct sender *sender, const char *nick);

/*
 * Takes a message of at most WIRE_MESSAGE_MAX bytes, whole or not at all:
 * false when the window has no room for it, or without memory.
 */
bool sender_say(struct sender *sender, bool is_action, const char *text,
	size_t size, struct wall_time wall);

/* Whether something waits to be sent first. */
bool sender_has_unsent(const struct sender *sender);

/* The next packet to be sent first, which says when that is; NULL when there is
 * none, or no memory. */
struct packet *sender_take(struct sender *sender, struct instant now);

/* The author's age, and how long it has sent nothing new. */
struct wire_age sender_age(const struct sender *sender, struct instant now);

/* Where a member begins that started at `since`: the first packet that left
 * then or later, or somewhat earlier when it is not kept any more. */
struct send_mark sender_owed_since(
	const struct sender *sender, struct instant since);

/* The packet in which the last message that was said ends; 0: none was said. */
uint64_t sender_last_said(const struct sender *sender);

/* The number of the first message that ends in this packet or later; of one
 * that is not kept any more, the first that is kept. */
uint64_t sender_message_at(const struct sender *sender, uint64_t number);

/* The messages that end in the packets that were sent. */
uint64_t sender_messages_sent(const struct sender *sender);

/* Whether all that was said was sent, and confirmed. */
bool sender_is_confirmed(const struct sender *sender);

#endif
