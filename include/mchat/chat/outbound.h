/* SPDX-License-Identifier: ISC */
/*
 * What goes out: datagrams, batch by batch, made of input by the link or, in
 * raw mode, line by line.  While a batch waits for room in the kernel no more
 * input is read: that is the back-pressure.
 */
#ifndef MCHAT_CHAT_OUTBOUND_H
#define MCHAT_CHAT_OUTBOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/chat/gather.h"
#include "mchat/chat/notice.h"
#include "mchat/chat/trouble.h"
#include "mchat/network/group.h"

struct display;
struct input;
struct session;

struct outbound {
	enum verbosity verbosity;
	struct input *input;     /* borrowed */
	struct display *display; /* borrowed: notes what we say */
	struct session *session; /* borrowed */

	struct send_batch *batch;
	bool has_more; /* there may be more for the next batch at once */
	struct group_sending sending;
	uint64_t sent;          /* datagrams taken by at least one interface */
	uint64_t unsent;        /* refused by all of them */
	struct gather losses;   /* of the latter, those not told yet; only of
				 * what is not sent again */
	struct trouble trouble; /* with an interface that refuses */
	bool is_partial;        /* but another took what it refused last */
	int error;              /* errno of the last refusal */
};

/* Gets the memory; false without.  The fields above the gap are the caller's
 * to set before.  outbound_fini is due in either case. */
bool outbound_init(struct outbound *outbound);
void outbound_fini(struct outbound *outbound);

/* Whether input should be read when there is some. */
bool outbound_wants_input(const struct outbound *outbound);

/*
 * Sends a batch of what there is, or until the kernel's buffer is full: a turn
 * takes as much as a turn of receiving does, since our own echo comes back.
 */
void outbound_send(struct outbound *outbound, struct instant now);

/* Forgets the batch that waits, before what it borrows from is gone; it counts
 * as not sent. */
void outbound_drop(struct outbound *outbound, struct instant now);

/* Whether a batch waits for room in the kernel's buffer. */
bool outbound_is_waiting(const struct outbound *outbound);

/* When outbound_tick or the next outbound_send is due; in the past: now. */
struct instant outbound_deadline(const struct outbound *outbound);

/* The interfaces are other ones, which was said. */
void outbound_restart(struct outbound *outbound);

/* Tells of failures when that is due; INSTANT_NEVER as `now`: of all. */
void outbound_tick(struct outbound *outbound, struct instant now);

/* Datagrams that wait. */
size_t outbound_left(const struct outbound *outbound);

#endif
