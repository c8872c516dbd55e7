/* SPDX-License-Identifier: ISC */
/* MSG_PEEK and MSG_DONTWAIT: to look first, and not to wait. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
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

int main(void)
{
	struct pollfd wait = {.events = POLLIN};
	char bytes[32];
	int client;
	int server;

	connect_pair(&client, &server);
	check((int)send(client, "bytes", 5, 0), "send");
	wait.fd = server;
	check(poll(&wait, 1, 1000), "poll");

	printf("peeked=%d\n", check((int)recv(server, bytes, sizeof(bytes),
					    MSG_PEEK | MSG_DONTWAIT),
				      "recv"));
	printf("peeked_again=%d\n",
		check((int)recv(server, bytes, sizeof(bytes),
			      MSG_PEEK | MSG_DONTWAIT),
			"recv"));
	printf("taken=%d\n",
		check((int)recv(server, bytes, sizeof(bytes), 0), "recv"));
	/* Without MSG_DONTWAIT this would block: nothing is left. */
	if (recv(server, bytes, sizeof(bytes), MSG_DONTWAIT) < 0)
		printf("after=%s\n",
			errno == EAGAIN ? "EAGAIN" : strerror(errno));
	return 0;
}
