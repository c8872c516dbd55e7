/* SPDX-License-Identifier: ISC */
/* MSG_OOB, SIGURG and SO_OOBINLINE: one urgent byte. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static volatile sig_atomic_t has_signal;

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

static void on_urgent(int number)
{
	has_signal = number == SIGURG;
}

/* Receives up to the urgent byte, or past it, and prints it as `key`. */
static void receive(int fd, int flags, const char *key)
{
	char text[32];
	int size = check((int)recv(fd, text, sizeof(text) - 1, flags), key);

	text[size] = '\0';
	printf("%s=%s\n", key, text);
}

static void send_urgently(int fd)
{
	int on = 1;

	check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)),
		"setsockopt");
	check((int)send(fd, "ab", 2, 0), "send");
	check((int)send(fd, "!", 1, MSG_OOB), "send");
	check((int)send(fd, "cd", 2, 0), "send");
}

int main(void)
{
	int on = 1;
	int client;
	int server;
	char byte;

	signal(SIGURG, on_urgent);
	connect_pair(&client, &server);
	check(fcntl(server, F_SETOWN, getpid()), "fcntl");
	send_urgently(client);
	for (int i = 0; i < 100 && !has_signal; i++)
		usleep(10000);
	printf("sigurg=%d\n", (int)has_signal);
	/* The byte lies in the stream, but the receiver takes it out. */
	receive(server, 0, "before");
	receive(server, MSG_OOB, "urgent");
	receive(server, 0, "after");

	connect_pair(&client, &server);
	check(setsockopt(server, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)),
		"setsockopt");
	send_urgently(client);
	receive(server, 0, "before");
	printf("at_mark=%d\n", check(sockatmark(server), "sockatmark"));
	if (recv(server, &byte, 1, MSG_OOB) < 0)
		printf("inline_oob=%s\n",
			errno == EINVAL ? "EINVAL" : strerror(errno));
	receive(server, 0, "inline");
	return 0;
}
