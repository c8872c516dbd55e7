/* SPDX-License-Identifier: ISC */
/* What one member reports that it has of other authors: a bounded list. */
#ifndef MCHAT_PROTOCOL_HEARINGS_H
#define MCHAT_PROTOCOL_HEARINGS_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct wire_report;

/* Authors that are noted of one member: more than talk at a time.  Of all the
 * members that there may be they take 4 MiB, when everyone talks. */
#define HEARINGS_MAX 64

struct hearing {
	uint64_t origin;
	uint64_t next; /* it has all before this */
	uint64_t most; /* the largest that this was: history goes back */
	uint64_t known;
	struct instant told; /* last */
};

struct hearings {
	struct hearing *list; /* owned */
	size_t count;
	size_t capacity;
};

void hearings_fini(struct hearings *hearings);

/*
 * Notes a report; of too many, or without memory, what was told longest ago
 * gives way.  Returns how many packets of the author the member has confirmed
 * that it had not before, as far as that is known.
 */
uint64_t hearings_take(struct hearings *hearings,
	const struct wire_report *report, struct instant now);

/* All of this author before that number the member has, as far as it told; 0
 * when it did not. */
uint64_t hearings_next(const struct hearings *hearings, uint64_t origin);

#endif
