/* SPDX-License-Identifier: ISC */
/* As Linux does it: ip(7), IP_RECVERR. */
#include "mchat/network/error_queue.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* As linux/errqueue.h has them, which musl-gcc does not see. */
#define ORIGIN_ICMP  2
#define ORIGIN_ICMP6 3

struct extended_error {
	uint32_t error;
	uint8_t origin;
	uint8_t type;
	uint8_t code;
	uint8_t padding;
	uint32_t info;
	uint32_t data;
};

/* Errors taken at most; a socket's buffer holds a few hundred, and who makes
 * more must not hold us up. */
#define ERRORS_MAX 1024

/* Whether this is an ICMP error that stands for `error`. */
static bool is_answer(const struct cmsghdr *control, int error)
{
	struct extended_error extended;

	bool is_told = (control->cmsg_level == IPPROTO_IP &&
			       control->cmsg_type == IP_RECVERR) ||
		       (control->cmsg_level == IPPROTO_IPV6 &&
			       control->cmsg_type == IPV6_RECVERR);

	if (!is_told || control->cmsg_len < CMSG_LEN(sizeof(extended)))
		return false;
	memcpy(&extended, CMSG_DATA(control), sizeof(extended));
	return (extended.origin == ORIGIN_ICMP ||
		       extended.origin == ORIGIN_ICMP6) &&
	       extended.error == (uint32_t)error;
}

bool error_queue_drain(int fd, int error)
{
	/* The error, and the address of who answered. */
	union {
		char bytes[CMSG_SPACE(sizeof(struct extended_error) +
				      sizeof(struct sockaddr_in6))];
		size_t aligned; /* as struct cmsghdr begins */
	} control;
	bool has_answer = false;
	int pending;
	socklen_t size = sizeof(pending);

	for (int i = 0; i < ERRORS_MAX; i++) {
		struct msghdr header = {
			.msg_control = control.bytes,
			.msg_controllen = sizeof(control.bytes),
		};

		if (recvmsg(fd, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			break;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c;
			c = CMSG_NXTHDR(&header, c))
			has_answer = has_answer || is_answer(c, error);
	}
	/* Reading it takes it away. */
	(void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &size);
	return has_answer;
}
