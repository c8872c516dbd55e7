/* SPDX-License-Identifier: ISC */
#include "mchat/lab/lab_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOPBACK "127.0.0.1"

/* Connections that wait to be accepted: experiments make one at a time. */
#define BACKLOG 4

/* A connection that was made can be accepted by then. */
#define ACCEPT_MS 5000

void lab_keep(struct lab *lab, int fd)
{
	if (lab->fd_count == LAB_SOCKETS_MAX) {
		close(fd);
		lab_fail(lab, "too many sockets", EMFILE);
		return;
	}
	lab->fds[lab->fd_count++] = fd;
}

static void forget(struct lab *lab, int fd)
{
	for (size_t i = 0; i < lab->fd_count; i++) {
		if (lab->fds[i] == fd) {
			lab->fds[i] = lab->fds[--lab->fd_count];
			return;
		}
	}
}

/* A failed call ends the story; `result` is as the call returned it. */
static void demand(struct lab *lab, int result)
{
	if (result < 0)
		lab_fail(lab, lab->log.failed, lab->log.error);
}

/* ---- sockets ---- */

int lab_socket(struct lab *lab, int type, const char *why)
{
	int fd;

	if (lab->has_failed)
		return -1;
	fd = call_socket(&lab->log, AF_INET, type, why);
	demand(lab, fd);
	if (fd >= 0)
		lab_keep(lab, fd);
	return fd;
}

void lab_close(struct lab *lab, int fd, const char *why)
{
	if (lab->has_failed)
		return;
	forget(lab, fd);
	call_close(&lab->log, fd, why);
}

struct address lab_address(struct lab *lab, const char *host, uint16_t port)
{
	struct address address = {0};

	if (!address_parse(host, &address))
		lab_fail(lab, host, EINVAL);
	address.port = port;
	return address;
}

struct address lab_name(struct lab *lab, int fd)
{
	struct address address = {0};

	if (!lab->has_failed)
		demand(lab, call_getsockname(
				    &lab->log, fd, &address, "where it is"));
	return address;
}

int lab_try_bind(
	struct lab *lab, int fd, const struct address *address, const char *why)
{
	if (lab->has_failed)
		return ECANCELED;
	return call_bind(&lab->log, fd, address, why) < 0 ? errno : 0;
}

void lab_bind(
	struct lab *lab, int fd, const struct address *address, const char *why)
{
	if (!lab->has_failed)
		demand(lab, call_bind(&lab->log, fd, address, why));
}

int lab_try_connect(
	struct lab *lab, int fd, const struct address *address, const char *why)
{
	if (lab->has_failed)
		return ECANCELED;
	return call_connect(&lab->log, fd, address, why) < 0 ? errno : 0;
}

void lab_connect(
	struct lab *lab, int fd, const struct address *address, const char *why)
{
	if (!lab->has_failed)
		demand(lab, call_connect(&lab->log, fd, address, why));
}

static void start_listening(struct lab *lab, int fd)
{
	char text[CALL_TEXT_SIZE];
	int result;

	if (lab->has_failed)
		return;
	result = listen(fd, BACKLOG);
	snprintf(text, sizeof(text), "listen(%d, %d)", fd, BACKLOG);
	demand(lab, (int)lab_tell(lab, text, result, "a server"));
}

int lab_receiver(struct lab *lab)
{
	int fd = lab_socket(lab, SOCK_DGRAM, "the receiver");
	struct address any = lab_address(lab, LOOPBACK, 0);

	lab_bind(lab, fd, &any, "any free port");
	return fd;
}

void lab_serve_at(struct lab *lab, int listener, const struct address *address)
{
	lab_bind(lab, listener, address,
		address->port ? "its port" : "any free port");
	start_listening(lab, listener);
}

void lab_serve(struct lab *lab, int listener)
{
	struct address any = lab_address(lab, LOOPBACK, 0);

	lab_serve_at(lab, listener, &any);
}

