/* SPDX-License-Identifier: ISC */
/*
 * What two members that exchange packets by unicast say to each other about
 * that, in packets of 24 bytes: the header of mchat-protocol(7) and eight bytes
 * more.  The engine knows none of these.
 */
#ifndef MCHAT_PROTOCOL_WIRE_PEER_H
#define MCHAT_PROTOCOL_WIRE_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_PEER_SIZE 24

enum wire_peer_kind {
	WIRE_PEER_CHALLENGE = 6, /* give me these bytes back */
	WIRE_PEER_ANSWER = 7,    /* these are they */
	WIRE_PEER_PRUNE = 8,     /* I have what this member sends from another:
				  * spare me it for a while */
};

/* Of the flags; the others are 0, and not looked at. */
#define WIRE_PEER_REPORTS 0x01

struct wire_peer {
	enum wire_peer_kind kind;
	uint32_t room;   /* tag; 0: none */
	uint64_t sender; /* a member, not 0 */
	uint64_t value;  /* random bytes, or a member; not 0 */
	bool reports;    /* the sender hears what the other sends to the group,
			  * and sends it what it says itself */
};

/* Whether `bytes` are such a packet, and *out; else *out is untouched. */
bool wire_peer_decode(const void *bytes, size_t size, struct wire_peer *out);

void wire_peer_encode(
	const struct wire_peer *packet, uint8_t out[WIRE_PEER_SIZE]);

#endif
