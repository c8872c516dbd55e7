/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"
#include "mchat/network/error.h"

/* ---- reuseaddr ---- */

/* What binding a new socket gives, with or without SO_REUSEADDR. */
static int try_bind(struct lab *lab, int type, const struct address *address,
	bool is_shared, const char *why)
{
	int fd = lab_socket(lab, type, "another one");

	if (is_shared)
		lab_set(lab, fd, SOCKOPT_SO_REUSEADDR, 1, "before bind");
	return lab_try_bind(lab, fd, address, why);
}

/* "ok", or the name of the error. */
static void observe_outcome(struct lab *lab, const char *key, int error)
{
	lab_observe_text(lab, key, error ? error_name(error) : "ok");
}

/* 1: the port of connections that have ended, in TIME-WAIT. */
static void restart_after_time_wait(struct lab *lab)
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
	observe_outcome(lab, "without", without);

	lab_step(lab, "With it:");
	lab_set(lab, again, SOCKOPT_SO_REUSEADDR, 1, "TIME-WAIT may be");
	with = lab_try_bind(lab, again, &port, "its old port");
	observe_outcome(lab, "with", with);
	lab_expect(lab, without == EADDRINUSE && with == 0,
		"EADDRINUSE without, and the port with SO_REUSEADDR");
}

/* 2: the port of a connection that lives on, with a child process say, after
 * its listener has gone. */
static void restart_beside_child(struct lab *lab)
{
	int listener = lab_socket(lab, SOCK_STREAM, "the server");
	struct address port;
	int client;
	int without;
	int with;

	lab_step(lab, "A server hands its connection to a child and ends; the "
		      "connection lives on.  Another server wants the port:");
	lab_set(lab, listener, SOCKOPT_SO_REUSEADDR, 1, "before bind");
	lab_serve(lab, listener);
	port = lab_name(lab, listener);
	client = lab_socket(lab, SOCK_STREAM, "the client");
	lab_meet(lab, listener, client);
	lab_close(lab, listener, "the listener goes, the connection stays");
	without = try_bind(lab, SOCK_STREAM, &port, false, "its port");
	with = try_bind(lab, SOCK_STREAM, &port, true, "its port");
	observe_outcome(lab, "child_without", without);
	observe_outcome(lab, "child_with", with);
	lab_expect(lab, without == EADDRINUSE && with == 0,
		"a port that a connection has is free with SO_REUSEADDR only");
}

/* 3: one port on several addresses of one host. */
static void share_by_address(struct lab *lab)
{
	int listener = lab_socket(lab, SOCK_STREAM, "a server");
	int receiver = lab_socket(lab, SOCK_DGRAM, "a receiver");
	struct address port = lab_address(lab, "127.0.0.1", 0);
	struct address other;
	struct address any;
	int beside;
	int over[2];
	int over_udp[2];

	lab_step(lab, "A host of several addresses: the same port on another "
		      "address is free in any case.  On all of them "
		      "(INADDR_ANY) it is not while another listens: BSD lets "
		      "SO_REUSEADDR have it, Linux on UDP only.");
	lab_set(lab, listener, SOCKOPT_SO_REUSEADDR, 1, "before bind");
	lab_serve(lab, listener);
	port.port = lab_name(lab, listener).port;
	other = lab_address(lab, "127.0.0.2", port.port);
	any = lab_address(lab, "0.0.0.0", port.port);
	beside = try_bind(lab, SOCK_STREAM, &other, false, "another address");
	over[0] = try_bind(lab, SOCK_STREAM, &any, false, "all addresses");
	over[1] = try_bind(lab, SOCK_STREAM, &any, true, "all addresses");
	lab_set(lab, receiver, SOCKOPT_SO_REUSEADDR, 1, "before bind");
	port.port = 0;
	lab_bind(lab, receiver, &port, "the same with UDP");
	any.port = lab_name(lab, receiver).port;
	over_udp[0] = try_bind(lab, SOCK_DGRAM, &any, false, "all addresses");
	over_udp[1] = try_bind(lab, SOCK_DGRAM, &any, true, "all addresses");
	observe_outcome(lab, "other_address", beside);
	observe_outcome(lab, "all_without", over[0]);
	observe_outcome(lab, "all_with", over[1]);
	observe_outcome(lab, "udp_all_without", over_udp[0]);
	observe_outcome(lab, "udp_all_with", over_udp[1]);
	lab_expect(lab,
		beside == 0 && over[0] == EADDRINUSE && over[1] == EADDRINUSE &&
			over_udp[0] == EADDRINUSE && over_udp[1] == 0,
		"another address is free, and all of them with UDP only");
}

/* 4: the very same address and port, for TCP and for unicast by UDP. */
static void share_completely(struct lab *lab)
{
	int listener = lab_socket(lab, SOCK_STREAM, "a server");
	int receivers[2];
	struct address port = lab_address(lab, "127.0.0.1", 0);
	int sender;
	int tcp;
	int first;
	int last;

	lab_step(lab, "The very same address and port: never while a TCP "
		      "socket listens.");
	lab_set(lab, listener, SOCKOPT_SO_REUSEADDR, 1, "before bind");
	lab_serve(lab, listener);
	port = lab_name(lab, listener);
	tcp = try_bind(lab, SOCK_STREAM, &port, true, "the same");
	observe_outcome(lab, "same_tcp", tcp);

	lab_step(lab, "Two UDP sockets may; of unicast the last one bound gets "
		      "everything (of multicast each gets a copy: mchat lab "
		      "reuse-udp).");
	port.port = 0;
	for (int i = 0; i < 2; i++) {
		receivers[i] = lab_socket(lab, SOCK_DGRAM, "a receiver");
		lab_set(lab, receivers[i], SOCKOPT_SO_REUSEADDR, 1,
			"before bind");
		lab_bind(lab, receivers[i], &port, "the same");
		port = lab_name(lab, receivers[i]);
	}
	sender = lab_socket(lab, SOCK_DGRAM, "a sender");
	lab_send_to(lab, sender, &port, "hello", 0, "one datagram");
	first = lab_count(lab, receivers[0]);
	last = lab_count(lab, receivers[1]);
	lab_observe(lab, "udp_first", first);
	lab_observe(lab, "udp_last", last);
	lab_expect(lab, tcp == EADDRINUSE && first == 0 && last == 1,
		"TCP is refused, and of UDP one gets the datagram");
}

