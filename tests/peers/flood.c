/* SPDX-License-Identifier: ISC */
/*
 * Floods a group: sends RATE datagrams a second for SECONDS, made of those on
 * standard input, each a line of hexadecimal digits, by turns.
 *
 *	flood ADDRESS GROUP PORT HOW RATE SECONDS
 *
 * HOW: copies, as they are; noise, random bytes of the same sizes; and of
 *sealed ones forged, the same header with the next numbers and random content,
 *or strangers, likewise and each of another session.  Prints how many it sent.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "hex.h"
#include "random.h"
#include "mchat/base/time.h"

/* No run sends more, or takes longer. */
#define RATE_MAX    100000
#define SECONDS_MAX 120

#define MODELS_MAX 4096
#define BYTES_MAX  1472
#define LINE_SIZE  (2 * BYTES_MAX + 2)

/* Of a sealed datagram; mchat-protocol(7). */
#define SESSION_AT  8
#define NUMBER_AT   19
#define CONTENT_AT  24
#define NUMBER_SIZE 5

struct model {
	size_t size;
	uint8_t bytes[BYTES_MAX];
};

struct flood {
	int fd;
	struct sockaddr_in group;
	char how; /* its first letter */
	unsigned long rate;
	unsigned long seconds;
	size_t count;
	uint64_t sent;
	struct model models[MODELS_MAX];
};

static int usage(void)
{
	fputs("usage: flood ADDRESS GROUP PORT copies|noise|forged|strangers "
	      "RATE SECONDS\n",
		stderr);
	return 2;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void open_group(struct flood *flood, char *argv[])
{
	struct in_addr interface;
	int off = 0;

	flood->group = (struct sockaddr_in){.sin_family = AF_INET};
	flood->group.sin_port = htons((in_port_t)strtoul(argv[3], NULL, 10));
	if (inet_pton(AF_INET, argv[1], &interface) != 1 ||
		inet_pton(AF_INET, argv[2], &flood->group.sin_addr) != 1)
		exit(usage());
	flood->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (flood->fd < 0)
		die("socket");
	if (setsockopt(flood->fd, IPPROTO_IP, IP_MULTICAST_IF, &interface,
		    sizeof(interface)) < 0 ||
		setsockopt(flood->fd, IPPROTO_IP, IP_MULTICAST_LOOP, &off,
			sizeof(off)) < 0)
		die("multicast");
}

static void read_models(struct flood *flood)
{
	static char line[LINE_SIZE + 1];

	while (flood->count < MODELS_MAX && fgets(line, sizeof(line), stdin)) {
		struct model *model = &flood->models[flood->count];

		line[strcspn(line, "\n")] = '\0';
		model->size = hex_read(line, model->bytes, BYTES_MAX);
		if (model->size > CONTENT_AT)
			flood->count++;
	}
	if (flood->count == 0) {
		fputs("flood: no datagrams\n", stderr);
		exit(2);
	}
}

static void fill(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)random_next();
}

/* Big-endian, and never comes back to what it was. */
static void count_on(uint8_t number[NUMBER_SIZE])
{
	for (size_t i = NUMBER_SIZE; i > 0; i--)
		if (++number[i - 1] != 0)
			return;
}

/* Changes the model for its next turn: random content once is enough, since no
 * member keeps what it refuses. */
static void change(const struct flood *flood, struct model *model)
{
	if (flood->how == 'c')
		return;
	if (flood->how == 'n') {
		fill(model->bytes, 16);
		return;
	}
	count_on(model->bytes + NUMBER_AT);
	fill(model->bytes + CONTENT_AT, 8);
	if (flood->how == 's')
		fill(model->bytes + SESSION_AT, NUMBER_AT - SESSION_AT);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* A full buffer is no error: the datagram is not sent. */
static void send_next(struct flood *flood, uint64_t made)
{
	struct model *model = &flood->models[made % flood->count];

	change(flood, model);
	if (sendto(flood->fd, model->bytes, model->size, 0,
		    (const struct sockaddr *)&flood->group,
		    sizeof(flood->group)) >= 0)
		flood->sent++;
	else if (errno != EAGAIN && errno != ENOBUFS)
		die("sendto");
}

/* On a slow machine, datagrams that cannot be sent in time are left out. */
static void run(struct flood *flood)
{
	const struct timespec pause = {.tv_nsec = NS_PER_MS / 2};
	int64_t begin = now_ns();
	int64_t end = begin + (int64_t)flood->seconds * NS_PER_S;
	uint64_t made = 0;
	int64_t now;

	while ((now = now_ns()) < end) {
		uint64_t due = (uint64_t)((now - begin) / NS_PER_US) *
			       flood->rate / 1000000;

		for (unsigned i = 0; made < due && i < 128; i++)
			send_next(flood, made++);
		nanosleep(&pause, NULL);
	}
}

int main(int argc, char *argv[])
{
	static struct flood flood;

	if (argc != 7 || !strchr("cnfs", argv[4][0]))
		return usage();
	flood.how = argv[4][0];
	flood.rate = strtoul(argv[5], NULL, 10);
	flood.seconds = strtoul(argv[6], NULL, 10);
	if (flood.rate > RATE_MAX || flood.seconds > SECONDS_MAX)
		return usage();
	random_restart();
	open_group(&flood, argv);
	read_models(&flood);
	run(&flood);
	printf("%llu\n", (unsigned long long)flood.sent);
	return 0;
}
