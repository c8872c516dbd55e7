/* SPDX-License-Identifier: ISC */
/*
 * When an author had sent how much, for packets that it no longer keeps: so
 * that a member which was there all along but heard nothing can be told how
 * many messages it lacks.  Bounded: it grows coarser with time.
 */
#ifndef MCHAT_PROTOCOL_SEND_LOG_H
#define MCHAT_PROTOCOL_SEND_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* Marks at most; then every other one goes, and half as many are made. */
#define SEND_LOG_MAX 512

/* The least time between two marks at first. */
#define SEND_LOG_GRAIN_MS 8

struct send_mark {
	struct instant at;
	uint64_t number;  /* of the packet that left then */
	uint64_t message; /* the first that ends in it or later */
};

struct send_log {
	struct send_mark marks[SEND_LOG_MAX];
	size_t count;
	struct duration grain;
};

void send_log_init(struct send_log *log);

/* A packet leaves for the first time; marks are in the order of time. */
void send_log_add(struct send_log *log, const struct send_mark *mark);

/* The last mark that is not behind this time, NULL when all are: what left
 * since then begins there, or up to a grain later. */
const struct send_mark *send_log_find(
	const struct send_log *log, struct instant since);

#endif
