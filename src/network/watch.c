/* SPDX-License-Identifier: ISC */
/* As Linux does it: rtnetlink(7).  On macOS and the BSDs: route(4). */
#include "mchat/network/watch.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

#include "mchat/network/call.h"

/* As linux/netlink.h and linux/rtnetlink.h have them, which musl-gcc does not
 * see. */
#define ROUTE_PROTOCOL     0
#define GROUP_LINK         0x1
#define GROUP_IPV4_ADDRESS 0x10
#define GROUP_IPV4_ROUTE   0x40

struct netlink_address {
	sa_family_t family;
	uint16_t padding;
	uint32_t port; /* 0: the kernel chooses */
	uint32_t groups;
};

/* Messages taken at most: who makes more must not hold us up. */
#define TAKEN_MAX 1024

int watch_open(struct call_log *log, bool has_routes)
{
	struct netlink_address address = {
		.family = AF_NETLINK,
		.groups = GROUP_LINK | GROUP_IPV4_ADDRESS |
			  (has_routes ? GROUP_IPV4_ROUTE : 0U),
	};
	char text[CALL_TEXT_SIZE];
	int error;
	int fd = call_result(log, "socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)",
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, ROUTE_PROTOCOL),
		"tells when interfaces come, go or change");

	if (fd < 0)
		return -1;
	snprintf(text, sizeof(text), "bind(%d, links and addresses%s)", fd,
		has_routes ? ", and routes" : "");
	if (call_result(log, text,
		    bind(fd, (const struct sockaddr *)&address,
			    sizeof(address)),
		    "what it is to tell of") == 0)
		return fd;
	error = errno;
	call_close(log, fd, "it would not tell");
	errno = error;
	return -1;
}

void watch_take(int fd)
{
	char byte;

	/* What did not fit into the socket's buffer is told by ENOBUFS, and is
	 * news like any other.  Of a message that is cut the rest is gone. */
	for (int i = 0; i < TAKEN_MAX; i++) {
		if (recv(fd, &byte, sizeof(byte), MSG_DONTWAIT) < 0 &&
			errno != ENOBUFS && errno != EINTR)
			return;
	}
}
