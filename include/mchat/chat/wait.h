/* SPDX-License-Identifier: ISC */
/*
 * Waiting: for descriptors, for a deadline and for the signals that end a
 * chat.  The signals interrupt every call that blocks, wherever it is, and go
 * on doing so, so that nothing which got stuck outlives one for long.
 */
#ifndef MCHAT_CHAT_WAIT_H
#define MCHAT_CHAT_WAIT_H

#include <poll.h>
#include <stdbool.h>

#include "mchat/base/time.h"

/*
 * From here on SIGINT, SIGTERM and SIGHUP are taken note of (one that was
 * ignored at the start, as under nohup, stays so), and, where a terminal is
 * edited, SIGTSTP, SIGWINCH and SIGCONT.  0, or -1 with errno.
 */
int wait_open(bool has_terminal);

/*
 * Sleeps until a descriptor is ready, `deadline` is past or a signal arrives.
 * Returns how many are ready, 0 for none, or -1 with errno.  After 0 or -1
 * every revents is 0.  A descriptor of -1 is passed over, as by poll(2).
 */
int wait_for(struct pollfd *descriptors, nfds_t count, struct instant deadline);

enum wait_news {
	WAIT_NOTHING,
	WAIT_STOP,   /* SIGTSTP: we are to stop, when the terminal is fit for it
		      */
	WAIT_CHANGE, /* SIGWINCH, SIGCONT: the terminal may be another */
};

/* What happened since the last call. */
enum wait_news wait_take_news(void);

/* The signal that asked to end, or 0. */
int wait_signal(void);

/* Whether there was a SIGINT, of which one from then on asks no more to end. */
bool wait_take_interrupt(void);

#endif
