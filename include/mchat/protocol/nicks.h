/* SPDX-License-Identifier: ISC */
/*
 * Who goes by which nick: a hash table of nicks in use, so that whether one is
 * shared is known at once.
 */
#ifndef MCHAT_PROTOCOL_NICKS_H
#define MCHAT_PROTOCOL_NICKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/wire.h"

/* Lists that the nicks are spread over: a power of two, half as many as there
 * may be members. */
#define NICKS_SLOTS 8192

struct nick {
	uint64_t owner; /* id of the member */
	char text[WIRE_NICK_MAX];
	uint8_t size;
	bool is_plain;     /* a plain word (utf8.h) */
	struct nick *next; /* in use, of the same slot */
};

struct nicks {
	struct nick *slots[NICKS_SLOTS]; /* borrowed */
	uint64_t salt;                   /* of the hash */
	uint64_t changes;                /* so far, from 1 on */
};

/* An empty nick of this member. */
void nick_init(struct nick *nick, uint64_t owner);

/* Sets the text, cut to WIRE_NICK_MAX bytes; not while in use. */
void nick_set(struct nick *nick, const char *text, size_t size);
bool nick_is_same(const struct nick *a, const struct nick *b);

void nicks_init(struct nicks *nicks, uint64_t salt);

/* Has a nick in use, which stays where it is until it is removed. */
void nicks_add(struct nicks *nicks, struct nick *nick);
void nicks_remove(struct nicks *nicks, struct nick *nick);

/* Whether another than its owner uses the same nick. */
bool nicks_is_shared(const struct nicks *nicks, const struct nick *nick);

#endif
