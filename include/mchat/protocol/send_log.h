/* SPDX-License-Identifier: ISC */
/*
 * When an author had sent how much, for packets that it no longer keeps: so
 * that a member which was there all along but heard nothing can be told how
 * many messages it lacks.  Bounded: it grows coarser with time.
 */
#ifndef MCHAT_PROTOCOL_SEND_LOG_H
#define MCHAT_PROTOCOL_SEND_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* Grains at most; then grains become twice as long, and neighbours one. */
#define SEND_LOG_MAX 512

/* How long a grain is at first. */
#define SEND_LOG_GRAIN_MS 8

/* A packet, and the first message that ends in it or later. */
struct send_mark {
	uint64_t number;
	uint64_t message;
};

/* The packets that left within a grain of time. */
struct send_grain {
	struct instant begun; /* the first of them left */
	struct instant ended; /* and the last */
	struct send_mark first;
	struct send_mark next; /* behind the last */
};

struct send_log {
	struct send_grain grains[SEND_LOG_MAX];
	size_t count;
	struct duration length; /* of a grain */
};

void send_log_init(struct send_log *log);

/* A packet leaves for the first time, later than those before; `next` is the
 * one behind it. */
void send_log_add(struct send_log *log, struct instant now,
	struct send_mark packet, struct send_mark next);

/*
 * Where begins what left at `since` or later, up to a grain too early.  False
 * when that was before the first of all.
 */
bool send_log_find(const struct send_log *log, struct instant since,
	struct send_mark *out);

#endif
