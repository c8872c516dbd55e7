/* SPDX-License-Identifier: ISC */
/*
 * Faults on demand: what came in is lost, doubled or overtaken by chance, to
 * show what UDP may do and for tests.  The same seed and the same datagrams
 * make the same faults.
 */
#ifndef MCHAT_CHAT_FAULTS_H
#define MCHAT_CHAT_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/prng.h"
#include "mchat/base/time.h"
#include "mchat/network/batch.h"

/* Datagrams that wait to be overtaken at most; more are not held back. */
#define FAULTS_HELD_MAX 16

/* A datagram is held back behind at most so many others, */
#define FAULTS_BEHIND_MAX 8

/* or for so long when no others come. */
#define FAULTS_HELD_MS 20

/* How often each happens, in percent. */
struct fault_rates {
	double drop;
	double duplicate;
	double reorder;
};

/* A datagram held back. */
struct faults_held {
	struct datagram datagram; /* whose bytes are owned */
	struct instant due;
	unsigned behind; /* so many more */
};

struct faults {
	struct fault_rates rates;
	struct prng prng; /* the seed at first */
	struct faults_held held[FAULTS_HELD_MAX];
	size_t held_count;

	uint64_t dropped;
	uint64_t duplicated;
	uint64_t reordered;
};

void faults_fini(struct faults *faults);

/* What becomes of a datagram. */
enum fault {
	FAULT_NONE,
	FAULT_DROP,      /* it is not to be taken, */
	FAULT_REORDER,   /* not now: it was copied for faults_next, */
	FAULT_DUPLICATE, /* to be taken twice */
};

enum fault faults_take(struct faults *faults, const struct datagram *datagram,
	struct instant now);

/*
 * Gives a datagram that was held back for long enough; false when there is
 * none.  Its bytes are the caller's, to be given to free().
 */
bool faults_next(
	struct faults *faults, struct instant now, struct datagram *out);

/* When faults_next has one at the latest. */
struct instant faults_deadline(const struct faults *faults);

#endif
