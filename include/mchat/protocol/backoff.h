/* SPDX-License-Identifier: ISC */
/* Random waits, so that of many who could speak few do. */
#ifndef MCHAT_PROTOCOL_BACKOFF_H
#define MCHAT_PROTOCOL_BACKOFF_H

#include <stddef.h>

#include "mchat/base/time.h"

struct prng;

/*
 * A wait of at most `longest` for one of `group` members that all want to say
 * the same: truncated exponential, so that mostly one is early and the others
 * hear it in time (RFC 5740, section 4.2.3.1; Nonnenmacher and Biersack).
 */
struct duration backoff_wait(
	struct prng *prng, struct duration longest, size_t group);

#endif
