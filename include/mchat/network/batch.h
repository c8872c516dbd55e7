/* SPDX-License-Identifier: ISC */
/* Many datagrams a system call: what costs is the call, not the bytes.  Those
 * that leave are in send_batch.h. */
#ifndef MCHAT_NETWORK_BATCH_H
#define MCHAT_NETWORK_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"

/* The most that UDP over IPv4 carries: 65,535 less the two headers. */
#define DATAGRAM_SIZE_MAX 65507

/* Messages one call receives at most, each a datagram, or several that the
 * kernel joined.  Each has room for the largest, which is untouched and so
 * unbacked memory until a message needs it. */
#define RECEIVE_BATCH_MAX 64

/* Datagrams one call sends at most; a pipe read of 4 KiB of short lines gives
 * about 600. */
#define SEND_BATCH_MAX 1024

/* A datagram that came in; bytes stay valid until the next receive. */
struct datagram {
	const char *bytes;
	size_t size;
	struct address from;
	unsigned interface_index; /* it came in on; 0 when unknown */
	int hop_limit;            /* it came in with; -1 when unknown */
	bool is_unicast;          /* it came to this host, not to a group */
	bool is_aside; /* the same, but by the socket of an IPv6 group, where
			* it is nothing to the group's members */
};

struct receive_batch;

/* The call that receives one, for people. */
extern const char receive_batch_call[];

/* NULL without memory. */
struct receive_batch *receive_batch_new(void);
void receive_batch_free(struct receive_batch *batch);

/*
 * Receives what is waiting, without blocking: returns how many datagrams, 0
 * when there is none, or -1 with errno.  Less than RECEIVE_BATCH_MAX means that
 * no more was waiting.  What a socket with UDP_GRO joins is taken apart.
 */
int receive_batch_fill(struct receive_batch *batch, int fd);

/* Of an IPv6 socket, which is bound to no group, only what was sent to this
 * one, or to this host, is taken from now on; of an IPv4 one, all. */
void receive_batch_take_only(
	struct receive_batch *batch, const struct address *group);

/* What was lost is counted anew: the next fill is of another socket, even where
 * it has the number of the last. */
void receive_batch_begin(struct receive_batch *batch);

/* Its datagrams are all unicast, which the kernel does not tell. */
void receive_batch_mark_unicast(struct receive_batch *batch);

/* The datagram `index` of the last fill. */
const struct datagram *receive_batch_at(
	const struct receive_batch *batch, size_t index);

/*
 * Datagrams that this socket's buffer had no room for, since the last call of
 * this function, as far as is known: the kernel tells with the next datagram
 * received (SO_RXQ_OVFL), and when it is asked.
 */
uint64_t receive_batch_take_overflow(struct receive_batch *batch);

/* Asks the kernel (SO_MEMINFO), so that the end of a burst counts, too. */
void receive_batch_ask_overflow(struct receive_batch *batch, int fd);

#endif