/* Both must have said it by the time that the second one binds. */
static void set_it_late(struct lab *lab)
{
	int first = lab_receiver(lab);
	struct address port = lab_name(lab, first);
	int second = lab_socket(lab, SOCK_DGRAM, "a second one");
	int early;
	int refused;
	int bound;

	lab_step(lab, "The option is heeded when bind is called: it is set "
		      "before that, and both must have set it.");
	early = lab_try_bind(lab, second, &port, "neither has said it");
	lab_set(lab, second, SOCKOPT_SO_REUSEADDR, 1, "this one says it");
	refused = lab_try_bind(lab, second, &port, "the other has not");
	lab_set(lab, first, SOCKOPT_SO_REUSEADDR, 1, "the other says it");
	bound = lab_try_bind(lab, second, &port, "both have");
	observe_outcome(lab, "said_by_none", early);
	observe_outcome(lab, "said_by_second", refused);
	observe_outcome(lab, "said_by_both", bound);
	lab_expect(lab,
		early == EADDRINUSE && refused == EADDRINUSE && bound == 0,
		"bind succeeds when both have said it");
}

void experiment_reuseaddr(struct lab *lab)
{
	restart_after_time_wait(lab);
	restart_beside_child(lab);
	share_by_address(lab);
	share_completely(lab);
	set_it_late(lab);
}

/* ---- inherit ---- */

/* What is set on the listening socket, and whether an accepted one has it. */
static const struct {
	enum sockopt_id id;
	const char *name;
	int value; /* other than a fresh socket's */
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

/* Three values of one option, as "IP_TTL=64 fresh, 32 listener, 32 accepted".
 */
static void observe_three(struct lab *lab, const char *name, int fresh,
	int listening, int accepted)
{
	char text[64];

	snprintf(text, sizeof(text), "%d fresh, %d listener, %d accepted",
		fresh, listening, accepted);
	lab_observe_text(lab, name, text);
}

static bool is_nonblocking(int fd)
{
	return fcntl(fd, F_GETFL) & O_NONBLOCK;
}

/* O_NONBLOCK is a flag of the descriptor, not a socket option. */
static void set_nonblocking(struct lab *lab, int fd)
{
	char text[CALL_TEXT_SIZE];
	long result;

	if (lab_has_failed(lab))
		return;
	result = fcntl(fd, F_SETFL, O_NONBLOCK);
	snprintf(text, sizeof(text), "fcntl(%d, F_SETFL, O_NONBLOCK)", fd);
	if (lab_tell(lab, text, result, "before anybody connects") < 0)
		lab_fail(lab, text, errno);
}

/* What is never inherited: that it listens, an option which cannot be set, and,
 * on Linux, O_NONBLOCK. */
static void compare_states(struct lab *lab, int fresh, int listener, int server)
{
	bool is_listening = lab_get(
		lab, server, SOCKOPT_SO_ACCEPTCONN, "it is not listening");
	bool was_listening = lab_get(
		lab, listener, SOCKOPT_SO_ACCEPTCONN, "and this one is");

	lab_observe(lab, "listener_SO_ACCEPTCONN", was_listening);
	lab_observe(lab, "SO_ACCEPTCONN", is_listening);
	lab_observe(lab, "listener_O_NONBLOCK", is_nonblocking(listener));
	lab_observe(lab, "O_NONBLOCK", is_nonblocking(server));
	lab_expect(lab,
		was_listening && !is_listening && !is_nonblocking(fresh) &&
			is_nonblocking(listener) && !is_nonblocking(server),
		"that it listens and does not block is the listener's alone");
}

void experiment_inherit(struct lab *lab)
{
	int fresh;
	int listener;
	int client;
	int server;

	lab_step(lab, "A listening socket with options of every kind, none as "
		      "a fresh socket has it, and with O_NONBLOCK.");
	fresh = lab_socket(lab, SOCK_STREAM, "a fresh one, to compare");
	listener = lab_socket(lab, SOCK_STREAM, "the server");
	for (size_t i = 0; i < LISTENER_OPTIONS; i++)
		lab_set(lab, listener, listener_options[i].id,
			listener_options[i].value, "on the listener");
	set_nonblocking(lab, listener);
	lab_serve(lab, listener);
	client = lab_socket(lab, SOCK_STREAM, "the client");

	lab_step(lab, "What accept returns has most of them.  BSD hands "
		      "O_NONBLOCK on as well, Linux does not.");
	server = lab_meet(lab, listener, client);
	for (size_t i = 0; i < LISTENER_OPTIONS; i++) {
		enum sockopt_id id = listener_options[i].id;
		int usual = lab_get(lab, fresh, id, "of a fresh one");
		int set = lab_get(lab, listener, id, "of the listener");
		int got = lab_get(lab, server, id, "of the accepted one");

		observe_three(lab, listener_options[i].name, usual, set, got);
		lab_expect(lab,
			set != usual && got == (listener_options[i].is_inherited
							       ? set
							       : usual),
			listener_options[i].name);
	}
	if (!lab_has_failed(lab))
		compare_states(lab, fresh, listener, server);
}
