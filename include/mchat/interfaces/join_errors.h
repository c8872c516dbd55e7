/* SPDX-License-Identifier: ISC */
/*
 * Interfaces on which joining failed, gathered so that the remedy is printed
 * once, not for each of them.
 */
#ifndef MCHAT_INTERFACES_JOIN_ERRORS_H
#define MCHAT_INTERFACES_JOIN_ERRORS_H

#include <stddef.h>

#include "mchat/network/group.h"
#include "mchat/network/interface.h"

struct call_log;

struct join_errors {
	int error; /* errno of the first, which was said; 0: there is none */
	char names[GROUP_INTERFACES_MAX][INTERFACE_NAME_SIZE]; /* as well */
	size_t count;
};

/* Adds one, by the failed call in `log`.  The first is said at once, with why;
 * so is one that failed for another reason, which then is the first. */
void join_errors_add(struct join_errors *errors, const char *name,
	const struct call_log *log, int error);

/* Says which others were refused for the same reason, if there are any, and
 * begins anew. */
void join_errors_tell(struct join_errors *errors);

#endif
