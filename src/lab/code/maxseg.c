/* SPDX-License-Identifier: ISC */
/* TCP_MAXSEG: the largest segment, before and after connecting. */
#include <netinet/in.h>
#include <netinet/tcp.h>
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

static int get_maxseg(int fd)
{
	int bytes;
	socklen_t size = sizeof(bytes);

	check(getsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &bytes, &size),
		"getsockopt");
	return bytes;
}

int main(void)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t size = sizeof(name);
	int listener = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int client = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int asked = 1000;
	int server;

	printf("unconnected=%d\n", get_maxseg(client));
	check(setsockopt(
		      client, IPPROTO_TCP, TCP_MAXSEG, &asked, sizeof(asked)),
		"setsockopt");
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(bind(listener, (struct sockaddr *)&name, size), "bind");
	check(listen(listener, 1), "listen");
	check(getsockname(listener, (struct sockaddr *)&name, &size),
		"getsockname");
	/* The SYN carries it, so the server hears of it, too. */
	check(connect(client, (struct sockaddr *)&name, size), "connect");
	server = check(accept(listener, NULL, NULL), "accept");
	printf("asked=%d\n", asked);
	printf("client=%d\n", get_maxseg(client));
	printf("server=%d\n", get_maxseg(server));
	return 0;
}
