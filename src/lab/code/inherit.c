/* SPDX-License-Identifier: ISC */
/* What an accepted socket has from the listening one. */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static const struct {
	const char *name;
	int level;
	int option;
	int value;
} options[] = {
	{"SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE, 1},
	{"SO_OOBINLINE", SOL_SOCKET, SO_OOBINLINE, 1},
	{"SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, 20000},
	{"SO_DONTROUTE", SOL_SOCKET, SO_DONTROUTE, 1},
	{"IP_TTL", IPPROTO_IP, IP_TTL, 32},
	{"TCP_NODELAY", IPPROTO_TCP, TCP_NODELAY, 1},
	{"TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE, 77},
	{"TCP_FASTOPEN", IPPROTO_TCP, TCP_FASTOPEN, 5},
};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* Ends the program when a call failed; otherwise returns its result. */
static int check(int result, const char *call)
{
	if (result < 0) {
		perror(call);
		exit(1);
	}
	return result;
}

static int get(int fd, int level, int option)
{
	int value;
	socklen_t size = sizeof(value);

	check(getsockopt(fd, level, option, &value, &size), "getsockopt");
	return value;
}

int main(void)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t size = sizeof(name);
	int listener = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int client = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int fresh = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int server;

	check(fcntl(listener, F_SETFL, O_NONBLOCK), "fcntl");
	for (size_t i = 0; i < OPTIONS; i++)
		check(setsockopt(listener, options[i].level, options[i].option,
			      &options[i].value, sizeof(int)),
			options[i].name);
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(bind(listener, (struct sockaddr *)&name, size), "bind");
	check(listen(listener, 1), "listen");
	check(getsockname(listener, (struct sockaddr *)&name, &size),
		"getsockname");
	check(connect(client, (struct sockaddr *)&name, size), "connect");
	server = check(accept(listener, NULL, NULL), "accept");

	for (size_t i = 0; i < OPTIONS; i++)
		printf("%s=%d fresh, %d listener, %d accepted\n",
			options[i].name,
			get(fresh, options[i].level, options[i].option),
			get(listener, options[i].level, options[i].option),
			get(server, options[i].level, options[i].option));
	printf("SO_ACCEPTCONN=%d\n", get(server, SOL_SOCKET, SO_ACCEPTCONN));
	printf("O_NONBLOCK=%d\n",
		(check(fcntl(server, F_GETFL), "fcntl") & O_NONBLOCK) != 0);
	return 0;
}
