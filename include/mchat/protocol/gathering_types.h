/* SPDX-License-Identifier: ISC */
/* A member that waits for others: what gathering.h keeps in an engine. */
#ifndef MCHAT_PROTOCOL_GATHERING_TYPES_H
#define MCHAT_PROTOCOL_GATHERING_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

struct gathering {
	size_t wanted;        /* members that are to hear us; 0: none */
	size_t hearing;       /* that did at the last look */
	size_t looked;        /* at, of members that may be polled */
	bool is_due;          /* the next STATE polls */
	struct instant due;   /* the next look; NEVER: none */
	struct duration wait; /* after that, for the one behind it */
};

#endif
