/* SPDX-License-Identifier: ISC */
/*
 * The sockets of an experiment and their options: each call is told as it is
 * made.  Where one may fail as part of the story, its name says so
 * (lab_try_...) and it returns 0 or the errno.  Every other failure ends the
 * story (lab_fail); after that calls do nothing, and lab_try_... return
 * ECANCELED.
 */
#ifndef MCHAT_LAB_LAB_SOCKET_H
#define MCHAT_LAB_LAB_SOCKET_H

#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/lab/lab.h"
#include "mchat/network/sockopt.h"

/* An IPv4 socket, SOCK_DGRAM or SOCK_STREAM; lab_run closes it at the end. */
int lab_socket(struct lab *lab, int type, const char *why);
/* Has lab_run close a socket, made in another way, at the end. */
void lab_keep(struct lab *lab, int fd);
void lab_close(struct lab *lab, int fd, const char *why);

/* Parses an address that an experiment has as text; a mistake in it ends the
 * story. */
struct address lab_address(struct lab *lab, const char *host, uint16_t port);

/* The address that a socket is bound to. */
struct address lab_name(struct lab *lab, int fd);

void lab_bind(struct lab *lab, int fd, const struct address *address,
	const char *why);
int lab_try_bind(struct lab *lab, int fd, const struct address *address,
	const char *why);
void lab_connect(struct lab *lab, int fd, const struct address *address,
	const char *why);
int lab_try_connect(struct lab *lab, int fd, const struct address *address,
	const char *why);

/* A datagram socket bound to a free port of 127.0.0.1. */
int lab_receiver(struct lab *lab);

/* Binds a socket to a free port of 127.0.0.1 and listens. */
void lab_serve(struct lab *lab, int listener);

/* The same at an address of one's own. */
void lab_serve_at(struct lab *lab, int listener, const struct address *address);

/* Connects the client to the listener; returns the server's end. */
int lab_meet(struct lab *lab, int listener, int client);

/* A connection without special options. */
struct lab_pair {
	int listener;
	int client;
	int server; /* its end of the connection */
};
struct lab_pair lab_pair_open(struct lab *lab);

/* shutdown(2), with SHUT_RD, SHUT_WR or SHUT_RDWR. */
void lab_shut(struct lab *lab, int fd, int how, const char *why);

/* What TCP_INFO tells of a connection; this call is not told. */
struct sockopt_tcp lab_tcp(struct lab *lab, int fd);

int lab_get(struct lab *lab, int fd, enum sockopt_id id, const char *why);
void lab_get_value(struct lab *lab, int fd, enum sockopt_id id,
	struct sockopt_value *out, const char *why);
void lab_set(struct lab *lab, int fd, enum sockopt_id id, int number,
	const char *why);
void lab_set_value(struct lab *lab, int fd, enum sockopt_id id,
	const struct sockopt_value *value, const char *why);
int lab_try_set(struct lab *lab, int fd, enum sockopt_id id, int number,
	const char *why);
int lab_try_set_value(struct lab *lab, int fd, enum sockopt_id id,
	const struct sockopt_value *value, const char *why);

#endif
