/* SPDX-License-Identifier: ISC */
/* The socket that packets are exchanged by with peers, by unicast. */
#ifndef MCHAT_PEERS_PEER_SOCKET_H
#define MCHAT_PEERS_PEER_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

struct call_log;

struct peer_socket {
	int fd;
	int lock_fd;   /* of the port; -1: another port than was asked for */
	uint16_t port; /* that it has */
};

#define PEER_SOCKET_CLOSED ((struct peer_socket){.fd = -1, .lock_fd = -1})

/* Opens it on `port` or, where another member of this host has that for its
 * peers, or another program to itself, on any.  0, or -1 with errno. */
int peer_socket_open(
	struct peer_socket *socket, struct call_log *log, uint16_t port);
void peer_socket_close(struct peer_socket *socket, struct call_log *log);

#endif
