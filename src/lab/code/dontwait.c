/* SPDX-License-Identifier: ISC */
/* MSG_DONTWAIT and SO_RCVTIMEO: not to wait, or not for ever. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* Ends the program when a call failed; otherwise returns its result. */
static int check(int result, const char *call)
{
	if (result < 0) {
		perror(call);
		exit(1);
	}
	return result;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Receives nothing; says what recv does then. */
static const char *try_receive(int fd, int flags)
{
	char byte;

	if (recv(fd, &byte, 1, flags) >= 0)
		return "bytes";
	return errno == EAGAIN ? "EAGAIN" : strerror(errno);
}

int main(void)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	struct timeval limit = {.tv_usec = 200000};
	int fd = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	long start;

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(bind(fd, (struct sockaddr *)&name, sizeof(name)), "bind");
	printf("at_once=%s\n", try_receive(fd, MSG_DONTWAIT));
	check(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)),
		"setsockopt");
	start = now_ms();
	printf("blocking=%s\n", try_receive(fd, 0));
	printf("blocking_ms=%ld\n", now_ms() - start);
	return 0;
}
