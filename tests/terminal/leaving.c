/* SPDX-License-Identifier: ISC */
/*
 * However a chat ends or pauses, the terminal is left as it was found: its
 * settings, and bracketed paste off.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

/* How a chat is ended: by keys or by a signal. */
static const struct ending {
	const char *name;
	const char *keys;
	int signal;
	bool is_fault; /* it ends by the signal; else with exit status 0 */
} endings[] = {
	{"Ctrl-D", "\004", 0, false},
	{"Ctrl-C", "\003", 0, false},
	{"/quit", "/quit\r", 0, false},
	{"Ctrl-C in the middle of a line", "half\003\003", 0, false},
	{"SIGINT", NULL, SIGINT, false},
	{"SIGTERM", NULL, SIGTERM, false},
	{"SIGHUP", NULL, SIGHUP, false},
	{"SIGQUIT", NULL, SIGQUIT, true},
	{"SIGABRT", NULL, SIGABRT, true},
	{"SIGSEGV", NULL, SIGSEGV, true},
	{"SIGUSR1", NULL, SIGUSR1, true},
	{"SIGUSR2", NULL, SIGUSR2, true},
	{"SIGALRM", NULL, SIGALRM, true},
	{"SIGVTALRM", NULL, SIGVTALRM, true},
	{"SIGPROF", NULL, SIGPROF, true},
	{"SIGPOLL", NULL, SIGPOLL, true},
	{"SIGXCPU", NULL, SIGXCPU, true},
	{"SIGTRAP", NULL, SIGTRAP, true},
	{"SIGSYS", NULL, SIGSYS, true},
};

/* Whether bracketed paste was switched on, and off after that. */
static bool ends_paste(const struct stream *stream)
{
	const char *on = strstr(stream->text, "\033[?2004h");
	const char *next;

	while (on && (next = strstr(on + 1, "\033[?2004h")))
		on = next;
	return on && strstr(on, "\033[?2004l");
}

static void test_ending(const struct ending *ending)
{
	struct terminal terminal = terminal_open();
	struct program chat;
	char before[256];
	char after[256];
	int status;

	terminal_describe(&terminal, before);
	chat = start_lee(&terminal);
	terminal_describe(&terminal, after);
	tap_ok(strcmp(before, after) != 0, "%s: a chat changes the settings",
		ending->name);
	if (ending->keys)
		type(&terminal, ending->keys);
	else
		kill(chat.pid, ending->signal);
	status = wait_end(&chat);
	/* A sanitizer turns the signal into an exit. */
	tap_ok(ending->is_fault ? status > 0 : status == 0,
		"%s: ends as expected, with status %d", ending->name, status);
	terminal_describe(&terminal, after);
	tap_is_string(
		after, before, "after the end the settings are as before");
	tap_ok(ends_paste(&chat.out), "after the end bracketed paste is off");
	terminal_close(&terminal);
}

/* ---- a shell ---- */

/* A shell with one job: it reports each stop, continues the job on demand, and
 * ends with it. */
struct shell {
	struct terminal terminal;
	struct program program; /* the shell */
	int reports;            /* the job's process number, then each stop */
	int orders;             /* a byte: go on */
	pid_t job;
	char found[256]; /* the settings of the terminal */
};

static void give_terminal_to(pid_t group)
{
	/* From the background, as a shell does it. */
	signal(SIGTTOU, SIG_IGN);
	(void)tcsetpgrp(STDIN_FILENO, group);
}

/* In the shell: watches the job until it ends. */
static void watch(pid_t job, int reports, int orders)
{
	int status;
	char order;

	while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
		give_terminal_to(getpid());
		if (write(reports, &job, sizeof(job)) < 0 ||
			read(orders, &order, 1) != 1)
			_exit(125);
		give_terminal_to(job);
		kill(-job, SIGCONT);
	}
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128);
}

static void be_shell(int reports, int orders)
{
	static const char *const words[] = {"-n", "lee", NULL};
	pid_t job = fork();

	if (job == 0) {
		setpgid(0, 0);
		give_terminal_to(getpid());
		signal(SIGTTOU, SIG_DFL);
		become_mchat(words);
	}
	setpgid(job, job);
	if (write(reports, &job, sizeof(job)) != sizeof(job))
		_exit(125);
	watch(job, reports, orders);
}

static void shell_start(struct shell *shell)
{
	int reports[2];
	int orders[2];

	if (pipe(reports) < 0 || pipe(orders) < 0)
		abort();
	shell->terminal = terminal_open();
	terminal_describe(&shell->terminal, shell->found);
	fflush(stdout);
	shell->program = (struct program){
		.out = {.fd = shell->terminal.keyboard}, .err = {.fd = -1}};
	shell->program.pid = fork();
	if (shell->program.pid == 0) {
		terminal_take(&shell->terminal);
		close(reports[0]);
		close(orders[1]);
		be_shell(reports[1], orders[0]);
	}
	close(reports[1]);
	close(orders[0]);
	shell->reports = reports[0];
	shell->orders = orders[1];
	if (read(shell->reports, &shell->job, sizeof(pid_t)) != sizeof(pid_t))
		tap_note("the shell starts nothing");
}

