/* SPDX-License-Identifier: ISC */
/*
 * Waits for descriptors, for a deadline and for the signals that end a chat.
 * Those signals interrupt every blocking call, wherever it is, and keep doing
 * so: nothing that hangs outlives one for long.
 */
#ifndef MCHAT_IO_SIGNALS_H
#define MCHAT_IO_SIGNALS_H

#include <poll.h>
#include <stdbool.h>

#include "mchat/base/time.h"

/*
 * From here on SIGINT, SIGTERM and SIGHUP are taken note of (one that was
 * ignored at the start, as under nohup, stays so), and, where a terminal is
 * edited, SIGTSTP, SIGWINCH and SIGCONT.  0, or -1 with errno.
 */
int signals_open(bool has_terminal);

/*
 * Sleeps until a descriptor is ready, `deadline` is past or a signal arrives.
 * Returns how many are ready, 0 for none, or -1 with errno.  After 0 or -1
 * every revents is 0.  A descriptor of -1 is passed over, as by poll(2).
 */
int signals_poll(
	struct pollfd *descriptors, nfds_t count, struct instant deadline);

enum signals_news {
	SIGNALS_NOTHING,
	SIGNALS_STOP,   /* SIGTSTP: we are to stop, when the terminal is fit for
			 * it
			 */
	SIGNALS_CHANGE, /* SIGWINCH, SIGCONT: the terminal may be another */
};

/* What happened since the last call. */
enum signals_news signals_take(void);

/* The signal that asked to end, or 0. */
int signals_signal(void);

/* Takes one SIGINT, if there was one, so that it no longer asks to end. */
bool signals_take_interrupt(void);

#endif
