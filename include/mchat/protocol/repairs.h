/* SPDX-License-Identifier: ISC */
/* Repairs that are to be sent, by the time they are due: a heap. */
#ifndef MCHAT_PROTOCOL_REPAIRS_H
#define MCHAT_PROTOCOL_REPAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* Repairs that wait at most; who lacks more will ask again. */
#define REPAIRS_MAX 4096

struct repair {
	struct instant due;
	struct instant asked; /* if the packet is heard later, it is not sent */
	uint64_t origin;
	uint64_t number;
};

struct repairs {
	struct repair *heap; /* owned */
	size_t count;
	size_t capacity;
};

void repairs_fini(struct repairs *repairs);

/* False when there are too many, or without memory. */
bool repairs_add(struct repairs *repairs, const struct repair *repair);

/* The one that is due first; NULL when there is none. */
const struct repair *repairs_first(const struct repairs *repairs);

/* Takes that one away. */
void repairs_drop_first(struct repairs *repairs);

#endif
