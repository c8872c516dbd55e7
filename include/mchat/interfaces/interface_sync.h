/* SPDX-License-Identifier: ISC */
/* Joins and leaves as the interfaces of this host come, go and change. */
#ifndef MCHAT_INTERFACES_INTERFACE_SYNC_H
#define MCHAT_INTERFACES_INTERFACE_SYNC_H

#include <stdbool.h>

#include "mchat/io/diagnostics.h"

struct call_log;
struct membership;

/*
 * Looks which interfaces there are now, leaves those that are gone, joins those
 * that are new and wished for, and says of each what became of it, once; what
 * is good not when quiet.  Whether something is other than before.
 */
bool interface_sync_run(struct membership *membership, enum verbosity verbosity,
	struct call_log *log);

#endif
