/* SPDX-License-Identifier: ISC */
/* IP_MULTICAST_LOOP: whether the sender's own host hears it. */
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

/* Sends to the group; returns whether it comes back to this host. */
static int try_group(int receiver, int sender, const struct sockaddr_in *group)
{
	struct pollfd wait = {.fd = receiver, .events = POLLIN};
	char text[16];

	check((int)sendto(sender, "hello", 5, 0, (const struct sockaddr *)group,
		      sizeof(*group)),
		"sendto");
	return poll(&wait, 1, 100) > 0 && recv(receiver, text, 16, 0) >= 0;
}

/* The argument is the address of an interface; the loopback one, which stands
 * in when there is none, cannot be silenced. */
int main(int argc, char *argv[])
{
	struct sockaddr_in group = {.sin_family = AF_INET};
	socklen_t size = sizeof(group);
	int receiver = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	int sender = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	unsigned char off = 0;
	unsigned char ttl = 0; /* it does not leave this host */
	struct in_addr interface;

	if (inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &interface) !=
		1)
		return 2;
	/* Every interface is in 224.0.0.1, without joining it. */
	inet_pton(AF_INET, "224.0.0.1", &group.sin_addr);
	check(bind(receiver, (struct sockaddr *)&group, size), "bind");
	check(getsockname(receiver, (struct sockaddr *)&group, &size),
		"getsockname");
	check(setsockopt(sender, IPPROTO_IP, IP_MULTICAST_IF, &interface,
		      sizeof(interface)),
		"IP_MULTICAST_IF");
	check(setsockopt(sender, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, 1),
		"IP_MULTICAST_TTL");
	printf("on=%d\n", try_group(receiver, sender, &group));
	check(setsockopt(sender, IPPROTO_IP, IP_MULTICAST_LOOP, &off, 1),
		"IP_MULTICAST_LOOP");
	printf("off=%d\n", try_group(receiver, sender, &group));
	return 0;
}
