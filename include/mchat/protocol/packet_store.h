/* SPDX-License-Identifier: ISC */
/*
 * The packets of one author, by number: sent ones that may have to be sent
 * again, received ones that wait for their turn, delivered ones that somebody
 * else may lack.  A ring, so that each is found at once.
 */
#ifndef MCHAT_PROTOCOL_PACKET_STORE_H
#define MCHAT_PROTOCOL_PACKET_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/wire.h"

/* Numbers that a store spans at most: what is kept for others, and what may
 * wait beyond the one expected next. */
#define PACKET_STORE_SPAN 16384

/* Packets that are kept in all: those that wait, and for others as many as
 * leave room for.  Only more than that may wait. */
#define PACKET_STORE_KEPT 4096

/* And bytes: as many packets of the usual size, with what each takes beyond. */
#define PACKET_STORE_BYTES ((size_t)PACKET_STORE_KEPT * (WIRE_USUAL_MAX + 128))

struct packet {
	struct instant touched; /* last sent by us or heard */
	struct instant sent_at; /* for the first time, by us */
	uint64_t messages;      /* of another author: that end in the packets up
				 * to this one */
	uint64_t requester;     /* of a repair that is on the way: the first */
	unsigned requests;      /* with its first one, and all of others; 0: no
				 * repair is on the way */
	uint32_t sent;          /* our packets so far when it left first */
	uint32_t check;         /* coding_check; is_checked: it was made */
	uint16_t size;
	uint8_t forms; /* PATH_MTU_... of a repair that is on the way */
	bool was_cut;  /* it was sent again in fragments, or came so */
	bool is_checked;
	uint8_t bytes[];
};

struct packet_store {
	struct packet **slots; /* owned, as are the packets */
	size_t capacity;       /* of slots: 0, or a power of two */
	uint64_t first;        /* the lowest number that may be kept */
	uint64_t end;          /* all that are kept come before this */
	size_t memory;         /* bytes that the packets and slots take */
};

/* What a packet takes beyond its bytes: its head, and what malloc adds. */
#define PACKET_OVERHEAD (sizeof(struct packet) + 16)

/* An empty store whose numbers begin with `first`. */
void packet_store_init(struct packet_store *store, uint64_t first);
void packet_store_fini(struct packet_store *store);

/*
 * Copies a packet in.  Its number must not be kept yet and be within
 * [first, first + PACKET_STORE_SPAN).  NULL without memory.
 */
struct packet *packet_store_put(struct packet_store *store, uint64_t number,
	const void *bytes, size_t size, struct instant now);

/* The packet of that number, or NULL. */
struct packet *packet_store_get(
	const struct packet_store *store, uint64_t number);

/* The coding_check of a packet, which is a DATA packet of this author and
 * number: made once. */
uint32_t packet_check(struct packet *packet, uint64_t author, uint64_t number);

/* The number of the first packet that is kept from `number` on; without one not
 * below store.end. */
uint64_t packet_store_find(const struct packet_store *store, uint64_t number);

/*
 * Makes `number` the lowest, which is below what was; store.end is at most
 * PACKET_STORE_SPAN above it.  False without memory.
 */
bool packet_store_lower(struct packet_store *store, uint64_t number);

/* Forgets what comes before `number`, which becomes the lowest. */
void packet_store_drop_before(struct packet_store *store, uint64_t number);

/* Forgets what comes from `number` on, as if it had never come. */
void packet_store_drop_from(struct packet_store *store, uint64_t number);

#endif
