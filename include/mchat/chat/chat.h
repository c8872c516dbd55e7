/* SPDX-License-Identifier: ISC */
/*
 * The chat: the one place where the group's sockets, standard input and
 * standard output meet, in one poll loop.
 */
#ifndef MCHAT_CHAT_CHAT_H
#define MCHAT_CHAT_CHAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/chat/notice.h"
#include "mchat/network/group.h"
#include "mchat/view/view.h"

struct call_log;

struct chat_config {
	struct group_config group;
	const char *const *interfaces; /* as the user named them */
	size_t interface_count;        /* 0: choose */

	const char *const *messages; /* to send instead of standard input */
	size_t message_count;
	bool reads_input; /* else end of input from the start */

	enum view_format format;
	uint64_t count;          /* end after so many messages; 0: do not */
	struct duration timeout; /* bound on waiting for `count` */
	bool has_timeout;

	enum verbosity verbosity;
};

/*
 * Chats until input ends, `count` messages came, `timeout` is over or a signal
 * asks to end; then leaves the group.  Returns the exit status: 0 done, 1 it
 * could not be done, 2 wrong usage; stderr says why.  `log` tells of the
 * socket calls.
 */
int chat_run(const struct chat_config *config, struct call_log *log);

#endif
