/* SPDX-License-Identifier: ISC */
/* TCP_NODELAY: Nagle's algorithm meets delayed acknowledgements. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 9

/* Ends the program when a call failed; otherwise returns its result. */
static int check(int result, const char *call)
{
	if (result < 0) {
		perror(call);
		exit(1);
	}
	return result;
}

/* A TCP connection over 127.0.0.1, both of its ends in this program. */
static void connect_pair(int *client, int *server)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t size = sizeof(name);
	int listener = check(socket(AF_INET, SOCK_STREAM, 0), "socket");

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(bind(listener, (struct sockaddr *)&name, size), "bind");
	check(listen(listener, 1), "listen");
	check(getsockname(listener, (struct sockaddr *)&name, &size),
		"getsockname");
	*client = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
	check(connect(*client, (struct sockaddr *)&name, size), "connect");
	*server = check(accept(listener, NULL, NULL), "accept");
	close(listener);
}

static void set(int fd, int option, int value)
{
	check(setsockopt(fd, IPPROTO_TCP, option, &value, sizeof(value)),
		"setsockopt");
}

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int compare(const void *a, const void *b)
{
	const long *first = a;
	const long *second = b;

	return (*first > *second) - (*first < *second);
}

/* A header, a body, and the answer to both; returns the median time. */
static long median_us(int client, int server)
{
	long times[ROUNDS];
	char bytes[2];

	for (size_t i = 0; i < ROUNDS; i++) {
		/* Delay acknowledgements; the kernel forgets it by and by. */
		set(server, TCP_QUICKACK, 0);
		times[i] = now_us();
		check((int)send(client, "h", 1, 0), "send");
		check((int)send(client, "b", 1, 0), "send");
		check((int)recv(server, bytes, 2, MSG_WAITALL), "recv");
		check((int)send(server, "!", 1, 0), "send");
		check((int)recv(client, bytes, 1, 0), "recv");
		times[i] = now_us() - times[i];
	}
	qsort(times, ROUNDS, sizeof(times[0]), compare);
	return times[ROUNDS / 2];
}

int main(void)
{
	int client;
	int server;

	connect_pair(&client, &server);
	printf("nagle_us=%ld\n", median_us(client, server));
	set(client, TCP_NODELAY, 1);
	printf("nodelay_us=%ld\n", median_us(client, server));
	return 0;
}
