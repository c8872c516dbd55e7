/* SPDX-License-Identifier: ISC */
/* SO_LINGER: what close does with what the peer has not taken yet. */
#include <errno.h>
#include <netinet/in.h>
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

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Writes until both buffers are full, so that no more fits for 0.1 s. */
static long fill(int fd)
{
	static const char block[4096];
	struct timeval limit = {.tv_usec = 100000};
	long written = 0;
	long taken;

	check(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)),
		"setsockopt");
	while ((taken = send(fd, block, sizeof(block), 0)) > 0)
		written += taken;
	return written;
}

/* Closes a full connection; tells how long that took, and what is lost. */
static void try_close(const char *name, const struct linger *linger)
{
	char bytes[4096];
	int client;
	int server;
	long lost;
	long start;
	long taken;

	connect_pair(&client, &server);
	lost = fill(client);
	check(setsockopt(
		      client, SOL_SOCKET, SO_LINGER, linger, sizeof(*linger)),
		"setsockopt");
	start = now_ms();
	close(client);
	printf("%s_close_ms=%ld\n", name, now_ms() - start);
	while ((taken = recv(server, bytes, sizeof(bytes), 0)) > 0)
		lost -= taken;
	printf("%s_lost=%ld\n", name, lost);
	printf("%s_reader=%s\n", name,
		taken == 0            ? "end"
		: errno == ECONNRESET ? "ECONNRESET"
				      : strerror(errno));
	close(server);
}

int main(void)
{
	try_close("default", &(struct linger){.l_onoff = 0});
	/* At most a second: the peer does not read, so it cannot be done. */
	try_close("positive", &(struct linger){.l_onoff = 1, .l_linger = 1});
	try_close("zero", &(struct linger){.l_onoff = 1, .l_linger = 0});
	return 0;
}