/* Waits for the job to stop; mchat's output is read meanwhile. */
static bool shell_wait_stop(struct shell *shell)
{
	struct pollfd polled = {.fd = shell->reports, .events = POLLIN};
	long long end = now_ms() + PATIENCE_MS;
	pid_t job;

	while (poll(&polled, 1, 0) == 0 && now_ms() < end)
		stream_read(&shell->program.out);
	while (stream_read(&shell->program.out))
		;
	return polled.revents & POLLIN &&
	       read(shell->reports, &job, sizeof(job)) == sizeof(job);
}

/* Stops by a key or, without, by a signal, and goes on. */
static void test_stop(struct shell *shell, const char *keys, const char *what)
{
	char settings[256];
	size_t before;

	if (keys)
		type(&shell->terminal, keys);
	else
		kill(shell->job, SIGTSTP);
	tap_ok(shell_wait_stop(shell), "%s stops mchat", what);
	terminal_describe(&shell->terminal, settings);
	tap_is_string(settings, shell->found,
		"the shell finds its settings when mchat stops");
	tap_ok(ends_paste(&shell->program.out),
		"bracketed paste is off when mchat stops");

	before = shell->program.out.size;
	if (write(shell->orders, "c", 1) != 1)
		tap_note("the shell is gone");
	tap_ok(stream_wait_from(&shell->program.out, before, "half a line"),
		"the typed line is back when mchat goes on");
}

static void test_shell(void)
{
	struct shell shell;

	shell_start(&shell);
	stream_wait(&shell.program.out, "lee> ");
	type(&shell.terminal, "half a line");
	stream_wait(&shell.program.out, "half a line");
	test_stop(&shell, "\032", "Ctrl-Z");
	test_stop(&shell, NULL, "SIGTSTP");
	type(&shell.terminal, "\003\004");
	ends_well(&shell.program, "after two stops");
	close(shell.reports);
	close(shell.orders);
	terminal_close(&shell.terminal);
}

/* While mchat waits for members (-w), typing goes on, commands that need not
 * come in order with what is said act at once, and the keys end the chat. */
static void test_gathering(
	const char *kind, const char *waits, const char *keys, const char *what)
{
	static const char *const words[] = {
		"-n", "lee", "-w", "1", "-T", "60", NULL};
	struct terminal terminal = terminal_open();
	struct program chat;

	setenv("TERM", kind, 1);
	chat = start_on(&terminal, words);
	stream_wait(&chat.out, "mchat: in ");
	type(&terminal, "one\n/me waves\n/nick zoe\n");
	tap_ok(stream_wait(&chat.out, waits),
		"%s: mchat says that it waits for a member", kind);
	type(&terminal, "/who\n");
	tap_ok(stream_wait(&chat.out, "nobody else is here"),
		"%s: /who does not wait for members", kind);
	type(&terminal, "/help\n");
	tap_ok(stream_wait(&chat.out, "/quit +leave"),
		"%s: /help does not wait", kind);
	type(&terminal, "/nobody\n");
	tap_ok(stream_wait(&chat.out, "no such command"),
		"%s: a wrong command does not wait", kind);
	tap_ok(!matches(chat.out.text, "you are now called"),
		"%s: /nick waits behind what is said", kind);
	type(&terminal, keys);
	tap_ok(WEXITSTATUS(wait_end(&chat)) == 1,
		"%s ends the wait for members", what);
	tap_ok(strstr(chat.out.text, "with 3 lines not yet sent") != NULL,
		"ending the wait tells how many lines were not sent");
	terminal_close(&terminal);
}

/* Kim is stopped, so that what lee said is not confirmed when lee leaves the
 * group; then `keys` are typed, if any.  All of it is typed at once: mchat
 * waits only for seconds, and on a busy machine a second key could come too
 * late. */
