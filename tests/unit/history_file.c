/* SPDX-License-Identifier: ISC */
/* Entered lines in a file: order, bounds, permissions, what goes wrong. */
#include "mchat/terminal/history_file.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "mchat/base/buffer.h"
#include "mchat/terminal/history.h"

static char folder[] = "/tmp/mchat-history.XXXXXX";
static char path[64];

/* Writes the file as somebody else would. */
static void write_file(const char *text, size_t size)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(text, 1, size, file) != size || fclose(file) != 0)
		abort();
}

static void is_file(const char *expected, const char *what)
{
	char text[4096] = "";
	FILE *file = fopen(path, "r");
	size_t size = file ? fread(text, 1, sizeof(text), file) : 0;

	if (file)
		fclose(file);
	tap_is_bytes(text, size, expected, strlen(expected), what);
}

static void add(struct history *history, const char *text)
{
	history_add(history, text, strlen(text));
}

static void is_line(
	const struct history *history, size_t back, const char *expected)
{
	const struct history_line *line = history_get(history, back);

	tap_is_bytes(line->text, line->size, expected, strlen(expected),
		"a line of the file");
}

/* A message of two lines is one entry. */
static void newlines(void)
{
	struct history history;

	unlink(path);
	history_init(&history);
	add(&history, "one\ntwo\\n");
	add(&history, "\nthree");
	tap_is_int(history_file_add(path, &history, 2), 0,
		"entries with newlines are kept");
	history_fini(&history);
	is_file("one\vtwo\\n\n\vthree\n", "a line each");
	history_init(&history);
	tap_is_int(history_file_read(path, &history), 0, "and read");
	tap_is_int((intmax_t)history.count, 2, "as many as there were");
	is_line(&history, 2, "one\ntwo\\n");
	is_line(&history, 1, "\nthree");
	history_fini(&history);
	unlink(path);
}

static void sessions(void)
{
	struct history first;
	struct history second;
	struct stat status;

	history_init(&first);
	history_init(&second);
	tap_is_int(history_file_read(path, &first), 0,
		"a file that is not there yet has no lines");
	tap_is_int((intmax_t)first.count, 0,
		"a file that is not there adds no lines");
	add(&first, "one");
	add(&first, "\xed\x95\x9c \x1b");
	tap_is_int(
		history_file_add(path, &first, 2), 0, "two lines are written");
	is_file("one\n\xed\x95\x9c \x1b\n",
		"the newest line is the last of the file");
	tap_is_int(stat(path, &status), 0, "the file is there");
	tap_is_int(
		status.st_mode & 0777, 0600, "the file is its owner's alone");

	tap_is_int(history_file_read(path, &second), 0,
		"the next session reads the file");
	tap_is_int(
		(intmax_t)second.added, 2, "the next session has both lines");
	is_line(&second, 1, "\xed\x95\x9c \x1b");
	is_line(&second, 2, "one");
	add(&first, "meanwhile");
	tap_is_int(history_file_add(path, &first, 1), 0,
		"the first session adds a line");
	add(&second, "two");
	tap_is_int(history_file_add(path, &second, 1), 0,
		"the second session adds a line");
	is_file("one\n\xed\x95\x9c \x1b\nmeanwhile\ntwo\n",
		"neither session takes away what the other added");
	history_fini(&first);
	history_fini(&second);
}

static void bounds(void)
{
	struct history history;
	struct buffer text = BUFFER_EMPTY;

	history_init(&history);
	for (int i = 0; buffer_size(&text) < 3 * HISTORY_BYTES; i++)
		buffer_append_format(&text, "line %d\n", i);
	buffer_append_string(&text, "no newline");
	write_file(buffer_bytes(&text), buffer_size(&text));
	buffer_fini(&text);
	tap_is_int(history_file_read(path, &history), 0, "a long file is read");
	tap_is_int((intmax_t)history.count, HISTORY_LINES,
		"of a long file only the end is kept");
	is_line(&history, 1, "no newline");
	add(&history, "more");
	tap_is_int(history_file_add(path, &history, 1), 0,
		"a line is added to a long file");
	history_fini(&history);
	history_init(&history);
	(void)history_file_read(path, &history);
	tap_is_int((intmax_t)history.added, HISTORY_LINES,
		"a long file is cut to the lines of a history");
	is_line(&history, 1, "more");
	history_fini(&history);
}

/* When only the end of a file is read, its first line may be half of one. */
static void cut(void)
{
	static const char beginning[] = "half of a line\nwhole";
	struct history history;
	size_t size = 2 * HISTORY_BYTES + 8;
	char *text = malloc(size);

	if (!text)
		abort();
	history_init(&history);
	memset(text, '\n', size);
	memcpy(text, beginning, sizeof(beginning) - 1);
	write_file(text, size);
	free(text);
	tap_is_int(history_file_read(path, &history), 0,
		"a file whose end begins within a line is read");
	tap_is_int(
		(intmax_t)history.count, 1, "the half of a line is left out");
	is_line(&history, 1, "whole");
	history_fini(&history);
}

static void links(void)
{
	struct history history;
	char target[80];
	struct stat status;

	history_init(&history);
	snprintf(target, sizeof(target), "%s.elsewhere", path);
	write_file("old\n", 4);
	tap_is_int(rename(path, target), 0, "(setup) the file is moved");
	tap_is_int(
		symlink(target, path), 0, "(setup) a symbolic link names it");
	add(&history, "new");
	tap_is_int(history_file_add(path, &history, 1), 0,
		"a line is added by way of a link");
	is_file("old\nnew\n", "the line is in the file that the link names");
	tap_ok(lstat(path, &status) == 0 && S_ISLNK(status.st_mode),
		"the link stays a link");
	unlink(target);
	unlink(path);
	history_fini(&history);
}

static void failures(void)
{
	struct history history;
	struct rlimit limit;
	int result;
	int error;

	history_init(&history);
	add(&history, "a line");
	tap_is_int(mkfifo(path, 0600), 0, "(setup) a FIFO is made");
	tap_is_int(history_file_read(path, &history), -1,
		"reading a FIFO fails instead of waiting");
	tap_is_int(errno, ENOTSUP, "a FIFO is refused with ENOTSUP");
	tap_is_int(history_file_add(path, &history, 1), -1,
		"a FIFO is not written to or replaced");
	unlink(path);
	tap_is_int(history_file_read(folder, &history), -1,
		"reading a folder fails");
	tap_is_int(errno, EISDIR, "a folder is refused with EISDIR");
	tap_is_int(history_file_add("/nonexistent/history", &history, 1), -1,
		"writing fails where the folder is missing");
	tap_is_int(errno, ENOENT, "a missing folder is told with ENOENT");

	/* As on a full disk. */
	write_file("whole\n", 6);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = 8;
	setrlimit(RLIMIT_FSIZE, &limit);
	result = history_file_add(path, &history, 1);
	error = errno;
	/* This program's own output may be a file, too, so the limit is lifted.
	 */
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
	tap_is_int(result, -1,
		"writing fails when the file does not fit the disk");
	tap_is_int(error, EFBIG, "a file that does not fit is told with EFBIG");
	is_file("whole\n", "the file from before stays when writing fails");
	unlink(path);
	tap_is_int(rmdir(folder), 0, "no other file is left in the folder");
	history_fini(&history);
}

int main(void)
{
	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/history", folder);
	newlines();
	sessions();
	bounds();
	cut();
	links();
	failures();
	return tap_done();
}
