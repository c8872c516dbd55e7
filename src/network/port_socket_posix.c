/* SPDX-License-Identifier: ISC */
/*
 * One AF_INET6 socket that is for IPv4, too (RFC 3493, 3.7).  Of the sockets
 * that a unicast datagram may go to, macOS and the BSDs take the one that fits
 * best; that this comes last is not told by any of them.
 */
/* struct in6_pktinfo (RFC 3542): in the GNU C library, and on macOS. */
#define _GNU_SOURCE
#define __APPLE_USE_RFC_3542 /* NOLINT(bugprone-reserved-identifier) */
#include "mchat/network/port_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mchat/network/sockaddr.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct address port_socket_all_hosts(enum address_family family)
{
	struct address out = {0};

	(void)address_parse(
		family == ADDRESS_IPV6 ? "ff02::1" : "224.0.0.1", &out);
	return out;
}

static int give_up(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

int port_socket_open(uint16_t port)
{
	static const struct {
		int level;
		int option;
		int value;
	} settings[] = {
		{SOL_SOCKET, SO_REUSEADDR, 1},
		{SOL_SOCKET, SO_REUSEPORT, 1},
		{IPPROTO_IPV6, IPV6_V6ONLY, 0},
		{IPPROTO_IPV6, IPV6_RECVPKTINFO, 1},
		{IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1},
	};
	const struct sockaddr_in6 any = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	if (fd < 0)
		return -1;
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	for (size_t i = 0; i < COUNT(settings); i++) {
		if (setsockopt(fd, settings[i].level, settings[i].option,
			    &settings[i].value, sizeof(int)) < 0)
			return give_up(fd);
	}
	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0)
		return give_up(fd);
	return fd;
}

void port_socket_join(
	int fd, enum address_family family, unsigned interface_index)
{
	struct address all = port_socket_all_hosts(family);
	struct group_req request = {.gr_interface = interface_index};

	(void)sockaddr_from_address(&all, &request.gr_group);
	(void)setsockopt(fd, family == ADDRESS_IPV6 ? IPPROTO_IPV6 : IPPROTO_IP,
		MCAST_JOIN_GROUP, &request, sizeof(request));
}

/* ---- receiving ---- */

static void read_control(const struct cmsghdr *control, struct datagram *out)
{
	const void *data = CMSG_DATA(control);

	if (control->cmsg_level == IPPROTO_IPV6 &&
		control->cmsg_type == IPV6_PKTINFO) {
		struct in6_pktinfo info;

		memcpy(&info, data, sizeof(info));
		out->interface_index = (unsigned)info.ipi6_ifindex;
	} else if ((control->cmsg_level == IPPROTO_IPV6 &&
			   control->cmsg_type == IPV6_HOPLIMIT) ||
		   (control->cmsg_level == IPPROTO_IP &&
			   control->cmsg_type == IP_TTL &&
			   control->cmsg_len >= CMSG_LEN(sizeof(int)))) {
		memcpy(&out->hop_limit, data, sizeof(out->hop_limit));
	}
#ifdef IP_PKTINFO
	if (control->cmsg_level == IPPROTO_IP &&
		control->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo info;

		memcpy(&info, data, sizeof(info));
		out->interface_index = (unsigned)info.ipi_ifindex;
	}
#endif
}

bool port_socket_receive(
	int fd, void *buffer, size_t size, struct datagram *out)
{
	struct sockaddr_storage from;
	union {
		char bytes[256];
		size_t aligned; /* as struct cmsghdr begins */
	} control;
	struct iovec part = {.iov_base = buffer, .iov_len = size};
	struct msghdr header = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t got = recvmsg(fd, &header, MSG_DONTWAIT);

	if (got < 0)
		return false;
	*out = (struct datagram){
		.bytes = buffer,
		.size = (size_t)got,
		.hop_limit = -1,
		.is_unicast = true,
	};
	(void)sockaddr_to_address((struct sockaddr *)&from, &out->from);
	address_unmap(&out->from);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c;
		c = CMSG_NXTHDR(&header, c))
		read_control(c, out);
	return true;
}

/* ---- sending ---- */

void port_socket_send(
	int fd, const struct address *to, const void *bytes, size_t size)
{
	struct address address = *to;
	struct sockaddr_storage sockaddr = {.ss_family = AF_INET6};
	socklen_t length = sizeof(sockaddr);

	(void)getsockname(fd, (struct sockaddr *)&sockaddr, &length);
	if (sockaddr.ss_family == AF_INET6)
		address_map(&address);
	length = sockaddr_from_address(&address, &sockaddr);
	(void)sendto(fd, bytes, size, MSG_DONTWAIT,
		(struct sockaddr *)&sockaddr, length);
}