static void test_parting(const char *keys, const char *what)
{
	static const char *const words[] = {"-n", "lee", "-T", "2", NULL};
	struct terminal terminal = terminal_open();
	struct program kim = start_kim();
	struct program chat = start_on(&terminal, words);
	char typed[128];
	const char *who;
	const char *left;

	snprintf(typed, sizeof(typed), "anyone\r/join den%d\r/who\r%s",
		(int)getpid(), keys);
	stream_wait(&chat.out, "here: kim|kim joined");
	kill(kim.pid, SIGSTOP);
	type(&terminal, typed);
	if (!*keys)
		tap_ok(stream_wait(
			       &chat.out, "\\(leaving; 1 not confirmed\\)> "),
			"%s: /join waits until our last line is confirmed",
			what);
	tap_ok(stream_wait(&chat.out, "kim: .*lacks 1 of your packets"),
		"%s: while /join waits, /who works", what);
	tap_ok(stream_wait(&chat.out,
		       "left; not confirmed by kim \\(.*, lacks line 1\\); "),
		"%s: /join tells who did not confirm", what);
	who = strstr(chat.out.text, "lacks 1 of your packets");
	left = strstr(chat.out.text, "mchat: left");
	tap_ok(who && left && who < left,
		"%s: while /join waits, we are in the group", what);
	tap_ok(stream_wait(&chat.out, "in den[0-9]+, "),
		"%s: /join tells which group we are in", what);
	type(&terminal, "/quit\r");
	tap_is_int(WEXITSTATUS(wait_end(&chat)), 1,
		"exit status when a line was not confirmed");
	kill(kim.pid, SIGCONT);
	stop_piped(&kim);
	terminal_close(&terminal);
}

/* Of two Ctrl-C, read at once, the first leaves the group, and the second ends
 * the chat, which otherwise would go on. */
static void test_two_interrupts(void)
{
	static const char *const words[] = {"-n", "lee", "-T", "60", NULL};
	struct terminal terminal = terminal_open();
	struct program kim = start_kim();
	struct program chat = start_on(&terminal, words);
	char there[64];

	snprintf(there, sizeof(there), "anyone\r/join den%d\r", (int)getpid());
	stream_wait(&chat.out, "here: kim|kim joined");
	kill(kim.pid, SIGSTOP);
	type(&terminal, there);
	stream_wait(&chat.out, "\\(leaving; 1 not confirmed\\)> ");
	type(&terminal, "\003\003");
	tap_is_int(WEXITSTATUS(wait_end(&chat)), 1,
		"the second of two Ctrl-C ends the chat");
	tap_ok(strstr(chat.out.text, "left; not confirmed by kim") != NULL,
		"the first of two Ctrl-C leaves the group");
	kill(kim.pid, SIGCONT);
	stop_piped(&kim);
	terminal_close(&terminal);
}

/* While a member that is stopped is waited for, the prompt says whom the end
 * waits for; what is typed is not taken, and Ctrl-C leaves. */
static void test_confirming(const char *end)
{
	struct terminal terminal = terminal_open();
	struct program listener = start_kim();
	struct program chat = start_lee(&terminal);

	stream_wait(&chat.out, "here: kim|kim joined");
	kill(listener.pid, SIGSTOP);
	type(&terminal, "anyone\r");
	stream_wait(&chat.out, "1 not confirmed");
	type(&terminal, end);
	tap_ok(stream_wait(&chat.out, "; kim has not confirmed 1 line"),
		"the prompt says whom it waits for");
	stream_forget(&chat.out);
	type(&terminal, "too late\r\033[A\014");
	stream_wait(&chat.out, "leaving; kim has not confirmed 1 line");
	tap_ok(!matches(chat.out.text, "late"), "what is typed is not taken");
	type(&terminal, "\003");
	tap_is_int(WEXITSTATUS(wait_end(&chat)), 1,
		"Ctrl-C ends the wait for a confirmation");
	tap_ok(strstr(chat.out.text, "not confirmed by kim") != NULL,
		"ending the wait tells whose confirmation is missing");
	kill(listener.pid, SIGCONT);
	stop_piped(&listener);
	terminal_close(&terminal);
}

/* The terminal goes away, so there is none to restore. */
static void test_hang_up(void)
{
	struct terminal terminal = terminal_open();
	struct program chat = start_lee(&terminal);
	int status;

	chat.out.fd = -1;
	terminal_close(&terminal);
	status = wait_end(&chat);
	tap_ok(status >= 0 && WIFEXITED(status),
		"mchat ends by itself when the terminal goes away");
}

int main(void)
{
	if (!pty_begin(5213)) {
		tap_skip("leaving a terminal", strerror(errno));
		return tap_done();
	}
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		test_ending(&endings[i]);
	test_shell();
	test_gathering("xterm", "lee \\(waiting for 1 more member\\)> ",
		"more\003\003", "Ctrl-C");
	test_gathering("xterm", "lee \\(waiting for 1 more member\\)> ",
		"/quit\n", "/quit");
	test_gathering(
		"dumb", "mchat: waiting for 1 more member", "\003", "Ctrl-C");
	setenv("TERM", "xterm", 1);
	test_parting("\003", "Ctrl-C");
	test_parting("", "the time of -T");
	test_two_interrupts();
	test_confirming("\004");
	test_confirming("/quit\r");
	test_confirming("\004at once\r");
	test_hang_up();
	return tap_done();
}
