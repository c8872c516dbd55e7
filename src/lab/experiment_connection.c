/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/io/clock.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"
#include "mchat/network/error.h"

/* ---- linger ---- */

/* Small, so that a connection is soon full. */
#define SMALL_BUFFER 16384

#define LINGER_S 1

/* A timer may end a tick early. */
#define LINGER_MIN_MS 900

/* Far more than an acknowledgement is delayed. */
#define LINGER_LONG_S 10

/* Well below that, however busy the host is. */
#define ACKNOWLEDGED_MS 8000

/* A connection whose client has written more than the server takes. */
static struct lab_pair full_pair(struct lab *lab, long *written)
{
	struct lab_pair pair;

	pair.listener = lab_socket(lab, SOCK_STREAM, "the server");
	lab_set(lab, pair.listener, SOCKOPT_SO_RCVBUF, SMALL_BUFFER,
		"soon full; accepted sockets inherit it");
	lab_serve(lab, pair.listener);
	pair.client = lab_socket(lab, SOCK_STREAM, "the client");
	lab_set(lab, pair.client, SOCKOPT_SO_SNDBUF, SMALL_BUFFER, "too");
	pair.server = lab_meet(lab, pair.listener, pair.client);
	*written = lab_fill(lab, pair.client);
	return pair;
}

struct ending {
	long lost;  /* bytes that were written and never read */
	int error;  /* that the reader got; 0: the end of the stream */
	int64_t ms; /* how long close took */
};

/* Closes a full connection with SO_LINGER as given, then reads. */
static struct ending close_full(
	struct lab *lab, const struct sockopt_linger *linger)
{
	struct sockopt_value value = {
		.type = SOCKOPT_LINGER,
		.linger = *linger,
	};
	struct ending ending = {0};
	struct instant start;
	long written;
	struct lab_pair pair = full_pair(lab, &written);

	lab_observe(lab, "written", written);
	if (linger->is_on)
		lab_set_value(lab, pair.client, SOCKOPT_SO_LINGER, &value,
			"what close is to do");
	else
		lab_get_value(lab, pair.client, SOCKOPT_SO_LINGER, &value,
			"the default");
	start = clock_now();
	lab_close(lab, pair.client, "while the peer has not read it all");
	ending.ms = lab_ms_since(start);
	ending.lost = written - lab_drain(lab, pair.server, &ending.error);
	return ending;
}

/* Closes a connection whose peer has room, but never reads: how long it takes.
 */
static int64_t close_acknowledged(struct lab *lab)
{
	struct sockopt_value value = {
		.type = SOCKOPT_LINGER,
		.linger = {true, LINGER_LONG_S},
	};
	struct lab_pair pair = lab_pair_open(lab);
	struct instant start;

	lab_send(lab, pair.client, "as much as the peer has room for", 0,
		"it will not be read");
	lab_set_value(
		lab, pair.client, SOCKOPT_SO_LINGER, &value, "a long time");
	start = clock_now();
	lab_close(lab, pair.client, "nobody has read it");
	return lab_ms_since(start);
}

static void observe_ending(
	struct lab *lab, const char *prefix, const struct ending *ending)
{
	char key[32];

	snprintf(key, sizeof(key), "%s_close_ms", prefix);
	lab_observe(lab, key, ending->ms);
	snprintf(key, sizeof(key), "%s_lost", prefix);
	lab_observe(lab, key, ending->lost);
	snprintf(key, sizeof(key), "%s_reader", prefix);
	lab_observe_text(
		lab, key, ending->error ? error_name(ending->error) : "end");
}

