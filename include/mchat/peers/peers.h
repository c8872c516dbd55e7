/* SPDX-License-Identifier: ISC */
/*
 * Exchanging packets with hosts that multicast does not reach: whatever we send
 * goes to each of them, too, and what they send is heard; and what came from
 * one side goes on to the others, as it is.
 *
 * Who we named is heard at once.  Who names us, where --peer any lets them, is
 * heard after it gave back eight bytes that nobody can guess and that we sent
 * to its address: what goes there before is never more than twice what
 * came.
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
#include "mchat/network/group.h"
#include "mchat/peers/peer_events.h"
#include "mchat/peers/peer_lookup.h"
#include "mchat/peers/peer_name.h"
#include "mchat/peers/peer_socket.h"
#include "mchat/protocol/wire_peer.h"
#include "mchat/relay/address_proof.h"
#include "mchat/relay/peer_table.h"
#include "mchat/relay/relay_seen.h"
#include "mchat/relay/reporter_table.h"
#include "mchat/seal/header.h"

struct call_log;
struct sealer;

/* Packets that are passed on in a second at most, however many come: a quarter
 * of what the engine sends at its fastest.  What is left out counts as lost;
 * the engine slows down, and has it sent again. */
#define PEERS_PASSED_PER_SECOND 20000

struct peers_config {
	struct peer_name names[PEER_MAX];
	size_t count;
	bool takes_any;
	/* Hosts that we hear by multicast as sources; to them we report.  Who
	 * lists some is taken for a source itself.  Borrowed. */
	const struct address *sources;
	size_t source_count;
};

/* Whether the user asked for peers; else there are reports at most. */
bool peers_are_asked_for(const struct peers_config *config);

/* Room for what a peer is called, terminator included. */
#define PEERS_LABEL_SIZE PEER_NAME_SIZE

struct peers {
	const struct peers_config *config; /* borrowed */
	enum verbosity verbosity;
	uint32_t room;
	uint64_t id;           /* of the member that we are */
	struct sealer *sealer; /* of a private group, borrowed; else NULL */
	/* The tags of the sealed challenges that were sent last, by peer. */
	uint8_t challenge_tags[PEER_MAX][SEAL_TAG_SIZE];
	uint64_t proof_session; /* under which `proof` was made; then */
	struct peer_socket socket;
	struct peer_table table;
	struct address_proof proof;
	struct reporter_table reporters;
	struct peer_lookup lookup;
	struct receive_batch *receiving; /* owned, as are these: */
	struct relay_seen *seen;
	/* What is to be passed on, by source; made when needed. */
	struct send_batch *batches[RELAY_SOURCES];
	struct rate_limit limit;
	struct rate_limit answers; /* to sealed challenges of no peer */
	uint64_t passed_on;        /* packets, each once */
	uint64_t left_out; /* by the limit, or without room in a buffer */
	struct peer_events events;
	bool is_unknown[PEER_MAX]; /* the name, as was told */
	bool has_news;             /* a peer was heard first: take_news */
};

/* Who we are in the group. */
struct peers_self {
	uint64_t id;
	uint32_t room;
	struct sealer *sealer; /* of a private group, borrowed; else NULL */
	uint16_t port;         /* of the group */
	bool waits; /* for names to be resolved, PEER_LOOKUP_START_MS */
	/* Indexes of the interfaces that the group is joined on. */
	unsigned links[GROUP_INTERFACES_MAX];
	size_t link_count;
};

/* Opens the socket, and finds who was named; NULL when that cannot be, with
 * errno.  `log` names the call then. */
struct peers *peers_open(const struct peers_config *config,
	const struct peers_self *self, enum verbosity verbosity,
	struct call_log *log);
void peers_close(struct peers *peers, struct call_log *log);

/* Whether a datagram came from a peer, or from a host that reports to us, and
 * is for the engine; all else that came by unicast is seen to here. */
bool peers_take(struct peers *peers, const struct datagram *datagram,
	struct instant now);

/*
 * In a private group: what a peer, or who would be one, says of the exchange
 * itself, once it was opened.  `is_fresh`: it came for the first time, from who
 * is alive.  True: it gives back bytes that were sent to that address and
 * nowhere else, so it is alive.
 */
bool peers_take_sealed(struct peers *peers, const struct wire_peer *packet,
	const struct address *from, bool is_fresh, struct instant now);

/* A datagram of ours came from there: where it is the challenge that we sent
 * there last, that is ourselves. */
void peers_take_echo(struct peers *peers, const struct datagram *datagram);

/* Where what came by unicast from this address comes from, to whoever passes it
 * on: RELAY_PEER(i) or RELAY_REPORTS. */
unsigned peers_source_of(
	struct peers *peers, const struct address *from, struct instant now);

/* Says something of the exchange itself, once. */
void peers_tell(struct peers *peers, const struct address *to,
	enum wire_peer_kind kind, uint64_t value);

/* Whether a peer was heard first since the last call: the members behind it are
 * to be found. */
bool peers_take_news(struct peers *peers);

/* The largest datagram that leaves for each peer in one piece, as far as is
 * known, in bytes; SIZE_MAX when nothing is. */
size_t peers_datagram_size(const struct peers *peers);

/* What is due: keep-alives, names, who is silent.  And when. */
void peers_tick(struct peers *peers, struct instant now);
struct instant peers_deadline(const struct peers *peers);

/* What a peer is called: as it was named, or its address; returns out. */
const char *peers_label(
	const struct peers *peers, int peer, char out[PEERS_LABEL_SIZE]);

/* What the peer by which a member is heard is called: as it was named, or its
 * address; returns out.  NULL: it is heard by none. */
const char *peers_label_of(
	const struct peers *peers, uint64_t member, char out[PEERS_LABEL_SIZE]);

/* Whether a member is heard by what it reports to us, as a source. */
bool peers_has_report_of(const struct peers *peers, uint64_t member);

#endif
