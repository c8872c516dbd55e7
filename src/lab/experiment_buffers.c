/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mchat/io/clock.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"

/* ---- rcvbuf, of datagrams ---- */

/* More than a buffer of a few KiB holds, and less than the default does. */
#define BURST 50

/* Linux sets aside twice what is granted: what getsockopt tells is in all. */
#define DOUBLED 2

/* Sends a burst to the receiver; returns how many datagrams arrived. */
static int send_burst(struct lab *lab, int sender, int receiver)
{
	struct address to = lab_name(lab, receiver);

	lab_connect(lab, sender, &to, "each send goes there");
	for (int i = 0; i < BURST && !lab_has_failed(lab); i++) {
		if (send(sender, "datagram", 8, 0) < 0)
			lab_fail(lab, "send", errno);
	}
	return lab_count(lab, receiver);
}

static void overflow_datagrams(struct lab *lab)
{
	int sender;
	int roomy;
	int tight;
	int usual;
	int granted;
	int kept;

	lab_step(lab,
		"A receiver as the system makes it.  While it does not "
		"read, %d datagrams come.",
		BURST);
	sender = lab_socket(lab, SOCK_DGRAM, "the sender");
	roomy = lab_receiver(lab);
	usual = lab_get(lab, roomy, SOCKOPT_SO_RCVBUF, "the default");
	lab_observe(lab, "default", usual);
	kept = send_burst(lab, sender, roomy);
	lab_observe(lab, "lost_with_default", BURST - kept);
	lab_expect(lab, kept == BURST, "the default buffer holds them all");

	lab_step(lab, "A receiver that asks for 1024 bytes.  The kernel "
		      "doubles that, for its own records, and has a minimum.");
	tight = lab_receiver(lab);
	lab_set(lab, tight, SOCKOPT_SO_RCVBUF, 1024, "ask for little");
	granted = lab_get(lab, tight, SOCKOPT_SO_RCVBUF, "what was granted");
	lab_observe(lab, "asked", 1024);
	lab_observe(lab, "granted", granted / DOUBLED);
	lab_observe(lab, "in_all", granted);
	lab_expect(lab, granted >= 2048 && granted < usual,
		"at least twice 1024 is granted, and less than the default");

	lab_step(lab,
		"The same %d datagrams again.  No send fails: UDP loses "
		"in silence.",
		BURST);
	kept = send_burst(lab, sender, tight);
	lab_observe(lab, "sent", BURST);
	lab_observe(lab, "received", kept);
	lab_observe(lab, "lost", BURST - kept);
	lab_expect(lab, kept > 0 && kept < BURST,
		"the small buffer keeps some and loses the others");
}

/* ---- rcvbuf, of a stream ---- */

/* More than the two buffers of a connection on loopback hold. */
#define WRITE_SIZE 16777216L

/* While nobody reads, a write that is to block does so for longer than this. */
#define BLOCKED_MS 300

/* A write that blocks cannot be watched from within: a child makes it, and ends
 * with 0 when the whole was taken.  -1, and the story has ended, if there can
 * be none. */
static pid_t write_in_child(struct lab *lab, int fd)
{
	static char block[65536];
	pid_t child;

	if (lab_has_failed(lab))
		return -1;
	child = fork();
	if (child < 0)
		lab_fail(lab, "fork", errno);
	if (child != 0)
		return child;
	for (size_t left = WRITE_SIZE; left > 0;) {
		ssize_t taken = write(
			fd, block, left < sizeof(block) ? left : sizeof(block));

		if (taken < 0)
			_exit(1);
		left -= (size_t)taken;
	}
	_exit(0);
}

/* Reads what there is in all; returns how much that was. */
static long read_all(struct lab *lab, int fd)
{
	int error;
	long total = 0;
	long more;

	/* lab_drain ends when nothing comes for a second. */
	do {
		more = lab_drain(lab, fd, &error);
		total += more;
	} while (more > 0 && total < WRITE_SIZE);
	return total;
}

/* Both buffers are full by then, however busy the host is. */
#define FULL_MS 5000

/* The window that the peer announces, once it is 0. */
static long await_window(struct lab *lab, int fd)
{
	struct instant start = clock_now();
	long window;

	do {
		poll(NULL, 0, 1);
		window = (long)lab_tcp(lab, fd).peer_window;
	} while (window > 0 && lab_ms_since(start) < FULL_MS);
	return window;
}

static void block_writer(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	bool is_blocked;
	long window;
	long received;
	int status = -1;
	pid_t writer;

	lab_step(lab,
		"TCP loses nothing: who writes %ld bytes that nobody reads "
		"fills the receive buffer, then the send buffer, and then the "
		"call blocks.  The receiver announces a window of 0.",
		WRITE_SIZE);
	writer = write_in_child(lab, pair.client);
	window = await_window(lab, pair.client);
	lab_is_readable(lab, pair.client, BLOCKED_MS, "the client writes");
	is_blocked =
		!lab_has_failed(lab) && waitpid(writer, NULL, WNOHANG) == 0;
	lab_observe(lab, "write_blocks", is_blocked);
	lab_observe(lab, "window", window);

	lab_step(lab, "The server reads: the window opens, the write goes on, "
		      "and nothing was discarded.");
	received = read_all(lab, pair.server);
	if (writer > 0 && waitpid(writer, &status, 0) < 0)
		status = -1;
	lab_observe(lab, "stream_sent", WRITE_SIZE);
	lab_observe(lab, "stream_received", received);
	lab_expect(lab,
		is_blocked && window == 0 && received == WRITE_SIZE &&
			status == 0,
		"the write blocks at window 0, and all comes once it is read");
}

