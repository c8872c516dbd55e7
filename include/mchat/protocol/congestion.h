/* SPDX-License-Identifier: ISC */
/*
 * How fast to send: a rate that follows what the slowest member receives.  Loss
 * alone does not slow it, since a bad link loses the same share at every rate;
 * a share that grows with the rate does.
 */
#ifndef MCHAT_PROTOCOL_CONGESTION_H
#define MCHAT_PROTOCOL_CONGESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct pacing;

/* Bytes a second: at the start, at least, at most. */
#define CONGESTION_RATE_FIRST 1000000.0
#define CONGESTION_RATE_MIN   100000.0
#define CONGESTION_RATE_MAX   1e9

struct congestion {
	double rate;           /* bytes a second */
	double step;           /* of the next growth, as a share of the rate */
	double best;           /* bytes a second that came through, of late */
	struct instant grown;  /* last */
	struct instant shrunk; /* last */
	struct duration least; /* turn-around seen */
	bool is_starting;      /* nothing was too high yet */
};

void congestion_init(struct congestion *congestion);

/* What one member received of what we sent in a while. */
struct congestion_share {
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
void congestion_share_begin(struct congestion_share *share, struct instant now);

/* What a member reports: of `sent` packets in all it has received so many, and
 * a packet is confirmed after this time on average. */
struct congestion_sample {
	uint32_t sent;
	uint32_t received;
	struct duration ack_rtt;
};

/*
 * Takes a report in.  Adapts the rate when enough packets have passed to judge,
 * and once in a turn-around: before that the last change does not show.
 */
void congestion_report(struct congestion *congestion, struct pacing *pacing,
	struct congestion_share *share, const struct congestion_sample *sample,
	struct instant now);

#endif
