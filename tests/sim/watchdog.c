/* SPDX-License-Identifier: ISC */
#include "watchdog.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* What the signal handler prints: made beforehand, since it may not. */
static char message[512];

static void set_timer(unsigned seconds)
{
	struct itimerval timer = {.it_value.tv_sec = (time_t)seconds};

	setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

static void bite(int number)
{
	ssize_t written = write(STDOUT_FILENO, message, strlen(message));

	(void)number;
	(void)written;
	_exit(1);
}

void watchdog_start(const char *command, const char *scenario, uint64_t seed,
	unsigned seconds)
{
	struct sigaction action = {.sa_handler = bite};

	snprintf(message, sizeof(message),
		"\nVIOLATION in %s, seed %" PRIu64 ": it does not end, "
		"after %u s of computing\n"
		"replay: %s --seeds 1 --seed %" PRIu64 " --scenario %s\n",
		scenario, seed, seconds, command, seed, scenario);
	sigaction(SIGVTALRM, &action, NULL);
	set_timer(seconds);
}

void watchdog_stop(void)
{
	set_timer(0);
}
