/* SPDX-License-Identifier: ISC */
/*
 * When an author had sent how much, for packets that it no longer keeps: so
 * that a member which was there all along but heard nothing can be told how
 * many messages it lacks.  Bounded: it grows coarser with time.
 */
#ifndef MCHAT_PROTOCOL_SEND_TIMES_H
#define MCHAT_PROTOCOL_SEND_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* Grains at most; then grains become twice as long, and neighbours one. */
#define SEND_TIMES_MAX 512

/* How long a grain is at first. */
#define SEND_TIMES_GRAIN_MS 8

/* A packet, and the first message that ends in it or later. */
struct send_mark {
	uint64_t number;
	uint64_t message;
};

/* The packets that left within a grain of time. */
struct send_times_grain {
	struct instant begun; /* the first of them left */
	struct instant ended; /* and the last */
	struct send_mark first;
	struct send_mark next; /* behind the last */
};

struct send_times {
	struct send_times_grain grains[SEND_TIMES_MAX];
	size_t count;
	struct duration length; /* of a grain */
};

void send_times_init(struct send_times *log);

/* A packet leaves for the first time, later than those before; `next` is the
 * one behind it. */
void send_times_add(struct send_times *log, struct instant now,
	struct send_mark packet, struct send_mark next);

/*
 * Where begins what left at `since` or later, up to a grain too early.  False
 * when that was before the first of all.
 */
bool send_times_find(const struct send_times *log, struct instant since,
	struct send_mark *out);

#endif
