/* SPDX-License-Identifier: ISC */
/* Sends datagrams, batch by batch, and tells what the kernel refused. */
#ifndef MCHAT_CHAT_SEND_PATH_H
#define MCHAT_CHAT_SEND_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/interfaces/membership.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/hysteresis.h"
#include "mchat/io/throttle.h"
#include "mchat/peers/peer_output.h"

struct send_path {
	struct send_batch *batch;
	struct membership_sending sending;
	struct peers_sending to_peers; /* once the group has it */
	uint64_t sent;          /* datagrams taken by at least one interface */
	uint64_t unsent;        /* refused by all of them */
	uint64_t passed_on;     /* of others, to or from peers */
	uint64_t not_passed_on; /* for want of room */
	struct throttle losses; /* of `unsent`, those not told yet; only of what
				 * is not sent again */
	struct hysteresis trouble;    /* with an interface that refuses */
	struct instant unready_since; /* an address could not be sent from;
				       * INSTANT_NEVER: it can */
	int error;                    /* errno of the last refusal */
	bool is_raw;                  /* what is refused is not sent again */
	bool has_more; /* there may be more for the next batch at once */
	bool has_peers;
	bool is_partial; /* but another took what it refused last */
};

/* Gets the memory; false without.  send_path_fini is due in either case. */
bool send_path_init(struct send_path *send_path, bool is_raw);
void send_path_fini(struct send_path *send_path);

/* Sends the batch to the group, then to the peers (NULL: none), or until the
 * kernel's buffer is full; `has_more` says whether there may be more for the
 * next one at once. */
void send_path_send(struct send_path *send_path, struct membership *membership,
	struct peers *peers, bool has_more, struct instant now);

/* The socket that has to have room before it goes on; -1: none. */
int send_path_waiting_fd(const struct send_path *send_path,
	const struct membership *membership, const struct peers *peers);

/* Forgets the batch that waits, before what it borrows from is gone; it counts
 * as not sent. */
void send_path_drop(struct send_path *send_path,
	const struct membership *membership, struct instant now);

/* Whether a batch waits for room in the kernel's buffer. */
bool send_path_is_waiting(const struct send_path *send_path);

/* When send_path_tick is due; or now, in the past, when there is more. */
struct instant send_path_deadline(const struct send_path *send_path);

/* The interfaces are other ones, which was said: what they refused is not told
 * any more. */
void send_path_forget_trouble(struct send_path *send_path);

/* Tells of failures when that is due; INSTANT_NEVER as `now`: of all. */
void send_path_tick(struct send_path *send_path, enum verbosity verbosity,
	struct instant now);

/* Datagrams that wait. */
size_t send_path_left(const struct send_path *send_path);

#endif
