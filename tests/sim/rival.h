/* SPDX-License-Identifier: ISC */
/*
 * A transfer by TCP that shares a receiver's bottleneck: Reno, as far as its
 * window goes.  It always has something to send.
 */
#ifndef MCHAT_TESTS_SIM_RIVAL_H
#define MCHAT_TESTS_SIM_RIVAL_H

#include <stdbool.h>
#include <stdint.h>

struct agenda;
struct network;

struct rival {
	double window; /* packets that may be under way */
	double threshold;
	uint64_t under_way;
	int64_t blind_until; /* losses before count as one */
	uint64_t received;   /* bytes */
};

/* Begins at `now`. */
void rival_start(struct rival *rival, struct network *network,
	struct agenda *agenda, int64_t now);

/* The sender learns that a packet arrived, or that it was lost. */
void rival_learn(struct rival *rival, struct network *network,
	struct agenda *agenda, bool is_lost, int64_t now);

#endif
