/* SPDX-License-Identifier: ISC */
/*
 * mchat on a real pseudo-terminal: what it does to the terminal's settings and
 * how it leaves them, what typing sends, and what the network can show there.
 * Everything stays on lo, in a group of this run's own.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

/* Far more than a sound mchat needs; what waits this long has failed. */
#define PATIENCE_MS 10000

/* Between two looks at what cannot be polled. */
#define LOOK_MS 5

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define OPTIONS_MAX 8

/* Everything that was read from a descriptor; ends with a NUL. */
struct stream {
	int fd; /* -1: none */
	char text[65536];
	size_t size;
};

/* A terminal, as the one who sits there and as the program have it. */
struct terminal {
	int keyboard; /* write: type; read: see */
	int slave;    /* open here too, so that its settings stay */
};

/* A running mchat. */
struct program {
	pid_t pid;
	struct stream out; /* stdout, or all that the terminal shows */
	struct stream err; /* stderr, unless on a terminal */
};

static const char *program_path;
static char group[64];

/* ---- time ---- */

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* ---- reading ---- */

/* Waits for up to LOOK_MS for more and reads it; false when there was none. */
static bool stream_read(struct stream *stream)
{
	struct pollfd polled = {.fd = stream->fd, .events = POLLIN};
	size_t room = sizeof(stream->text) - 1 - stream->size;
	ssize_t size;

	if (poll(&polled, 1, LOOK_MS) <= 0 || room == 0)
		return false;
	size = read(stream->fd, stream->text + stream->size, room);
	if (size <= 0) {
		stream->fd = -1; /* its owner closes it */
		return false;
	}
	stream->size += (size_t)size;
	stream->text[stream->size] = '\0';
	return true;
}

static bool matches(const char *text, const char *pattern)
{
	regex_t regex;
	bool found;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE | REG_NOSUB))
		return false;
	found = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return found;
}

/* Waits until what was read holds `pattern`; false if it never did. */
static bool stream_wait(struct stream *stream, const char *pattern)
{
	long long end = now_ms() + PATIENCE_MS;

	while (!matches(stream->text, pattern)) {
		if (now_ms() > end) {
			tap_note("never came: %s", pattern);
			return false;
		}
		stream_read(stream);
	}
	return true;
}

/* ---- programs ---- */

/* Hides `fd` from the programs that are started. */
static void hide(int fd)
{
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* In the child: becomes mchat with these options, in the group, on lo. */
static void become_mchat(const char *const options[])
{
	const char *words[OPTIONS_MAX + 6] = {
		program_path, "--raw", "-i", "lo"};
	char *argv[OPTIONS_MAX + 6];
	size_t count = 4;

	for (size_t i = 0; i < OPTIONS_MAX && options[i]; i++)
		words[count++] = options[i];
	words[count++] = group;
	for (size_t i = 0; i < count; i++)
		argv[i] = strdup(words[i]);
	argv[count] = NULL;
	execv(program_path, argv);
	_exit(127);
}

/* In the child: the terminal becomes its controlling one, and all streams. */
static void take_terminal(const struct terminal *terminal)
{
	setsid();
	if (ioctl(terminal->slave, TIOCSCTTY, 0) < 0)
		_exit(126);
	for (int fd = 0; fd <= 2; fd++)
		dup2(terminal->slave, fd);
}

static struct program start_on(
	const struct terminal *terminal, const char *const options[])
{
	struct program program = {
		.out = {.fd = terminal->keyboard}, .err = {.fd = -1}};

	fflush(stdout);
	program.pid = fork();
	if (program.pid == 0) {
		take_terminal(terminal);
		become_mchat(options);
	}
	return program;
}

/* In the child: streams are /dev/null and the two pipes. */
static void take_pipes(const int out[2], const int err[2])
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(out[1], 1);
	dup2(err[1], 2);
}

/* Starts mchat without a terminal; its pid is -1 when that failed. */
static struct program start_piped(const char *const options[])
{
	struct program program = {.pid = -1};
	int out[2];
	int err[2];

	if (pipe(out) < 0 || pipe(err) < 0)
		return program;
	for (size_t i = 0; i < 2; i++) {
		hide(out[i]);
		hide(err[i]);
	}
	fflush(stdout);
	program.pid = fork();
	if (program.pid == 0) {
		take_pipes(out, err);
		become_mchat(options);
	}
	close(out[1]);
	close(err[1]);
	program.out.fd = out[0];
	program.err.fd = err[0];
	return program;
}

/* Waits until it ends and reads on; its wait status, or -1 after a kill. */
static int wait_end(struct program *program)
{
	long long end = now_ms() + PATIENCE_MS;
	int status;

	while (waitpid(program->pid, &status, WNOHANG) == 0) {
		if (now_ms() > end) {
			kill(program->pid, SIGKILL);
			waitpid(program->pid, &status, 0);
			return -1;
		}
		stream_read(&program->out);
	}
	return status;
}

/* Checks that it ends by itself with exit status 0. */
static void ends_well(struct program *program, const char *what)
{
	int status = wait_end(program);

	tap_ok(status >= 0, "%s: mchat ends", what);
	tap_is_int(status, 0, "its exit status is 0");
}

