/* SPDX-License-Identifier: ISC */
/*
 * How fast to send: a token bucket whose rate follows what the slowest member
 * receives.  Loss alone does not slow it, since a bad link loses the same share
 * at every rate; a share that grows with the rate does.
 */
#ifndef MCHAT_PROTOCOL_PACING_H
#define MCHAT_PROTOCOL_PACING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* Bytes a second: at the start, at least, at most. */
#define PACING_RATE_FIRST 1000000.0
#define PACING_RATE_MIN   100000.0
#define PACING_RATE_MAX   1e9

/* A burst that may leave at once, in bytes. */
#define PACING_BURST 65536.0

/* The first one: ten packets of an Ethernet (RFC 6928). */
#define PACING_BURST_FIRST 14000.0

struct pacing {
	double rate;      /* bytes a second */
	double tokens;    /* bytes; below 0 a debt */
	double mean_size; /* of a packet, in bytes */
	struct instant filled;
	struct instant begun;  /* the first was spent, if has_begun */
	struct instant grown;  /* last */
	struct instant shrunk; /* last */
	double step;           /* of the next growth, as a share of the rate */
	double best;           /* bytes a second that came through, of late */
	struct duration least; /* turn-around seen */
	bool has_begun;
	bool is_starting; /* nothing was too high yet */
	bool was_held;    /* something had to wait for the bucket */
};

void pacing_init(struct pacing *pacing, struct instant now);

/* Whether something that waits may be sent at `now`. */
bool pacing_allows(struct pacing *pacing, struct instant now);

/* When it may: now or earlier if it may already. */
struct instant pacing_deadline(const struct pacing *pacing);

/* Something of `size` bytes is sent. */
void pacing_spend(struct pacing *pacing, size_t size);

/* What one member received of what we sent in a while. */
struct pacing_share {
	bool is_begun;
	uint32_t sent;     /* packets, by us, at the last look */
	uint32_t received; /* packets, by it */
	uint32_t looks;    /* so far */
	struct instant looked;
	struct instant reported; /* last, whether looked at or not */
	double recent;           /* share of them that comes through, of late */
	double usual;            /* and in the long run */
};

/* The member hears us before we have sent anything: all that leaves from now on
 * counts.  Otherwise its share begins with its first report. */
void pacing_share_begin(struct pacing_share *share, struct instant now);

/*
 * The member reports that it has received so many packets in all, of `sent` in
 * all.  Adapts the rate when enough have passed to judge, and once in a
 * turn-around: before that the last change does not show.
 */
void pacing_report(struct pacing *pacing, struct pacing_share *share,
	uint32_t sent, uint32_t received, struct duration ack_rtt,
	struct instant now);

#endif
