/* SPDX-License-Identifier: ISC */
/* How many members have what: what member_counts.h keeps in an engine. */
#ifndef MCHAT_PROTOCOL_MEMBER_COUNTS_TYPES_H
#define MCHAT_PROTOCOL_MEMBER_COUNTS_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* What counts as of an older number is counted anew: whoever has all up to the
 * new one has yet to say so. */
struct member_counts {
	size_t hearing;    /* that are here, and hear us */
	size_t caught_up;  /* that are here, and have all before ... */
	uint64_t unsent;   /* ... this packet */
	size_t confirmers; /* here or not, that had all from the first on up to
			    * ... */
	uint64_t said;     /* ... this packet */
};

#endif
