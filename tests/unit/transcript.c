/* SPDX-License-Identifier: ISC */
/* The transcript's file: created, appended to, failing and working again. */
#include "mchat/io/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"
#include "mchat/protocol/event.h"

#define LINE "2026-11-22 10:44:10 ann: hi\n"

static char folder[] = "/tmp/mchat-log-XXXXXX";
static char path[sizeof(folder) + 8];

static struct event said(const char *text)
{
	return (struct event){
		.kind = EVENT_MESSAGE,
		.time = {1795344250123},
		.member = {.nick = "ann", .nick_size = 3},
		.message = {.text = text, .size = strlen(text)},
	};
}

/* Checks what the file holds. */
static void holds(const char *expected, const char *name)
{
	char text[4096];
	FILE *file = fopen(path, "r");
	size_t size = file ? fread(text, 1, sizeof(text), file) : 0;

	tap_is_bytes(text, size, expected, strlen(expected), name);
	if (file)
		fclose(file);
}

static void it_appends(void)
{
	struct event event = said("hi");
	struct stat status;
	struct transcript transcript;

	umask(0);
	tap_ok(transcript_open(&transcript, path),
		"a log that is not there is created");
	tap_ok(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600,
		"a new log is its owner's alone");
	transcript_event(&transcript, &event);
	holds(LINE, "a line is in the file at once");
	transcript_event(&transcript, &event);
	tap_ok(transcript_close(&transcript),
		"a log without failures is whole");
	chmod(path, 0644);
	tap_ok(transcript_open(&transcript, path),
		"a log that is there is opened");
	transcript_event(&transcript, &event);
	tap_ok(transcript_close(&transcript),
		"a log that was opened again is whole");
	holds(LINE LINE LINE, "lines are appended to what was there");
	tap_ok(stat(path, &status) == 0 && (status.st_mode & 0777) == 0644,
		"the mode of a log that was there stays");
	unlink(path);
}

/* As logrotate does it. */
static void it_follows(void)
{
	struct event event = said("hi");
	struct transcript transcript;
	char moved[sizeof(path) + 8];

	snprintf(moved, sizeof(moved), "%s.1", path);
	transcript_open(&transcript, path);
	transcript_event(&transcript, &event);
	rename(path, moved);
	transcript_follow(&transcript);
	holds("", "where the file was moved a new one is made");
	transcript_event(&transcript, &event);
	holds(LINE, "which gets what follows");
	transcript_follow(&transcript);
	transcript_event(&transcript, &event);
	holds(LINE LINE, "one that is still there stays open");
	/* The next look is due. */
	rename(path, moved);
	transcript.look_at = (struct instant){0};
	transcript_event(&transcript, &event);
	holds(LINE, "that it was moved is seen without being told");
	rename(path, moved);
	mkdir(path, 0700);
	transcript_follow(&transcript);
	tap_ok(transcript.is_moved, "that none can be opened is noted");
	transcript_event(&transcript, &event);
	rmdir(path);
	transcript_follow(&transcript);
	tap_ok(!transcript.is_moved, "until one can");
	rename(moved, path);
	holds(LINE LINE, "meanwhile lines went on to the old one");
	tap_ok(transcript_close(&transcript), "no line is missing");
	unlink(path);
}

static void none(void)
{
	struct event event = said("hi");
	struct transcript transcript;

	tap_ok(transcript_open(&transcript, NULL),
		"without a name there is no log, and no error");
	transcript_event(&transcript, &event);
	tap_ok(transcript_close(&transcript),
		"without a log nothing is missing");
}

static void it_cannot_open(void)
{
	struct transcript transcript;

	tap_ok(!transcript_open(&transcript, folder), "a folder is no log");
	tap_ok(!transcript_open(&transcript, ""), "an empty name is no log");
	mkfifo(path, 0600);
	tap_ok(!transcript_open(&transcript, path),
		"a pipe that nobody reads is no log");
	unlink(path);
}

/* A file that may not grow any more, as on a full disk; it ends within a line.
 */
static void it_is_full_for_a_while(void)
{
	struct event event = said("hi");
	struct rlimit limit;
	struct transcript transcript;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	transcript_open(&transcript, path);
	transcript_event(&transcript, &event);
	fflush(stdout);
	setrlimit(RLIMIT_FSIZE,
		&(struct rlimit){sizeof(LINE) + 9, limit.rlim_max});
	transcript_event(&transcript, &event);
	transcript_event(&transcript, &event);
	/* This program's own output may go to a file, too. */
	setrlimit(RLIMIT_FSIZE, &limit);
	tap_is_int((intmax_t)transcript.missing, 2, "two lines are missing");
	holds(LINE "2026-11-22", "the file ends within a line");
	transcript_event(&transcript, &event);
	tap_ok(!transcript_close(&transcript),
		"a log with missing lines is not whole");
	holds(LINE "2026-11-22\n" LINE,
		"the next line that fits begins on a line of its own");
	unlink(path);
}

/* Reads from `fd` until nothing is there; how many bytes. */
static size_t drain(int fd)
{
	char bytes[4096];
	size_t total = 0;
	ssize_t got;

	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		total += (size_t)got;
	return total;
}

static void a_pipe_is_not_waited_for(void)
{
	struct event event = said("hi");
	struct transcript transcript;
	uint64_t written = 0;
	int reader;

	mkfifo(path, 0600);
	reader = open(path, O_RDONLY | O_NONBLOCK);
	if (!tap_ok(transcript_open(&transcript, path),
		    "a pipe with a reader is a log"))
		return;
	/* A pipe takes 64 KiB, and never as much as this. */
	while (transcript.missing == 0 && written < 1000000) {
		transcript_event(&transcript, &event);
		written++;
	}
	tap_is_int((intmax_t)transcript.missing, 1,
		"a full pipe loses a line instead of blocking");
	tap_is_int((intmax_t)drain(reader),
		(intmax_t)((written - 1) * strlen(LINE)),
		"a full pipe holds whole lines");
	transcript_event(&transcript, &event);
	tap_is_int((intmax_t)drain(reader), (intmax_t)strlen(LINE),
		"when the pipe is read lines go into it again");
	close(reader);
	tap_ok(!transcript_close(&transcript),
		"a pipe that lost a line is not whole");
	unlink(path);
}

int main(void)
{
	setenv("TZ", "UTC0", 1);
	tzset();
	if (!mkdtemp(folder)) {
		tap_ok(false, "a folder: %s", strerror(errno));
		return tap_done();
	}
	snprintf(path, sizeof(path), "%s/log", folder);
	it_appends();
	it_follows();
	none();
	it_cannot_open();
	it_is_full_for_a_while();
	a_pipe_is_not_waited_for();
	rmdir(folder);
	return tap_done();
}
