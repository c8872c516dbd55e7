/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "mchat/io/clock.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"
#include "mchat/network/error.h"

/* ---- keepalive ---- */

/* Seconds: one of silence, then two probes, one each second. */
#define KEEP_IDLE     1
#define KEEP_INTERVAL 1
#define KEEP_COUNT    2

/* Probes go out by timers that may be late. */
#define KEEP_LIMIT_MS 8000

void experiment_keepalive(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	struct instant start;
	int64_t took_ms;
	int error;

	lab_step(lab, "What the system does without being asked: hours of "
		      "silence before the first probe.");
	lab_get(lab, pair.client, SOCKOPT_SO_KEEPALIVE, "off at first");
	lab_observe(lab, "default_idle_s",
		lab_get(lab, pair.client, SOCKOPT_TCP_KEEPIDLE,
			"seconds of silence"));

	lab_step(lab, "Short times, so that we can watch.");
	lab_set(lab, pair.client, SOCKOPT_TCP_KEEPIDLE, KEEP_IDLE,
		"seconds of silence before the first probe");
	lab_set(lab, pair.client, SOCKOPT_TCP_KEEPINTVL, KEEP_INTERVAL,
		"seconds between probes");
	lab_set(lab, pair.client, SOCKOPT_TCP_KEEPCNT, KEEP_COUNT,
		"probes without an answer");
	lab_set(lab, pair.client, SOCKOPT_SO_KEEPALIVE, 1, "and begin");

	lab_step(lab, "The peer dies: it takes nothing with a TTL below 255 "
		      "any more and ours have 64, so it does not answer, as if "
		      "its power had failed.");
	lab_set(lab, pair.client, SOCKOPT_IP_TTL, 64, "as is usual");
	lab_set(lab, pair.server, SOCKOPT_IP_MINTTL, 255, "deaf to us");

	lab_step(lab, "We write nothing and wait.");
	start = clock_now();
	lab_is_readable(lab, pair.client, KEEP_LIMIT_MS, "until an error");
	took_ms = lab_ms_since(start);
	error = lab_get(lab, pair.client, SOCKOPT_SO_ERROR,
		"what became of the connection");
	lab_observe_text(lab, "error", error ? error_name(error) : "none");
	lab_observe(lab, "found_after_ms", took_ms);
	lab_expect(lab, error == ETIMEDOUT && took_ms >= 1000,
		"ETIMEDOUT, once the probes had no answer");
}

/* ---- linger ---- */

/* Small, so that a connection is soon full. */
#define SMALL_BUFFER 16384

#define LINGER_S 1

/* A timer may end a tick early. */
#define LINGER_MIN_MS 900

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

	lab_step(lab, "Off, the default: close returns at once, and the "
		      "kernel goes on sending what is left.");
	off = close_full(lab, &(struct sockopt_linger){.is_on = false});
	observe_ending(lab, "default", &off);
	lab_expect(lab, off.lost == 0 && off.error == 0 && off.ms < 500,
		"all is delivered, though close did not wait");

	lab_step(lab,
		"On with %d second: close waits for the peer, no longer. "
		"Ours does not read, so it waits in vain.",
		LINGER_S);
	on = close_full(lab, &(struct sockopt_linger){true, LINGER_S});
	observe_ending(lab, "positive", &on);
	lab_expect(lab, on.ms >= LINGER_MIN_MS, "close waits its time");

	lab_step(lab, "On with 0: what is left is thrown away and the peer "
		      "gets a reset.");
	zero = close_full(lab, &(struct sockopt_linger){true, 0});
	observe_ending(lab, "zero", &zero);
	lab_expect(lab, zero.lost > 0 && zero.error == ECONNRESET,
		"the reader gets ECONNRESET and not all of it");
}

/* ---- shutdown ---- */

void experiment_shutdown(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	long end;
	long refused;

	lab_step(lab, "The client asks, and says that this was all.");
	lab_send(lab, pair.client, "a question", 0, "the request");
	lab_shut(lab, pair.client, "no more comes from here");

	lab_step(lab, "The server gets every byte, and then the end.");
	lab_receive(lab, pair.server, 20, 0, "the request", text);
	lab_observe_text(lab, "delivered", text);
	lab_expect(lab, strcmp(text, "a question") == 0, "all was delivered");
	end = lab_receive(lab, pair.server, 20, 0, "0 is the end", text);
	lab_observe(lab, "end", end);
	lab_expect(lab, end == 0, "then the end of the stream");

	lab_step(lab, "Only that half is closed: the answer still comes.");
	lab_send(lab, pair.server, "an answer", 0, "the other way is open");
	lab_receive(lab, pair.client, 20, 0, "the client still reads", text);
	lab_observe_text(lab, "answer", text);
	lab_expect(lab, strcmp(text, "an answer") == 0, "the answer came");

	lab_step(lab, "Writing after it is refused.");
	refused = lab_send(lab, pair.client, "more", 0, "no more, we said");
	lab_observe_text(lab, "send_after",
		refused < 0 ? error_name((int)-refused) : "sent");
	lab_expect(lab, refused == -EPIPE, "EPIPE for sending after it");
}

