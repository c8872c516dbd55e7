/* SPDX-License-Identifier: ISC */
/*
 * The group's datagrams, one after the other, with the faults that are injected
 * into them; and how many the kernel dropped.
 */
#ifndef MCHAT_CHAT_RECEIVE_PATH_H
#define MCHAT_CHAT_RECEIVE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/interfaces/membership.h"
#include "mchat/io/fault_injection.h"
#include "mchat/io/receive_coalescing.h"
#include "mchat/io/throttle.h"
#include "mchat/network/batch.h"

struct event;

struct receive_path {
	struct fault_injection faults;

	struct receive_batch *batches[MEMBERSHIP_FAMILIES_MAX];
	struct receive_batch *batch; /* of them, the one that was filled last */
	const struct family_membership *family; /* and what it came by; NULL:
						 * nothing has come yet */
	size_t count;                           /* of datagrams in it */
	size_t next;                            /* of them comes next */
	bool is_repeated;     /* but first the one before it again */
	struct datagram held; /* given last; its bytes are owned, NULL: none */
	struct receive_coalescing coalescing;
	struct instant heard;   /* when something last came in */
	uint64_t lost;          /* dropped by the kernel's buffer */
	struct instant lost_at; /* the last of them, as far as known */
	struct throttle losses; /* of them, those not told yet */
};

/* A datagram that came in, and what is done to it. */
struct received {
	const struct datagram *datagram; /* valid until the next is given */
	enum fault fault;
	bool is_taken; /* else it is lost, or comes later */
};

/* Gets the memory; false without.  `faults` is the caller's to set before.
 * receive_path_fini is due in either case. */
bool receive_path_init(struct receive_path *receive_path);
void receive_path_fini(struct receive_path *receive_path);

/* Listens to the groups of `membership` from now on; and to none of them. */
void receive_path_begin(
	struct receive_path *receive_path, const struct membership *membership);
void receive_path_end(struct receive_path *receive_path);

/* Whether what comes in is left to gather for a moment, at `now`. */
bool receive_path_is_coalescing(
	const struct receive_path *receive_path, struct instant now);

/* Whether the batch holds datagrams that were not taken yet. */
bool receive_path_has_more(const struct receive_path *receive_path);

/* Receives a batch of the group with this number, once all of the last one was
 * given; how many datagrams, or -1 with errno. */
int receive_path_fill(struct receive_path *receive_path,
	const struct membership *membership, size_t family);

/* Where the first datagram of a batch that holds some came from. */
const struct address *receive_path_first(
	const struct receive_path *receive_path);

/* Gives the next datagram of the batch, or one that was held back until `now`;
 * false when there is none.  Those from `own`, unless it is NULL, are passed
 * over. */
bool receive_path_next(struct receive_path *receive_path,
	struct membership *own, struct instant now, struct received *out);

/* So many datagrams came at once by the group of the last batch: asks its
 * socket what it dropped. */
void receive_path_ask_losses(struct receive_path *receive_path, size_t count);

/* All that was ready, so many, has been received; whether what was dropped is
 * to be told. */
void receive_path_end_turn(struct receive_path *receive_path, size_t count,
	bool tells_losses, struct instant now);

/* The event that tells of losses, when it is due; INSTANT_NEVER as `now`: of
 * all. */
bool receive_path_take_losses(struct receive_path *receive_path,
	struct instant now, struct event *out);

/*
 * An author that is silent since datagrams were dropped may have said more, and
 * bye, in those: the engine cannot know what nobody is there to tell.  Whether
 * this event is of such a one, and the event that says so.
 */
bool receive_path_may_lack(const struct receive_path *receive_path,
	const struct event *event, struct event *out);

/* When there is something to give, to take or to receive again. */
struct instant receive_path_deadline(
	const struct receive_path *receive_path, struct instant now);

#endif
