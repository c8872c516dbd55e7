/* SPDX-License-Identifier: ISC */
/*
 * What this member says, as packets: short messages packed together, long ones
 * cut, all kept by number until they need not be sent again.
 */
#ifndef MCHAT_PROTOCOL_SEND_WINDOW_H
#define MCHAT_PROTOCOL_SEND_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/cursor.h"
#include "mchat/base/time.h"
#include "mchat/protocol/packet_store.h"
#include "mchat/protocol/send_times.h"
#include "mchat/protocol/wire.h"

struct engine_config;

/*
 * Packets that may be unconfirmed: half of what a receiver takes ahead, so that
 * one which lags by a whole window still takes the next.  Enough for some
 * turn-arounds at high loss, and for the confirmations of many members, which
 * together are a share of what is sent.  6 MB of packets of the usual size; of
 * larger ones as many as make the same.
 */
#define SEND_WINDOW_PACKETS 4096

/* Packets that an author keeps: some that all have confirmed, too, for who is
 * not waited for any more.  And bytes, as PACKET_STORE_BYTES. */
#define SEND_WINDOW_KEPT  (SEND_WINDOW_PACKETS + 2048)
#define SEND_WINDOW_BYTES ((size_t)SEND_WINDOW_KEPT * (WIRE_USUAL_MAX + 128))

struct send_window {
	uint64_t id;
	uint32_t room;
	size_t packet_size;
	struct instant started; /* when its age began */
	struct packet_store store;
	struct send_times log;
	struct duration sent; /* its age when the last packet left first */
	uint64_t last;        /* number of the last packet that is closed */
	uint64_t unsent;      /* number of the next to be sent first */
	uint64_t confirmed;   /* all before it are had by every member */
	uint64_t messages;    /* that have ended, in the open packet too */
	uint8_t open[WIRE_PACKET_MAX];
	struct writer writer; /* over `open`; at its start: nothing open */
	char nick[WIRE_NICK_MAX + 1];    /* terminated */
	char written[WIRE_NICK_MAX + 1]; /* the one the open packet has */
	bool is_renamed;                 /* it is another one than `nick` */
};

/* `config` has id, room and packet size; its age begins at `now`. */
void send_window_init(struct send_window *window,
	const struct engine_config *config, struct instant now);
void send_window_fini(struct send_window *window);

/* What is said from now on goes in packets of this size; the one that is being
 * filled is closed. */
void send_window_set_packet_size(
	struct send_window *window, size_t packet_size);

/* Unconfirmed packets that are little: they may be sent again unasked. */
#define SEND_WINDOW_LITTLE 2

/* Whether no more than that has been sent and not been confirmed. */
bool send_window_is_little(const struct send_window *window);

/* What is said from now on is said under this nick, cut to WIRE_NICK_MAX. */
void send_window_set_nick(struct send_window *window, const char *nick);

/*
 * Takes a message of at most WIRE_MESSAGE_MAX bytes, whole or not at all:
 * false when the window has no room for it, or without memory.
 */
bool send_window_say(struct send_window *window, bool is_action,
	const char *text, size_t size, struct wall_time wall);

/* Whether it has no room for a short line. */
bool send_window_is_full(const struct send_window *window);

/* Whether something waits to be sent for the first time. */
bool send_window_has_unsent(const struct send_window *window);

/* The next packet to be sent for the first time, stamped with that time; NULL
 * when there is none, or no memory. */
struct packet *send_window_take(struct send_window *window, struct instant now);

/* The author's age, and how long it has sent nothing new. */
struct wire_age send_window_age(
	const struct send_window *window, struct instant now);

/* Where a member begins that started at `since`: the first packet that left
 * then or later, or somewhat earlier when it is not kept any more. */
struct send_mark send_window_owed_since(
	const struct send_window *window, struct instant since);

/* The packet in which the last message that was said ends; 0: none was said. */
uint64_t send_window_last_said(const struct send_window *window);

/* How many packets there are from `next` on, sent or said and still to be sent.
 */
uint64_t send_window_count_from(
	const struct send_window *window, uint64_t next);

/* The number of the first message that ends in this packet or later; of one
 * that is not kept any more, the first that is kept. */
uint64_t send_window_message_at(
	const struct send_window *window, uint64_t number);

/* The messages that end in the packets that were sent. */
uint64_t send_window_messages_sent(const struct send_window *window);

/* Whether all that was said was sent, and confirmed. */
bool send_window_is_confirmed(const struct send_window *window);

#endif
