/* SPDX-License-Identifier: ISC */
/* IP_MULTICAST_TTL: how far, and what a receiver sees of it. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Ends the program when a call failed; otherwise returns its result. */
static int check(int result, const char *call)
{
	if (result < 0) {
		perror(call);
		exit(1);
	}
	return result;
}

/* A receiver bound to the group, and a sender, both on 127.0.0.1. */
static void open_group(int *receiver, int *sender, struct sockaddr_in *group)
{
	struct in_addr lo = {.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(*group);

	*group = (struct sockaddr_in){.sin_family = AF_INET};
	inet_pton(AF_INET, "239.255.1.2", &group->sin_addr);
	*receiver = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	check(bind(*receiver, (struct sockaddr *)group, size), "bind");
	check(getsockname(*receiver, (struct sockaddr *)group, &size),
		"getsockname");
	*sender = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	check(setsockopt(*sender, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof(lo)),
		"IP_MULTICAST_IF");
}

/* The TTL that the next datagram came with; -1 when the kernel tells none. */
static int received_ttl(int fd)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	char text[16];
	struct iovec vector = {.iov_base = text, .iov_len = sizeof(text)};
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int ttl = -1;

	check((int)recvmsg(fd, &message, 0), "recvmsg");
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == IP_TTL)
		memcpy(&ttl, CMSG_DATA(header), sizeof(ttl));
	return ttl;
}

int main(void)
{
	const int ttls[] = {1, 0, 32};
	int ttl;
	socklen_t size = sizeof(ttl);
	struct sockaddr_in group;
	struct ip_mreq membership;
	int on = 1;
	int receiver;
	int sender;

	open_group(&receiver, &sender, &group);
	membership.imr_multiaddr = group.sin_addr;
	membership.imr_interface.s_addr = htonl(INADDR_LOOPBACK);
	check(setsockopt(receiver, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership,
		      sizeof(membership)),
		"IP_ADD_MEMBERSHIP");
	check(setsockopt(receiver, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on)),
		"IP_RECVTTL");
	check(getsockopt(sender, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, &size),
		"IP_MULTICAST_TTL");
	printf("default=%d\n", ttl);
	for (size_t i = 0; i < 3; i++) {
		check(setsockopt(sender, IPPROTO_IP, IP_MULTICAST_TTL, &ttls[i],
			      sizeof(int)),
			"IP_MULTICAST_TTL");
		check((int)sendto(sender, "hello", 5, 0,
			      (struct sockaddr *)&group, sizeof(group)),
			"sendto");
		printf("arrived_%d=%d\n", ttls[i], received_ttl(receiver));
	}
	ttl = 256;
	if (setsockopt(sender, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, size) < 0)
		printf("ttl_256=%s\n",
			errno == EINVAL ? "EINVAL" : strerror(errno));
	return 0;
}
