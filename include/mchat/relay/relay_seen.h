/* SPDX-License-Identifier: ISC */
/*
 * What a member that passes packets on between its network and its peers has
 * passed on already, so that each packet goes on once and loops end.
 *
 * DATA sent for the first time is known by author and number, within a window;
 * STATE by its counter, which only grows.  A repair looks the same each time it
 * is sent, and must be able to pass again: it may after a hold-off, which
 * doubles each time, so that one that goes round in circles, however slowly,
 * comes to rest.  What is of another kind is known by its bytes, likewise: so a
 * CODE that was forged does not keep the right one of its number from passing.
 *
 * Where the same packets come by two ways, all but one are superfluous: the
 * verdict is then to ask the source to leave out this author for a while
 * (reverse path forwarding, as in RFC 3973).  Who was asked and when is kept
 * here, so that never all of the ways are shut: see relay_seen_take.
 *
 * Pure, and of a fixed size whatever comes in.
 */
#ifndef MCHAT_RELAY_RELAY_SEEN_H
#define MCHAT_RELAY_RELAY_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* Where a packet comes from: our own network, a peer by its number, or a host
 * that reports to us. */
#define RELAY_LAN     0
#define RELAY_PEER(i) ((unsigned)(i) + 1)
#define RELAY_REPORTS 33 /* behind 32 peers */
#define RELAY_SOURCES 34

/* For how long a peer that was asked to spare us an author does so.  It is also
 * for how long packets of that author fail to come, at most, when the other way
 * breaks; the engine has them sent again. */
#define RELAY_PRUNE_MS 2000

struct relay_seen;

/* NULL without memory. */
struct relay_seen *relay_seen_new(void);
void relay_seen_free(struct relay_seen *seen);

enum relay_verdict {
	RELAY_PASS,  /* it is new: pass it on */
	RELAY_LEAVE, /* it was passed on, or is nothing to pass on */
	RELAY_PRUNE, /* the same; and a source is to be asked for no more */
};

struct relay_packet {
	const void *bytes; /* of the engine */
	size_t size;
	unsigned source;   /* RELAY_LAN or RELAY_PEER(i) */
	bool lan_has_rank; /* of the network: another member passes packets on
			    * here as we do, and is the one to go on with it */
	const void *datagram; /* what it came as, and goes on as: the same, or
			       * sealed */
	size_t datagram_size;
};

/* Whose packet it is, and of RELAY_PRUNE the source that is to be asked for no
 * more of this member. */
struct relay_author {
	uint64_t member; /* 0: none that we know of */
	unsigned asked;  /* never RELAY_LAN */
};

/*
 * What to do with a packet that came in, and *author.  The engine has found it
 * whole and of our room, or is too old to know its kind.  `own` is our own id:
 * what is ours was sent to all already.
 */
enum relay_verdict relay_seen_take(struct relay_seen *seen,
	const struct relay_packet *packet, uint64_t own, struct instant now,
	struct relay_author *author);

/*
 * While the way that is kept goes on giving us packets, as it just did with one
 * of this member that passed, the others are asked anew before their time is
 * up: the peer, as a source, that is to be asked now, or RELAY_LAN for none
 * (more).
 */
unsigned relay_seen_renew(struct relay_seen *seen,
	const struct relay_packet *packet, uint64_t member, struct instant now);

/* Where packets of a member come from: RELAY_LAN also when that is not known.
 */
unsigned relay_seen_source(const struct relay_seen *seen, uint64_t member);

/* A peer wants no first-time packets of this member for a while. */
void relay_seen_note_prune(struct relay_seen *seen, uint64_t member,
	unsigned peer, struct instant now);

/* Whether a packet is DATA sent for the first time or a STATE: what can be done
 * without where it comes by another way. */
bool relay_seen_is_first_time(const void *packet, size_t size);
bool relay_seen_is_state(const void *packet, size_t size);

/* Whether a packet is to be left out for that peer; a repair never is. */
bool relay_seen_is_pruned(const struct relay_seen *seen, const void *packet,
	size_t size, unsigned peer, struct instant now);

/* The peer with this number is another one from now on. */
void relay_seen_forget_peer(struct relay_seen *seen, unsigned peer);

#endif
