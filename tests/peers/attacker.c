/* SPDX-License-Identifier: ISC */
/*
 * An attacker with a strategy: sends RATE datagrams a second for SECONDS, in
 * the names of FAKES members that do not exist, made from what it overhears.
 *The strategies are described in attacks.h.
 *
 *	attacker STRATEGY ADDRESS GROUP PORT FAKES RATE SECONDS
 *
 * SEED=N repeats a run.  Prints how many bytes it sent, and how many bytes of
 * repairs it saw.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "attacks.h"
#include "random.h"

/* No run sends more, or takes longer. */
#define RATE_MAX    50000
#define SECONDS_MAX 120

struct attacker {
	int fd;
	struct sockaddr_in group;
	struct attack attack;
	unsigned long rate;
	unsigned long seconds;
	uint64_t sent;    /* bytes */
	uint64_t repairs; /* likewise */
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int usage(void)
{
	fputs("usage: attacker STRATEGY ADDRESS GROUP PORT FAKES RATE "
	      "SECONDS\n",
		stderr);
	return 2;
}

static void open_group(struct attacker *attacker, char *argv[])
{
	struct ip_mreq membership;
	struct in_addr interface;
	int on = 1;
	int off = 0;
	int buffer = 8 * 1024 * 1024;

	attacker->group = (struct sockaddr_in){.sin_family = AF_INET};
	attacker->group.sin_port = htons((in_port_t)strtoul(argv[4], NULL, 10));
	if (inet_pton(AF_INET, argv[2], &interface) != 1 ||
		inet_pton(AF_INET, argv[3], &attacker->group.sin_addr) != 1)
		exit(usage());
	membership.imr_interface = interface;
	membership.imr_multiaddr = attacker->group.sin_addr;
	attacker->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (attacker->fd < 0)
		die("socket");
	(void)setsockopt(
		attacker->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	if (setsockopt(attacker->fd, SOL_SOCKET, SO_REUSEADDR, &on,
		    sizeof(on)) < 0 ||
		bind(attacker->fd, (const struct sockaddr *)&attacker->group,
			sizeof(attacker->group)) < 0)
		die("bind");
	if (setsockopt(attacker->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership,
		    sizeof(membership)) < 0 ||
		setsockopt(attacker->fd, IPPROTO_IP, IP_MULTICAST_IF,
			&interface, sizeof(interface)) < 0 ||
		setsockopt(attacker->fd, IPPROTO_IP, IP_MULTICAST_LOOP, &off,
			sizeof(off)) < 0)
		die("multicast");
}

static void listen_in(struct attacker *attacker)
{
	uint8_t packet[WIRE_PACKET_MAX];
	struct wire_header header;
	struct reader reader;
	ssize_t got;

	while ((got = recv(attacker->fd, packet, sizeof(packet), 0)) > 0) {
		attack_overhear(&attacker->attack, packet, (size_t)got);
		reader_init(&reader, packet, (size_t)got);
		if (wire_header_decode(&reader, &header) == WIRE_OK &&
			header.type == WIRE_DATA && header.flags & WIRE_REPAIR)
			attacker->repairs += (uint64_t)got;
	}
}

/* A full buffer is no error: the packet is not sent. */
static void send_one(struct attacker *attacker, int64_t ms)
{
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size = attack_next(&attacker->attack, ms, packet);

	if (size > 0 && sendto(attacker->fd, packet, size, 0,
				(const struct sockaddr *)&attacker->group,
				sizeof(attacker->group)) > 0)
		attacker->sent += size;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* On a slow machine, packets that cannot be sent in time are left out. */
static void run(struct attacker *attacker)
{
	const struct timespec pause = {.tv_nsec = NS_PER_MS};
	int64_t begin = now_ns();
	int64_t end = begin + (int64_t)attacker->seconds * NS_PER_S;
	uint64_t made = 0;
	int64_t now;

	while ((now = now_ns()) < end) {
		int64_t ms = (now - begin) / NS_PER_MS;
		uint64_t due = (uint64_t)ms * attacker->rate / 1000;

		listen_in(attacker);
		for (unsigned i = 0; made < due && i < 64; i++, made++)
			send_one(attacker, ms);
		nanosleep(&pause, NULL);
	}
}

int main(int argc, char *argv[])
{
	static struct attacker attacker;
	enum attack_kind kind;

	if (argc != 8)
		return usage();
	kind = attack_find(argv[1]);
	attacker.rate = strtoul(argv[6], NULL, 10);
	attacker.seconds = strtoul(argv[7], NULL, 10);
	if (kind == ATTACK_NONE || attacker.rate > RATE_MAX ||
		attacker.seconds > SECONDS_MAX)
		return usage();
	open_group(&attacker, argv);
	attack_init(&attacker.attack, kind,
		(unsigned)strtoul(argv[5], NULL, 10), random_seed());
	run(&attacker);
	printf("sent %" PRIu64 " bytes, saw %" PRIu64 " bytes of repairs\n",
		attacker.sent, attacker.repairs);
	return 0;
}
