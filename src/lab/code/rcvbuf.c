/* SPDX-License-Identifier: ISC */
/* SO_RCVBUF: what is asked, what is granted, and what a full buffer loses. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define BURST 50

/* Ends the program when a call failed; otherwise returns its result. */
static int check(int result, const char *call)
{
	if (result < 0) {
		perror(call);
		exit(1);
	}
	return result;
}

/* A receiver on a free port of 127.0.0.1, whose address goes to *name. */
static int open_receiver(struct sockaddr_in *name)
{
	int fd = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");
	socklen_t size = sizeof(*name);

	*name = (struct sockaddr_in){.sin_family = AF_INET};
	name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(bind(fd, (struct sockaddr *)name, size), "bind");
	check(getsockname(fd, (struct sockaddr *)name, &size), "getsockname");
	return fd;
}

static int get_rcvbuf(int fd)
{
	int bytes;
	socklen_t size = sizeof(bytes);

	check(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &size),
		"getsockopt");
	return bytes;
}

int main(void)
{
	int asked = 1024;
	int received = 0;
	char text[16];
	struct sockaddr_in name;
	int receiver = open_receiver(&name);
	int sender = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");

	printf("default=%d\n", get_rcvbuf(receiver));
	check(setsockopt(
		      receiver, SOL_SOCKET, SO_RCVBUF, &asked, sizeof(asked)),
		"setsockopt");
	printf("asked=%d\n", asked);
	/* Linux doubles what is granted, for what it keeps beside the data. */
	printf("granted=%d\n", get_rcvbuf(receiver) / 2);
	printf("in_all=%d\n", get_rcvbuf(receiver));

	/* The receiver does not read meanwhile; no sendto fails. */
	for (int i = 0; i < BURST; i++)
		check((int)sendto(sender, "datagram", 8, 0,
			      (struct sockaddr *)&name, sizeof(name)),
			"sendto");
	while (recv(receiver, text, sizeof(text), MSG_DONTWAIT) >= 0)
		received++;
	printf("sent=%d\n", BURST);
	printf("received=%d\n", received);
	printf("lost=%d\n", BURST - received);
	return 0;
}
