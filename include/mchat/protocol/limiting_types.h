/* SPDX-License-Identifier: ISC */
/* Who limits an author: what limiting.h keeps in an engine. */
#ifndef MCHAT_PROTOCOL_LIMITING_TYPES_H
#define MCHAT_PROTOCOL_LIMITING_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct limiting {
	uint64_t id;          /* of that member; 0: none */
	struct instant heard; /* it reported, last */
	struct instant told;  /* that it is; NEVER: not yet */
	size_t looked;        /* at, of members that may be polled */
};

#endif
