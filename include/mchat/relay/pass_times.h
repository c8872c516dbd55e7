/* SPDX-License-Identifier: ISC */
/*
 * When things were last let pass, in a table of a fixed size: each may pass
 * again after a hold-off, which doubles each time, so that what comes round in
 * circles ends whatever a round takes.
 */
#ifndef MCHAT_RELAY_PASS_TIMES_H
#define MCHAT_RELAY_PASS_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* The first hold-off: of a repair more than a round by fast ways takes, and
 * less than members wait before they ask again over slow ones; of a packet of
 * unknown kind, which may be no repair, more than any round. */
#define PASS_REPAIR_MS 60
#define PASS_OTHER_MS  2000

/* It doubles at most so often, and begins anew after so long a silence. */
#define PASS_DOUBLINGS_MAX 7
#define PASS_FORGOTTEN_MS  60000

/* In sets of four, a fifth takes the place of the oldest.  16,384 times are
 * nearly a second's at the most packets that are passed on in one. */
#define PASS_SETS 4096
#define PASS_WAYS 4

struct pass_time {
	uint64_t key; /* 0: none */
	struct instant at;
	unsigned doublings;
};

struct pass_times {
	struct pass_time sets[PASS_SETS][PASS_WAYS];
};

/* Whether this may pass now, after a first hold-off of `hold_ms`; notes it. */
bool pass_times_take(struct pass_times *times, uint64_t key, int64_t hold_ms,
	struct instant now);

/* Keys, never 0: of packet `number` of a member, and of bytes (FNV-1a). */
uint64_t pass_times_key(uint64_t member, uint64_t number);
uint64_t pass_times_hash(const void *bytes, size_t size);

/* Spreads what is regular (the finalizer of MurmurHash3). */
uint64_t pass_times_mix(uint64_t value);

#endif
