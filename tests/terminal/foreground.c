/* SPDX-License-Identifier: ISC */
/*
 * Which terminal is ours, and how it is set, is not decided once: a job of the
 * background gets the editor when it comes to the foreground, who has no
 * controlling terminal gets it, too, and settings that were changed from
 * outside are mended.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

static const char *const options[] = {"-n", "lee", NULL};

/* A shell with one job in the background, which a byte brings to the
 * foreground; it ends with the job. */
static void be_shell(int orders)
{
	pid_t job = fork();
	char order;
	int status;

	if (job == 0) {
		setpgid(0, 0);
		become_mchat(options);
	}
	setpgid(job, job);
	signal(SIGTTOU, SIG_IGN);
	if (read(orders, &order, 1) != 1 || tcsetpgrp(0, job) < 0)
		_exit(125);
	waitpid(job, &status, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128);
}

static void test_background(void)
{
	struct terminal terminal = terminal_open();
	struct program shell = {
		.out = {.fd = terminal.keyboard}, .err = {.fd = -1}};
	struct program kim;
	char before[256];
	char after[256];
	int orders[2];

	if (pipe(orders) < 0)
		abort();
	terminal_describe(&terminal, before);
	fflush(stdout);
	shell.pid = fork();
	if (shell.pid == 0) {
		terminal_take(&terminal);
		close(orders[1]);
		be_shell(orders[0]);
	}
	close(orders[0]);
	stream_wait(&shell.out, "mchat: in ");
	kim = start_kim();
	tap_ok(stream_wait(&shell.out, "kim joined|here: kim"),
		"a job in the background shows what comes");
	terminal_describe(&terminal, after);
	tap_is_string(after, before, "and leaves the terminal alone");
	tap_ok(!matches(shell.out.text, "lee> "), "there is no prompt");
	if (write(orders[1], "f", 1) != 1)
		tap_note("the shell is gone");
	tap_ok(stream_wait(&shell.out, "lee> "),
		"in the foreground it has the editor");
	type(&terminal, "hi\033[Do\r");
	tap_ok(stream_wait(&kim.out, "^hoi$"), "which works");
	type(&terminal, "\004");
	tap_is_int(WEXITSTATUS(wait_end(&shell)), 0, "it ends");
	terminal_describe(&terminal, after);
	tap_is_string(after, before, "the settings are as before");
	stop_piped(&kim);
	close(orders[1]);
	terminal_close(&terminal);
}

/* As under a supervisor that gives it a terminal, but no session of its own. */
static void test_no_control(void)
{
	struct terminal terminal = terminal_open();
	struct program chat = {
		.out = {.fd = terminal.keyboard}, .err = {.fd = -1}};
	char before[256];
	char after[256];

	terminal_describe(&terminal, before);
	fflush(stdout);
	chat.pid = fork();
	if (chat.pid == 0) {
		setsid();
		for (int fd = 0; fd <= 2; fd++)
			dup2(terminal.slave, fd);
		become_mchat(options);
	}
	tap_ok(stream_wait(&chat.out, "lee> "),
		"without a controlling terminal there is the editor");
	type(&terminal, "0123456789abcdefghij");
	stream_wait(&chat.out, "0123456789abcdefghij");
	stream_forget(&chat.out);
	terminal_resize(&terminal, 14);
	tap_ok(stream_wait(&chat.out, "<"),
		"which sees that the window is another");
	type(&terminal, "\003\004");
	ends_well(&chat, "without a controlling terminal");
	terminal_describe(&terminal, after);
	tap_is_string(after, before, "the settings are as before");
	terminal_close(&terminal);
}

/* Waits until the settings are these. */
static bool wait_settings(
	const struct terminal *terminal, struct stream *out, const char *wanted)
{
	long long end = now_ms() + PATIENCE_MS;
	char settings[256];

	do {
		terminal_describe(terminal, settings);
		if (strcmp(settings, wanted) == 0)
			return true;
		stream_read(out);
	} while (now_ms() < end);
	return false;
}

/* As `stty sane` from another window. */
static void test_mending(void)
{
	struct terminal terminal = terminal_open();
	struct termios sane;
	struct program chat;
	char edited[256];

	tcgetattr(terminal.slave, &sane);
	chat = start_lee(&terminal);
	terminal_describe(&terminal, edited);
	type(&terminal, "half");
	stream_wait(&chat.out, "half");
	stream_forget(&chat.out);
	tcsetattr(terminal.slave, TCSANOW, &sane);
	type(&terminal, "\f");
	tap_ok(wait_settings(&terminal, &chat.out, edited),
		"what was set from outside is set anew");
	tap_ok(stream_wait(&chat.out, "\033\\[H\033\\[2J.*lee> half"),
		"Ctrl-L draws the line on a clear window");
	stream_forget(&chat.out);
	type(&terminal, "\f");
	tap_ok(stream_wait(&chat.out, "\033\\[\\?2004h"),
		"and says again that pastes are to be told");
	type(&terminal, "\003\004");
	ends_well(&chat, "mended");
	terminal_close(&terminal);
}

int main(void)
{
	if (!pty_begin(5223)) {
		tap_skip("the foreground", strerror(errno));
		return tap_done();
	}
	test_background();
	test_no_control();
	test_mending();
	return tap_done();
}
