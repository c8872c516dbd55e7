/* SPDX-License-Identifier: ISC */
/*
 * Exchanging packets with hosts that multicast does not reach: whatever we send
 * goes to each of them, too, and what they send is heard; and what came from
 * one side goes on to the others, as it is.
 *
 * Who we named is heard at once.  Who names us, where --peer any lets them, is
 * heard after it gave back eight random bytes that we sent to its address:
 * nobody is sent more than came from there before.
 */
#ifndef MCHAT_PEERS_PEERS_H
#define MCHAT_PEERS_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/rate_limit.h"
#include "mchat/base/time.h"
#include "mchat/io/diagnostics.h"
#include "mchat/network/batch.h"
#include "mchat/peers/peer_lookup.h"
#include "mchat/peers/peer_name.h"
#include "mchat/peers/peer_socket.h"
#include "mchat/relay/peer_table.h"
#include "mchat/relay/relay_seen.h"

struct call_log;

/* Packets that are passed on in a second at most, however many come: a quarter
 * of what the engine sends at its fastest.  What is left out counts as lost;
 * the engine slows down, and has it sent again. */
#define PEERS_PASSED_PER_SECOND 20000

struct peers_config {
	struct peer_name names[PEER_MAX];
	size_t count;
	bool takes_any;
};

/* Room for what a peer is called, terminator included. */
#define PEERS_LABEL_SIZE PEER_NAME_SIZE

/* What became of a batch so far; {0} at first. */
struct peers_sending {
	int peer;        /* where it stands */
	size_t datagram; /* and at which datagram */
	bool is_done;
};

struct peers {
	const struct peers_config *config; /* borrowed */
	enum verbosity verbosity;
	uint32_t room;
	uint64_t id; /* of the member that we are */
	struct peer_socket socket;
	struct peer_table table;
	struct peer_lookup lookup;
	struct receive_batch *receiving; /* owned, as are these: */
	struct relay_seen *seen;
	/* What is to be passed on, by source; made when needed. */
	struct send_batch *batches[RELAY_SOURCES];
	struct rate_limit limit;
	uint64_t passed_on; /* packets, each once */
	uint64_t left_out;  /* by the limit, or without room in a buffer */
	bool has_news;      /* a peer was heard first: take_news */
};

/* Who we are in the group. */
struct peers_self {
	uint64_t id;
	uint32_t room;
	uint16_t port; /* of the group */
	bool waits;    /* for names to be resolved, PEER_LOOKUP_START_MS */
};

/* Opens the socket, and finds who was named; NULL when that cannot be, with
 * errno.  `log` names the call then. */
struct peers *peers_open(const struct peers_config *config,
	const struct peers_self *self, enum verbosity verbosity,
	struct call_log *log);
void peers_close(struct peers *peers, struct call_log *log);

/* Whether a datagram came from a peer and is for the engine; all else that came
 * by unicast is seen to here.  *peer is which one then. */
bool peers_take(struct peers *peers, const struct datagram *datagram,
	struct instant now, int *peer);

/* Whether a peer was heard first since the last call: the members behind it are
 * to be found. */
bool peers_take_news(struct peers *peers);

/*
 * Sends the batch to each peer, going on where *progress stands, and marks in
 * `is_taken` what one of them was sent.  When the buffer is full is_done stays
 * false: poll peers_sending_fd for POLLOUT and call again.
 */
void peers_send(struct peers *peers, struct send_batch *batch,
	struct peers_sending *progress, bool *is_taken);

/* The socket that has to have room before that goes on; -1: none. */
int peers_sending_fd(
	const struct peers *peers, const struct peers_sending *progress);

/* The largest datagram that leaves for each peer in one piece, as far as is
 * known, in bytes; SIZE_MAX when nothing is. */
size_t peers_datagram_size(const struct peers *peers);

/* What is due: keep-alives, names, who is silent.  And when. */
void peers_tick(struct peers *peers, struct instant now);
struct instant peers_deadline(const struct peers *peers);

/*
 * Passes on a packet that came from `packet->source` and that the engine took:
 * it is put into the batches of the peers and of the network, which borrow it;
 * false when it goes nowhere.  peers_flush sends those of the peers; that of
 * the network, batches[RELAY_LAN] (NULL: nothing), is the caller's to send and
 * to clear before.
 */
bool peers_pass(struct peers *peers, const struct relay_packet *packet,
	struct instant now);
void peers_flush(struct peers *peers);

/* What the peer by which a member is heard is called: as it was named, or its
 * address; returns out.  NULL: it is heard by none. */
const char *peers_label_of(
	const struct peers *peers, uint64_t member, char out[PEERS_LABEL_SIZE]);

#endif
