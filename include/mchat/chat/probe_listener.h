/* SPDX-License-Identifier: ISC */
/*
 * Hears the probes of `mchat doctor` and replies.  Those to the group come by
 * its socket; those by unicast, broadcast or to all hosts by one of its own,
 * whose limits are told in network/port_socket.h.
 */
#ifndef MCHAT_CHAT_PROBE_LISTENER_H
#define MCHAT_CHAT_PROBE_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/chat/heard_members.h"
#include "mchat/protocol/probe_responder.h"
#include "mchat/protocol/wire.h"

struct datagram;
struct membership;
struct peer_socket;
struct sealer;

/* Datagrams that are taken in a turn; of a flood the kernel drops the rest. */
#define PROBE_LISTENER_TURN 32

struct probe_listener {
	int fd; /* to poll; -1: none, then the group's is all that hears */
	uint64_t host;
	struct instant joined;
	struct probe_responder responder;
	struct heard_members heard;
};

/* Not open. */
#define PROBE_LISTENER_CLOSED ((struct probe_listener){.fd = -1})

/* Who listens, and where. */
struct probe_place {
	struct membership *membership;
	uint64_t member; /* who we are; 0: raw, which replies to nothing */
	const struct peer_socket *peers; /* NULL: none */
	struct sealer *sealer;           /* .seal NULL: not private */
};

/* Opens that of a membership that was just opened; without it the chat goes on.
 */
void probe_listener_open(struct probe_listener *listener,
	const struct membership *membership, struct instant now);
void probe_listener_close(struct probe_listener *listener);

/* The interfaces on which the group is joined have changed. */
void probe_listener_follow(
	struct probe_listener *listener, const struct membership *membership);

/* Gives the next datagram that came to our port, whatever it is; false when
 * there is none. */
bool probe_listener_next(const struct probe_listener *listener,
	const struct probe_place *place, uint8_t bytes[WIRE_PACKET_MAX],
	struct datagram *out);

/* Receives what came, and replies; where the group is not private. */
void probe_listener_receive(struct probe_listener *listener,
	const struct probe_place *place, struct instant now);

/* Whether a datagram, of whatever socket, is the doctor's or for nobody else:
 * then it was seen to.  Of all others it keeps in mind who sent them. */
bool probe_listener_take(struct probe_listener *listener,
	const struct probe_place *place, const struct datagram *datagram,
	struct instant now);

#endif
