/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* ppoll */
#include "mchat/chat/wait.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "mchat/chat/clock.h"

/* The signal flag of the loop: the program's only writable global. */
static volatile sig_atomic_t caught;

static void on_signal(int number);

/* Has `number` interrupt what blocks: without SA_RESTART. */
static int take_note(int number)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&action.sa_mask);
	return sigaction(number, &action, NULL);
}

/*
 * A signal that comes just before a call blocks does not interrupt it; the
 * alarm, which it sets and which sets itself, does a second later.  Until then
 * an alarm is not ours, and ends us as ever.
 */
static void on_signal(int number)
{
	if (number != SIGALRM)
		caught = number;
	(void)take_note(SIGALRM);
	alarm(1);
}

int wait_open(void)
{
	static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
	sigset_t taken;

	sigemptyset(&taken);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		struct sigaction before;

		if (sigaction(ending[i], NULL, &before) < 0)
			return -1;
		sigaddset(&taken, ending[i]);
		if (before.sa_handler != SIG_IGN && take_note(ending[i]) < 0)
			return -1;
	}
	sigaddset(&taken, SIGALRM);
	/* Whoever started us may have blocked them. */
	return sigprocmask(SIG_UNBLOCK, &taken, NULL);
}

int wait_for(struct pollfd *descriptors, nfds_t count, struct instant deadline)
{
	struct timespec timeout = {0};
	struct timespec *limit = NULL;
	int ready;

	if (!instant_is_never(deadline)) {
		struct duration left = instant_until(clock_now(), deadline);

		if (left.ns > 0) {
			timeout.tv_sec = (time_t)(left.ns / NS_PER_S);
			timeout.tv_nsec = (long)(left.ns % NS_PER_S);
		}
		limit = &timeout;
	}
	ready = ppoll(descriptors, count, limit, NULL);
	if (ready > 0)
		return ready;
	for (nfds_t i = 0; i < count; i++)
		descriptors[i].revents = 0;
	return ready < 0 && errno == EINTR ? 0 : ready;
}

int wait_signal(void)
{
	return caught;
}