void experiment_linger(struct lab *lab)
{
	struct ending off;
	struct ending zero;
	struct ending on;
	int64_t early_ms;

	lab_step(lab, "Off, the default: close returns at once, and the "
		      "kernel goes on sending what is left.");
	off = close_full(lab, &(struct sockopt_linger){.is_on = false});
	observe_ending(lab, "default", &off);
	lab_expect(lab, off.lost == 0 && off.error == 0 && off.ms < 500,
		"all is delivered, though close did not wait");

	lab_step(lab,
		"On with %d second: close waits until the peer's kernel has "
		"acknowledged all, so long at most.  Here it has no room, so "
		"the time runs out.  Posix lets close fail then "
		"(EWOULDBLOCK); on Linux it returns 0, and the kernel goes on "
		"sending as by default.",
		LINGER_S);
	on = close_full(lab, &(struct sockopt_linger){true, LINGER_S});
	observe_ending(lab, "positive", &on);
	lab_expect(lab, on.ms >= LINGER_MIN_MS && on.lost == 0 && on.error == 0,
		"close waits its time, and all is delivered later");

	lab_step(lab,
		"On with %d seconds, and room: the acknowledgement ends it "
		"long before, though the program at the other end never reads.",
		LINGER_LONG_S);
	early_ms = close_acknowledged(lab);
	lab_observe(lab, "early_close_ms", early_ms);
	lab_expect(lab, early_ms < ACKNOWLEDGED_MS,
		"the acknowledgement ends the wait, not the time");

	lab_step(lab, "On with 0: what is left is thrown away and the peer "
		      "gets a reset.");
	zero = close_full(lab, &(struct sockopt_linger){true, 0});
	observe_ending(lab, "zero", &zero);
	lab_expect(lab, zero.lost > 0 && zero.error == ECONNRESET,
		"the reader gets ECONNRESET and not all of it");
}

/* ---- shutdown ---- */

/* Acknowledgements may take a moment, on a busy host many. */
#define STATE_MS 5000

/* Tells the state of a connection's end, TCP_INFO's, once it is the expected
 * one; whether that it became. */
static bool is_in_state(
	struct lab *lab, const char *key, int fd, const char *expected)
{
	struct instant start = clock_now();
	char text[SOCKOPT_TEXT_SIZE];

	do {
		struct sockopt_value value = {0};

		if (lab_has_failed(lab))
			return false;
		poll(NULL, 0, 1);
		if (sockopt_get(fd, SOCKOPT_TCP_INFO, &value) < 0) {
			lab_fail(lab, "getsockopt TCP_INFO", errno);
			return false;
		}
		sockopt_value_format(&value, text);
		text[strcspn(text, ",")] = '\0';
	} while (strcmp(text, expected) != 0 && lab_ms_since(start) < STATE_MS);
	lab_observe_text(lab, key, text);
	return strcmp(text, expected) == 0;
}

/* Seconds for what comes at once, unless shutdown did nothing. */
#define END_LIMIT_S 5

/* SHUT_WR: the client has asked all it wants, and waits for the answer. */
static void shut_writing(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	bool has_states;
	long end;
	long refused;

	lab_step(lab, "The client asks, and says that this was all: that is a "
		      "FIN.");
	lab_send(lab, pair.client, "a question", 0, "the request");
	lab_shut(lab, pair.client, SHUT_WR, "no more comes from here");
	has_states =
		is_in_state(lab, "client_state", pair.client, "FIN-WAIT-2") &&
		is_in_state(lab, "server_state", pair.server, "CLOSE-WAIT");
	lab_expect(lab, has_states, "FIN-WAIT-2 here, CLOSE-WAIT there");

	lab_step(lab, "The server gets every byte, and then the end.");
	lab_receive(lab, pair.server, 20, 0, "the request", text);
	lab_observe_text(lab, "delivered", text);
	lab_expect(lab, strcmp(text, "a question") == 0, "all was delivered");
	end = lab_receive_for(
		lab, pair.server, 0, END_LIMIT_S, "0 is the end", text);
	lab_observe(lab, "end", end);
	lab_expect(lab, end == 0, "then the end of the stream");

	lab_step(lab, "Only that half is closed: the answer still comes.");
	lab_send(lab, pair.server, "an answer", 0, "the other way is open");
	lab_receive(lab, pair.client, 20, 0, "the client still reads", text);
	lab_observe_text(lab, "answer", text);
	lab_expect(lab, strcmp(text, "an answer") == 0, "the answer came");

	lab_step(lab, "Writing after it is refused, with SIGPIPE for those who "
		      "do not ignore it.");
	refused = lab_send(lab, pair.client, "more", 0, "no more, we said");
	lab_observe_text(lab, "send_after",
		refused < 0 ? error_name((int)-refused) : "sent");
	lab_expect(lab, refused == -EPIPE, "EPIPE for sending after it");

	lab_step(lab, "The server closes its half: the client reads the end, "
		      "too.");
	lab_close(lab, pair.server, "its FIN");
	end = lab_receive_for(
		lab, pair.client, 0, END_LIMIT_S, "0 is the end", text);
	lab_observe(lab, "client_reads", end);
	lab_expect(lab, end == 0, "the client reads 0 once the server closed");
}

