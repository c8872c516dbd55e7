/* SPDX-License-Identifier: ISC */
/*
 * Faults on demand: what came in is lost, doubled or overtaken by chance, to
 * show what UDP may do and for tests.  The same seed and the same datagrams
 * make the same faults.
 */
#ifndef MCHAT_IO_FAULT_INJECTION_H
#define MCHAT_IO_FAULT_INJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/prng.h"
#include "mchat/base/time.h"
#include "mchat/network/batch.h"

/* Datagrams that wait to be overtaken at most; more are not held back. */
#define FAULT_INJECTION_HELD_MAX 16

/* A datagram is held back behind at most so many others, */
#define FAULT_INJECTION_BEHIND_MAX 8

/* or for so long when no others come. */
#define FAULT_INJECTION_HELD_MS 20

/* How often each happens, in percent. */
struct fault_rates {
	double drop;
	double duplicate;
	double reorder;
};

/* A datagram held back. */
struct fault_injection_held {
	struct datagram datagram; /* whose bytes are owned */
	struct instant due;
	unsigned behind; /* so many more */
};

struct fault_injection {
	struct fault_rates rates;
	struct prng prng; /* the seed at first */
	struct fault_injection_held held[FAULT_INJECTION_HELD_MAX];
	size_t held_count;

	uint64_t dropped;
	uint64_t duplicated;
	uint64_t reordered;
};

void fault_injection_fini(struct fault_injection *injection);

/* What becomes of a datagram. */
enum fault {
	FAULT_NONE,
	FAULT_DROP,      /* it is not to be taken, */
	FAULT_REORDER,   /* not now: it was copied for fault_injection_next, */
	FAULT_DUPLICATE, /* to be taken twice */
};

enum fault fault_injection_take(struct fault_injection *injection,
	const struct datagram *datagram, struct instant now);

/*
 * Gives a datagram that was held back for long enough; false when there is
 * none.  Its bytes are the caller's, to be given to free().
 */
bool fault_injection_next(struct fault_injection *injection, struct instant now,
	struct datagram *out);

/* When fault_injection_next has one at the latest. */
struct instant fault_injection_deadline(
	const struct fault_injection *injection);

#endif
