/* SPDX-License-Identifier: ISC */
/*
 * The bare system calls that mchat is measured against: one call a line, as a
 * first program on sockets would do it, on the interface of an address.
 *
 *   bare send ADDRESS GROUP PORT       each line of stdin with one sendto
 *   bare receive ADDRESS GROUP PORT N  N datagrams, each with one recv and one
 *                                      write
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BUFFER (4 * 1024 * 1024)

static struct sockaddr_in group_address(const char *group, const char *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};

	address.sin_port = htons((uint16_t)strtol(port, NULL, 10));
	inet_pton(AF_INET, group, &address.sin_addr);
	return address;
}

static int send_lines(struct in_addr interface, const struct sockaddr_in *group)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char line[2048];

	setsockopt(
		fd, IPPROTO_IP, IP_MULTICAST_IF, &interface, sizeof(interface));
	while (fgets(line, sizeof(line), stdin)) {
		if (sendto(fd, line, strlen(line), 0,
			    (const struct sockaddr *)group, sizeof(*group)) < 0)
			return 1;
	}
	return 0;
}

static int receive_lines(
	struct in_addr interface, const struct sockaddr_in *group, long count)
{
	struct ip_mreq membership = {
		.imr_multiaddr = group->sin_addr,
		.imr_interface = interface,
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int size = RECEIVE_BUFFER;
	int on = 1;
	char line[2048];

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (const struct sockaddr *)group, sizeof(*group)) < 0 ||
		setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership,
			sizeof(membership)) < 0)
		return 1;
	for (long i = 0; i < count; i++) {
		ssize_t got = recv(fd, line, sizeof(line), 0);

		if (got < 0 || write(STDOUT_FILENO, line, (size_t)got) != got)
			return 1;
	}
	return 0;
}

int main(int argc, char *argv[])
{
	struct sockaddr_in group;
	struct in_addr interface;

	if (argc < 5 || inet_pton(AF_INET, argv[2], &interface) != 1) {
		fputs("usage: bare send|receive ADDRESS GROUP PORT [N]\n",
			stderr);
		return 2;
	}
	group = group_address(argv[3], argv[4]);
	if (strcmp(argv[1], "send") == 0)
		return send_lines(interface, &group);
	return receive_lines(
		interface, &group, argc > 5 ? strtol(argv[5], NULL, 10) : 1);
}
