/* SPDX-License-Identifier: ISC */
/* What is known of the paths to members: written by path_mtu. */
#ifndef MCHAT_PROTOCOL_PATH_MTU_TYPES_H
#define MCHAT_PROTOCOL_PATH_MTU_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct path_mtu {
	/* What it gets. */
	uint64_t origin; /* of the packet that is watched; 0: none is */
	uint64_t number;
	struct instant asked; /* for it, last that counted */
	unsigned fails;       /* of its repairs */
	bool is_suspected;    /* by us */
	bool is_limited;      /* and it says so, of packets of ours */
	bool is_told;         /* and an event did */

	/* What we get of it. */
	struct instant limited_until;
};

/* The same of all members together. */
struct path_mtu_group {
	bool is_limited;      /* somebody is: we say what is new in small
			       * packets */
	struct instant until; /* our STATEs are small: fragments came, or we
			       * asked in vain */
};

#endif
