/* SPDX-License-Identifier: ISC */
/* The sockets that packets are exchanged by with peers, by unicast: one for
 * each address family, on the same port. */
#ifndef MCHAT_PEERS_PEER_SOCKET_H
#define MCHAT_PEERS_PEER_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"

struct call_log;

#define PEER_SOCKET_FAMILIES 2

struct peer_socket {
	int fds[PEER_SOCKET_FAMILIES]; /* IPv4 and IPv6; -1: not to be had */
	int lock_fd;   /* of the port; -1: another port than was asked for */
	uint16_t port; /* that it has */
};

#define PEER_SOCKET_CLOSED                                                     \
	((struct peer_socket){.fds = {-1, -1}, .lock_fd = -1})

/* Opens them on `port` or, where another member of this host has that for its
 * peers, or another program to itself, on any.  0, or -1 with errno when no
 * family can be had. */
int peer_socket_open(
	struct peer_socket *socket, struct call_log *log, uint16_t port);
void peer_socket_close(struct peer_socket *socket, struct call_log *log);

/* The one by which an address is reached; -1: none. */
int peer_socket_fd(
	const struct peer_socket *socket, const struct address *address);

/* The largest datagram that leaves for an address in one piece, in bytes, as
 * far as the kernel knows the way; SIZE_MAX when it does not. */
size_t peer_socket_datagram_size(const struct address *address);

#endif
