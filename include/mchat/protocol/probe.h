/* SPDX-License-Identifier: ISC */
/*
 * PROBE and PROBE REPLY: the packets by which `mchat doctor` finds out what
 * gets through, byte by byte in mchat-protocol(7).  They are nothing to the
 * engine.
 */
#ifndef MCHAT_PROTOCOL_PROBE_H
#define MCHAT_PROTOCOL_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/address.h"

/* What a PROBE takes at least; zeros follow what it says, as many as it is to
 * be large. */
#define PROBE_SIZE 128

/* What a reply takes, without members.  It is sent twice, to the asker and to
 * the group: not more leaves than came. */
#define PROBE_REPLY_SIZE 64

/* And each member that it lists; so many at most, which still fits a network of
 * small packets. */
#define PROBE_MEMBER_SIZE 28
#define PROBE_MEMBERS_MAX 16
#define PROBE_REPLY_MAX                                                        \
	(PROBE_REPLY_SIZE + PROBE_MEMBERS_MAX * PROBE_MEMBER_SIZE)

struct probe {
	uint64_t member;    /* who sends it: a random number, never 0 */
	bool wants_reply;   /* else it is for its sender alone */
	bool wants_members; /* whom the replier hears there, too */
	uint8_t way;        /* by which it travels, for its sender to know */
	uint8_t hop_limit;  /* it left with */
	uint16_t number;    /* which of those that it sends */
	uint32_t interface; /* by which it leaves, as its sender counts them */
	struct address group; /* whose members it is for; without port */
};

struct probe_reply {
	uint64_t member; /* who replies */
	uint64_t asker;  /* the sender of the PROBE */
	uint16_t number; /* of that, and so is the next */
	uint32_t interface;
	uint16_t size;     /* with which it came, in bytes */
	uint8_t hop_limit; /* with which it came; 255: not known */
	bool is_doctor;    /* the replier is one, too, and soon gone */
	uint8_t members;   /* that are listed behind it */
	uint32_t host;     /* one number for all that run on the same host, and
			    * only for this asker; 0: not known */
	uint32_t joined_s; /* seconds since it joined the group */
};

/* A member that the replier hears in the group, on the interface by which the
 * PROBE came. */
struct probe_member {
	uint64_t id;
	struct address address; /* from which it was heard; without port */
	uint32_t age_ms;        /* since it was heard last */
};

/* Whether it is one of the two, by its first bytes. */
bool probe_is_either(const void *bytes, size_t size);

/* Write one, and return its size; 0 when it says what none may say. */
size_t probe_encode(const struct probe *probe, uint8_t out[PROBE_SIZE]);
size_t probe_reply_encode(const struct probe_reply *reply,
	const struct probe_member *members, uint8_t out[PROBE_REPLY_MAX]);

/* Read one; false, with *out untouched, when it is none. */
bool probe_decode(const void *bytes, size_t size, struct probe *out);
bool probe_reply_decode(
	const void *bytes, size_t size, struct probe_reply *out);

/* Reads a member of a reply that was decoded, from index 0 on; false past the
 * last. */
bool probe_member_at(
	const void *bytes, size_t size, size_t index, struct probe_member *out);

#endif
