/* SPDX-License-Identifier: ISC */
/*
 * Combinations of the packets of one author that are to be sent: for each block
 * as many as the member needs that lacks most of it, less what is under way
 * (coding.h; NORM's parity, RFC 5740, section 4.2.4).
 */
#ifndef MCHAT_PROTOCOL_CODER_H
#define MCHAT_PROTOCOL_CODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/coding.h"
#include "mchat/protocol/packet_store.h"
#include "mchat/protocol/wire.h"

/* More blocks than a store keeps. */
#define CODER_BLOCKS 128

struct coder_block {
	uint64_t first;      /* number of its first packet; 0: none */
	struct instant sent; /* the last combination */
	uint64_t requester;  /* who asked last, 0: nobody did */
	uint8_t lack;        /* how much it lacked */
	uint8_t next;        /* index of the next combination */
	uint8_t planned;     /* that are still to be sent */
};

/* Combinations that were made together: the next of a block. */
struct coder_made {
	uint64_t last; /* number of the last packet in them; 0: none */
	uint8_t index; /* of the first of them; the others follow */
	uint8_t count;
	size_t length; /* of each */
	uint8_t sums[GF256_SUMS_MAX][CODING_SUM_MAX];
};

struct coder {
	struct coder_block blocks[CODER_BLOCKS];
	unsigned planned; /* of all blocks */
	double owed;      /* a part of one, left over by rounding */
	struct coder_made made;
};

/* Combinations that are sent in place of an author: of one at a time. */
struct helping {
	struct coder coder;
	uint64_t author;          /* 0: none */
	struct instant requested; /* first, of what is planned */
	struct instant due;       /* the next */
};

/* A member lacks so much of a block. */
struct coder_request {
	uint64_t first;
	struct wire_lack lack;
	uint64_t requester; /* that member; 0: nobody has asked yet */
	double loss;        /* usual share of packets that is lost, below 1 */
	bool is_urgent;     /* it holds up what is new, or soon will */
	struct instant recent; /* what left since then may be under way */
};

/* How many combinations more that needs, as far as the block has indices; 0 of
 * a block that is too old. */
unsigned coder_need(struct coder *coder, const struct coder_request *request);

/* Whether all indices of the block are used up, so that there can be no more
 * combinations of it. */
bool coder_is_used_up(const struct coder *coder, uint64_t first);

/* Plans so many, again as far as the block has indices; returns how many. */
unsigned coder_plan(struct coder *coder, const struct coder_request *request,
	unsigned count);

/* Plans some that nobody has asked for yet: `amount` may be a part of one. */
void coder_plan_ahead(struct coder *coder, uint64_t first, double amount);

/* Which combination leaves next. */
struct coder_next {
	uint64_t first;
	uint64_t requester;
	uint8_t lack;
	uint8_t index;   /* 0 and up, as often as one was made */
	uint8_t planned; /* more of the same block */
};

/* Takes the first that is planned, which leaves now; false without any. */
bool coder_take(
	struct coder *coder, struct coder_next *out, struct instant now);

/* Somebody else sent a combination of the block: it does as well. */
void coder_note_heard(struct coder *coder, uint64_t first);

/* The block cannot be combined: its packets are not all kept. */
void coder_cancel(struct coder *coder, uint64_t first);

/* Combinations do not come, whatever block they are of. */
void coder_cancel_all(struct coder *coder);

/* A CODE packet that is to be made. */
struct coder_order {
	const struct packet_store *store;
	struct wire_header header;
	uint64_t last; /* it is of the packets of the block up to this */
	size_t most;   /* bytes */
	/* Whether those of the next indices will be wanted, too: what is
	 * computed together takes half the time. */
	bool goes_on;
};

/*
 * Makes it, or takes it from what was made of the same author's packets;
 * returns its size, 0 when a packet of the block is not kept, or it would be
 * too large. `out` has room for WIRE_PACKET_MAX.
 */
size_t coder_make(
	struct coder_made *made, const struct coder_order *order, uint8_t *out);

#endif
