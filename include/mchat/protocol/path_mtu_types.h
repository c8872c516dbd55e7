/* SPDX-License-Identifier: ISC */
/* What is known of the paths to members: written by path_mtu. */
#ifndef MCHAT_PROTOCOL_PATH_MTU_TYPES_H
#define MCHAT_PROTOCOL_PATH_MTU_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "mchat/base/time.h"

/* A packet that a member asks for again and again. */
struct path_mtu_watch {
	uint64_t origin; /* 0: none is watched */
	uint64_t number;
	struct instant asked;    /* for it, last that counted */
	unsigned fails;          /* of its repairs */
	bool has_as_large;       /* the member does have a later one that is */
	bool is_suspected;       /* packets of this size do not reach it: */
	uint16_t suspected_size; /* bytes */
};

struct path_mtu {
	/* What it gets. */
	struct path_mtu_watch ours;
	struct path_mtu_watch others;
	bool is_limited;   /* it says so, of packets of ours */
	bool is_told;      /* and an event did */
	bool loses_larger; /* than the usual ones, which it says it takes */
	uint16_t takes;    /* the largest, as it said; 0: it did not */

	/* What we get of it. */
	struct instant limited_until;
	uint16_t limited_size; /* of the largest packet that came in fragments
				* until then: smaller ones may fit the way */
	uint8_t limited_count; /* packets that did, no more than are needed */
	bool has_come_whole;   /* one as large, since any came in fragments,
				* or shortly before */
};

/* The same of all members together. */
struct path_mtu_group {
	bool is_limited;          /* somebody is: we say what is new in small
				   * packets */
	bool are_all_limited;     /* so that large ones are of no use */
	struct instant until;     /* our STATEs are small: fragments came, or we
				   * asked in vain */
	struct instant restarted; /* finding the rate, last */
};

#endif
