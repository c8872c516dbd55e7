/* SPDX-License-Identifier: ISC */
/* The heap that deadlines.h keeps among members. */
#ifndef MCHAT_PROTOCOL_DEADLINES_TYPES_H
#define MCHAT_PROTOCOL_DEADLINES_TYPES_H

#include <stddef.h>

struct member;

struct deadlines {
	struct member **heap; /* owned; the members are not */
	size_t count;
	size_t capacity;
};

#endif
