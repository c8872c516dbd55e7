/* SPDX-License-Identifier: ISC */
/* SO_KEEPALIVE: probes find a peer that died in silence. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

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

static void set(int fd, int level, int option, int value)
{
	check(setsockopt(fd, level, option, &value, sizeof(value)),
		"setsockopt");
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(void)
{
	int client;
	int server;
	int error;
	socklen_t size = sizeof(error);
	struct pollfd wait = {.events = POLLIN};
	long start;

	connect_pair(&client, &server);
	set(client, IPPROTO_TCP, TCP_KEEPIDLE, 1);  /* seconds of silence */
	set(client, IPPROTO_TCP, TCP_KEEPINTVL, 1); /* between probes */
	set(client, IPPROTO_TCP, TCP_KEEPCNT, 2);   /* without an answer */
	set(client, SOL_SOCKET, SO_KEEPALIVE, 1);

	/* From here on the peer is deaf, as if its power had failed: it takes
	 * nothing with a TTL below 255, and ours is 64. */
	set(client, IPPROTO_IP, IP_TTL, 64);
	set(server, IPPROTO_IP, IP_MINTTL, 255);

	start = now_ms();
	wait.fd = client;
	check(poll(&wait, 1, 8000), "poll");
	check(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &size),
		"getsockopt");
	printf("error=%s\n",
		error == ETIMEDOUT ? "ETIMEDOUT" : strerror(error));
	printf("found_after_ms=%ld\n", now_ms() - start);
	return 0;
}
