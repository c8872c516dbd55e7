/* SPDX-License-Identifier: ISC */
/* Which addresses are groups, and how far each is meant to go. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct {
	const char *address;
	const char *reach;
} samples[] = {
	{"223.255.255.255", "no group: one host"},
	{"224.0.0.1", "this network, whatever the TTL"},
	{"224.0.1.1", "the internet"},
	{"232.1.2.3", "one source's channel"},
	{"233.252.0.1", "examples in documents"},
	{"239.192.0.1", "this organisation"},
	{"239.255.77.67", "this site at most"},
	{"240.0.0.1", "no group: reserved"},
};

/* Ends the program when a call failed; otherwise returns its result. */
static int check(int result, const char *call)
{
	if (result < 0) {
		perror(call);
		exit(1);
	}
	return result;
}

int main(void)
{
	int fd = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	int groups = 0;
	int refused = 0;
	int ttl;
	socklen_t size = sizeof(ttl);

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct ip_mreq membership;

		inet_pton(
			AF_INET, samples[i].address, &membership.imr_multiaddr);
		membership.imr_interface.s_addr = htonl(INADDR_LOOPBACK);
		if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership,
			    sizeof(membership)) == 0)
			groups++;
		else if (errno == EINVAL)
			refused++;
		else
			check(-1, "IP_ADD_MEMBERSHIP");
		printf("# %-15s %s\n", samples[i].address, samples[i].reach);
	}
	printf("groups=%d\n", groups);
	printf("refused=%d\n", refused);
	check(getsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, &size),
		"IP_MULTICAST_TTL");
	printf("ttl=%d\n", ttl);
	return 0;
}
