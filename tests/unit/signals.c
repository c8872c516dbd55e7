/* SPDX-License-Identifier: ISC */
#include "mchat/io/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"
#include "mchat/io/clock.h"

static void test_descriptors(void)
{
	struct pollfd polled[2] = {{.fd = -1, .events = POLLIN}};
	int ends[2];

	tap_is_int(pipe(ends), 0, "a pipe");
	polled[1] = (struct pollfd){.fd = ends[0], .events = POLLIN};
	tap_is_int(signals_poll(polled, 2, clock_now()), 0, "nothing is ready");
	tap_is_int(
		polled[1].revents, 0, "without anything ready no event is set");
	tap_is_int(write(ends[1], "x", 1), 1, "(setup) a byte is written");
	tap_is_int(signals_poll(polled, 2, INSTANT_NEVER), 1,
		"a descriptor with a byte is ready");
	tap_ok(polled[1].revents & POLLIN,
		"a descriptor with a byte is ready to read");
	close(ends[0]);
	close(ends[1]);
}

static void test_deadline(void)
{
	struct instant start = clock_now();
	struct instant end = instant_after(start, duration_ms(20));

	tap_is_int(signals_poll(NULL, 0, end), 0, "the deadline ends the wait");
	tap_ok(!instant_before(clock_now(), end),
		"the deadline does not end the wait too early");
	tap_is_int(signals_poll(NULL, 0, start), 0,
		"a past deadline ends the wait at once");
}

static void test_signals(void)
{
	struct sigaction action;
	sigset_t blocked;
	char byte;
	int ends[2];

	sigprocmask(SIG_SETMASK, NULL, &blocked);
	tap_ok(!sigismember(&blocked, SIGTERM),
		"a SIGTERM that was blocked at the start no longer is");
	sigaction(SIGHUP, NULL, &action);
	tap_ok(action.sa_handler == SIG_IGN, "an ignored SIGHUP stays ignored");

	tap_is_int(signals_signal(), 0, "at first no signal has come");
	tap_ok(!signals_take_interrupt(), "at first no interrupt has come");
	raise(SIGINT);
	tap_is_int(signals_signal(), SIGINT, "an interrupt asks to end");
	tap_ok(signals_take_interrupt() && !signals_take_interrupt(),
		"an interrupt is taken once");
	tap_is_int(signals_signal(), 0,
		"an interrupt that was taken no longer asks to end");
	raise(SIGINT);
	raise(SIGINT);
	tap_ok(signals_take_interrupt(), "of two interrupts one is taken");
	tap_is_int(signals_signal(), SIGINT,
		"the other of two interrupts asks to end");
	tap_ok(signals_take_interrupt() && !signals_take_interrupt(),
		"the other of two interrupts is taken once");
	raise(SIGINT);
	raise(SIGTERM);
	tap_ok(signals_take_interrupt(), "of two signals one can be taken");
	tap_is_int(signals_signal(), SIGTERM, "a signal is noted at once");
	/* The signal came before the wait, so only the repeated alarm can end
	 * this. */
	tap_is_int(signals_poll(NULL, 0, INSTANT_NEVER), 0,
		"a signal ends a wait that began after it");
	tap_is_int(pipe(ends), 0, "(setup) a pipe that nobody writes to");
	tap_ok(read(ends[0], &byte, 1) < 0 && errno == EINTR,
		"a signal ends a read that blocks");
	tap_is_int(signals_signal(), SIGTERM,
		"the signal is still noted after the read");
	alarm(0);
	close(ends[0]);
	close(ends[1]);
}

/* Without a terminal, in a process of its own: signals stay taken. */
static void test_hangup(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		signal(SIGHUP, SIG_DFL);
		if (signals_open(SIGNALS_NO_TERMINAL) < 0 ||
			signals_take_hangup())
			_exit(1);
		raise(SIGHUP);
		_exit(signals_signal() == 0 && signals_take_hangup() &&
					!signals_take_hangup()
				? 0
				: 2);
	}
	waitpid(pid, &status, 0);
	tap_is_int(status, 0,
		"without a terminal SIGHUP is noted, and asks for no end");
}

int main(void)
{
	sigset_t term;

	signal(SIGHUP, SIG_IGN);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	tap_is_int(signals_open(SIGNALS_TERMINAL), 0, "signals are opened");
	test_hangup();
	test_descriptors();
	test_deadline();
	test_signals();
	return tap_done();
}
