/* SPDX-License-Identifier: ISC */
/*
 * A hostile member of a group: sends COUNT datagrams, at most RATE of them a
 * second, in turn random bytes, packets that it heard with some bytes changed,
 * DATA and STATE of members that do not exist, with absurd numbers and ages
 * that could be true.  It never forges a member that is there: members are not
 * authenticated, so nothing could help against that.
 *
 *	forger ADDRESS GROUP PORT COUNT RATE
 *
 * SEED=N repeats a run.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "random.h"
#include "mchat/base/cursor.h"
#include "mchat/protocol/record.h"
#include "mchat/protocol/wire.h"

/* Made-up members: more than any table holds. */
#define FORGED_MAX 20000

/* Where the id of the member stands in a packet, and how long it is. */
#define ID_AT   8
#define ID_SIZE 8

struct forger {
	int fd;
	struct sockaddr_in group;
	uint8_t heard[WIRE_PACKET_MAX]; /* the last honest packet */
	size_t heard_size;
	uint64_t honest; /* its author */
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void open_group(struct forger *forger, char *argv[])
{
	struct ip_mreq membership;
	struct in_addr interface;
	int on = 1;
	int off = 0;

	forger->group = (struct sockaddr_in){.sin_family = AF_INET};
	forger->group.sin_port = htons((in_port_t)strtoul(argv[3], NULL, 10));
	if (inet_pton(AF_INET, argv[1], &interface) != 1 ||
		inet_pton(AF_INET, argv[2], &forger->group.sin_addr) != 1) {
		fputs("forger: not an address\n", stderr);
		exit(2);
	}
	membership.imr_interface = interface;
	membership.imr_multiaddr = forger->group.sin_addr;
	forger->fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (forger->fd < 0)
		die("socket");
	if (setsockopt(forger->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) <
			0 ||
		bind(forger->fd, (const struct sockaddr *)&forger->group,
			sizeof(forger->group)) < 0)
		die("bind");
	if (setsockopt(forger->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership,
		    sizeof(membership)) < 0 ||
		setsockopt(forger->fd, IPPROTO_IP, IP_MULTICAST_IF, &interface,
			sizeof(interface)) < 0 ||
		setsockopt(forger->fd, IPPROTO_IP, IP_MULTICAST_LOOP, &off,
			sizeof(off)) < 0)
		die("multicast");
}

/* Keeps the packet heard last; its own packets do not come back. */
static void listen_in(struct forger *forger)
{
	struct wire_header header;
	struct reader reader;
	uint8_t packet[WIRE_PACKET_MAX];
	ssize_t got;

	while ((got = recv(forger->fd, packet, sizeof(packet), MSG_DONTWAIT)) >
		0) {
		reader_init(&reader, packet, (size_t)got);
		if (wire_header_decode(&reader, &header) != WIRE_OK)
			continue;
		memcpy(forger->heard, packet, (size_t)got);
		forger->heard_size = (size_t)got;
		forger->honest = header.member;
	}
}

static uint64_t forged_member(void)
{
	return 1 + random_below(FORGED_MAX);
}

/* A random number of any magnitude, 0 and the largest among them. */
static uint64_t any_number(void)
{
	return random_next() >> random_below(64);
}

/* As a rule the age of a member that started within the last hour and has said
 * something since; sometimes any age. */
static struct wire_age any_age(void)
{
	int64_t age = (int64_t)random_below(3600000);
	int64_t quiet = (int64_t)random_below((size_t)age + 1);

	if (random_below(8) == 0)
		age = (int64_t)(any_number() & WIRE_AGE_MAX_MS);
	if (random_below(8) == 0)
		quiet = WIRE_QUIET_MAX_MS;
	return (struct wire_age){duration_ms(age), duration_ms(quiet)};
}

static size_t make_noise(uint8_t *out)
{
	size_t size = random_below(64);

	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t)random_next();
	/* Most random datagrams begin like a packet. */
	if (size > 0 && random_below(8) > 0)
		out[0] = 0xf9;
	return size;
}

static size_t make_mutant(const struct forger *forger, uint8_t *out)
{
	size_t size = forger->heard_size;
	uint64_t id = forged_member();

	memcpy(out, forger->heard, size);
	for (size_t i = 0; i <= random_below(8) && size > 0; i++)
		out[random_below(size)] = (uint8_t)random_next();
	if (random_below(4) == 0 && size > 0)
		size = random_below(size);
	for (size_t i = 0; i < ID_SIZE && ID_AT + i < size; i++)
		out[ID_AT + i] = (uint8_t)(id >> 8 * i);
	return size;
}