#define SMALL_BUFFER 8192
#define LARGE_BUFFER 1048576

/* The largest window without a scale: the header has 16 bits for it. */
#define UNSCALED_WINDOW 65535

/* Rounds of writing and reading after which a window has opened. */
#define ROUNDS 400

struct opening {
	unsigned scale;
	int64_t largest; /* window that the server announced */
};

/* The server has a receive buffer of LARGE_BUFFER once it is connected, and
 * before that one of `early` bytes, or the system's when that is 0. */
static struct opening open_window(struct lab *lab, int early)
{
	static const char block[16384];
	static char sink[65536];
	struct opening opening = {0};
	int listener = lab_socket(lab, SOCK_STREAM, "the server");
	int client;
	int server;

	if (early > 0)
		lab_set(lab, listener, SOCKOPT_SO_RCVBUF, early,
			"before the handshake");
	lab_serve(lab, listener);
	client = lab_socket(lab, SOCK_STREAM, "the client");
	server = lab_meet(lab, listener, client);
	lab_set(lab, server, SOCKOPT_SO_RCVBUF, LARGE_BUFFER,
		"after the handshake");
	for (int i = 0; i < ROUNDS && !lab_has_failed(lab); i++) {
		uint32_t window;

		(void)send(client, block, sizeof(block), MSG_DONTWAIT);
		while (recv(server, sink, sizeof(sink), MSG_DONTWAIT) > 0)
			continue;
		window = lab_tcp(lab, client).peer_window;
		if (window > opening.largest)
			opening.largest = window;
	}
	opening.scale = lab_tcp(lab, server).window_scale;
	return opening;
}

static void fix_scale(struct lab *lab)
{
	struct opening early;
	struct opening late;

	lab_step(lab, "Textbooks say: set it before connecting.  Linux takes "
		      "it at any time; what the SYN fixes is the scale of the "
		      "window.  A server that was small before and is large "
		      "after:");
	early = open_window(lab, SMALL_BUFFER);
	lab_observe(lab, "small_scale", early.scale);
	lab_observe(lab, "small_window", early.largest);

	lab_step(lab, "One that was as the system makes it:");
	late = open_window(lab, 0);
	lab_observe(lab, "usual_scale", late.scale);
	lab_observe(lab, "usual_window", late.largest);
	lab_expect(lab,
		early.scale < late.scale && early.largest <= UNSCALED_WINDOW &&
			late.largest > UNSCALED_WINDOW,
		"the window of the first never exceeds 65535 bytes");
}

/* How much a connection takes that nobody reads, with a send buffer. */
static long take_with(struct lab *lab, int size, int *in_all)
{
	struct lab_pair pair = lab_pair_open(lab);

	if (size > 0)
		lab_set(lab, pair.client, SOCKOPT_SO_SNDBUF, size, "small");
	*in_all = lab_get(lab, pair.client, SOCKOPT_SO_SNDBUF,
		size > 0 ? "what it is" : "the default, which grows");
	return lab_fill(lab, pair.client);
}

static void shrink_send_buffer(struct lab *lab)
{
	int usual;
	int small;
	long taken_usual;
	long taken_small;

	lab_step(lab, "SO_SNDBUF bounds what was written and is not yet "
		      "acknowledged.  Nobody reads, and the receive buffer is "
		      "the same:");
	taken_usual = take_with(lab, 0, &usual);
	taken_small = take_with(lab, SMALL_BUFFER, &small);
	lab_observe(lab, "send_default", usual);
	lab_observe(lab, "taken_default", taken_usual);
	lab_observe(lab, "send_small", small);
	lab_observe(lab, "taken_small", taken_small);
	lab_expect(lab,
		small == DOUBLED * SMALL_BUFFER && taken_small < taken_usual,
		"less is taken with a small send buffer");
}

void experiment_rcvbuf(struct lab *lab)
{
	overflow_datagrams(lab);
	block_writer(lab);
	shrink_send_buffer(lab);
	fix_scale(lab);
}

/* ---- lowat ---- */

void experiment_lowat(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	bool is_early;
	bool is_late;

	lab_step(lab, "The receiver is to be woken for ten bytes or more.");
	lab_set(lab, pair.server, SOCKOPT_SO_RCVLOWAT, 10, "ten at least");

	lab_step(lab, "Five bytes come: there is something, and not enough.");
	lab_send(lab, pair.client, "01234", 0, "five");
	is_early = lab_is_readable(lab, pair.server, 100, "is it readable?");
	lab_observe(lab, "readable_with_5", is_early);

	lab_step(lab, "Five more come.");
	lab_send(lab, pair.client, "56789", 0, "ten");
	is_late = lab_is_readable(lab, pair.server, 1000, "and now?");
	lab_observe(lab, "readable_with_10", is_late);
	lab_expect(
		lab, !is_early && is_late, "select waits for the tenth byte");
	lab_receive(lab, pair.server, 20, MSG_DONTWAIT, "take them", text);
}
