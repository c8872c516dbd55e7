/* SPDX-License-Identifier: ISC */
/*
 * The multicast chat of the textbooks, for mchat to talk to: one socket that
 * joins wherever the kernel likes, one line of input a datagram with its
 * newline, and every datagram printed as it came.
 *
 *	textbook GROUP PORT
 *
 * Ends with its input.  Shares no code with mchat, so that no mistake is
 *shared.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* The longest line, and the largest UDP datagram over IPv4. */
#define LINE_MAX_SIZE     1024
#define DATAGRAM_MAX_SIZE 65507

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in read_group(char *words[])
{
	struct sockaddr_in group = {.sin_family = AF_INET};
	char *end;
	unsigned long port = strtoul(words[1], &end, 10);

	if (inet_pton(AF_INET, words[0], &group.sin_addr) != 1 || *end != 0 ||
		port == 0 || port > UINT16_MAX) {
		fputs("textbook: not a group and a port\n", stderr);
		exit(2);
	}
	group.sin_port = htons((in_port_t)port);
	return group;
}

static int open_group(const struct sockaddr_in *group)
{
	struct sockaddr_in any = *group;
	struct ip_mreq membership = {.imr_multiaddr = group->sin_addr};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int on = 1;

	any.sin_addr.s_addr = htonl(INADDR_ANY);
	membership.imr_interface.s_addr = htonl(INADDR_ANY);
	if (fd < 0)
		die("socket");
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		die("SO_REUSEADDR");
	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0)
		die("bind");
	if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership,
		    sizeof(membership)) < 0)
		die("IP_ADD_MEMBERSHIP");
	return fd;
}

/* False at end of input. */
static int send_line(int fd, const struct sockaddr_in *group)
{
	char line[LINE_MAX_SIZE];

	if (!fgets(line, sizeof(line), stdin))
		return 0;
	if (sendto(fd, line, strlen(line), 0, (const struct sockaddr *)group,
		    sizeof(*group)) < 0)
		die("sendto");
	return 1;
}

static void print_datagram(int fd)
{
	char datagram[DATAGRAM_MAX_SIZE];
	ssize_t size = recvfrom(fd, datagram, sizeof(datagram), 0, NULL, NULL);

	if (size < 0)
		die("recvfrom");
	fwrite(datagram, 1, (size_t)size, stdout);
	if (fflush(stdout) != 0)
		die("stdout");
}

int main(int argc, char *argv[])
{
	struct sockaddr_in group;
	int is_open = 1;
	int fd;

	if (argc != 3) {
		fputs("usage: textbook GROUP PORT\n", stderr);
		return 2;
	}
	group = read_group(argv + 1);
	fd = open_group(&group);
	/* select() does not see lines that wait in a buffer of stdio. */
	setvbuf(stdin, NULL, _IONBF, 0);
	while (is_open) {
		fd_set ready;

		FD_ZERO(&ready);
		FD_SET(STDIN_FILENO, &ready);
		FD_SET(fd, &ready);
		if (select(fd + 1, &ready, NULL, NULL, NULL) < 0)
			die("select");
		if (FD_ISSET(fd, &ready))
			print_datagram(fd);
		if (FD_ISSET(STDIN_FILENO, &ready))
			is_open = send_line(fd, &group);
	}
	close(fd);
	return 0;
}
