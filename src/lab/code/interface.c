/* SPDX-License-Identifier: ISC */
/* IP_MULTICAST_IF: by which interface multicast leaves. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
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

int main(void)
{
	struct sockaddr_in group;
	struct ip_mreq membership;
	struct in_addr interface;
	socklen_t size = sizeof(interface);
	struct pollfd wait = {.events = POLLIN};
	int receiver;
	int sender;

	open_group(&receiver, &sender, &group);
	check(getsockopt(
		      sender, IPPROTO_IP, IP_MULTICAST_IF, &interface, &size),
		"IP_MULTICAST_IF");
	printf("interface=%s\n", inet_ntoa(interface));

	/* A member on that interface only hears what leaves by it. */
	membership.imr_multiaddr = group.sin_addr;
	membership.imr_interface = interface;
	check(setsockopt(receiver, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership,
		      sizeof(membership)),
		"IP_ADD_MEMBERSHIP");
	check((int)sendto(sender, "hello", 5, 0, (struct sockaddr *)&group,
		      sizeof(group)),
		"sendto");
	wait.fd = receiver;
	printf("received=%d\n", check(poll(&wait, 1, 1000), "poll"));

	/* Nobody has this address. */
	inet_pton(AF_INET, "240.0.0.1", &interface);
	if (setsockopt(sender, IPPROTO_IP, IP_MULTICAST_IF, &interface,
		    sizeof(interface)) < 0)
		printf("nobodys=%s\n", errno == EADDRNOTAVAIL
					       ? "EADDRNOTAVAIL"
					       : strerror(errno));
	return 0;
}
