/* SPDX-License-Identifier: ISC */
/*
 * mchat on a real pseudo-terminal: what it does to the terminal's settings and
 * how it leaves them, what typing sends, and what the network can show there.
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

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- members ---- */

/* A member without a terminal that hears what is typed; -c and -T end it even
 * if this test is killed. */
static struct program start_listener(const char *format)
{
	const char *const options[OPTIONS_MAX] = {
		"--raw", "-v", "-R", "-f", format, "-c", "99", "-T", "60"};
	struct program listener = start_piped(options);

	stream_wait(&listener.err, "^mchat: in ");
	return listener;
}

/* mchat on the terminal; returns when it reads what is typed. */
static struct program start_chat(
	const struct terminal *terminal, const char *format)
{
	const char *const options[] = {"--raw", "-f", format, NULL};
	struct program chat = start_on(terminal, options);

	stream_wait(&chat.out, "Ctrl-D");
	return chat;
}

/* Sends `text` as one message. */
static void send_message(const char *text)
{
	const char *const options[] = {"--raw", "-m", text, NULL};
	struct program sender = start_piped(options);
	int out = sender.out.fd;

	if (wait_end(&sender) != 0)
		tap_note("%s: was not sent", text);
	close(out);
	close(sender.err.fd);
}

/* ---- the terminal ---- */

#ifdef IUTF8
/* Whether the terminal erases characters, not bytes. */
static bool has_iutf8(const struct terminal *terminal)
{
	struct termios settings;

	return tcgetattr(terminal->slave, &settings) == 0 &&
	       settings.c_iflag & IUTF8;
}

static void set_iutf8(const struct terminal *terminal, bool is_on)
{
	struct termios settings;

	tcgetattr(terminal->slave, &settings);
	settings.c_iflag &= ~(tcflag_t)IUTF8;
	if (is_on)
		settings.c_iflag |= IUTF8;
	tcsetattr(terminal->slave, TCSANOW, &settings);
}

/* The ways in which a chat is ended: a key or a signal. */
static const struct ending {
	const char *name;
	const char *key;
	int signal;
} endings[] = {
	{"Ctrl-D", "\x04", 0},
	{"Ctrl-C", "\x03", 0},
	{"SIGINT", NULL, SIGINT},
	{"SIGTERM", NULL, SIGTERM},
	{"SIGHUP", NULL, SIGHUP},
};

static void test_ending(const struct ending *ending)
{
	struct terminal terminal = terminal_open();
	struct program chat;
	char before[256];
	char after[256];

	set_iutf8(&terminal, false);
	terminal_describe(&terminal, before);
	chat = start_chat(&terminal, "text");
	tap_ok(has_iutf8(&terminal),
		"%s: the terminal has IUTF8 while mchat runs", ending->name);
	if (ending->key)
		type(&terminal, ending->key);
	else
		kill(chat.pid, ending->signal);
	ends_well(&chat, ending->name);
	terminal_describe(&terminal, after);
	tap_is_string(
		after, before, "after the end the settings are as before");
	terminal_close(&terminal);
}

static void test_iutf8_stays(void)
{
	struct terminal terminal = terminal_open();
	struct program chat;

	set_iutf8(&terminal, true);
	chat = start_chat(&terminal, "text");
	type(&terminal, "\x04");
	ends_well(&chat, "a terminal that had IUTF8");
	tap_ok(has_iutf8(&terminal), "a terminal that had IUTF8 still has it");
	terminal_close(&terminal);
}

static void test_settings(void)
{
	for (size_t i = 0; i < COUNT(endings); i++)
		test_ending(&endings[i]);
	test_iutf8_stays();
}
#else
static void test_settings(void)
{
	tap_skip("the terminal's settings", "this system has no IUTF8");
}
#endif

/* ---- typing ---- */

/* Checks that typing `keys` makes another member hear exactly `heard`. */
static void test_typing(const char *keys, const char *heard, const char *what)
{
	struct terminal terminal = terminal_open();
	struct program listener;
	struct program chat;

#ifdef IUTF8
	set_iutf8(&terminal, false);
#endif
	listener = start_listener("bare");
	chat = start_chat(&terminal, "text");
	type(&terminal, keys);
	/* When the last line is heard, all were; Ctrl-D then ends the chat. */
	type(&terminal, "the end\n");
	stream_wait(&listener.out, "^the end$");
	tap_is_string(listener.out.text, heard, what);
	type(&terminal, "\x04");
	ends_well(&chat, what);
	stop_piped(&listener);
	terminal_close(&terminal);
}

/* What was typed shows once: the terminal's echo, not one's own message. */
static void test_no_echo(void)
{
	struct terminal terminal = terminal_open();
	struct program chat;

	chat = start_chat(&terminal, "text");
	type(&terminal, "mine\n");
	stream_wait(&chat.out, "mine.?$");
	send_message("theirs");
	stream_wait(&chat.out, "theirs");
	tap_ok(!matches(chat.out.text, "\\] mine"),
		"own lines do not come back");
	type(&terminal, "\x04");
	ends_well(&chat, "own lines");
	terminal_close(&terminal);
}

