/* SPDX-License-Identifier: ISC */
/* The terminal's settings on a pseudo-terminal: they are set, and put back
 * however the program ends. */
#include "mchat/terminal/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tap.h"

/* Far more than anything here needs. */
#define PATIENCE_MS 60000

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A terminal, and pipes by which parent and child tell how far they are. */
struct stage {
	int master;
	int slave;
	int to_parent[2];
	int to_child[2];
};

/* False where there are no pseudo-terminals. */
static bool stage_open(struct stage *out)
{
	out->slave = -1;
	out->master = posix_openpt(O_RDWR | O_NOCTTY);
	if (out->master < 0)
		return false;
	if (grantpt(out->master) == 0 && unlockpt(out->master) == 0)
		out->slave = open(ptsname(out->master), O_RDWR | O_NOCTTY);
	return out->slave >= 0 && pipe(out->to_parent) == 0 &&
	       pipe(out->to_child) == 0;
}

static void stage_close(struct stage *stage)
{
	close(stage->master);
	close(stage->slave);
	for (size_t i = 0; i < 2; i++) {
		close(stage->to_parent[i]);
		close(stage->to_child[i]);
	}
}

static void tell(int fd, char what)
{
	ssize_t written = write(fd, &what, 1);

	(void)written;
}

/* What the other process told; 0 when it never did. */
static char hear(int fd)
{
	struct pollfd polled = {.fd = fd, .events = POLLIN};
	char what = 0;

	if (poll(&polled, 1, PATIENCE_MS) != 1 || read(fd, &what, 1) != 1)
		return 0;
	return what;
}

/* A child whose controlling terminal is the slave, in its foreground. */
static pid_t start(const struct stage *stage, void child(const struct stage *))
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct rlimit no_core = {0};

		(void)setrlimit(RLIMIT_CORE, &no_core);
		setsid();
		if (ioctl(stage->slave, TIOCSCTTY, 0) < 0)
			_exit(99);
		child(stage);
		_exit(0);
	}
	return pid;
}

