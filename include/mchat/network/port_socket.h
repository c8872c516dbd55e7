/* SPDX-License-Identifier: ISC */
/*
 * What comes to a port of this host and not to a group: by unicast, broadcast,
 * or to all hosts.  An IPv4 socket on the port comes before it where there is
 * only one to get a datagram, and so does an IPv6 one that was bound before;
 * but what programs of the same user have bound to [::] with SO_REUSEPORT
 * shares unicast with it.  This is what other systems do in another way.
 */
#ifndef MCHAT_NETWORK_PORT_SOCKET_H
#define MCHAT_NETWORK_PORT_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/network/batch.h"

/* Opens it, for both address families; owned by the caller, or -1 with errno
 * where this system has no IPv6. */
int port_socket_open(uint16_t port);

/* Has it hear what is sent to all hosts (224.0.0.1, ff02::1) on an interface;
 * where that cannot be, it hears the rest. */
void port_socket_join(
	int fd, enum address_family family, unsigned interface_index);

/*
 * Receives a datagram without waiting, into a buffer of the caller's, as one
 * that came to this host; false when there is none.  Of a larger one the rest
 * is lost.  It serves any other socket, too.
 */
bool port_socket_receive(
	int fd, void *buffer, size_t size, struct datagram *out);

/* Sends from the port to a host; what cannot be sent is let go.  It serves any
 * socket of the family of *to, too. */
void port_socket_send(
	int fd, const struct address *to, const void *bytes, size_t size);

/* 224.0.0.1 or ff02::1: all hosts of a link, which a switch must flood (RFC
 * 4541, 2.1.2; RFC 4291, 2.7.1).  Without port and scope. */
struct address port_socket_all_hosts(enum address_family family);

#endif