/* ---- showing ---- */

/* A message that would act on a terminal that got it as it is. */
#define HOSTILE "\033[31mred\a\b\302\233 \342\200\256end"

static void test_hostile(const char *format, const char *shown)
{
	struct terminal terminal = terminal_open();
	struct program chat;

	chat = start_chat(&terminal, format);
	send_message(HOSTILE);
	stream_wait(&chat.out, "red.*end");
	type(&terminal, "\x04");
	wait_end(&chat);
	tap_ok(!strpbrk(chat.out.text, "\033\a\b"),
		"%s: no control character gets to the terminal", format);
	tap_ok(!strstr(chat.out.text, "\302\233"), "%s: no C1 control", format);
	tap_ok(!strstr(chat.out.text, "\342\200\256"),
		"%s: no direction override", format);
	if (!tap_ok(strstr(chat.out.text, shown) != NULL,
		    "%s: what would act on the terminal is made visible",
		    format))
		tap_note("shown: %s", chat.out.text);
	terminal_close(&terminal);
}

#define FROM "\\[127\\.0\\.0\\.1:[0-9]+\\] "

static void test_clock(void)
{
	struct program listener = start_listener("text");
	struct terminal terminal = terminal_open();
	struct program chat;

	chat = start_chat(&terminal, "text");
	send_message("what time is it");
	stream_wait(&chat.out, "what time is it");
	stream_wait(&listener.out, "what time is it");
	tap_ok(matches(chat.out.text,
		       "^[0-2][0-9]:[0-5][0-9] " FROM "what time is it.?$"),
		"the time stands before a message on a terminal");
	tap_ok(matches(listener.out.text, "^" FROM "what time is it$"),
		"no time stands before a message on a pipe");
	type(&terminal, "\x04");
	wait_end(&chat);
	stop_piped(&listener);
	terminal_close(&terminal);
}

/* ---- the terminal goes away ---- */

static void test_hang_up(void)
{
	struct terminal terminal = terminal_open();
	struct program chat;
	int status;

	chat = start_chat(&terminal, "text");
	chat.out.fd = -1;
	terminal_close(&terminal);
	status = wait_end(&chat);
	tap_ok(status >= 0 && WIFEXITED(status),
		"mchat ends by itself when the terminal goes away");
}

/* A terminal without UTF-8 would take parts of it for controls. */
static void test_charset(
	const char *format, const char *xterm_locale, bool switches)
{
	struct terminal terminal = terminal_open();
	struct program chat;
	const char *said;

	setenv("XTERM_LOCALE", xterm_locale, 1);
	chat = start_chat(&terminal, format);
	send_message("\304\233");
	stream_wait(&chat.out, "\304\233");
	type(&terminal, "\x04");
	ends_well(&chat, xterm_locale);
	said = strstr(chat.out.text, "\304\233");
	*strstr(chat.out.text, "Ctrl-D") = '\0';
	tap_ok((strstr(chat.out.text, "\033%G") != NULL) == switches,
		"an xterm with the locale %s %s switched to UTF-8 before "
		"anything shows",
		xterm_locale, switches ? "is" : "is not");
	tap_ok(said && (strstr(said, "\033%@") != NULL) == switches,
		"an xterm is switched back at the end only if it was switched");
	unsetenv("XTERM_LOCALE");
	terminal_close(&terminal);
}

static void test_lines(void)
{
	test_settings();
	test_typing("hello\n", "hello\nthe end\n", "a typed line is sent");
	test_typing("one\n\n\ntwo\n", "one\ntwo\nthe end\n",
		"an empty typed line is not sent");
	test_typing("한\177a\n", "a\nthe end\n",
		"backspace erases a Hangul syllable whole");
	test_typing("wrong\025right\n", "right\nthe end\n",
		"Ctrl-U erases the line");
	test_no_echo();
	test_hang_up();
}

int main(void)
{
	if (!pty_begin(5201)) {
		tap_skip("mchat on a terminal", strerror(errno));
		return tap_done();
	}
	/* A terminal that mchat edits lines on, and one that does it itself. */
	test_lines();
	test_charset("text", "C", true);
	test_charset("json", "C", true);
	test_charset("text", "C.UTF-8", false);
	test_charset("json", "C.UTF-8", false);
	setenv("TERM", "dumb", 1);
	test_lines();
	test_hostile("text", "\\x1b[31mred\\x07\\x08\\u{9b} \\u{202e}end");
	test_hostile("bare", "\\x1b[31mred\\x07\\x08\\u{9b} \\u{202e}end");
	test_hostile("json", "\\u001b[31mred\\u0007\\b\\u009b \\u202eend");
	test_clock();
	return tap_done();
}
