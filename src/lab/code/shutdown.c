/* SPDX-License-Identifier: ISC */
/* shutdown: to have said all, and still to listen. */
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

/* Receives, and returns how many bytes came; 0 is the end of the stream. */
static int receive(int fd, char text[32])
{
	int size = check((int)recv(fd, text, 31, 0), "recv");

	text[size] = '\0';
	return size;
}

int main(void)
{
	char text[32];
	int client;
	int server;

	connect_pair(&client, &server);
	check((int)send(client, "a question", 10, 0), "send");
	check(shutdown(client, SHUT_WR), "shutdown");

	receive(server, text);
	printf("delivered=%s\n", text);
	printf("end=%d\n", receive(server, text));

	check((int)send(server, "an answer", 9, 0), "send");
	receive(client, text);
	printf("answer=%s\n", text);

	/* Without MSG_NOSIGNAL this would end the program by SIGPIPE. */
	if (send(client, "more", 4, MSG_NOSIGNAL) < 0)
		printf("send_after=%s\n",
			errno == EPIPE ? "EPIPE" : strerror(errno));
	return 0;
}
