/* SPDX-License-Identifier: ISC */
/*
 * A host that a member does not know, as a peer sees one: sends by unicast what
 * the lines of its input say, and prints what comes back, "KIND SIZE" a line.
 * It never gives a challenge back: it stands for an address that was forged.
 *
 *	stranger ADDRESS PORT
 *
 *	state		a STATE of a member that does not exist
 *	other		the same of another room
 *	plain		a text
 *	answer		random bytes that nobody asked for
 *	challenge	a challenge of its own
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "forged.h"
#include "mchat/protocol/wire_peer.h"

#define SELF  UINT64_C(0x5742a00000000001)
#define BYTES UINT64_C(0x0123456789abcdef)

static int open_socket(char *argv[])
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	to.sin_port = htons((in_port_t)strtoul(argv[2], NULL, 10));
	if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1 || fd < 0 ||
		connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
		perror("stranger");
		exit(1);
	}
	return fd;
}

static void send_state(int fd, uint32_t room, uint64_t counter)
{
	const struct wire_state state = {
		.counter = counter, .first = 1, .nick = "eve", .nick_size = 3};
	struct forged forged;

	forged_state(&forged, room, SELF, WIRE_HELLO | WIRE_ANSWER, &state);
	(void)!send(fd, forged.bytes, forged_size(&forged), 0);
}

static void send_own(int fd, enum wire_peer_kind kind)
{
	const struct wire_peer packet = {
		.kind = kind, .sender = SELF, .value = BYTES};
	uint8_t bytes[WIRE_PEER_SIZE];

	wire_peer_encode(&packet, bytes);
	(void)!send(fd, bytes, sizeof(bytes), 0);
}

static void act(int fd, const char *word, uint64_t counter)
{
	if (strcmp(word, "state") == 0)
		send_state(fd, 0, counter);
	else if (strcmp(word, "other") == 0)
		send_state(fd, 1, counter);
	else if (strcmp(word, "plain") == 0)
		(void)!send(fd, "hello", 5, 0);
	else if (strcmp(word, "answer") == 0)
		send_own(fd, WIRE_PEER_ANSWER);
	else if (strcmp(word, "challenge") == 0)
		send_own(fd, WIRE_PEER_CHALLENGE);
}

static void print(int fd)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	ssize_t size = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (size > 1)
		printf("%d %d\n", bytes[1] & 0x0f, (int)size);
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	char word[32];
	uint64_t counter = 0;
	int fd;

	if (argc != 3) {
		fputs("usage: stranger ADDRESS PORT\n", stderr);
		return 2;
	}
	fd = open_socket(argv);
	/* Or poll(2) would not see what is in stdio's buffer. */
	setvbuf(stdin, NULL, _IONBF, 0);
	for (;;) {
		struct pollfd polled[] = {
			{.fd = STDIN_FILENO, .events = POLLIN},
			{.fd = fd, .events = POLLIN},
		};

		if (poll(polled, 2, -1) < 0)
			return 1;
		if (polled[1].revents)
			print(fd);
		if (polled[0].revents) {
			if (!fgets(word, sizeof(word), stdin))
				return 0;
			word[strcspn(word, "\n")] = '\0';
			act(fd, word, ++counter);
		}
	}
}
