/* SPDX-License-Identifier: ISC */
/* What came and went so far, as numbers with names. */
#ifndef MCHAT_CHAT_STATS_H
#define MCHAT_CHAT_STATS_H

#include <stddef.h>

#include "mchat/protocol/event.h"

struct inbound;
struct outbound;

#define STATS_MAX 24

struct stats {
	struct event_stat items[STATS_MAX];
	size_t count;
};

/* In the terms of the engine, where there is one; and what was done to what
 * came in, where something was. */
void stats_gather(struct stats *stats, const struct outbound *outbound,
	const struct inbound *inbound);

#endif
