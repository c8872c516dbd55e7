/* SPDX-License-Identifier: ISC */
/* The packet that is being sent again in fragments: written by repair. */
#ifndef MCHAT_PROTOCOL_REPAIR_CUT_H
#define MCHAT_PROTOCOL_REPAIR_CUT_H

#include <stdint.h>

#include "mchat/protocol/engine_types.h"

/* The packet that is being sent again in fragments. */
struct repair_cut {
	uint64_t origin; /* 0: none is */
	uint64_t number;
	uint16_t offset; /* of the next one */
	struct engine_reason why;
};

#endif
