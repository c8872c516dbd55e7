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

/* No step has begun since the handler looked last. */
static volatile sig_atomic_t is_late;

static void set_timer(time_t seconds)
{
	struct itimerval timer = {
		.it_interval.tv_sec = seconds,
		.it_value.tv_sec = seconds,
	};

	setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

static void bite(int number)
{
	ssize_t written;

	(void)number;
	if (!is_late) {
		is_late = 1;
		return;
	}
	written = write(STDOUT_FILENO, message, strlen(message));
	(void)written;
	_exit(1);
}

void watchdog_start(const char *command, const char *scenario, uint64_t seed)
{
	struct sigaction action = {.sa_handler = bite};

	snprintf(message, sizeof(message),
		"\nVIOLATION in %s, seed %" PRIu64 ": a step does not end, "
		"after %d s of computing\n"
		"replay: %s --seeds 1 --seed %" PRIu64 " --scenario %s\n",
		scenario, seed, WATCHDOG_SECONDS, command, seed, scenario);
	sigaction(SIGVTALRM, &action, NULL);
	is_late = 0;
	set_timer(WATCHDOG_SECONDS);
}

void watchdog_step(void)
{
	is_late = 0;
}

void watchdog_stop(void)
{
	set_timer(0);
}
