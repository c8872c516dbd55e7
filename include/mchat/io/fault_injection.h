/* SPDX-License-Identifier: ISC */
/*
 * Faults on demand: received datagrams are dropped, duplicated or reordered at
 * random, to show what UDP may do and for tests.  The same seed and the same
 * datagrams make the same faults.
 */
#ifndef MCHAT_IO_FAULT_INJECTION_H
#define MCHAT_IO_FAULT_INJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/prng.h"
#include "mchat/base/time.h"
#include "mchat/network/batch.h"

/* At most this many datagrams are held back at a time. */
#define FAULT_INJECTION_HELD_MAX 16

/* A datagram is held back until at most this many others have overtaken it; */
#define FAULT_INJECTION_BEHIND_MAX 8

/* or for this long, when too few others come. */
#define FAULT_INJECTION_HELD_MS 20

/* How often each happens, in percent. */
struct fault_rates {
	double drop;
	double duplicate;
	double reorder;
};

/* A datagram held back. */
struct fault_injection_held {
	struct datagram datagram; /* its bytes are owned */
	struct instant due;
	unsigned behind; /* how many others are still to overtake it */
};

struct fault_injection {
	struct fault_rates rates;
	struct prng prng; /* initially the seed */
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
	FAULT_DROP,    /* the caller discards it */
	FAULT_REORDER, /* so, too: fault_injection_next has a copy for later */
	FAULT_DUPLICATE, /* the caller takes it twice */
};

enum fault fault_injection_take(struct fault_injection *injection,
	const struct datagram *datagram, struct instant now);

/*
 * Gives a datagram that was held back for long enough; false when there is
 * none.  The caller frees its bytes.
 */
bool fault_injection_next(struct fault_injection *injection, struct instant now,
	struct datagram *out);

/* When fault_injection_next will have one at the latest; INSTANT_NEVER when
 * none is held back. */
struct instant fault_injection_deadline(
	const struct fault_injection *injection);

#endif
