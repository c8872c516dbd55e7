/* SPDX-License-Identifier: ISC */
/* MSG_WAITALL: whole records of a stream. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
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

int main(void)
{
	char record[10];
	int on = 1;
	int client;
	int server;
	long start;

	connect_pair(&client, &server);
	check((int)send(client, "01234", 5, 0), "send");
	printf("without=%d\n",
		check((int)recv(server, record, sizeof(record), 0), "recv"));

	/* The second half is corked: the kernel holds it back for 200 ms. */
	check((int)send(client, "abcde", 5, 0), "send");
	check(setsockopt(client, IPPROTO_TCP, TCP_CORK, &on, sizeof(on)),
		"setsockopt");
	check((int)send(client, "fghij", 5, 0), "send");
	start = now_ms();
	printf("with=%d\n",
		check((int)recv(server, record, sizeof(record), MSG_WAITALL),
			"recv"));
	printf("waited_ms=%ld\n", now_ms() - start);
	return 0;
}
