/* SPDX-License-Identifier: ISC */
/* SO_RCVLOWAT: with how many bytes a stream counts as readable. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
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

/* Whether select finds it readable within so many microseconds. */
static int is_readable(int fd, long us)
{
	struct timeval limit = {.tv_usec = us};
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	return check(select(fd + 1, &set, NULL, NULL, &limit), "select");
}

int main(void)
{
	int least = 10;
	int client;
	int server;

	connect_pair(&client, &server);
	check(setsockopt(
		      server, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof(least)),
		"setsockopt");
	check((int)send(client, "01234", 5, 0), "send");
	printf("readable_with_5=%d\n", is_readable(server, 100000));
	check((int)send(client, "56789", 5, 0), "send");
	printf("readable_with_10=%d\n", is_readable(server, 900000));
	return 0;
}
