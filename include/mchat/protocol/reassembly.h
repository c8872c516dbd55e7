/* SPDX-License-Identifier: ISC */
/*
 * From the packets of an author to its messages, in order: the pieces of a long
 * one are put together when the last of them is there, so that an unfinished
 * message takes no memory but its packets.
 */
#ifndef MCHAT_PROTOCOL_REASSEMBLY_H
#define MCHAT_PROTOCOL_REASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct buffer;
struct receive_window;

enum reassembly_item_kind {
	REASSEMBLY_MESSAGE,
	REASSEMBLY_ACTION,
	REASSEMBLY_NICK,
	REASSEMBLY_LOST,
};

struct reassembly_item {
	enum reassembly_item_kind kind;
	struct wall_time time; /* of the author */
	uint64_t number;       /* of the packet */
	uint64_t message;      /* of MESSAGE and ACTION: 1, 2, 3, ... */
	const char *text;      /* of message, action, nick */
	size_t size;
	uint64_t count; /* of messages lost; 0: nobody knows how many */
	bool is_history;
};

/* Whether reassembly_next may have something. */
bool reassembly_is_ready(const struct receive_window *window);

/*
 * The next thing that the author said, of history no more than is wanted; false
 * when there is none.  *out borrows from the window and from `scratch`, where a
 * long message is put together, until the next call with either.
 */
bool reassembly_next(struct receive_window *window, struct buffer *scratch,
	struct reassembly_item *out);

/* Gives up the long message that begins next and has no end yet, to free its
 * packets: false when there is none.  It will come out as lost. */
bool reassembly_give_up(struct receive_window *window);

#endif
