/* SPDX-License-Identifier: ISC */
/*
 * What the sockets of an experiment send and receive, and how long it takes.
 * Sending and receiving return bytes or, negated, the errno, which is part of
 * the story.  After a story has ended (lab_fail), nothing is done.
 */
#ifndef MCHAT_LAB_LAB_TRANSFER_H
#define MCHAT_LAB_LAB_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"
#include "mchat/base/time.h"
#include "mchat/lab/lab.h"

/* send(2) of a text, without its terminator, with MSG_* flags. */
long lab_send(
	struct lab *lab, int fd, const char *text, int flags, const char *why);

/* sendto(2), likewise. */
long lab_send_to(struct lab *lab, int fd, const struct address *to,
	const char *text, int flags, const char *why);

/* Room for what lab_receive takes at a time, terminator included. */
#define LAB_TEXT_SIZE 64

/* recv(2) of at most `size` < LAB_TEXT_SIZE bytes; terminated in *out. */
long lab_receive(struct lab *lab, int fd, size_t size, int flags,
	const char *why, char out[LAB_TEXT_SIZE]);

/* The same of a socket that may block for ever: after `seconds` the call is
 * interrupted, and the result is -EINTR. */
long lab_receive_for(struct lab *lab, int fd, int flags, unsigned seconds,
	const char *why, char out[LAB_TEXT_SIZE]);

/* recvfrom(2) of what is to arrive, which may take its time on a busy host:
 * waits for it for seconds, then -EAGAIN.  *from may be NULL. */
long lab_take(struct lab *lab, int fd, const char *why, struct address *from,
	char out[LAB_TEXT_SIZE]);

/* Sends until the socket would block; returns how many bytes it took. */
long lab_fill(struct lab *lab, int fd);

/*
 * Reads until the stream ends (*error is 0), fails (*error says how) or is
 * silent for a second (EAGAIN); returns how many bytes there were.
 */
long lab_drain(struct lab *lab, int fd, int *error);

/* Takes all datagrams that are waiting; returns how many there were. */
int lab_count(struct lab *lab, int fd);

/* Whether select(2) finds it readable within `ms`. */
bool lab_is_readable(struct lab *lab, int fd, int ms, const char *why);

/* How long ago an instant of clock_now (io/clock.h) was. */
int64_t lab_ms_since(struct instant start);
int64_t lab_us_since(struct instant start);

#endif
