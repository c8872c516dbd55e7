/* SPDX-License-Identifier: ISC */
/* SO_REUSEADDR: several members of a group on one host. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVERS 3

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

/* A socket that shares the port of the group; -1 when it may not. */
static int open_shared(const struct sockaddr_in *group)
{
	int fd = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	int on = 1;

	check(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)),
		"SO_REUSEADDR");
	return bind(fd, (const struct sockaddr *)group, sizeof(*group)) < 0
		       ? -1
		       : fd;
}

int main(void)
{
	struct pollfd waits[RECEIVERS];
	struct sockaddr_in group;
	struct ip_mreq membership;
	int received = 0;
	int receiver;
	int sender;

	/* The first one has the port, and did not say SO_REUSEADDR. */
	open_group(&receiver, &sender, &group);
	if (open_shared(&group) < 0)
		printf("without=%s\n",
			errno == EADDRINUSE ? "EADDRINUSE" : strerror(errno));
	close(receiver);

	membership.imr_multiaddr = group.sin_addr;
	membership.imr_interface.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 0; i < RECEIVERS; i++) {
		waits[i].fd = check(open_shared(&group), "bind");
		waits[i].events = POLLIN;
		check(setsockopt(waits[i].fd, IPPROTO_IP, IP_ADD_MEMBERSHIP,
			      &membership, sizeof(membership)),
			"IP_ADD_MEMBERSHIP");
	}
	check((int)sendto(sender, "to all", 6, 0, (struct sockaddr *)&group,
		      sizeof(group)),
		"sendto");
	for (int i = 0; i < RECEIVERS; i++)
		received += check(poll(&waits[i], 1, 1000), "poll");
	printf("sent=1\n");
	printf("received=%d\n", received);
	return 0;
}
