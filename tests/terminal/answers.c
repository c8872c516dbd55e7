/* SPDX-License-Identifier: ISC */
/*
 * Answers to what is typed come where it was typed, also with standard error
 * elsewhere; what is refused comes there, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

/* Lee at the terminal; stderr, and maybe stdout, is a pipe. */
static struct program start(const struct terminal *terminal, bool keeps_stdout)
{
	static const char *const options[] = {"-n", "lee", NULL};
	struct program program = {
		.out = {.fd = terminal->keyboard}, .err = {.fd = -1}};
	int err[2];

	if (pipe(err) < 0)
		abort();
	fflush(stdout);
	program.pid = fork();
	if (program.pid == 0) {
		terminal_take(terminal);
		dup2(err[1], 2);
		if (!keeps_stdout)
			dup2(open("/dev/null", O_WRONLY), 1);
		become_mchat(options);
	}
	close(err[1]);
	program.err.fd = err[0];
	return program;
}

static void test(const char *kind, bool keeps_stdout, const char *what)
{
	struct terminal terminal = terminal_open();
	struct program chat;
	int err;

	setenv("TERM", kind, 1);
	chat = start(&terminal, keeps_stdout);
	err = chat.err.fd;
	tap_ok(stream_wait(&chat.out, "mchat: in "),
		"%s: the terminal shows where the chat is", what);
	type(&terminal, "/who\n");
	tap_ok(stream_wait(&chat.out, "nobody else is here"),
		"%s: and an answer", what);
	type(&terminal, "/nobody\n");
	tap_ok(stream_wait(&chat.out, "no such command"),
		"%s: and what is refused", what);
	tap_ok(stream_wait(&chat.err, "no such command"),
		"%s: which is an error, too", what);
	tap_ok(!matches(chat.err.text, "nobody else is here"),
		"%s: the answer is none", what);
	type(&terminal, "/quit\n");
	tap_is_int(WEXITSTATUS(wait_end(&chat)), 0, "it ends");
	close(err);
	terminal_close(&terminal);
}

int main(void)
{
	if (!pty_begin(5222)) {
		tap_skip("answers", strerror(errno));
		return tap_done();
	}
	test("xterm", true, "an edited line, 2>file");
	test("dumb", true, "a plain terminal, 2>file");
	test("xterm", false, ">file 2>file");
	return tap_done();
}
