/* SPDX-License-Identifier: ISC */
/* What one member has reported of other authors: a bounded list. */
#ifndef MCHAT_PROTOCOL_PEER_REPORTS_H
#define MCHAT_PROTOCOL_PEER_REPORTS_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct wire_report;

/* Authors that are noted of one member: more than talk at a time.  Of all the
 * members that there may be they take 5 MiB, when everyone talks. */
#define PEER_REPORTS_MAX 64

struct peer_report {
	uint64_t origin;
	uint64_t next; /* it has all before this */
	uint64_t most; /* the largest that this was: history goes back */
	uint64_t known;
	struct instant told; /* last */
};

struct peer_reports {
	struct peer_report *list; /* owned */
	size_t count;
	size_t capacity;
};

void peer_reports_fini(struct peer_reports *reports);

/*
 * Notes a report; of too many, or without memory, what was told longest ago
 * gives way.  Returns how many packets of the author the member has confirmed
 * that it had not before, as far as that is known.
 */
uint64_t peer_reports_take(struct peer_reports *reports,
	const struct wire_report *report, struct instant now);

/* All of this author before that number the member has, as far as it told; 0
 * when it did not. */
uint64_t peer_reports_next(const struct peer_reports *reports, uint64_t origin);

#endif
