/* SPDX-License-Identifier: ISC */
/*
 * Waits for descriptors, for a deadline and for the signals that end a chat.
 * Those signals interrupt every blocking call, wherever it is, again and again,
 * so that nothing hangs for long after one.
 */
#ifndef MCHAT_IO_SIGNALS_H
#define MCHAT_IO_SIGNALS_H

#include <poll.h>
#include <stdbool.h>

#include "mchat/base/time.h"

/* What there is of a terminal. */
enum signals_terminal {
	SIGNALS_NO_TERMINAL,
	SIGNALS_TERMINAL,        /* whose hang-up ends us */
	SIGNALS_EDITED_TERMINAL, /* and a line is edited there */
};

/*
 * From here on SIGINT, SIGTERM and SIGHUP are caught, but for one that was
 * ignored at the start, as under nohup; and where lines are edited on a
 * terminal, SIGTSTP, SIGWINCH and SIGCONT.  Without a terminal SIGHUP asks for
 * no end, but for files to be opened anew.  0, or -1 with errno.
 */
int signals_open(enum signals_terminal terminal);

/*
 * Sleeps until a descriptor is ready, `deadline` is past or a signal arrives.
 * Returns how many are ready, 0 for none, or -1 with errno.  After 0 or -1
 * every revents is 0.  A descriptor of -1 is ignored, as by poll(2).
 */
int signals_poll(
	struct pollfd *descriptors, nfds_t count, struct instant deadline);

enum signals_news {
	SIGNALS_NOTHING,
	SIGNALS_STOP,   /* SIGTSTP: to stop, once the terminal is restored */
	SIGNALS_CHANGE, /* SIGWINCH, SIGCONT: the terminal may have changed */
};

/* What happened since the last call. */
enum signals_news signals_take(void);

/* Whether SIGHUP came since the last call, without a terminal. */
bool signals_take_hangup(void);

/* The signal that asked to end, or 0. */
int signals_signal(void);

/* Takes one SIGINT, if there was one, so that it no longer asks to end. */
bool signals_take_interrupt(void);

/* Takes all SIGINTs so far. */
void signals_forgive_interrupts(void);

#endif
