/* SPDX-License-Identifier: ISC */
#include "mchat/io/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "mchat/io/clock.h"
#include "mchat/io/timed_poll.h"

/* What the handler tells the loop; globals, as it gets no argument of ours. */
static volatile sig_atomic_t caught;     /* the last SIGTERM or SIGHUP, or 0 */
static volatile sig_atomic_t interrupts; /* SIGINTs so far */
static volatile sig_atomic_t forgiven;   /* of those; not the handler's */
static volatile sig_atomic_t has_stop;
static volatile sig_atomic_t has_change;
static volatile sig_atomic_t has_hangup; /* that does not ask to end */

static void on_signal(int number);

/* Catches `number` without SA_RESTART, so that it interrupts what blocks. */
static int catch (int number)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&action.sa_mask);
	return sigaction(number, &action, NULL);
}

/*
 * A signal that comes just before a call blocks does not interrupt it.  So each
 * sets an alarm, which does a second later, and every second from then on if we
 * are to end.  Before the first signal SIGALRM is not caught, and ends us.
 */
static void on_signal(int number)
{
	switch (number) {
	case SIGTSTP:
		has_stop = 1;
		break;
	case SIGWINCH:
	case SIGCONT:
		has_change = 1;
		break;
	case SIGALRM:
		if (!signals_signal())
			return;
		break;
	case SIGINT:
		if (interrupts < SIG_ATOMIC_MAX)
			interrupts++;
		break;
	default:
		caught = number;
		break;
	}
	(void)catch (SIGALRM);
	alarm(1);
}

static void on_hangup(int number)
{
	(void)number;
	has_hangup = 1;
}

/* Has a SIGHUP ask for nothing but files that are opened anew. */
static int keep_running(void)
{
	struct sigaction action = {.sa_handler = on_hangup};
	struct sigaction before;

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGHUP, NULL, &before) < 0)
		return -1;
	return before.sa_handler == SIG_IGN ? 0
					    : sigaction(SIGHUP, &action, NULL);
}

int signals_open(enum signals_terminal has)
{
	static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
	static const int terminal[] = {SIGTSTP, SIGWINCH, SIGCONT};
	sigset_t taken;

	sigemptyset(&taken);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		struct sigaction before;

		if (sigaction(ending[i], NULL, &before) < 0)
			return -1;
		sigaddset(&taken, ending[i]);
		if (before.sa_handler != SIG_IGN && catch (ending[i]) < 0)
			return -1;
	}
	if (has == SIGNALS_NO_TERMINAL && keep_running() < 0)
		return -1;
	for (size_t i = 0; i < sizeof(terminal) / sizeof(terminal[0]); i++) {
		sigaddset(&taken, terminal[i]);
		if (has == SIGNALS_EDITED_TERMINAL && catch (terminal[i]) < 0)
			return -1;
	}
	sigaddset(&taken, SIGALRM);
	/* Whoever started us may have blocked them. */
	return sigprocmask(SIG_UNBLOCK, &taken, NULL);
}

int signals_poll(
	struct pollfd *descriptors, nfds_t count, struct instant deadline)
{
	bool is_limited = !instant_is_never(deadline);
	struct duration left = {0};
	int ready;

	if (is_limited)
		left = instant_until(clock_now(), deadline);
	if (left.ns < 0)
		left.ns = 0;
	ready = timed_poll(descriptors, count, is_limited ? &left : NULL);
	if (ready > 0)
		return ready;
	for (nfds_t i = 0; i < count; i++)
		descriptors[i].revents = 0;
	return ready < 0 && errno == EINTR ? 0 : ready;
}

enum signals_news signals_take(void)
{
	enum signals_news news = has_stop     ? SIGNALS_STOP
				 : has_change ? SIGNALS_CHANGE
					      : SIGNALS_NOTHING;

	has_stop = 0;
	has_change = 0;
	return news;
}

bool signals_take_hangup(void)
{
	bool has_come = has_hangup;

	has_hangup = 0;
	return has_come;
}

int signals_signal(void)
{
	return caught ? caught : forgiven < interrupts ? SIGINT : 0;
}

bool signals_take_interrupt(void)
{
	if (forgiven == interrupts)
		return false;
	forgiven++;
	return true;
}

void signals_forgive_interrupts(void)
{
	forgiven = interrupts;
}
