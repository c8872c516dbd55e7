/* SPDX-License-Identifier: ISC */
/*
 * --notify: a mention while the terminal is not focused tells so; the terminal
 * is asked for its focus as long as it is ours, and what it answers is no text.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty.h"
#include "tap.h"

/* Pat says something once lee is here. */
static void say(const char *text)
{
	const char *const words[] = {
		"-n", "pat", "-w", "1", "-H0", "-m", text, NULL};
	struct program pat = start_piped(words);

	wait_end(&pat);
	close(pat.out.fd);
	close(pat.err.fd);
}

static struct program start(const struct terminal *terminal, const char *how)
{
	const char *const words[] = {"-n", "lee", how, NULL};
	struct program chat = start_on(terminal, words);

	tap_ok(stream_wait(&chat.out, "lee> "), "%s: the chat begins", how);
	return chat;
}

/* The focus, and then a letter whose echo tells that it was read. */
static void set_focus(const struct terminal *terminal, struct program *chat,
	const char *report, const char *letter)
{
	stream_forget(&chat->out);
	type(terminal, report);
	type(terminal, letter);
	stream_wait(&chat->out, letter);
}

static void test_osc(void)
{
	struct terminal terminal = terminal_open();
	struct program listener = start_kim();
	struct program chat = start(&terminal, "--notify=osc");

	tap_ok(strstr(chat.out.text, "\033[?1004h") != NULL,
		"the focus is asked for");
	set_focus(&terminal, &chat, "\033[I", "x");
	say("look, lee");
	stream_wait(&chat.out, "pat: look, lee");
	set_focus(&terminal, &chat, "\033[O", "y");
	tap_ok(!strstr(chat.out.text, "\033]"),
		"no notification while the terminal is focused");
	say("come, Lee\a\033]0;x\a");
	tap_ok(stream_wait(&chat.out, "\033]9;mchat: pat: come, "
				      "Lee\\\\x07\\\\x1b]0;x\\\\x07\a"),
		"one that is not focused is told who says what");
	type(&terminal, "z\r");
	tap_ok(stream_wait(&listener.out, "^xyz$"),
		"what the terminal reports is not typed");
	stream_forget(&chat.out);
	type(&terminal, "\004");
	ends_well(&chat, "--notify=osc");
	tap_ok(strstr(chat.out.text, "\033[?1004l") != NULL,
		"the focus is not asked for any more");
	stop_piped(&listener);
	terminal_close(&terminal);
}

static void test_bell(void)
{
	struct terminal terminal = terminal_open();
	struct program chat = start(&terminal, "--notify");

	say("come, lee");
	tap_ok(stream_wait(&chat.out, "come, lee[^\n]*\r\n\a"),
		"where nothing is known of the focus the bell rings");
	stream_forget(&chat.out);
	kill(chat.pid, SIGTERM);
	ends_well(&chat, "--notify");
	tap_ok(strstr(chat.out.text, "\033[?1004l") != NULL,
		"a signal ends the asking for the focus");
	terminal_close(&terminal);
}

static void test_without(void)
{
	struct terminal terminal = terminal_open();
	struct program chat = start_lee(&terminal);

	say("come, lee");
	stream_wait(&chat.out, "come, lee");
	type(&terminal, "\004");
	ends_well(&chat, "without --notify");
	tap_ok(!strstr(chat.out.text, "\033[?1004h") &&
			!strchr(chat.out.text, '\a'),
		"without --notify nothing is asked nor rings");
	terminal_close(&terminal);
}

int main(void)
{
	if (!pty_begin(5231)) {
		tap_skip("--notify", strerror(errno));
		return tap_done();
	}
	unsetenv("VTE_VERSION");
	unsetenv("KONSOLE_VERSION");
	test_osc();
	test_bell();
	test_without();
	return tap_done();
}
