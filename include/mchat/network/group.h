/* SPDX-License-Identifier: ISC */
/*
 * A multicast group as a pair of sockets: one bound to group:port receives, one
 * on a port of its own sends, since a socket bound to a group can neither
 * receive unicast nor lend its address as a source.
 */
#ifndef MCHAT_NETWORK_GROUP_H
#define MCHAT_NETWORK_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/network/batch.h"
#include "mchat/network/group_socket.h"
#include "mchat/network/send_batch.h"

/* Interfaces that one group is joined on at most; the kernel's own limit is
 * net.ipv4.igmp_max_memberships, 20 by default. */
#define GROUP_INTERFACES_MAX 64

struct call_log;
struct datagram;
struct interface;

struct group;

/*
 * Opens the sockets; no interface is joined yet.  Returns 0 and *out, to be
 * closed by group_close, or -1 with errno; `log` then names the call.  `log`
 * must outlive the group.
 */
int group_open(struct call_log *log, const struct group_config *config,
	struct group **out);

/* Leaves the group on every interface and closes the sockets; NULL is fine. */
void group_close(struct group *group);

/*
 * Makes the receiving socket take from `only` and nowhere else, as is best
 * when no other interface will be joined; NULL: from all that are joined.  A
 * socket cannot be bound anew, so if need be another one takes over its
 * memberships.  What waits in the old one is to be received first: see
 * group_close_replaced.  0, or -1 with errno and everything as before.
 */
int group_bind(struct group *group, const struct interface *only);

/*
 * Closes the socket that group_bind replaced, if there is one and nothing waits
 * in it any more; whether it did.  To be called when group_receiving_fd was
 * received from; what is left in it at the next replacement is lost.
 */
bool group_close_replaced(struct group *group);

/*
 * Receives the group on `interface` and sends to it there.  0, or -1 with
 * errno: ENOBUFS past the kernel's limit of memberships.
 */
int group_join(struct group *group, const struct interface *interface);

/* Undoes group_join.  0, or -1 with errno. */
int group_leave(struct group *group, unsigned interface_index);

/*
 * To be called when the device with this index went: the kernel let go of the
 * membership there, but the socket counts as a member until it leaves, even of
 * a device that comes with the same index.  If it is joined there, it leaves,
 * at once, so as not to take away what others join on that device; group_has is
 * false then until group_leave and group_join.
 */
void group_lose(struct group *group, unsigned interface_index);

/* Leaves and joins at once wherever it is joined, as is needed when a device
 * may have gone unnoticed; where that fails group_has is false then. */
void group_renew(struct group *group);

/* Whether it is joined there, and did not lose it. */
bool group_has(const struct group *group, unsigned interface_index);

/*
 * Whether what came in by an interface, 0: unknown, is for us.  Over IPv6, and
 * on other systems than Linux, the kernel may give a socket that joined on one
 * interface also what comes in by another where any socket of this host
 * joined.
 */
bool group_takes(const struct group *group, unsigned interface_index);

/* Whether it is joined by source, of which an interface's own address is one.
 */
bool group_has_sources(const struct group *group);

/* Change what the configuration said.  0, or -1 with errno. */
int group_set_hop_limit(struct group *group, int hop_limit);
int group_set_loopback(struct group *group, bool has_loopback);

/* The sockets, to poll and receive on; -1 when it has none.  While something
 * waits in a socket that was replaced, that one is to be received from. */
int group_receiving_fd(const struct group *group);
int group_sending_fd(const struct group *group);

/* What the system refused of the options that are nice to have. */
const struct group_refusals *group_refused(const struct group *group);

/*
 * The bytes granted for SO_RCVBUF or SO_SNDBUF in the terms in which they were
 * asked; 0 when there is no such socket.
 */
int group_receive_buffer(const struct group *group);
int group_send_buffer(const struct group *group);

/*
 * Whether a datagram from `from` was sent by this very pair: from its port and
 * an address of its interfaces, which are looked up anew when they changed.
 */
bool group_is_own(struct group *group, const struct address *from);

/* What became of a batch so far. */
struct group_sending {
	size_t interface; /* where it stands: number of the interface */
	size_t datagram;  /* and of the datagram */
	bool is_taken[SEND_BATCH_MAX]; /* by at least one interface */
	size_t refused; /* refusals: of a datagram, by an interface */
	int error;      /* errno of the last one */
	bool is_done;   /* every interface took or refused every datagram */
};

/*
 * Sends the batch to the group on every joined interface without blocking,
 * going on where *progress stands ({0} at first).  When the kernel's buffer is
 * full it returns with is_done false: poll the sending socket for POLLOUT and
 * call again, with no interface joined or left in between.  A datagram that an
 * interface refuses is counted and passed over, since a network that is down
 * now is up in a while; where none is joined, all are refused: ENETDOWN.
 */
void group_send(struct group *group, struct send_batch *batch,
	struct group_sending *progress);

/*
 * Replies to a datagram that came in: to its sender, unless it came to this
 * host and is to be replied to from there; and to the group by the interface
 * that it came in on.  What cannot be sent is let go.
 */
void group_reply_to_sender(struct group *group, const struct datagram *datagram,
	const void *bytes, size_t size);
void group_reply_to_group(struct group *group, const struct datagram *datagram,
	const void *bytes, size_t size);

/* Of the first `count` datagrams, those that at least one interface took. */
size_t group_sending_taken(const struct group_sending *progress, size_t count);

#endif
