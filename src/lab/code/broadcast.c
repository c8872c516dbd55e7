/* SPDX-License-Identifier: ISC */
/* SO_BROADCAST: a broadcast is refused until it is meant. */
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

/* "sent", or why the kernel refuses it. */
static const char *try_send(int fd, const struct sockaddr_in *to)
{
	if (sendto(fd, "all", 3, 0, (const struct sockaddr *)to, sizeof(*to)) ==
		3)
		return "sent";
	return errno == EACCES ? "EACCES" : strerror(errno);
}

int main(void)
{
	struct sockaddr_in everyone = {.sin_family = AF_INET};
	socklen_t size = sizeof(everyone);
	int receiver = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	int sender = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	struct pollfd wait = {.fd = receiver, .events = POLLIN};
	int on = 1;

	/* The broadcast address of 127.0.0.0/8; the kernel chooses a port. */
	everyone.sin_addr.s_addr = htonl(0x7fffffff);
	check(bind(receiver, (struct sockaddr *)&everyone, size), "bind");
	check(getsockname(receiver, (struct sockaddr *)&everyone, &size),
		"getsockname");

	printf("without=%s\n", try_send(sender, &everyone));
	check(setsockopt(sender, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)),
		"setsockopt");
	printf("with=%s\n", try_send(sender, &everyone));
	printf("received=%d\n", check(poll(&wait, 1, 1000), "poll"));
	return 0;
}
