/* SPDX-License-Identifier: ISC */
/*
 * The doctor's sockets.  What other systems do in another way here: errors that
 * are asked for (IP_RECVERR), and sending by one interface whatever the routes
 * say.
 */
#ifndef MCHAT_DOCTOR_PROBE_SOCKET_H
#define MCHAT_DOCTOR_PROBE_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"
#include "mchat/network/batch.h"

struct interface;

/*
 * A socket that sends by `interface` and nowhere else, or with NULL as the
 * routes say, with the hop limit of multicast, and hears what it sends; the
 * kernel tells it what became of that.
 * Returns the descriptor, owned by the caller, or -1 with errno.
 */
int probe_socket_sending(
	enum address_family family, const struct interface *interface);

/*
 * A socket that is bound as a chat's is, so that firewalls and other programs
 * treat it alike; to a group or to another address.  Returns the descriptor,
 * owned by the caller, or -1 with errno.
 */
int probe_socket_receiving(const struct address *to);

/* A socket that is not bound, for memberships; the same. */
int probe_socket_idle(enum address_family family);

/* Joins a group on an interface; 0, or -1 with errno. */
int probe_socket_join(
	int fd, const struct address *group, const struct interface *interface);

/* Joins what `source` sends to a group, or lets go of it (RFC 3678); 0, or -1
 * with errno. */
int probe_socket_join_source(int fd, const struct address *group,
	const struct address *source, const struct interface *interface);
int probe_socket_leave_source(int fd, const struct address *group,
	const struct address *source, const struct interface *interface);

/*
 * Sends one datagram; 0, or -1 with errno when this host refused it: never with
 * the errors by which others answered what was sent before.
 */
int probe_socket_send(
	int fd, const struct address *to, const void *bytes, size_t size);

/* Waits until `deadline` for a datagram, as port_socket_receive takes it; false
 * when none came. */
bool probe_socket_receive(int fd, struct instant deadline, void *buffer,
	size_t size, struct datagram *out);

/* Takes the next error of what was sent earlier: to whom, and its errno; false
 * when there is none. */
bool probe_socket_take_error(int fd, struct address *to, int *error);

/* The hop limit of what it sends to groups from now on; 1 at first. */
void probe_socket_set_hop_limit(
	int fd, enum address_family family, unsigned hop_limit);

/* The interface by which it sends unicast from now on; 0: as the routes say. */
void probe_socket_set_unicast(
	int fd, enum address_family family, unsigned interface_index);

/* The broadcast address of an interface; false when it has none, or one that is
 * of no subnet. */
bool probe_socket_broadcast(
	const struct interface *interface, struct address *out);

#endif
