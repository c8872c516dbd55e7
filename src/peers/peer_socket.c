/* SPDX-License-Identifier: ISC */
#include "mchat/peers/peer_socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mchat/base/address.h"
#include "mchat/network/call.h"
#include "mchat/network/group_socket.h"
#include "mchat/network/port_lock.h"
#include "mchat/network/sockopt.h"

/* What can be done without is not told: these shape speed, or one rare case. */
static void set(struct call_log *log, int fd, enum sockopt_id id, int number,
	const char *why)
{
	if (sockopt_set_number(log, fd, id, number, why) < 0)
		call_forget(log);
}

static int bind_to(struct call_log *log, int fd, uint16_t port)
{
	const struct address own = {.family = ADDRESS_IPV4, .port = port};
	int result = call_bind(log, fd, &own,
		port ? "the group's port, so that a peer is named without one"
		     : "another has the group's port for its peers");

	if (result < 0)
		call_forget(log);
	return result;
}

/* Binds to the port, with the lock, or to any. */
static int bind_some(
	struct peer_socket *peer_socket, struct call_log *log, uint16_t port)
{
	peer_socket->lock_fd = port_lock_take(port);
	/* Where there are no such locks, the port is worth a try. */
	if (peer_socket->lock_fd >= 0 || errno != EADDRINUSE) {
		if (bind_to(log, peer_socket->fd, port) == 0)
			return 0;
	}
	if (peer_socket->lock_fd >= 0)
		close(peer_socket->lock_fd);
	peer_socket->lock_fd = -1;
	return bind_to(log, peer_socket->fd, 0);
}

int peer_socket_open(
	struct peer_socket *peer_socket, struct call_log *log, uint16_t port)
{
	struct address own;
	int error;
	int fd = call_socket(
		log, AF_INET, SOCK_DGRAM, "the socket for peers, by unicast");

	*peer_socket = PEER_SOCKET_CLOSED;
	if (fd < 0)
		return -1;
	peer_socket->fd = fd;
	set(log, fd, SOCKOPT_SO_REUSEADDR, 1,
		"the sockets of groups have the same port");
	set(log, fd, SOCKOPT_IP_MULTICAST_ALL, 0,
		"what comes to a group is received elsewhere");
	set(log, fd, SOCKOPT_IP_MTU_DISCOVER, IP_PMTUDISC_DONT,
		"what is too large for a tunnel on the way is cut there");
	set(log, fd, SOCKOPT_SO_RCVBUF, GROUP_RECEIVE_BUFFER,
		"room for bursts " GROUP_BUFFER_NOTE);
	if (bind_some(peer_socket, log, port) == 0 &&
		call_getsockname(log, fd, &own, "the port that peers see") ==
			0) {
		peer_socket->port = own.port;
		return 0;
	}
	error = errno;
	peer_socket_close(peer_socket, log);
	errno = error;
	return -1;
}

void peer_socket_close(struct peer_socket *peer_socket, struct call_log *log)
{
	if (peer_socket->fd >= 0)
		call_close(log, peer_socket->fd, "the socket for peers");
	if (peer_socket->lock_fd >= 0)
		close(peer_socket->lock_fd);
	*peer_socket = PEER_SOCKET_CLOSED;
}