static void stop_piped(struct program *program)
{
	int out = program->out.fd;

	kill(program->pid, SIGTERM);
	wait_end(program);
	close(out);
	close(program->err.fd);
}

/* ---- members ---- */

/* The one who hears what is typed, without a terminal; -c and -T bound its
 * life, should this test be killed. */
static struct program start_listener(const char *format)
{
	const char *const options[OPTIONS_MAX] = {
		"-v", "-R", "-f", format, "-c", "99", "-T", "60"};
	struct program listener = start_piped(options);

	stream_wait(&listener.err, "^mchat: in ");
	return listener;
}

/* mchat on the terminal; returns when it reads what is typed. */
static struct program start_chat(
	const struct terminal *terminal, const char *format)
{
	const char *const options[] = {"-f", format, NULL};
	struct program chat = start_on(terminal, options);

	stream_wait(&chat.out, "Ctrl-D");
	return chat;
}

/* Sends `text` as one message. */
static void send_message(const char *text)
{
	const char *const options[] = {"-m", text, NULL};
	struct program sender = start_piped(options);
	int out = sender.out.fd;

	if (wait_end(&sender) != 0)
		tap_note("%s: was not sent", text);
	close(out);
	close(sender.err.fd);
}

static void type(const struct terminal *terminal, const char *keys)
{
	size_t size = strlen(keys);

	if (write(terminal->keyboard, keys, size) != (ssize_t)size)
		tap_note("could not type: %s", strerror(errno));
}

/* ---- the terminal ---- */

/* False, with errno, where there are no pseudo-terminals. */
static bool terminal_try(struct terminal *out)
{
	out->slave = -1;
	out->keyboard = posix_openpt(O_RDWR | O_NOCTTY);
	if (out->keyboard < 0)
		return false;
	if (grantpt(out->keyboard) == 0 && unlockpt(out->keyboard) == 0)
		out->slave = open(ptsname(out->keyboard), O_RDWR | O_NOCTTY);
	if (out->slave < 0) {
		close(out->keyboard);
		return false;
	}
	hide(out->keyboard);
	hide(out->slave);
	return true;
}

/* The tests stop where one that was there before is there no more. */
static struct terminal terminal_open(void)
{
	struct terminal terminal;

	if (!terminal_try(&terminal)) {
		tap_ok(false, "a terminal opens: %s", strerror(errno));
		exit(tap_done());
	}
	return terminal;
}

static void terminal_close(struct terminal *terminal)
{
	close(terminal->slave);
	close(terminal->keyboard);
}

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

/* The settings as text, for comparing. */
static void describe(const struct terminal *terminal, char out[256])
{
	struct termios settings;
	size_t at;

	memset(&settings, 0, sizeof(settings));
	tcgetattr(terminal->slave, &settings);
	at = (size_t)snprintf(out, 128, "%lx %lx %lx %lx ",
		(unsigned long)settings.c_iflag,
		(unsigned long)settings.c_oflag,
		(unsigned long)settings.c_cflag,
		(unsigned long)settings.c_lflag);
	for (size_t i = 0; i < 32 && i < NCCS; i++)
		at += (size_t)snprintf(
			out + at, 256 - at, "%02x", settings.c_cc[i]);
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
	describe(&terminal, before);
	chat = start_chat(&terminal, "text");
	tap_ok(has_iutf8(&terminal), "%s: IUTF8 while it runs", ending->name);
	if (ending->key)
		type(&terminal, ending->key);
	else
		kill(chat.pid, ending->signal);
	ends_well(&chat, ending->name);
	describe(&terminal, after);
	tap_is_string(after, before, "the settings are as before");
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
	tap_ok(has_iutf8(&terminal), "it still has");
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
	/* The last line tells when all are through; Ctrl-D then ends it. */
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
	stream_wait(&chat.out, "^mine.?$");
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
		    "%s: they are made visible", format))
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
		"but not on a pipe");
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
	struct terminal terminal;

	program_path = getenv("MCHAT");
	if (!program_path)
		program_path = "./mchat";
	/* The process number keeps parallel runs apart. */
	snprintf(group, sizeof(group), "239.255.%d.%d:5201",
		(int)(getpid() / 256 % 256), (int)(getpid() % 256));
	if (!terminal_try(&terminal)) {
		tap_skip("mchat on a terminal", strerror(errno));
		return tap_done();
	}
	terminal_close(&terminal);

	/* A terminal that mchat edits lines on, and one that does it itself. */
	setenv("TERM", "xterm", 1);
	test_lines();
	setenv("TERM", "dumb", 1);
	test_lines();
	test_hostile("text", "\\x1b[31mred\\x07\\x08\\u{9b} \\u{202e}end");
	test_hostile("bare", "\\x1b[31mred\\x07\\x08\\u{9b} \\u{202e}end");
	test_hostile("json", "\\u001b[31mred\\u0007\\b\\u009b \\u202eend");
	test_clock();
	return tap_done();
}
