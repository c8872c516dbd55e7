/* SPDX-License-Identifier: ISC */
/* Many datagrams a system call that leave: what costs is the call, not the
 * bytes. */
#ifndef MCHAT_NETWORK_SEND_BATCH_H
#define MCHAT_NETWORK_SEND_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/address.h"

struct send_batch;

/*
 * Datagrams that the kernel cuts off one large one at most.  It would do 64
 * (UDP_MAX_SEGMENTS of linux/udp.h); but a virtual wire carries, and loses, the
 * large one whole, and eight save most of the sender's calls already.  The
 * second, as many as make the largest of datagrams, saves wake-ups: for who has
 * many receivers on one machine.
 */
#define SEND_BURST_USUAL 8
#define SEND_BURST_MOST  44

/* The call that sends one, for people. */
extern const char send_batch_call[];

/*
 * NULL without memory.  With `has_bursts`, runs of datagrams of equal size go
 * to the kernel as one large one that it cuts (UDP_SEGMENT), which costs
 * several times less; where it refuses that, they go one by one.
 */
struct send_batch *send_batch_new(bool has_bursts);
void send_batch_free(struct send_batch *batch);

/* From now on so many datagrams are a burst at most; SEND_BURST_USUAL before.
 */
void send_batch_set_burst(struct send_batch *batch, unsigned most);

bool send_batch_is_full(const struct send_batch *batch);
size_t send_batch_count(const struct send_batch *batch);

/*
 * Adds one datagram: `size` bytes and then the terminated string `tail`.  Both
 * are borrowed until the batch is cleared.  The batch must not be full.
 */
void send_batch_add(struct send_batch *batch, const char *bytes, size_t size,
	const char *tail);

/* The datagram that was added last holds a STATE, which its bytes do not tell
 * where they are sealed; and whether datagram `i` does. */
void send_batch_mark_state(struct send_batch *batch);
bool send_batch_is_state(const struct send_batch *batch, size_t i);

/* The bytes of datagram `i` without its tail; *size is how many. */
const void *send_batch_bytes(
	const struct send_batch *batch, size_t i, size_t *size);

void send_batch_clear(struct send_batch *batch);

/*
 * Sends the datagrams from number `first` on to `to`, without blocking.
 * Returns how many were taken by the kernel, or -1 with errno when the first
 * of them was refused.
 */
int send_batch_send(struct send_batch *batch, size_t first, int fd,
	const struct address *to);

#endif
