/* SPDX-License-Identifier: ISC */
/* As Linux does it: rtnetlink(7).  On macOS and the BSDs: route(4). */
#include "mchat/network/interface_watch.h"

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
#define GROUP_IPV6_ADDRESS 0x100
#define GROUP_IPV6_ROUTE   0x400
#define MESSAGE_LINK_GONE  17

struct netlink_address {
	sa_family_t family;
	uint16_t padding;
	uint32_t port; /* 0: the kernel chooses */
	uint32_t groups;
};

/* The beginning of a message about a link, up to the link's index. */
struct netlink_link {
	uint32_t size;
	uint16_t type;
	uint16_t flags;
	uint32_t number;
	uint32_t port;
	uint8_t family; /* AF_UNSPEC: the link; else its part in a bridge */
	uint8_t padding;
	uint16_t hardware;
	int32_t index;
};

/* Messages taken at most: who makes more must not hold us up. */
#define TAKEN_MAX 1024

bool interface_watch_is_there(void)
{
	return true;
}

int interface_watch_open(struct call_log *log, bool has_routes)
{
	struct netlink_address address = {
		.family = AF_NETLINK,
		.groups =
			GROUP_LINK | GROUP_IPV4_ADDRESS | GROUP_IPV6_ADDRESS |
			(has_routes ? GROUP_IPV4_ROUTE | GROUP_IPV6_ROUTE : 0U),
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

void interface_watch_take(int fd, struct interface_watch_news *out)
{
	struct netlink_link link;

	*out = (struct interface_watch_news){0};
	for (int i = 0;
		i < TAKEN_MAX && out->gone_count < INTERFACE_WATCH_GONE_MAX;
		i++) {
		/* Of a message that is cut the rest is gone. */
		ssize_t size = recv(fd, &link, sizeof(link), MSG_DONTWAIT);

		/* What did not fit into the socket's buffer. */
		if (size < 0 && errno == ENOBUFS)
			out->has_missed = true;
		else if (size < 0 && errno != EINTR)
			return;
		if (size == (ssize_t)sizeof(link) &&
			link.type == MESSAGE_LINK_GONE &&
			link.family == AF_UNSPEC)
			out->gone[out->gone_count++] = (unsigned)link.index;
	}
}
