/* SPDX-License-Identifier: ISC */
/* Repairs that are to be sent, by the time they are due: a heap. */
#ifndef MCHAT_PROTOCOL_REPAIR_QUEUE_H
#define MCHAT_PROTOCOL_REPAIR_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* Repairs that wait at most; who lacks more will ask again. */
#define REPAIR_QUEUE_MAX 4096

struct repair_queue_entry {
	struct instant due;
	struct instant
		requested; /* if the packet is heard later, it is not sent */
	uint64_t origin;
	uint64_t number;
};

struct repair_queue {
	struct repair_queue_entry *heap; /* owned */
	size_t count;
	size_t capacity;
};

void repair_queue_fini(struct repair_queue *repairs);

/* False when there are too many, or without memory. */
bool repair_queue_add(
	struct repair_queue *repairs, const struct repair_queue_entry *repair);

/* The one that is due first; NULL when there is none. */
const struct repair_queue_entry *repair_queue_first(
	const struct repair_queue *repairs);

/* Takes that one away. */
void repair_queue_drop_first(struct repair_queue *repairs);

#endif
