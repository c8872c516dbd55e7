/* SPDX-License-Identifier: ISC */
/*
 * When to send: a token bucket, filled at the rate that congestion.h allows.
 * Rates are in bytes a second.
 */
#ifndef MCHAT_PROTOCOL_PACING_H
#define MCHAT_PROTOCOL_PACING_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

/* A burst that may leave at once, in bytes. */
#define PACING_BURST 65536.0

/* The first one: ten packets of an Ethernet (RFC 6928). */
#define PACING_BURST_FIRST 14000.0

struct pacing {
	double tokens;    /* bytes; below 0 a debt */
	double mean_size; /* of a packet, in bytes */
	struct instant filled;
	struct instant begun; /* the first was spent, if has_begun */
	bool has_begun;
	bool was_held; /* something had to wait for the bucket */
};

void pacing_init(struct pacing *pacing, struct instant now);

/* Whether something that waits may be sent at `now`. */
bool pacing_allows(struct pacing *pacing, double rate, struct instant now);

/* When it may: now or earlier if it may already. */
struct instant pacing_deadline(const struct pacing *pacing, double rate);

/* Something of `size` bytes is sent. */
void pacing_spend(struct pacing *pacing, size_t size);

#endif