/* It tells the kernel to send a FIN behind what is queued, and waits for
 * nothing. */
static void shut_a_full_one(struct lab *lab)
{
	struct lab_pair pair;
	struct instant start;
	int64_t took_us;
	long written;
	long read;
	int error;

	lab_step(lab, "shutdown does not block, however much waits to be sent, "
		      "nor is anything lost.");
	pair = full_pair(lab, &written);
	start = clock_now();
	lab_shut(lab, pair.client, SHUT_WR, "with a full send buffer");
	took_us = lab_us_since(start);
	read = lab_drain(lab, pair.server, &error);
	lab_observe(lab, "full_us", took_us);
	lab_observe(lab, "full_lost", written - read);
	lab_expect(lab,
		took_us < INT64_C(1000) * LINGER_MIN_MS && read == written &&
			error == 0,
		"it returns at once, then all comes, and the end");
}

/* Waits until something has come: select(2) no longer tells, since reading
 * would give 0. */
static void await_bytes(const struct lab *lab, int fd)
{
	struct instant start = clock_now();
	char byte;

	while (!lab_has_failed(lab) && lab_ms_since(start) < STATE_MS &&
		recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
		poll(NULL, 0, 1);
}

/* SHUT_RD tells the peer nothing. */
static void shut_reading(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	long end;
	bool is_open;

	lab_step(lab, "SHUT_RD: reading gives 0 at once, and nothing is sent.  "
		      "What the peer sends then, other systems discard; Linux "
		      "keeps it, and it can still be read.");
	lab_shut(lab, pair.client, SHUT_RD, "we read no more");
	end = lab_receive_for(
		lab, pair.client, 0, END_LIMIT_S, "nothing is there", text);
	lab_observe(lab, "rd_reads", end);
	is_open = is_in_state(lab, "rd_state", pair.server, "ESTABLISHED");
	lab_send(lab, pair.server, "late", 0, "the peer was not told");
	await_bytes(lab, pair.client);
	lab_receive(lab, pair.client, 20, 0, "on Linux", text);
	lab_observe_text(lab, "rd_late", text);
	lab_expect(lab, end == 0 && is_open && strcmp(text, "late") == 0,
		"0 at once, the peer goes on, and what it sends is there");
}

/* SHUT_RDWR: both; what the peer sends then is answered with a reset. */
static void shut_both(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	bool is_told;
	long end;
	long refused;

	lab_step(lab, "SHUT_RDWR: both, for every process that has the socket; "
		      "close would do it for the last one only.");
	lab_shut(lab, pair.client, SHUT_RDWR, "neither");
	end = lab_receive_for(
		lab, pair.client, 0, END_LIMIT_S, "nothing is there", text);
	refused = lab_send(lab, pair.client, "more", 0, "no more, we said");
	lab_observe(lab, "rdwr_reads", end);
	lab_observe_text(lab, "rdwr_send",
		refused < 0 ? error_name((int)-refused) : "sent");
	is_told = is_in_state(lab, "rdwr_state", pair.server, "CLOSE-WAIT");
	lab_expect(lab, end == 0 && refused == -EPIPE && is_told,
		"0 for reading, EPIPE for writing, and the peer was told");
}

void experiment_shutdown(struct lab *lab)
{
	shut_writing(lab);
	shut_a_full_one(lab);
	shut_reading(lab);
	shut_both(lab);
}
