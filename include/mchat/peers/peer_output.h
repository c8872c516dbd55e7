/* SPDX-License-Identifier: ISC */
/* What goes out to peers: what we say ourselves, and what is passed on. */
#ifndef MCHAT_PEERS_PEER_OUTPUT_H
#define MCHAT_PEERS_PEER_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

struct address;
struct peers;
struct relay_packet;
struct send_batch;

/* What became of a batch so far; {0} at first. */
struct peers_sending {
	int peer;        /* where it stands */
	size_t datagram; /* and at which datagram */
	bool is_done;
};

/*
 * Sends the batch to each peer, going on where *progress stands, and marks in
 * `is_taken` what one of them was sent.  When the buffer is full is_done stays
 * false: poll peer_output_fd for POLLOUT and call again.
 */
void peer_output_send(struct peers *peers, struct send_batch *batch,
	struct peers_sending *progress, bool *is_taken);

/* The socket that has to have room before that goes on; -1: none. */
int peer_output_fd(
	const struct peers *peers, const struct peers_sending *progress);

/*
 * Passes on a packet that came from `packet->source`, and
 * there `from`, and that the engine took:
 * it is put into the batches of the peers and of the network, which borrow it;
 * false when it goes nowhere.  peer_output_flush sends those of the peers; that
 * of the network, batches[RELAY_LAN] (NULL: nothing), is the caller's to send
 * and to clear before.
 */
bool peer_output_pass(struct peers *peers, const struct relay_packet *packet,
	const struct address *from, struct instant now);

/* The same for what is no packet, and known to be new. */
bool peer_output_pass_always(struct peers *peers,
	const struct relay_packet *packet, struct instant now);

void peer_output_flush(struct peers *peers);

#endif
