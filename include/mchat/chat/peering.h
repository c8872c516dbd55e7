/* SPDX-License-Identifier: ISC */
/* Between the group and the peers of a session: what comes by unicast, and what
 * goes on from one side to the other. */
#ifndef MCHAT_CHAT_PEERING_H
#define MCHAT_CHAT_PEERING_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct datagram;
struct event;
struct seal_opened;
struct send_path;
struct session;

/* Whether a datagram is to be taken as those of the group are: also when it is
 * one of the group, or there are no peers.  All else that came by unicast is
 * seen to. */
bool peering_hears(struct session *session, const struct datagram *datagram,
	struct instant now);

/* The engine has just taken a packet, which was no echo of ours and came as
 * this datagram: it is passed on as it came where it should be, at the next
 * flush, and borrowed until then.  Whether it was. */
bool peering_pass(struct session *session, const struct datagram *packet,
	const struct datagram *datagram, struct instant now);

/* ---- in a private group ---- */

/* The same for what is no packet: sessions by name. */
void peering_pass_names(struct session *session,
	const struct datagram *datagram, struct instant now);

/* A datagram of ours came back from a host that we exchange packets with. */
void peering_take_echo(
	struct session *session, const struct datagram *datagram);

/* A challenge, or a response to one, was opened; `is_fresh`: it came for the
 * first time, from who is alive. */
void peering_take_sealed(struct session *session,
	const struct datagram *datagram, const struct seal_opened *opened,
	bool is_fresh, struct instant now);

/* Sends what is to be passed on, and notes in `send_path` how much that was.
 * What the kernel has no room for is lost, as on the way. */
void peering_flush(struct session *session, struct send_path *send_path);

/* What happened to a peer, without time; false when that was all. */
bool peering_next_event(struct session *session, struct event *out);

/* What is due, and when. */
void peering_tick(struct session *session, struct instant now);
struct instant peering_deadline(const struct session *session);

#endif
