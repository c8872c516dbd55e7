/* SPDX-License-Identifier: ISC */
/*
 * Members of a private group: what their engines send is sealed, and opened
 * before the others' engines get it.  Each header must be unique, so that no
 * nonce is used twice.
 */
#ifndef MCHAT_TESTS_SIM_SEALING_H
#define MCHAT_TESTS_SIM_SEALING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dice.h"
#include "mchat/base/time.h"
#include "mchat/seal/seal.h"

struct parcel;
struct world;

/* Nonces, a table of hashes. */
struct nonces {
	struct nonce {
		uint64_t header; /* without the guard; 0: free */
		uint64_t content;
	} * list;
	size_t count;
	size_t room; /* a power of two */
};

/* In larger groups it is not noted what each lets in. */
#define SEALING_NOTED 16

/* Who seals. */
struct sealing {
	struct seal *seal; /* owned; NULL: not private, or not there */
	struct seal_history history;
	int64_t ahead_ms; /* of its wall clock */
	size_t room;      /* the largest datagram; what it repairs may be
			   * larger */
	int64_t joined_at;
	struct nonces opened;          /* what it let in */
	int64_t newest[SEALING_NOTED]; /* of that, when each member sealed */
};

void nonces_fini(struct nonces *nonces);

/* Joins, with a clock that is right or, where the scenario has it so, is not;
 * and leaves. */
void sealing_join(
	struct world *world, struct sealing *sealing, struct instant now);
void sealing_leave(struct sealing *sealing);

/* Sets its wall clock, as the scenario has it. */
void sealing_set_clock(struct world *world, struct sealing *sealing);

/* Seals the parcel's packet; false when it is too large for that. */
bool sealing_seal(struct world *world, struct sealing *sealing,
	struct parcel *parcel, struct instant now);

/* What is due of the seal itself; false when nothing is. */
bool sealing_names(struct world *world, struct sealing *sealing,
	struct parcel *parcel, struct instant now);

/* Opens what arrived; false when it is no packet, or is not let in. */
bool sealing_open(struct world *world, struct sealing *sealing,
	const struct parcel *parcel, struct instant now,
	struct seal_opened *out);

/* Nothing waits to be received. */
void sealing_caught_up(
	struct world *world, struct sealing *sealing, struct instant now);

#endif
