/* SPDX-License-Identifier: ISC */
/* What comes in: datagrams of the group, until they are events on display. */
#ifndef MCHAT_CHAT_INBOUND_H
#define MCHAT_CHAT_INBOUND_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/chat/faults.h"
#include "mchat/chat/gather.h"
#include "mchat/chat/hold.h"
#include "mchat/chat/notice.h"

struct delivery;
struct display;
struct session;

struct inbound {
	enum verbosity verbosity;
	struct display *display;   /* borrowed */
	struct session *session;   /* borrowed */
	struct delivery *delivery; /* borrowed; not looked at when raw */
	struct faults faults;

	struct receive_batch *batch;
	struct hold hold;
	uint64_t lost;          /* dropped by the kernel's buffer */
	struct instant lost_at; /* the last of them, as far as known */
	bool has_met_packets;   /* in --raw, which was said */
	struct gather losses;   /* of them, those not told yet */
	bool has_failed;        /* receiving is over; it was said */
};

/* Gets the memory; false without.  The fields above the gap are the caller's
 * to set before.  inbound_fini is due in either case. */
bool inbound_init(struct inbound *inbound);
void inbound_fini(struct inbound *inbound);

/* Listens to the group of the session from now on. */
void inbound_begin(struct inbound *inbound);

/* Whether the group's socket should be read when it is ready, at `now`. */
bool inbound_wants_more(const struct inbound *inbound, struct instant now);

/* Takes what the group's socket has, and shows what came of it. */
void inbound_receive(struct inbound *inbound, struct instant now);

/* When inbound_tick, or a look at inbound_wants_more, is due. */
struct instant inbound_deadline(
	const struct inbound *inbound, struct instant now);

/* Does what is due: takes what was held back, tells of losses. */
void inbound_tick(struct inbound *inbound, struct instant now);

/* The end: takes and tells all that there is. */
void inbound_finish(struct inbound *inbound, struct instant now);

#endif
