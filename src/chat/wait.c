/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* ppoll */
#include "mchat/chat/wait.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "mchat/chat/clock.h"

/* The signal flag of the loop: the program's only writable global. */
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

int wait_open(void)
{
	static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction before;
	sigset_t held;

	sigemptyset(&held);
	sigemptyset(&action.sa_mask);
	sigemptyset(&ignore.sa_mask);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		if (sigaction(ending[i], NULL, &before) < 0)
			return -1;
		if (before.sa_handler == SIG_IGN)
			continue;
		if (sigaction(ending[i], &action, NULL) < 0)
			return -1;
		sigaddset(&held, ending[i]);
	}
	if (sigaction(SIGPIPE, &ignore, NULL) < 0)
		return -1;
	return sigprocmask(SIG_BLOCK, &held, NULL);
}

int wait_for(struct pollfd *descriptors, nfds_t count, struct instant deadline)
{
	struct timespec timeout = {0};
	struct timespec *limit = NULL;
	sigset_t none;
	int ready;

	if (!instant_is_never(deadline)) {
		struct duration left = instant_until(clock_now(), deadline);

		if (left.ns > 0) {
			timeout.tv_sec = (time_t)(left.ns / NS_PER_S);
			timeout.tv_nsec = (long)(left.ns % NS_PER_S);
		}
		limit = &timeout;
	}
	sigemptyset(&none);
	ready = ppoll(descriptors, count, limit, &none);
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
