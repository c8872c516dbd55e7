/* SPDX-License-Identifier: ISC */
/* IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP: into a group and out of it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Sends to the group; returns how many datagrams the receiver gets. */
static int try_group(int receiver, int sender, const struct sockaddr_in *group)
{
	struct pollfd wait = {.fd = receiver, .events = POLLIN};
	char text[16];
	int count = 0;

	check((int)sendto(sender, "hello", 5, 0, (const struct sockaddr *)group,
		      sizeof(*group)),
		"sendto");
	while (poll(&wait, 1, 100) > 0 && recv(receiver, text, 16, 0) >= 0)
		count++;
	return count;
}

int main(void)
{
	struct sockaddr_in group;
	struct ip_mreq membership;
	int off = 0;
	int receiver;
	int sender;

	open_group(&receiver, &sender, &group);
	membership.imr_multiaddr = group.sin_addr;
	membership.imr_interface.s_addr = htonl(INADDR_LOOPBACK);
	/* With 1, the default, what other programs have joined comes, too. */
	check(setsockopt(receiver, IPPROTO_IP, IP_MULTICAST_ALL, &off,
		      sizeof(off)),
		"IP_MULTICAST_ALL");
	printf("before=%d\n", try_group(receiver, sender, &group));
	check(setsockopt(receiver, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership,
		      sizeof(membership)),
		"IP_ADD_MEMBERSHIP");
	printf("joined=%d\n", try_group(receiver, sender, &group));
	check(setsockopt(receiver, IPPROTO_IP, IP_DROP_MEMBERSHIP, &membership,
		      sizeof(membership)),
		"IP_DROP_MEMBERSHIP");
	printf("left=%d\n", try_group(receiver, sender, &group));
	return 0;
}
