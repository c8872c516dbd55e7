/* SPDX-License-Identifier: ISC */
/* poll(2) with a limit as exact as the system has it. */
#ifndef MCHAT_IO_TIMED_POLL_H
#define MCHAT_IO_TIMED_POLL_H

#include <poll.h>

#include "mchat/base/time.h"

/* Polls, for `limit` at most; NULL: for as long as it takes. */
int timed_poll(
	struct pollfd *descriptors, nfds_t count, const struct duration *limit);

#endif
