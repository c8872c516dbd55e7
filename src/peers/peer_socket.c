/* SPDX-License-Identifier: ISC */
#include "mchat/peers/peer_socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mchat/network/call.h"
#include "mchat/network/group_socket.h"
#include "mchat/network/interface.h"
#include "mchat/network/port_lock.h"
#include "mchat/network/sockaddr.h"
#include "mchat/network/sockopt.h"

/* Of an address like those that others know us by, rather than of one that the
 * kernel makes up for a day (RFC 5014; linux/in6.h, which musl-gcc does not
 * see): or an answer would come from another than was asked. */
#define PREFER_PUBLIC 2

enum { IPV4, IPV6 };

static int index_of(enum address_family family)
{
	return family == ADDRESS_IPV6 ? IPV6 : IPV4;
}

/* What can be done without is not told: these shape speed, or one rare case. */
static void set(struct call_log *log, int fd, enum sockopt_id id, int number,
	const char *why)
{
	if (id != SOCKOPT_NONE &&
		sockopt_set_number(log, fd, id, number, why) < 0)
		call_forget(log);
}

/* Not SO_REUSEPORT: of the sockets that take IPv6 unicast on a port Linux
 * prefers one without it to the groups' sockets, which have it. */
static void prepare(struct call_log *log, int fd, const struct address *any)
{
	const struct group_family *family = group_family_of(any);

	set(log, fd, SOCKOPT_SO_REUSEADDR, 1,
		"the sockets of groups have the same port");
	set(log, fd, family->all, 0,
		"what comes to a group is received elsewhere");
	set(log, fd, family->mtu_discover, family->mtu_discover_off,
		"what is too large for a tunnel on the way is cut there");
	set(log, fd, SOCKOPT_SO_RCVBUF, GROUP_RECEIVE_BUFFER,
		"room for bursts " GROUP_BUFFER_NOTE);
	if (any->family != ADDRESS_IPV6)
		return;
	set(log, fd, SOCKOPT_IPV6_V6ONLY, 1,
		"IPv4 has a socket of its own on this port");
#ifdef IPV6_ADDR_PREFERENCES
	set(log, fd, SOCKOPT_IPV6_ADDR_PREFERENCES, PREFER_PUBLIC,
		"peers know this host by an address that lasts");
#endif
}

static int bind_to(
	struct call_log *log, int fd, enum address_family family, uint16_t port)
{
	const struct address own = {.family = family, .port = port};
	int result = call_bind(log, fd, &own,
		port ? "the group's port, so that a peer is named without one"
		     : "another has the group's port for its peers");

	if (result < 0)
		call_forget(log);
	return result;
}

/* Opens one on the port, or on any. */
static int open_one(
	struct call_log *log, enum address_family family, uint16_t port)
{
	const struct address any = {.family = family};
	int error;
	int fd = call_socket(log, sockaddr_domain(&any), SOCK_DGRAM,
		"a socket for peers, by unicast");

	if (fd < 0)
		return -1;
	prepare(log, fd, &any);
	if ((port != 0 && bind_to(log, fd, family, port) == 0) ||
		bind_to(log, fd, family, 0) == 0)
		return fd;
	error = errno;
	call_close(log, fd, "it cannot be used");
	errno = error;
	return -1;
}

/* Opens both on `port`, 0: on any that the first gets. */
static int open_both(
	struct peer_socket *peer_socket, struct call_log *log, uint16_t port)
{
	struct address own;

	peer_socket->fds[IPV4] = open_one(log, ADDRESS_IPV4, port);
	if (peer_socket->fds[IPV4] >= 0) {
		if (call_getsockname(log, peer_socket->fds[IPV4], &own,
			    "the port that peers see") < 0)
			return -1;
		port = own.port;
	}
	/* A kernel may be without IPv6. */
	peer_socket->fds[IPV6] = open_one(log, ADDRESS_IPV6, port);
	if (peer_socket->fds[IPV6] < 0 && peer_socket->fds[IPV4] < 0)
		return -1;
	call_forget(log);
	if (peer_socket->fds[IPV4] < 0 &&
		call_getsockname(log, peer_socket->fds[IPV6], &own,
			"the port that peers see") < 0)
		return -1;
	peer_socket->port = own.port;
	return 0;
}

static void unlock(struct peer_socket *peer_socket)
{
	if (peer_socket->lock_fd >= 0)
		close(peer_socket->lock_fd);
	peer_socket->lock_fd = -1;
}

int peer_socket_open(
	struct peer_socket *peer_socket, struct call_log *log, uint16_t port)
{
	bool is_taken;
	int error;

	*peer_socket = PEER_SOCKET_CLOSED;
	peer_socket->lock_fd = port_lock_take(port);
	/* Where there are no such locks, the port is worth a try. */
	is_taken = peer_socket->lock_fd < 0 && errno == EADDRINUSE;
	if (open_both(peer_socket, log, is_taken ? 0 : port) == 0) {
		if (peer_socket->port != port)
			unlock(peer_socket);
		return 0;
	}
	error = errno;
	peer_socket_close(peer_socket, log);
	errno = error;
	return -1;
}

void peer_socket_close(struct peer_socket *peer_socket, struct call_log *log)
{
	for (int i = 0; i < PEER_SOCKET_FAMILIES; i++) {
		if (peer_socket->fds[i] >= 0)
			call_close(log, peer_socket->fds[i],
				"the socket for peers");
	}
	unlock(peer_socket);
	*peer_socket = PEER_SOCKET_CLOSED;
}

int peer_socket_fd(
	const struct peer_socket *peer_socket, const struct address *address)
{
	return peer_socket->fds[index_of(address->family)];
}

/* By the interface that the route takes, where the system does not tell more.
 */
static size_t interface_size(const struct address *address)
{
	struct call_log log = {0};
	struct interface_list list;
	const struct interface *routed;
	size_t size = 0;

	if (interface_list(address->family, &list) < 0)
		return 0;
	routed = interface_routed(&log, &list, address);
	if (routed)
		size = interface_datagram_size(routed);
	interface_list_fini(&list);
	return size;
}

/* By what is known of the path. */
static size_t path_size(const struct address *address, enum sockopt_id path_mtu)
{
	size_t size = 0;
	struct sockaddr_storage to;
	socklen_t length = sockaddr_from_address(address, &to);
	struct sockopt_value mtu;
	int fd = socket(sockaddr_domain(address), SOCK_DGRAM, 0);

	if (fd < 0)
		return 0;
	/* Sends nothing: it looks the route up. */
	if (connect(fd, (const struct sockaddr *)&to, length) == 0 &&
		sockopt_get(fd, path_mtu, &mtu) == 0)
		size = interface_mtu_datagram_size(address->family, mtu.number);
	close(fd);
	return size;
}

size_t peer_socket_datagram_size(const struct address *address)
{
	enum sockopt_id path_mtu = group_family_of(address)->path_mtu;
	size_t size = path_mtu == SOCKOPT_NONE ? interface_size(address)
					       : path_size(address, path_mtu);

	return size > 0 ? size : SIZE_MAX;
}
