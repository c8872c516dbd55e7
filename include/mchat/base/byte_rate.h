/* SPDX-License-Identifier: ISC */
/* How fast bytes come or go, of late. */
#ifndef MCHAT_BASE_BYTE_RATE_H
#define MCHAT_BASE_BYTE_RATE_H

#include <stddef.h>

#include "mchat/base/time.h"

/* All zeros: nothing has come yet. */
struct byte_rate {
	double bytes;      /* that came of late, those long ago hardly count */
	struct instant at; /* when the last came */
};

/* So many bytes came now; time does not run back. */
void byte_rate_add(struct byte_rate *rate, size_t size, struct instant now);

/* Bytes a second, when the last came. */
double byte_rate_get(const struct byte_rate *rate);

#endif
