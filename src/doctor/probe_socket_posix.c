/* SPDX-License-Identifier: ISC */
/* Multicast is steered by IP_MULTICAST_IF, with the interface's address, and by
 * IPV6_MULTICAST_IF; unicast goes as the routes say, and of what hosts answer
 * nothing is told. */
#include "mchat/doctor/probe_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mchat/io/clock.h"
#include "mchat/network/interface.h"
#include "mchat/network/port_socket.h"
#include "mchat/network/sockaddr.h"

static int level_of(enum address_family family)
{
	return family == ADDRESS_IPV6 ? IPPROTO_IPV6 : IPPROTO_IP;
}

static int set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

static int give_up(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

int probe_socket_idle(enum address_family family)
{
	int domain = family == ADDRESS_IPV6 ? AF_INET6 : AF_INET;
	int fd = socket(domain, SOCK_DGRAM, 0);

	if (fd < 0)
		return -1;
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* Where multicast leaves that the routes would send elsewhere. */
static int steer(
	int fd, enum address_family family, const struct interface *interface)
{
	struct in_addr by;

	if (family == ADDRESS_IPV6)
		return set(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF,
			(int)interface->index);
	memcpy(&by, interface->address.bytes, sizeof(by));
	return setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof(by));
}

/* How far it came is told of what comes in. */
static void tell_hop_limit(int fd, enum address_family family)
{
	if (family == ADDRESS_IPV6)
		(void)set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	else
		(void)set(fd, IPPROTO_IP, IP_RECVTTL, 1);
}

int probe_socket_sending(
	enum address_family family, const struct interface *interface)
{
	int fd = probe_socket_idle(family);

	if (fd < 0)
		return -1;
	if (interface && steer(fd, family, interface) < 0)
		return give_up(fd);
	(void)set(fd, SOL_SOCKET, SO_BROADCAST, 1);
	tell_hop_limit(fd, family);
	return fd;
}

int probe_socket_receiving(const struct address *to)
{
	struct sockaddr_storage sockaddr;
	socklen_t size = sockaddr_from_address(to, &sockaddr);
	int fd = probe_socket_idle(to->family);

	if (fd < 0)
		return -1;
	(void)set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	(void)set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	if (to->family == ADDRESS_IPV6) {
		(void)set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
		(void)set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	}
#ifdef IP_PKTINFO
	if (to->family == ADDRESS_IPV4)
		(void)set(fd, IPPROTO_IP, IP_PKTINFO, 1);
#endif
	tell_hop_limit(fd, to->family);
	return bind(fd, (struct sockaddr *)&sockaddr, size) < 0 ? give_up(fd)
								: fd;
}

int probe_socket_join(
	int fd, const struct address *group, const struct interface *interface)
{
	struct group_req request = {.gr_interface = interface->index};

	(void)sockaddr_from_address(group, &request.gr_group);
	return setsockopt(fd, level_of(group->family), MCAST_JOIN_GROUP,
		&request, sizeof(request));
}

static int change_source(int fd, int option, const struct address *group,
	const struct address *source, const struct interface *interface)
{
	struct group_source_req request = {.gsr_interface = interface->index};

	(void)sockaddr_from_address(group, &request.gsr_group);
	(void)sockaddr_from_address(source, &request.gsr_source);
	return setsockopt(
		fd, level_of(group->family), option, &request, sizeof(request));
}

int probe_socket_join_source(int fd, const struct address *group,
	const struct address *source, const struct interface *interface)
{
	return change_source(
		fd, MCAST_JOIN_SOURCE_GROUP, group, source, interface);
}

int probe_socket_leave_source(int fd, const struct address *group,
	const struct address *source, const struct interface *interface)
{
	return change_source(
		fd, MCAST_LEAVE_SOURCE_GROUP, group, source, interface);
}

void probe_socket_set_hop_limit(
	int fd, enum address_family family, unsigned hop_limit)
{
	if (family == ADDRESS_IPV6)
		(void)set(
			fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, (int)hop_limit);
	else
		/* A byte on each of them. */
		(void)setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL,
			&(unsigned char){(unsigned char)hop_limit}, 1);
}

void probe_socket_set_unicast(
	int fd, enum address_family family, unsigned interface_index)
{
	(void)fd, (void)family, (void)interface_index;
}

int probe_socket_send(
	int fd, const struct address *to, const void *bytes, size_t size)
{
	struct sockaddr_storage sockaddr;
	socklen_t length = sockaddr_from_address(to, &sockaddr);

	/* It could not be sealed. */
	if (size == 0) {
		errno = EIO;
		return -1;
	}
	return sendto(fd, bytes, size, 0, (struct sockaddr *)&sockaddr,
		       length) < 0
		       ? -1
		       : 0;
}

/* Waits until there is something to receive, or it is `deadline`. */
static bool is_readable(int fd, struct instant deadline)
{
	struct pollfd waiting = {.fd = fd, .events = POLLIN};
	int64_t left_ms =
		(instant_until(clock_now(), deadline).ns + NS_PER_MS - 1) /
		NS_PER_MS;

	return poll(&waiting, 1, left_ms > 0 ? (int)left_ms : 0) > 0;
}

bool probe_socket_receive(int fd, struct instant deadline, void *buffer,
	size_t size, struct datagram *out)
{
	return is_readable(fd, deadline) &&
	       port_socket_receive(fd, buffer, size, out);
}

bool probe_socket_take_error(int fd, struct address *to, int *error)
{
	(void)fd, (void)to;
	*error = 0;
	return false;
}

bool probe_socket_broadcast(
	const struct interface *interface, struct address *out)
{
	struct ifreq request = {.ifr_addr.sa_family = AF_INET};
	struct address address;
	int fd = probe_socket_idle(ADDRESS_IPV4);
	bool is_known;

	if (fd < 0)
		return false;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s",
		interface->name);
	is_known = ioctl(fd, SIOCGIFBRDADDR, &request) == 0 &&
		   sockaddr_to_address(&request.ifr_broadaddr, &address);
	close(fd);
	/* 0.0.0.0 stands for none; 255.255.255.255 is every subnet's. */
	if (!is_known || address.bytes[0] == 0 || address.bytes[3] == 0 ||
		address.bytes[0] == 255)
		return false;
	*out = address;
	return true;
}
