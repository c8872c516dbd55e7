/* SPDX-License-Identifier: ISC */
/* Between the group and the peers of a session: what comes by unicast, and what
 * goes on from one side to the other. */
#ifndef MCHAT_CHAT_PEERING_H
#define MCHAT_CHAT_PEERING_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct datagram;
struct event;
struct send_path;
struct session;

/* Whether a datagram is to be taken as those of the group are: also when it is
 * one of the group, or there are no peers.  All else that came by unicast is
 * seen to. */
bool peering_hears(struct session *session, const struct datagram *datagram,
	struct instant now);

/* The engine has just taken a datagram, which was no echo of ours: it is passed
 * on where it should be, at the next flush, and borrowed until then.  Whether
 * it was. */
bool peering_pass(struct session *session, const struct datagram *datagram,
	struct instant now);

/* Sends what is to be passed on, and notes in `send_path` how much that was.
 * What the kernel has no room for is lost, as on the way. */
void peering_flush(struct session *session, struct send_path *send_path);

/* What happened to a peer, without time; false when that was all. */
bool peering_next_event(struct session *session, struct event *out);

/* What is due, and when. */
void peering_tick(struct session *session, struct instant now);
struct instant peering_deadline(const struct session *session);

#endif
