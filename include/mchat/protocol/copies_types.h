/* SPDX-License-Identifier: ISC */
/* What copies.h keeps in an engine. */
#ifndef MCHAT_PROTOCOL_COPIES_TYPES_H
#define MCHAT_PROTOCOL_COPIES_TYPES_H

#include <stdint.h>

#include "mchat/base/time.h"

struct copies {
	uint64_t number; /* of the packet that is sent again; 0: none */
	unsigned left;
	struct instant due; /* the next; NEVER: none */
};

#endif
