/* SPDX-License-Identifier: ISC */
/* The size of our packets: written by packet_size. */
#ifndef MCHAT_PROTOCOL_PACKET_SIZE_TYPES_H
#define MCHAT_PROTOCOL_PACKET_SIZE_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

struct packet_size {
	size_t agreed; /* bytes, what a combination of packets adds included */
	struct instant rests_until; /* it does not grow before */
	struct instant looked;      /* for a larger one, last */
	bool has_looked;
	bool is_fast; /* the rate is one for that size */
};

#endif
