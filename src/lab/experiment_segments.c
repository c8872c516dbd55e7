/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "mchat/io/clock.h"
#include "mchat/lab/lab_network.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"
#include "mchat/network/error.h"

/* ---- nodelay ---- */

/* Enough for a median; a slow one takes 40 ms. */
#define ROUNDS 9

/*
 * Two small writes, and the answer to both: what a program does that writes a
 * header and then a body.  Returns the time it takes, or -1 with errno.
 */
static int64_t round_trip_us(int client, int server)
{
	struct instant start = clock_now();
	char bytes[2];

	if (send(client, "h", 1, 0) != 1 || send(client, "b", 1, 0) != 1 ||
		recv(server, bytes, 2, MSG_WAITALL) != 2 ||
		send(server, "!", 1, 0) != 1 || recv(client, bytes, 1, 0) != 1)
		return -1;
	return lab_us_since(start);
}

static int compare(const void *a, const void *b)
{
	const int64_t *first = a;
	const int64_t *second = b;

	return (*first > *second) - (*first < *second);
}

/* Set again before each round, since the kernel forgets it; not told each time.
 */
static void delay_acknowledgements(int fd)
{
	struct call_log silent = {0};

	(void)sockopt_set_number(
		&silent, fd, SOCKOPT_TCP_QUICKACK, 0, "delay them");
}

static int64_t median_us(struct lab *lab, const struct lab_pair *pair)
{
	int64_t times[ROUNDS];

	if (lab_has_failed(lab))
		return 0;
	for (size_t i = 0; i < ROUNDS; i++) {
		delay_acknowledgements(pair->server);
		times[i] = round_trip_us(pair->client, pair->server);
		if (times[i] < 0) {
			lab_fail(lab, "a round trip", errno);
			return 0;
		}
	}
	qsort(times, ROUNDS, sizeof(times[0]), compare);
	return times[ROUNDS / 2];
}

void experiment_nodelay(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	int64_t slow;
	int64_t fast;

	lab_step(lab,
		"A program writes a header, then a body, and waits for "
		"the answer, %d times.",
		ROUNDS);
	lab_set(lab, pair.server, SOCKOPT_TCP_QUICKACK, 0,
		"the receiver delays acknowledgements, as it mostly does");
	lab_get(lab, pair.client, SOCKOPT_TCP_NODELAY, "off, the default");
	lab_step(lab, "Nagle's algorithm holds the body back until the header "
		      "is acknowledged; the receiver holds the "
		      "acknowledgement back until it has something to send.");
	slow = median_us(lab, &pair);
	lab_observe(lab, "nagle_us", slow);

	lab_step(lab, "The same with TCP_NODELAY.");
	lab_set(lab, pair.client, SOCKOPT_TCP_NODELAY, 1, "send at once");
	fast = median_us(lab, &pair);
	lab_observe(lab, "nodelay_us", fast);
	lab_expect(lab, slow > 4 * fast, "it is many times as fast");
}

/* ---- maxseg ---- */

#define SEGMENT 1000

/* More than a segment of Ethernet holds, and the most that the kernel takes. */
#define TOO_LARGE 32767

/* On Ethernet: what is too large is not refused, and does not count. */
static void ask_for_too_much(struct lab *lab, const struct lab_network *network)
{
	struct address where = lab_address(lab, LAB_ROUTER_NET0, 0);
	int listener = lab_network_socket(
		lab, network, LAB_ROUTER, SOCK_STREAM, "a server");
	int client = lab_network_socket(
		lab, network, LAB_HERE, SOCK_STREAM, "its client");
	int got;

	lab_step(lab,
		"On Ethernet, with 1500 bytes a packet, asking for %d is not "
		"refused, and changes nothing: 1500 less 20 for IP and 20 for "
		"TCP, less 12 for time stamps.",
		TOO_LARGE);
	lab_set(lab, client, SOCKOPT_TCP_MAXSEG, TOO_LARGE, "too large");
	lab_serve_at(lab, listener, &where);
	lab_meet(lab, listener, client);
	got = lab_get(lab, client, SOCKOPT_TCP_MAXSEG, "what it is");
	lab_observe(lab, "on_ethernet", got);
	lab_expect(lab, got == 1460 || got == 1448, "1460, or 12 less");
}

void experiment_maxseg(struct lab *lab)
{
	struct lab_pair usual = lab_pair_open(lab);
	struct lab_network network;
	int listener;
	int client;
	int server;
	int here;
	int there;
	int late;
	int after;
	int tiny;

	lab_step(lab, "Connected, it is the least of what the path's MTU "
		      "takes, what the peer announced, and half of the "
		      "largest window that it announced; on loopback, whose "
		      "MTU is large, that half.");
	lab_observe(lab, "usual",
		lab_get(lab, usual.client, SOCKOPT_TCP_MAXSEG, "as found"));

	lab_step(lab, "Before it is connected a socket has the least that "
		      "every host must take.");
	client = lab_socket(lab, SOCK_STREAM, "another client");
	lab_observe(lab, "unconnected",
		lab_get(lab, client, SOCKOPT_TCP_MAXSEG, "the default"));
	tiny = lab_try_set(
		lab, client, SOCKOPT_TCP_MAXSEG, 87, "88 is the least");
	lab_observe_text(lab, "asked_87", tiny ? error_name(tiny) : "ok");

	lab_step(lab,
		"A client that asks for %d before it connects announces that "
		"in its SYN, and the server keeps to it, too.  With time "
		"stamps, 12 bytes of each are theirs.",
		SEGMENT);
	lab_set(lab, client, SOCKOPT_TCP_MAXSEG, SEGMENT, "small segments");
	listener = lab_socket(lab, SOCK_STREAM, "another server");
	lab_serve(lab, listener);
	server = lab_meet(lab, listener, client);
	here = lab_get(lab, client, SOCKOPT_TCP_MAXSEG, "the client's");
	there = lab_get(lab, server, SOCKOPT_TCP_MAXSEG, "the server's");
	lab_observe(lab, "asked", SEGMENT);
	lab_observe(lab, "client", here);
	lab_observe(lab, "server", there);
	lab_expect(lab,
		tiny == EINVAL && here > 0 && here <= SEGMENT && there > 0 &&
			there <= SEGMENT,
		"neither end sends more than was asked for");

	lab_step(lab, "Once connected, the option is set without an error and "
		      "without an effect: the SYN is gone.");
	late = lab_try_set(
		lab, client, SOCKOPT_TCP_MAXSEG, SEGMENT / 2, "too late");
	after = lab_get(lab, client, SOCKOPT_TCP_MAXSEG, "as before");
	lab_observe_text(lab, "set_late", late ? error_name(late) : "ok");
	lab_observe(lab, "after", after);
	lab_expect(lab, late == 0 && after == here,
		"what was agreed on when connecting stays");
	if (lab_network_open(lab, &network))
		ask_for_too_much(lab, &network);
	lab_network_close(&network);
}
