/* SPDX-License-Identifier: ISC */
/*
 * What goes out: the messages of the command line, then the lines of standard
 * input, batch by batch.  While a batch waits for room in the kernel no more
 * input is read: that is the back-pressure.
 */
#ifndef MCHAT_CHAT_OUTBOUND_H
#define MCHAT_CHAT_OUTBOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/lines.h"
#include "mchat/chat/gather.h"
#include "mchat/chat/notice.h"
#include "mchat/network/group.h"

struct outbound {
	enum verbosity verbosity;
	const char *const *messages; /* borrowed */
	size_t message_count;
	size_t next_message;
	size_t next_byte; /* of that message */

	struct lines lines;
	bool input_is_terminal;

	struct send_batch *batch;
	bool has_more; /* there may be lines for the next batch at once */
	struct group_sending sending;
	uint64_t sent;          /* taken by at least one interface */
	uint64_t unsent;        /* refused by all of them */
	struct gather failures; /* of the latter, those not told yet */
	struct gather refusals; /* and lines that some interface refused */
	int error;              /* errno of the last refusal */
	bool has_failed; /* something could not be read or sent; it was said */
};

/*
 * Prepares to send `messages`, and then standard input if `reads_input`.  False
 * without memory; outbound_fini is due in either case.
 */
bool outbound_init(struct outbound *outbound, const char *const *messages,
	size_t message_count, bool reads_input, enum verbosity verbosity);
void outbound_fini(struct outbound *outbound);

/* Whether input should be read when there is some. */
bool outbound_wants_input(const struct outbound *outbound);

/* Reads what standard input has, once; it must be ready. */
void outbound_read(struct outbound *outbound);

/*
 * Sends a batch of what there is, or until the kernel's buffer is full: a turn
 * takes as much as a turn of receiving does, since our own echo comes back.
 */
void outbound_send(struct outbound *outbound, struct group *group);

/* Whether lines wait for room in the kernel's buffer. */
bool outbound_is_waiting(const struct outbound *outbound);

/* When outbound_tick or the next outbound_send is due; in the past: now. */
struct instant outbound_deadline(const struct outbound *outbound);

/* Tells of failures when that is due; INSTANT_NEVER as `now`: of all. */
void outbound_tick(struct outbound *outbound, struct instant now);

/* Lines read, and messages, that were not sent yet. */
size_t outbound_left(const struct outbound *outbound);

/* Whether everything has been read and sent. */
bool outbound_is_done(const struct outbound *outbound);

#endif
