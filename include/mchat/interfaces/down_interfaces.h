/* SPDX-License-Identifier: ISC */
/*
 * Interfaces that are not joined although they were, or should be: what has
 * been reported about each, so that it is reported once, and once more when it
 * is back.
 */
#ifndef MCHAT_INTERFACES_DOWN_INTERFACES_H
#define MCHAT_INTERFACES_DOWN_INTERFACES_H

#include <stddef.h>

#include "mchat/network/interface.h"

/* As many as may be joined; the one that has been away for longest is forgotten
 * for another, and then is joined as if it were new. */
#define DOWN_INTERFACES_MAX 64

enum down_reason {
	DOWN_INTERFACES_NONE,
	DOWN_INTERFACES_GONE,    /* it was joined */
	DOWN_INTERFACES_REFUSED, /* the kernel did not have it joined */
};

struct down_interfaces {
	struct {
		char name[INTERFACE_NAME_SIZE];
		enum down_reason why;
	} rows[DOWN_INTERFACES_MAX];
	size_t count;
};

/* Why it is away, as far as it is known to be. */
enum down_reason down_interfaces_find(
	const struct down_interfaces *down, const char *name);

/* Notes why it is away; DOWN_INTERFACES_NONE: it is not. */
void down_interfaces_note(
	struct down_interfaces *down, const char *name, enum down_reason why);

#endif