/* Its wait status; -1 when it had to be killed. */
static int finish(pid_t pid)
{
	int status;

	for (int i = 0; i < PATIENCE_MS; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		poll(NULL, 0, 1);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

static struct termios settings(const struct stage *stage)
{
	struct termios out;

	memset(&out, 0, sizeof(out));
	tcgetattr(stage->slave, &out);
	return out;
}

static bool are_same(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag &&
	       a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
	       memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

static bool is_raw(const struct termios *settings)
{
	return !(settings->c_lflag & (ICANON | ECHO | ISIG | IEXTEN)) &&
	       !(settings->c_iflag & (ICRNL | IXON)) &&
	       settings->c_oflag & OPOST;
}

/* Whether the terminal got `expected`, and nothing else. */
static bool got(const struct stage *stage, const char *expected)
{
	char bytes[64];
	struct pollfd polled = {.fd = stage->master, .events = POLLIN};
	size_t size = 0;

	while (size < strlen(expected) && poll(&polled, 1, PATIENCE_MS) == 1) {
		ssize_t more =
			read(stage->master, bytes + size, sizeof(bytes) - size);

		if (more <= 0)
			break;
		size += (size_t)more;
	}
	return size == strlen(expected) && memcmp(bytes, expected, size) == 0;
}

/* ---- editing ---- */

static void edit(const struct stage *stage)
{
	struct tty tty;

	tty_open(&tty, stage->slave);
	if (tty_edit(&tty) < 0)
		_exit(1);
	tell(stage->to_parent[1], 'e');
	hear(stage->to_child[0]);
	tty_restore(&tty);
	tell(stage->to_parent[1], 'r');
	hear(stage->to_child[0]);
	tty_restore(&tty);
}

static void test_editing(void)
{
	struct stage stage = {0};
	struct termios before;
	struct termios now;
	pid_t pid;

	stage_open(&stage);
	before = settings(&stage);
	pid = start(&stage, edit);
	tap_is_int(hear(stage.to_parent[0]), 'e', "tty_edit is done");
	now = settings(&stage);
	tap_ok(is_raw(&now),
		"while editing keys come at once and output is processed");
	tap_ok(got(&stage, "\033[?2004h"),
		"while editing pastes are bracketed");
	tell(stage.to_child[1], 'g');
	tap_is_int(hear(stage.to_parent[0]), 'r', "tty_restore is done");
	now = settings(&stage);
	tap_ok(are_same(&before, &now),
		"after tty_restore the settings are as before");
	tap_ok(got(&stage, "\033[?2004l"),
		"after tty_restore pastes are not bracketed");
	tell(stage.to_child[1], 'g');
	tap_is_int(finish(pid), 0, "restoring again is harmless");
	stage_close(&stage);
}

/* ---- the focus ---- */

static void follow_focus(const struct stage *stage)
{
	struct tty tty;

	tty_open(&tty, stage->slave);
	tty_follow_focus(&tty);
	if (tty_edit(&tty) < 0)
		_exit(1);
	tell(stage->to_parent[1], 'e');
	if (hear(stage->to_child[0]) == 'k')
		raise(SIGTERM);
	tty_restore(&tty);
}

static void test_focus(char order, int status, const char *what)
{
	struct stage stage = {0};
	pid_t pid;

	stage_open(&stage);
	pid = start(&stage, follow_focus);
	hear(stage.to_parent[0]);
	tap_ok(got(&stage, "\033[?2004h\033[?1004h"),
		"%s: the focus is asked for", what);
	tell(stage.to_child[1], order);
	tap_is_int(finish(pid), status, what);
	tap_ok(got(&stage, "\033[?2004l\033[?1004l"),
		"%s: the focus is not asked for any more", what);
	stage_close(&stage);
}

/* ---- faults ---- */

static int fault; /* the signal that the child is to die of */

static void die(const struct stage *stage)
{
	struct tty tty;
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	tty_open(&tty, stage->slave);
	if (tty_edit(&tty) < 0)
		_exit(0);
	tell(stage->to_parent[1], 'e');
	if (hear(stage->to_child[0]))
		raise(fault);
}

static void test_fault(int number, const char *name)
{
	struct stage stage = {0};
	struct termios before;
	struct termios now;
	pid_t pid;

	stage_open(&stage);
	before = settings(&stage);
	fault = number;
	pid = start(&stage, die);
	hear(stage.to_parent[0]);
	now = settings(&stage);
	tap_ok(is_raw(&now), "%s: before it the terminal is in raw mode", name);
	tell(stage.to_child[1], 'g');
	/* A sanitizer may turn the signal into an exit status. */
	tap_ok(finish(pid) > 0, "%s: it ends the program", name);
	now = settings(&stage);
	tap_ok(are_same(&before, &now), "%s: the settings are as before", name);
	tap_ok(got(&stage, "\033[?2004h\033[?2004l"),
		"%s: pastes are not bracketed any more", name);
	stage_close(&stage);
}

/* ---- stopping ---- */

/* A program of the job, in the background until the shell says so. */
static void run_job(const struct stage *stage)
{
	struct tty tty;

	setpgid(0, 0);
	tty_open(&tty, stage->slave);
	tell(stage->to_parent[1],
		tty_edit(&tty) < 0 && errno == EAGAIN ? 'b' : '?');
	while (tcgetpgrp(stage->slave) != getpgrp())
		poll(NULL, 0, 1);
	tty_open(&tty, stage->slave);
	if (tty_edit(&tty) < 0)
		_exit(1);
	tty_suspend(&tty);
	tell(stage->to_parent[1], tty.is_editing ? 'e' : '?');
	hear(stage->to_child[0]);
	tty_restore(&tty);
	_exit(0);
}

/* A shell: starts a job, gives it the terminal, and sees it stop. */
static void run_shell(const struct stage *stage)
{
	int status = 0;
	pid_t job = fork();

	if (job == 0)
		run_job(stage);
	setpgid(job, job);
	signal(SIGTTOU, SIG_IGN);
	hear(stage->to_child[0]);
	tcsetpgrp(stage->slave, job);
	waitpid(job, &status, WUNTRACED);
	tell(stage->to_parent[1], WIFSTOPPED(status) ? 's' : '?');
	hear(stage->to_child[0]);
	kill(-job, SIGCONT);
	waitpid(job, &status, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void test_stopping(void)
{
	struct stage stage = {0};
	struct termios before;
	struct termios now;
	pid_t pid;

	stage_open(&stage);
	before = settings(&stage);
	pid = start(&stage, run_shell);
	tap_is_int(hear(stage.to_parent[0]), 'b',
		"a job in the background cannot begin to edit");
	tell(stage.to_child[1], 'g');
	tap_is_int(hear(stage.to_parent[0]), 's', "tty_suspend stops the job");
	now = settings(&stage);
	tap_ok(are_same(&before, &now),
		"when the job is stopped the settings are as before");
	tell(stage.to_child[1], 'g');
	tap_is_int(hear(stage.to_parent[0]), 'e',
		"when the job is continued it edits again");
	now = settings(&stage);
	tap_ok(is_raw(&now),
		"when the job is continued the terminal is in raw mode");
	tell(stage.to_child[1], 'g');
	tap_is_int(finish(pid), 0, "the job and its shell end with status 0");
	now = settings(&stage);
	tap_ok(are_same(&before, &now),
		"when the job has ended the settings are as before");
	stage_close(&stage);
}

/* ---- the width, and descriptors that are no terminal ---- */

static void test_columns(void)
{
	struct stage stage = {0};
	struct winsize size = {.ws_row = 40, .ws_col = 123};
	struct tty tty;

	stage_open(&stage);
	tty_open(&tty, stage.slave);
	tap_is_int(tty_columns(&tty), 80,
		"a terminal without a size has 80 columns");
	(void)ioctl(stage.master, TIOCSWINSZ, &size);
	tap_is_int(tty_columns(&tty), 123, "a window has its columns");
	tty_open(&tty, stage.to_child[0]);
	tap_is_int(tty_columns(&tty), 80, "a pipe has 80 columns");
	tap_ok(tty_edit(&tty) < 0 && errno == ENOTTY, "a pipe is not edited");
	tty_restore(&tty);
	stage_close(&stage);
}

int main(void)
{
	static const struct {
		int number;
		const char *name;
	} cases[] = {
		{SIGSEGV, "SIGSEGV"},
		{SIGBUS, "SIGBUS"},
		{SIGFPE, "SIGFPE"},
		{SIGILL, "SIGILL"},
		{SIGABRT, "SIGABRT"},
		{SIGQUIT, "SIGQUIT"},
	};
	struct stage stage = {0};

	if (!stage_open(&stage)) {
		tap_skip("the terminal's settings", strerror(errno));
		return tap_done();
	}
	stage_close(&stage);
	test_editing();
	test_focus('g', 0, "at the end");
	test_focus('k', SIGTERM, "at a signal");
	for (size_t i = 0; i < COUNT(cases); i++)
		test_fault(cases[i].number, cases[i].name);
	/* valgrind does not stop at SIGTSTP's default action. */
	if (getenv("TEST_UNDER"))
		tap_note("not tested under another program: stopping");
	else
		test_stopping();
	test_columns();
	return tap_done();
}
