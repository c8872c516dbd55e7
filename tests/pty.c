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
#include <time.h>
#include <unistd.h>

#include "tap.h"

/* Far more than a sound mchat needs; what waits this long has failed. */
#define PATIENCE_MS 10000

/* Between two looks at what cannot be polled. */
#define LOOK_MS 5

static const char *program_path;
static char group[64];

void pty_init(int port)
{
	program_path = getenv("MCHAT");
	if (!program_path)
		program_path = "./mchat";
	/* The process number keeps parallel runs apart. */
	snprintf(group, sizeof(group), "239.255.%d.%d:%d",
		(int)(getpid() / 256 % 256), (int)(getpid() % 256), port);
}

const char *pty_group(void)
{
	return group;
}

/* ---- time ---- */

static long long now_ms(void)
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

bool stream_wait(struct stream *stream, const char *pattern)
{
	long long end = now_ms() + PATIENCE_MS;

	while (!matches(stream->text, pattern)) {
		if (now_ms() > end) {
			tap_note("never came: %s; got: %s", pattern,
				stream->text);
			return false;
		}
		stream_read(stream);
	}
	return true;
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

/* In the child: becomes mchat with these options, in the group, on lo. */
static void become_mchat(const char *const options[])
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

/* In the child: the terminal becomes its controlling one, and all streams. */
static void take_terminal(const struct terminal *terminal)
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

struct program start_piped(const char *const options[])
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
	return status;
}

void ends_well(struct program *program, const char *what)
{
	int status = wait_end(program);

	tap_ok(status >= 0, "%s: mchat ends", what);
	tap_is_int(status, 0, "its exit status is 0");
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

bool terminal_try(struct terminal *out)
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

	if (!terminal_try(&terminal)) {
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

void type(const struct terminal *terminal, const char *keys)
{
	size_t size = strlen(keys);

	if (write(terminal->keyboard, keys, size) != (ssize_t)size)
		tap_note("could not type: %s", strerror(errno));
}
