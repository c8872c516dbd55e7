/* SPDX-License-Identifier: ISC */
/* Datagrams that wait to be sent, for send_batch.c and for what sends them,
 * which differs by system: each is its bytes and a tail. */
#ifndef MCHAT_NETWORK_SEND_BATCH_TYPES_H
#define MCHAT_NETWORK_SEND_BATCH_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "mchat/network/batch.h"

struct send_calls;

struct send_batch {
	struct iovec parts[SEND_BATCH_MAX][2];
	bool are_states[SEND_BATCH_MAX];
	size_t count;
	bool has_bursts;          /* may send them, as far as is known */
	bool is_asked;            /* the kernel, whether it can cut */
	unsigned burst_max;       /* datagrams of one */
	struct send_calls *calls; /* owned; NULL where none are prepared */
};

/* What the system's calls need beside that, one allocation or none; false
 * without memory. */
bool send_calls_new(struct send_calls **out);

#endif
