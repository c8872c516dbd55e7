/* SPDX-License-Identifier: ISC */
/* SO_REUSEADDR: a server that starts again while its port is in TIME-WAIT. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void set_reuse(int fd)
{
	int on = 1;

	check(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)),
		"setsockopt");
}

/* "ok", or why the kernel refuses it. */
static const char *try_bind(int fd, const struct sockaddr_in *name)
{
	if (bind(fd, (const struct sockaddr *)name, sizeof(*name)) == 0)
		return "ok";
	return errno == EADDRINUSE ? "EADDRINUSE" : strerror(errno);
}

int main(void)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t size = sizeof(name);
	int listener = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int client = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int server;
	char byte;

	/* The first server must have said it, too. */
	set_reuse(listener);
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(bind(listener, (struct sockaddr *)&name, size), "bind");
	check(listen(listener, 1), "listen");
	check(getsockname(listener, (struct sockaddr *)&name, &size),
		"getsockname");
	check(connect(client, (struct sockaddr *)&name, size), "connect");
	server = check(accept(listener, NULL, NULL), "accept");

	/* Who closes first is in TIME-WAIT for a minute. */
	close(server);
	check((int)recv(client, &byte, 1, 0), "recv");
	close(client);
	close(listener);

	listener = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
	printf("without=%s\n", try_bind(listener, &name));
	set_reuse(listener);
	printf("with=%s\n", try_bind(listener, &name));
	return 0;
}
