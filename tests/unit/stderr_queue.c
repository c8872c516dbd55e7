/* SPDX-License-Identifier: ISC */
/* Standard error that nobody reads, and then somebody does. */
#include "mchat/io/stderr_queue.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/reopen.h"

/* More lines than a pipe holds; a write that blocked would never return. */
#define LINES      5000
#define PATIENCE_S 60

/* So many times LINES are more than a queue holds. */
#define ROUNDS 30

#define LOST "mchat: stderr: lines were dropped here"
#define TOLD LOST ": nobody was reading them\n"

struct fixture {
	int found;  /* stderr, which is to come back */
	int reader; /* of the pipe that stands in for it */
	struct stderr_queue stderr_queue;
	char text[2 * 1024 * 1024];
};

/* Opens the queue on a pipe or the like; its reader's end does not block. */
static bool open_on(struct fixture *f, const int ends[2])
{
	f->found = dup(STDERR_FILENO);
	f->reader = ends[0];
	if (f->found < 0 || fcntl(f->reader, F_SETFL, O_NONBLOCK) < 0 ||
		dup2(ends[1], STDERR_FILENO) < 0)
		return false;
	close(ends[1]);
	stderr_queue_open(&f->stderr_queue, false);
	return true;
}

static bool open_pipe(struct fixture *f)
{
	int ends[2];

	return pipe(ends) == 0 && open_on(f, ends);
}

static bool open_socket(struct fixture *f)
{
	int ends[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 &&
	       open_on(f, ends);
}

static bool open_terminal(struct fixture *f)
{
	int ends[2] = {posix_openpt(O_RDWR | O_NOCTTY), -1};

	if (ends[0] >= 0 && grantpt(ends[0]) == 0 && unlockpt(ends[0]) == 0)
		ends[1] = open(ptsname(ends[0]), O_RDWR | O_NOCTTY);
	return ends[1] >= 0 && open_on(f, ends);
}

static void put_back(struct fixture *f)
{
	stderr_queue_close(&f->stderr_queue);
	dup2(f->found, STDERR_FILENO);
	close(f->found);
	close(f->reader);
}

/* Reads all there is, and what the queue writes while it is read. */
static const char *drain(struct fixture *f)
{
	size_t size = 0;
	ssize_t got;

	stderr_queue_flush(&f->stderr_queue);
	while ((got = read(f->reader, f->text + size,
			sizeof(f->text) - 1 - size)) > 0) {
		size += (size_t)got;
		stderr_queue_flush(&f->stderr_queue);
	}
	f->text[size] = '\0';
	return f->text;
}

static bool waits(int fd)
{
	return (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
}

static void flood(void)
{
	for (int i = 0; i < LINES; i++)
		diagnostics_error(
			"line %04d, as long as a line may well be", i);
}

static bool ends_with(const char *text, const char *end)
{
	size_t size = strlen(text);
	size_t tail = strlen(end);

	return size >= tail && strcmp(text + size - tail, end) == 0;
}

static void test_stalled(struct fixture *f)
{
	if (!open_pipe(f)) {
		tap_ok(false, "a pipe for stderr");
		return;
	}
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_NORMAL, 0);
	tap_is_string(drain(f), "", "nothing is told when nothing was lost");
	tap_ok(!waits(STDERR_FILENO) && waits(f->stderr_queue.found),
		"only our own file description does not block");
	flood();
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_NORMAL, 0);
	drain(f);
	tap_ok(strncmp(f->text, "mchat: line 0000,", 17) == 0 &&
			ends_with(f->text, "line may well be\n"),
		"the lines that fit are there, each whole");
	tap_ok(!strstr(f->text, "line 4999"), "lines that do not fit are lost");
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_NORMAL, 0);
	tap_is_string(
		drain(f), TOLD, "once the pipe is read, the loss is told");
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_NORMAL, 0);
	tap_is_string(drain(f), "", "the loss is told once");
	diagnostics_error("after");
	tap_is_string(drain(f), "mchat: after\n",
		"after a loss lines come through again");
	flood();
	drain(f);
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_QUIET, 0);
	tap_is_string(drain(f), "", "with --quiet the loss is not told");
	stderr_queue_close(&f->stderr_queue);
	tap_ok(waits(STDERR_FILENO), "after close the descriptor blocks again");
	put_back(f);
}

