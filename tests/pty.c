/* SPDX-License-Identifier: ISC */
#include "pty.h"

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

/* Between two looks at what cannot be polled. */
#define LOOK_MS 5

/* How much of a failed program's output is printed. */
#define OUTPUT_NOTED_MAX 1024

static const char *program_path;
static char group[64];

const char *pty_program(void)
{
	return program_path;
}

const char *pty_group(void)
{
	return group;
}

/* ---- time ---- */

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* ---- reading ---- */

bool stream_read(struct stream *stream)
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

bool matches(const char *text, const char *pattern)
{
	regex_t regex;
	bool found;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE | REG_NOSUB))
		return false;
	found = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return found;
}

bool stream_wait_from(struct stream *stream, size_t from, const char *pattern)
{
	long long end = now_ms() + PATIENCE_MS;

	while (!matches(stream->text + from, pattern)) {
		if (now_ms() > end) {
			tap_note("never came: %s; got: %s", pattern,
				stream->text + from);
			return false;
		}
		stream_read(stream);
	}
	return true;
}

bool stream_wait(struct stream *stream, const char *pattern)
{
	return stream_wait_from(stream, 0, pattern);
}

void stream_forget(struct stream *stream)
{
	stream->size = 0;
	stream->text[0] = '\0';
}

/* ---- programs ---- */

/* Hides `fd` from the programs that are started. */
static void hide(int fd)
{
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void become_mchat(const char *const options[])
{
	const char *words[OPTIONS_MAX + 6] = {program_path, "-i", "lo"};
	char *argv[OPTIONS_MAX + 6];
	size_t count = 3;

	for (size_t i = 0; i < OPTIONS_MAX && options[i]; i++)
		words[count++] = options[i];
	words[count++] = group;
	for (size_t i = 0; i < count; i++)
		argv[i] = strdup(words[i]);
	argv[count] = NULL;
	execv(program_path, argv);
	_exit(127);
}

void terminal_take(const struct terminal *terminal)
{
	setsid();
	if (ioctl(terminal->slave, TIOCSCTTY, 0) < 0)
		_exit(126);
	for (int fd = 0; fd <= 2; fd++)
		dup2(terminal->slave, fd);
}

struct program start_on(
	const struct terminal *terminal, const char *const options[])
{
	struct program program = {
		.out = {.fd = terminal->keyboard}, .err = {.fd = -1}};

	fflush(stdout);
	program.pid = fork();
	if (program.pid == 0) {
		terminal_take(terminal);
		become_mchat(options);
	}
	return program;
}

struct program start_reading(int input, const char *const options[])
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
		dup2(input, 0);
		dup2(out[1], 1);
		dup2(err[1], 2);
		become_mchat(options);
	}
	close(out[1]);
	close(err[1]);
	program.out.fd = out[0];
	program.err.fd = err[0];
	return program;
}

struct program start_piped(const char *const options[])
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct program program = start_reading(null, options);

	close(null);
	return program;
}

int wait_end(struct program *program)
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
	/* Reads what it printed last. */
	while (stream_read(&program->out))
		;
	return status;
}

/* Prints the end of what it printed, with nothing that moves a cursor. */
static void note_end_of_output(const struct stream *out)
{
	size_t size =
		out->size < OUTPUT_NOTED_MAX ? out->size : OUTPUT_NOTED_MAX;
	char text[OUTPUT_NOTED_MAX + 1];

	memcpy(text, out->text + out->size - size, size);
	text[size] = '\0';
	for (size_t i = 0; i < size; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == '\177')
			text[i] = '~';
	}
	tap_note("its output ends: %s", text);
}

void ends_well(struct program *program, const char *what)
{
	int status = wait_end(program);

	tap_ok(status >= 0, "%s: mchat ends", what);
	if (!tap_is_int(status, 0, "mchat's exit status is 0"))
		note_end_of_output(&program->out);
}

void stop_piped(struct program *program)
{
	int out = program->out.fd;

	kill(program->pid, SIGTERM);
	wait_end(program);
	close(out);
	close(program->err.fd);
}

/* ---- the terminal ---- */

/* False, with errno, where there are no pseudo-terminals. */
static bool try_terminal(struct terminal *out)
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

struct terminal terminal_open(void)
{
	struct terminal terminal;

	if (!try_terminal(&terminal)) {
		tap_ok(false, "a terminal opens: %s", strerror(errno));
		exit(tap_done());
	}
	return terminal;
}

void terminal_close(struct terminal *terminal)
{
	close(terminal->slave);
	close(terminal->keyboard);
}

void terminal_resize(const struct terminal *terminal, unsigned short columns)
{
	struct winsize size = {.ws_row = 24, .ws_col = columns};

	(void)ioctl(terminal->keyboard, TIOCSWINSZ, &size);
}

void terminal_describe(const struct terminal *terminal, char out[256])
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

void type(const struct terminal *terminal, const char *keys)
{
	size_t size = strlen(keys);

	if (write(terminal->keyboard, keys, size) != (ssize_t)size)
		tap_note("could not type: %s", strerror(errno));
}

/* ---- who is there ---- */

struct program start_kim(void)
{
	/* -c and -T end it even if the test is killed. */
	static const char *const options[] = {"-n", "kim", "-v", "-R", "-f",
		"bare", "-c", "9999", "-T", "60", NULL};
	struct program kim = start_piped(options);

	stream_wait(&kim.err, "^mchat: in ");
	return kim;
}

struct program start_lee(const struct terminal *terminal)
{
	static const char *const options[] = {"-n", "lee", NULL};
	struct program lee = start_on(terminal, options);

	stream_wait(&lee.out, "lee> ");
	return lee;
}

void wait_confirmed(const struct terminal *terminal, struct program *lee)
{
	long long end = now_ms() + PATIENCE_MS;
	size_t before;

	do {
		before = lee->out.size;
		type(terminal, "/who\r");
		stream_wait_from(
			&lee->out, before, "kim: .* heard|nobody else is here");
	} while (!matches(lee->out.text + before, "has all of yours") &&
		 now_ms() < end);
}

/* ---- a flood ---- */

/* A file with so many messages, at its start; the caller closes it. */
static int messages(int count)
{
	FILE *file = tmpfile();
	int fd;

	if (!file)
		abort();
	for (int i = 1; i <= count; i++)
		fprintf(file, FLOOD_MESSAGE "\n", i);
	rewind(file);
	fd = dup(fileno(file));
	fclose(file);
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

struct program start_flood(int count)
{
	static const char *const words[] = {
		"-n", "kim", "-w", "1", "-H0", NULL};
	int input = messages(count);
	struct program kim = start_reading(input, words);

	close(input);
	return kim;
}

bool pty_begin(int port)
{
	struct terminal terminal;

	program_path = getenv("MCHAT");
	if (!program_path)
		program_path = "./mchat";
	/* The process number keeps parallel runs apart. */
	snprintf(group, sizeof(group), "239.255.%d.%d:%d",
		(int)(getpid() / 256 % 256), (int)(getpid() % 256), port);
	/* A shell that runs these in the background has them ignored. */
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGQUIT, SIG_DFL);
	unsetenv("MCHAT_HISTORY");
	setenv("TERM", "xterm", 1);
	setenv("NO_COLOR", "1", 1);
	if (!try_terminal(&terminal))
		return false;
	terminal_close(&terminal);
	return true;
}
