/* SPDX-License-Identifier: ISC */
/* Following the interfaces of this host, which come, go and change. */
#ifndef MCHAT_CHAT_FOLLOW_H
#define MCHAT_CHAT_FOLLOW_H

#include <stdbool.h>

#include "mchat/chat/notice.h"

struct call_log;
struct place;
struct place_config;

/*
 * Looks which interfaces there are now, leaves those that are gone, joins those
 * that are new and wished for, and says of each what became of it, once; what
 * is good not when quiet.  Whether something is other than before.
 */
bool follow_interfaces(struct place *place, const struct place_config *config,
	enum verbosity verbosity, struct call_log *log);

#endif
