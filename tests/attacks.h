/* SPDX-License-Identifier: ISC */
/*
 * Attackers with a strategy: each knows the wire format and what it overheard,
 * and speaks in the names of members that do not exist, never of those that do;
 * but a combination does not say who made it, only of whose packets it is.
 * Pure: packets overheard and time go in, packets come out; the simulator and
 * the peer program attacker play the same ones.
 */
#ifndef MCHAT_TESTS_ATTACKS_H
#define MCHAT_TESTS_ATTACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/protocol/wire.h"

/* The most honest members that an attacker names. */
#define ATTACK_TARGETS_MAX 16

enum attack_kind {
	ATTACK_NONE,
	ATTACK_FILL,          /* many fakes join and stay, and report nothing */
	ATTACK_FILL_CONFIRM,  /* these confirm all that honest members say */
	ATTACK_GAPS,          /* each lacks one packet before many */
	ATTACK_UNFINISHED,    /* each has a long message that does not end */
	ATTACK_SLOTS,         /* each has a tiny packet far ahead */
	ATTACK_REPEAT,        /* 32 reports, each of a gap over all */
	ATTACK_LIE_OF_SELF,   /* false numbers and ages of the fakes */
	ATTACK_LIE_OF_OTHERS, /* of honest members, in reports */
	ATTACK_DRIP,          /* confirms a packet each 2 s */
	ATTACK_DRIP_FLOOR,    /* confirms a little more than the floor */
	ATTACK_ASK,           /* asks for all that was ever said */
	ATTACK_ASK_CLAIM,     /* the same, and claims to have confirmed much */
	ATTACK_IDS,           /* each packet has another id */
	ATTACK_CODE,          /* false combinations of others' packets */
	ATTACK_LACKS,         /* lacks all of as many blocks as can be said */
};

/* An honest member as overheard. */
struct attack_target {
	uint64_t id;
	uint64_t last; /* of its packets */
};

struct attack {
	enum attack_kind kind;
	unsigned fakes; /* at least 1 */
	uint64_t state; /* of its random numbers; and of the ids: */
	uint64_t salt;
	uint64_t turn; /* packets made so far */
	struct attack_target targets[ATTACK_TARGETS_MAX];
	size_t target_count;
};

/* The attack of this name; ATTACK_NONE when there is none. */
enum attack_kind attack_find(const char *name);

void attack_init(struct attack *attack, enum attack_kind kind, unsigned fakes,
	uint64_t seed);

/* A packet that an honest member sent. */
void attack_overhear(struct attack *attack, const uint8_t *packet, size_t size);

/* The next packet, `ms` after the attack began; its size, 0: none now. */
size_t attack_next(
	struct attack *attack, int64_t ms, uint8_t out[WIRE_PACKET_MAX]);

#endif