static size_t make_data(uint8_t *out)
{
	struct wire_header header = {
		.type = WIRE_DATA,
		.flags = (uint8_t)random_below(2),
		.member = forged_member(),
	};
	struct writer writer;

	writer_init(&writer, out, WIRE_PACKET_MAX);
	wire_header_encode(&writer, &header);
	wire_data_encode(&writer, 1 + any_number() % WIRE_SEQUENCE_MAX,
		1 + any_number() % WIRE_SEQUENCE_MAX,
		(struct wall_time){(int64_t)any_number()});
	record_encode(&writer,
		(enum record_type)(RECORD_LINE + random_below(4)), "\1forged",
		7);
	wire_data_stamp(out, any_age());
	return writer_size(&writer);
}

/* A report that the author sent more than it did, or that all of it is missing.
 */
static void add_report(
	const struct forger *forger, struct writer *writer, uint8_t *count)
{
	uint64_t known = 1 + any_number() % (WIRE_SEQUENCE_MAX - 1);
	struct wire_report report = {
		.origin =
			random_below(2) > 0 ? forger->honest : forged_member(),
		.next = 1,
		.known = known,
		.messages = any_number() & WIRE_SEQUENCE_MAX,
		.age = any_age(),
		.received = (uint32_t)random_next(),
		.flags = (uint8_t)random_below(16),
		.owed = 1 + any_number() % WIRE_SEQUENCE_MAX,
		.gap_count = 1,
		.gaps = {{1, known}},
	};

	(void)wire_report_encode(writer, count, &report);
}

/* Gives the report that begins at `last` the origin of the first, which the
 * encoder refuses. */
static void make_twins(const uint8_t *count, uint8_t *last)
{
	memcpy(last, count + 2 + count[1], ID_SIZE);
}

static size_t make_state(const struct forger *forger, uint8_t *out)
{
	struct wire_header header = {
		.type = WIRE_STATE,
		.flags = (uint8_t)random_below(16),
		.member = forged_member(),
	};
	uint64_t last = any_number() % WIRE_SEQUENCE_MAX;
	struct wire_state state = {
		.counter = any_number(),
		.nick = "forged",
		.age = any_age(),
		.nick_size = 6,
		.first = 1 + any_number() % (last + 1),
		.last = last,
		.messages = last,
	};
	struct writer writer;
	uint8_t *count;
	uint8_t *newest = NULL; /* report */

	writer_init(&writer, out, 1400);
	wire_header_encode(&writer, &header);
	count = wire_state_encode(&writer, &state);
	for (size_t i = random_below(8); i > 0 && count; i--) {
		uint8_t *at = writer.at;

		add_report(forger, &writer, count);
		if (writer.at > at)
			newest = at;
	}
	if (newest && *count > 1 && random_below(8) == 0)
		make_twins(count, newest);
	return writer_size(&writer);
}

static void send_one(struct forger *forger, unsigned long number)
{
	uint8_t packet[WIRE_PACKET_MAX];
	size_t size = 0;

	switch (number % 4) {
	case 0:
		size = make_noise(packet);
		break;
	case 1:
		size = make_mutant(forger, packet);
		break;
	case 2:
		size = make_data(packet);
		break;
	case 3:
		size = make_state(forger, packet);
		break;
	}
	if (sendto(forger->fd, packet, size, 0,
		    (const struct sockaddr *)&forger->group,
		    sizeof(forger->group)) < 0)
		die("sendto");
}

/* Between two bursts; what a late one missed is not made up for: on a machine
 * that is busy no receiver could take that, and none is to be blamed for it. */
#define PAUSE_MS 1

int main(int argc, char *argv[])
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	static struct forger forger;
	unsigned long count;
	unsigned long burst;

	if (argc < 6) {
		fputs("usage: forger ADDRESS GROUP PORT COUNT RATE\n", stderr);
		return 2;
	}
	count = strtoul(argv[4], NULL, 10);
	burst = (strtoul(argv[5], NULL, 10) * PAUSE_MS + 999) / 1000;
	open_group(&forger, argv);
	random_restart();
	for (unsigned long sent = 0; sent < count;) {
		nanosleep(&pause, NULL);
		listen_in(&forger);
		for (unsigned long i = 0; i < burst && sent < count; i++)
			send_one(&forger, sent++);
	}
	return 0;
}
