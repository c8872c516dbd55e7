/* SPDX-License-Identifier: ISC */
/*
 * An author for tests of streams: says messages that carry their number, keeps
 * the packets that a send window makes of them, and checks what comes out of a
 * receive window that is given some of those packets.
 */
#ifndef MCHAT_TESTS_AUTHOR_H
#define MCHAT_TESTS_AUTHOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/buffer.h"
#include "mchat/base/time.h"
#include "mchat/protocol/receive_window.h"
#include "mchat/protocol/send_window.h"

#define AUTHOR_ID          3
#define AUTHOR_PACKET_SIZE 600

struct reassembly_item;

/* What was said: messages by number from 1 on, and where each begins and ends.
 * Packet n leaves when the author is n ms old. */
struct author {
	struct send_window send_window;
	struct packet_store kept; /* the last PACKET_STORE_SPAN packets */
	struct instant now;
	uint64_t packets;
	uint64_t messages;
	uint64_t *begins; /* by message: packet that it begins in */
	uint64_t *ends;   /* and the one that it ends in */
	size_t *sizes;
};

/* What came out. */
struct heard {
	struct buffer scratch;
	uint64_t expected; /* the message that comes next */
	uint64_t messages;
	uint64_t history;
	uint64_t lost;
	uint64_t unknown; /* losses that nobody knows the size of */
	uint64_t first;   /* message */
	bool is_sound;    /* in order, once, and as it was said */
};

/* An author that will say so many messages at most. */
void author_open(struct author *author, size_t messages);
void author_close(struct author *author);

/* Says a message of about `size` bytes. */
void author_say(struct author *author, size_t size);

/* Short messages with long ones between, some packets closed early. */
void author_say_many(struct author *author, size_t messages);

/* Says `messages` messages of one packet each. */
void author_say_each(struct author *author, uint64_t messages);

/* Lets all packets leave, and notes where messages begin and end. */
void author_flush(struct author *author);

/* Gives packet `number` to the window. */
enum receive_window_result author_give(const struct author *author,
	struct receive_window *window, uint64_t number);

/* What the author tells of its packets up to `last`. */
struct extent author_extent(const struct author *author, uint64_t last);

/* How many messages end in packet `from` or later and have no missing packet.
 */
uint64_t author_count_whole(
	const struct author *author, const bool *missing, uint64_t from);

void heard_open(struct heard *heard);
void heard_close(struct heard *heard);

/* Takes out what the window has, and checks it. */
void heard_drain(struct heard *heard, const struct author *author,
	struct receive_window *window);

#endif