/* Sockets and terminals: how much of a flood they take is not known. */
static void test_other(
	struct fixture *f, bool (*open_it)(struct fixture *), const char *what)
{
	if (!open_it(f)) {
		tap_skip(what, "there is none here");
		return;
	}
	diagnostics_error("before");
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_NORMAL, 0);
	tap_ok(strncmp(drain(f), "mchat: before", 13) == 0,
		"%s: a line comes through", what);
	tap_ok(!waits(STDERR_FILENO) && waits(f->stderr_queue.found),
		"%s: only our own file description does not block", what);
	flood();
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_NORMAL, 0);
	drain(f);
	tap_ok(strncmp(f->text, "mchat: line 0000,", 17) == 0 &&
			!strstr(f->text, "line 4999"),
		"%s: some of a flood is lost, and mchat goes on", what);
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_NORMAL, 0);
	diagnostics_error("after");
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_NORMAL, 0);
	drain(f);
	tap_ok(strstr(f->text, "mchat: after"),
		"%s: after a flood lines come through again", what);
	put_back(f);
}

/* What the socket does not take waits in a queue, which is bounded. */
static void test_socket(struct fixture *f)
{
	if (!open_socket(f)) {
		tap_ok(false, "a socket for stderr");
		return;
	}
	for (int i = 0; i < ROUNDS; i++) {
		flood();
		stderr_queue_tell(&f->stderr_queue, VERBOSITY_QUIET, 0);
	}
	tap_ok(stderr_queue_waiting_fd(&f->stderr_queue) ==
			f->stderr_queue.found,
		"while lines wait the descriptor to wait for is told");
	tap_ok(buffer_size(&f->stderr_queue.output.queue) <
			OUTPUT_QUEUE_MAX + (size_t)64 * 1024,
		"what waits is bounded");
	drain(f);
	tap_is_int(stderr_queue_waiting_fd(&f->stderr_queue), -1,
		"when all was read there is nothing to wait for");
	flood();
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_NORMAL, 0);
	tap_ok(ends_with(drain(f), TOLD),
		"once the socket is read, the loss is told");
	close(f->reader);
	flood();
	stderr_queue_tell(&f->stderr_queue, VERBOSITY_NORMAL, 0);
	tap_is_int(stderr_queue_waiting_fd(&f->stderr_queue), -1,
		"a reader that has gone is not waited for");
	f->reader = -1;
	put_back(f);
}

/* On a full disk lines are lost, but not because nobody reads. */
static void test_full_disk(void)
{
	int found = dup(STDERR_FILENO);
	int full = open("/dev/full", O_WRONLY);
	FILE *file = tmpfile();
	struct stderr_queue stderr_queue;
	char text[256] = "";

	if (full < 0 || !file) {
		tap_skip("a full disk", "there is no /dev/full");
		return;
	}
	dup2(full, STDERR_FILENO);
	stderr_queue_open(&stderr_queue, false);
	diagnostics_error("lost");
	dup2(fileno(file), STDERR_FILENO);
	stderr_queue_tell(&stderr_queue, VERBOSITY_NORMAL, 0);
	stderr_queue_close(&stderr_queue);
	tap_ok(pread(fileno(file), text, sizeof(text) - 1, 0) > 0,
		"once the disk has room, something is written");
	tap_is_string(text, LOST "\n",
		"a full disk: the loss is told, but no reader is blamed");
	dup2(found, STDERR_FILENO);
	close(found);
	close(full);
	fclose(file);
}

/* A file is left alone. */
static void test_file(void)
{
	int found = dup(STDERR_FILENO);
	FILE *file = tmpfile();
	struct stderr_queue stderr_queue;

	if (!file || dup2(fileno(file), STDERR_FILENO) < 0) {
		tap_ok(false, "a file for stderr");
		return;
	}
	stderr_queue_open(&stderr_queue, false);
	flood();
	stderr_queue_tell(&stderr_queue, VERBOSITY_NORMAL, 0);
	stderr_queue_close(&stderr_queue);
	tap_is_int(lseek(STDERR_FILENO, 0, SEEK_CUR) / LINES,
		(intmax_t)strlen("mchat: line 0000, as long as a line may "
				 "well be\n"),
		"a file gets every line");
	dup2(found, STDERR_FILENO);
	close(found);
	fclose(file);
}

int main(void)
{
	static struct fixture f;

	alarm(PATIENCE_S);
	signal(SIGPIPE, SIG_IGN);
	/* Else it is as with sockets. */
	if (reopen_is_there())
		test_stalled(&f);
	else
		test_other(&f, open_pipe, "a pipe");
	test_other(&f, open_socket, "a socket");
	test_other(&f, open_terminal, "a terminal");
	test_socket(&f);
	test_full_disk();
	test_file();
	return tap_done();
}
