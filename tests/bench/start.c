/* SPDX-License-Identifier: ISC */
/*
 * From exec to the first datagram: starts a command COUNT times and prints the
 * median time, in microseconds, until its first datagram to GROUP arrives on
 * the loopback interface.
 *
 *   start COUNT GROUP PORT COMMAND [ARGUMENT]...
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COUNT_MAX 1000

static int open_group(const char *group, const char *port)
{
	struct timeval patience = {.tv_sec = 5};
	struct sockaddr_in address = {.sin_family = AF_INET};
	struct ip_mreq membership = {
		.imr_interface.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int on = 1;

	address.sin_port = htons((uint16_t)strtol(port, NULL, 10));
	inet_pton(AF_INET, group, &address.sin_addr);
	membership.imr_multiaddr = address.sin_addr;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership,
			sizeof(membership)) < 0)
		return -1;
	return fd;
}

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* One start; the time in microseconds, or a negative number. */
static double measure(int fd, char *command[])
{
	double start;
	double end;
	char datagram[2048];
	int status = 0;
	pid_t child;

	/* What the one before sent behind its first. */
	while (recv(fd, datagram, sizeof(datagram), MSG_DONTWAIT) >= 0)
		continue;
	start = now_us();
	child = fork();
	if (child == 0) {
		/* Each start reads a file on stdin from its beginning. */
		(void)lseek(STDIN_FILENO, 0, SEEK_SET);
		execv(command[0], command);
		_exit(127);
	}
	end = recv(fd, datagram, sizeof(datagram), 0) < 0 ? -1 : now_us();
	waitpid(child, &status, 0);
	return end < 0 || status != 0 ? -1 : end - start;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char *argv[])
{
	double times[COUNT_MAX];
	int count;
	int fd;

	if (argc < 5) {
		fputs("usage: start COUNT GROUP PORT COMMAND...\n", stderr);
		return 2;
	}
	count = (int)strtol(argv[1], NULL, 10);
	fd = open_group(argv[2], argv[3]);
	if (count < 1 || count > COUNT_MAX || fd < 0)
		return 1;
	for (int i = 0; i < count; i++) {
		times[i] = measure(fd, argv + 4);
		if (times[i] < 0)
			return 1;
	}
	qsort(times, (size_t)count, sizeof(times[0]), by_size);
	printf("%.0f\n", times[count / 2]);
	return 0;
}