int lab_meet(struct lab *lab, int listener, int client)
{
	struct address where = lab_name(lab, listener);
	char text[CALL_TEXT_SIZE];
	int fd;

	lab_connect(lab, client, &where, "the client calls");
	if (lab->has_failed)
		return -1;
	/* The last packet of the handshake may be on its way still. */
	poll(&(struct pollfd){.fd = listener, .events = POLLIN}, 1, ACCEPT_MS);
	fd = accept(listener, NULL, NULL);
	snprintf(text, sizeof(text), "accept(%d)", listener);
	demand(lab, (int)lab_tell(lab, text, fd, "the server's end"));
	if (fd >= 0)
		lab_keep(lab, fd);
	return fd;
}

struct lab_pair lab_pair_open(struct lab *lab)
{
	struct lab_pair pair;

	lab_step(lab, "A server and a client on this host, connected.");
	pair.listener = lab_socket(lab, SOCK_STREAM, "the server");
	lab_serve(lab, pair.listener);
	pair.client = lab_socket(lab, SOCK_STREAM, "the client");
	pair.server = lab_meet(lab, pair.listener, pair.client);
	return pair;
}

void lab_shut(struct lab *lab, int fd, int how, const char *why)
{
	const char *name = how == SHUT_RD   ? "SHUT_RD"
			   : how == SHUT_WR ? "SHUT_WR"
					    : "SHUT_RDWR";
	char text[CALL_TEXT_SIZE];
	int result;

	if (lab->has_failed)
		return;
	result = shutdown(fd, how);
	snprintf(text, sizeof(text), "shutdown(%d, %s)", fd, name);
	demand(lab, (int)lab_tell(lab, text, result, why));
}

/* ---- options ---- */

void lab_get_value(struct lab *lab, int fd, enum sockopt_id id,
	struct sockopt_value *out, const char *why)
{
	const struct sockopt *option = sockopt_info(id);
	char value[SOCKOPT_TEXT_SIZE] = "";
	char text[CALL_TEXT_SIZE];
	int result;

	if (lab->has_failed)
		return;
	result = sockopt_get(fd, id, out);
	if (result == 0)
		sockopt_value_format(out, value);
	snprintf(text, sizeof(text), "getsockopt(%d, %s, %s, [%s])", fd,
		option->level_name, option->name, value);
	demand(lab, (int)lab_tell(lab, text, result, why));
}

struct sockopt_tcp lab_tcp(struct lab *lab, int fd)
{
	struct sockopt_value value = {0};

	if (!lab->has_failed && sockopt_get(fd, SOCKOPT_TCP_INFO, &value) < 0)
		lab_fail(lab, "getsockopt TCP_INFO", errno);
	return value.tcp;
}

int lab_get(struct lab *lab, int fd, enum sockopt_id id, const char *why)
{
	struct sockopt_value value = {0};

	lab_get_value(lab, fd, id, &value, why);
	return value.number;
}

void lab_set_value(struct lab *lab, int fd, enum sockopt_id id,
	const struct sockopt_value *value, const char *why)
{
	if (!lab->has_failed)
		demand(lab, sockopt_set(&lab->log, fd, id, value, why));
}

void lab_set(struct lab *lab, int fd, enum sockopt_id id, int number,
	const char *why)
{
	if (!lab->has_failed)
		demand(lab, sockopt_set_number(&lab->log, fd, id, number, why));
}

int lab_try_set(struct lab *lab, int fd, enum sockopt_id id, int number,
	const char *why)
{
	if (lab->has_failed)
		return ECANCELED;
	return sockopt_set_number(&lab->log, fd, id, number, why) < 0 ? errno
								      : 0;
}

int lab_try_set_value(struct lab *lab, int fd, enum sockopt_id id,
	const struct sockopt_value *value, const char *why)
{
	if (lab->has_failed)
		return ECANCELED;
	return sockopt_set(&lab->log, fd, id, value, why) < 0 ? errno : 0;
}