/* ---- reuseaddr ---- */

void experiment_reuseaddr(struct lab *lab)
{
	struct lab_pair pair;
	struct address port;
	char text[LAB_TEXT_SIZE];
	int again;
	int without;
	int with;

	lab_step(lab, "A server has a client, and hangs up first.  Its end "
		      "stays in TIME-WAIT for a minute, so that late packets "
		      "meet no new connection.");
	pair.listener = lab_socket(lab, SOCK_STREAM, "the server");
	lab_set(lab, pair.listener, SOCKOPT_SO_REUSEADDR, 1,
		"good manners: the next server needs that we said it too");
	lab_serve(lab, pair.listener);
	port = lab_name(lab, pair.listener);
	pair.client = lab_socket(lab, SOCK_STREAM, "the client");
	pair.server = lab_meet(lab, pair.listener, pair.client);
	lab_close(lab, pair.server, "the server hangs up first");
	lab_receive(lab, pair.client, 20, 0, "the client sees the end", text);
	lab_close(lab, pair.client, "and hangs up, too");
	lab_close(lab, pair.listener, "the server ends");

	lab_step(lab, "It starts again.  Without SO_REUSEADDR:");
	again = lab_socket(lab, SOCK_STREAM, "the server, again");
	without = lab_try_bind(lab, again, &port, "its old port");
	lab_observe_text(lab, "without", without ? error_name(without) : "ok");

	lab_step(lab, "With it:");
	lab_set(lab, again, SOCKOPT_SO_REUSEADDR, 1, "TIME-WAIT may be");
	with = lab_try_bind(lab, again, &port, "its old port");
	lab_observe_text(lab, "with", with ? error_name(with) : "ok");
	lab_expect(lab, without == EADDRINUSE && with == 0,
		"EADDRINUSE without, and the port with SO_REUSEADDR");
}

/* ---- inherit ---- */

/* What is set on the listening socket, and whether an accepted one has it. */
static const struct {
	enum sockopt_id id;
	const char *key;
	int value;
	bool is_inherited;
} listener_options[] = {
	{SOCKOPT_SO_KEEPALIVE, "SO_KEEPALIVE", 1, true},
	{SOCKOPT_SO_OOBINLINE, "SO_OOBINLINE", 1, true},
	{SOCKOPT_SO_RCVBUF, "SO_RCVBUF", 20000, true},
	{SOCKOPT_SO_DONTROUTE, "SO_DONTROUTE", 1, true},
	{SOCKOPT_IP_TTL, "IP_TTL", 32, true},
	{SOCKOPT_TCP_NODELAY, "TCP_NODELAY", 1, true},
	{SOCKOPT_TCP_KEEPIDLE, "TCP_KEEPIDLE", 77, true},
	{SOCKOPT_TCP_FASTOPEN, "TCP_FASTOPEN", 5, false},
};

#define LISTENER_OPTIONS                                                       \
	(sizeof(listener_options) / sizeof(listener_options[0]))

/* What is never inherited: that it listens, an option which cannot be set, and
 * O_NONBLOCK, which is not a socket option. */
static void compare_states(struct lab *lab, int listener, int server)
{
	bool is_listening = lab_get(
		lab, server, SOCKOPT_SO_ACCEPTCONN, "it is not listening");
	bool was_blocking = fcntl(listener, F_GETFL) & O_NONBLOCK;
	bool is_nonblocking = fcntl(server, F_GETFL) & O_NONBLOCK;

	lab_observe(lab, "SO_ACCEPTCONN", is_listening);
	lab_observe(lab, "O_NONBLOCK", is_nonblocking);
	lab_expect(lab, !is_listening && was_blocking && !is_nonblocking,
		"that it listens and does not block is the listener's alone");
}

void experiment_inherit(struct lab *lab)
{
	int listener;
	int values[LISTENER_OPTIONS];
	int client;
	int server;

	lab_step(lab, "A listening socket with options of every kind.");
	listener = lab_socket(lab, SOCK_STREAM, "the server");
	for (size_t i = 0; i < LISTENER_OPTIONS; i++) {
		lab_set(lab, listener, listener_options[i].id,
			listener_options[i].value, "on the listener");
		values[i] = lab_get(
			lab, listener, listener_options[i].id, "as granted");
	}
	lab_serve(lab, listener);
	client = lab_socket(lab, SOCK_STREAM, "the client");

	lab_step(lab, "What accept returns has most of them.");
	server = lab_meet(lab, listener, client);
	if (lab_has_failed(lab))
		return;
	(void)fcntl(listener, F_SETFL, O_NONBLOCK);
	for (size_t i = 0; i < LISTENER_OPTIONS; i++) {
		bool has_it = lab_get(lab, server, listener_options[i].id,
				      "on the accepted one") == values[i];

		lab_observe(lab, listener_options[i].key, has_it);
		lab_expect(lab, has_it == listener_options[i].is_inherited,
			listener_options[i].key);
	}
	compare_states(lab, listener, server);
}
