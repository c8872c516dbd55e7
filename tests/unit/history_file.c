/* SPDX-License-Identifier: ISC */
/* Entered lines in a file: order, bounds, who may read it, what goes wrong. */
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

static void sessions(void)
{
	struct history first;
	struct history second;
	struct stat status;

	history_init(&first);
	history_init(&second);
	tap_is_int(history_file_read(path, &first), 0,
		"a file that is not there yet has no lines");
	tap_is_int((intmax_t)first.count, 0, "so there are none");
	add(&first, "one");
	add(&first, "\xed\x95\x9c \x1b");
	tap_is_int(history_file_add(path, &first, 2), 0, "two are kept");
	is_file("one\n\xed\x95\x9c \x1b\n", "the newest comes last");
	tap_is_int(stat(path, &status), 0, "the file is there");
	tap_is_int(status.st_mode & 0777, 0600, "for its owner alone");

	tap_is_int(history_file_read(path, &second), 0, "the next session");
	tap_is_int((intmax_t)second.added, 2, "has them");
	is_line(&second, 1, "\xed\x95\x9c \x1b");
	is_line(&second, 2, "one");
	add(&first, "meanwhile");
	tap_is_int(history_file_add(path, &first, 1), 0, "the first goes on");
	add(&second, "two");
	tap_is_int(history_file_add(path, &second, 1), 0, "both end");
	is_file("one\n\xed\x95\x9c \x1b\nmeanwhile\ntwo\n",
		"and neither takes away what the other added");
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
	tap_is_int(history_file_read(path, &history), 0, "a long file");
	tap_is_int((intmax_t)history.count, HISTORY_LINES, "gives its end");
	is_line(&history, 1, "no newline");
	add(&history, "more");
	tap_is_int(history_file_add(path, &history, 1), 0, "is added to");
	history_fini(&history);
	history_init(&history);
	(void)history_file_read(path, &history);
	tap_is_int((intmax_t)history.added, HISTORY_LINES,
		"and has as many lines as a history then");
	is_line(&history, 1, "more");
	history_fini(&history);
}

/* Of a file that is only read in part the first line may be half of one. */
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
	tap_is_int(history_file_read(path, &history), 0, "a cut line");
	tap_is_int((intmax_t)history.count, 1, "is left out");
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
	tap_is_int(rename(path, target), 0, "the file is elsewhere");
	tap_is_int(symlink(target, path), 0, "and a link names it");
	add(&history, "new");
	tap_is_int(history_file_add(path, &history, 1), 0, "it is added to");
	is_file("old\nnew\n", "there");
	tap_ok(lstat(path, &status) == 0 && S_ISLNK(status.st_mode),
		"the link stays");
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
	tap_is_int(mkfifo(path, 0600), 0, "a FIFO");
	tap_is_int(history_file_read(path, &history), -1, "is not waited for");
	tap_is_int(errno, ENOTSUP, "but refused");
	tap_is_int(history_file_add(path, &history, 1), -1, "nor replaced");
	unlink(path);
	tap_is_int(history_file_read(folder, &history), -1, "nor is a folder");
	tap_is_int(errno, EISDIR, "taken for a file");
	tap_is_int(history_file_add("/nonexistent/history", &history, 1), -1,
		"without its folder nothing is kept");
	tap_is_int(errno, ENOENT, "which is the reason");

	/* As on a full disk. */
	write_file("whole\n", 6);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = 8;
	setrlimit(RLIMIT_FSIZE, &limit);
	result = history_file_add(path, &history, 1);
	error = errno;
	/* Our own output may be a file, too. */
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
	tap_is_int(result, -1, "a file that cannot be written whole");
	tap_is_int(error, EFBIG, "is not written");
	is_file("whole\n", "and the one before stays");
	unlink(path);
	tap_is_int(rmdir(folder), 0, "nothing else is left behind");
	history_fini(&history);
}

int main(void)
{
	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/history", folder);
	sessions();
	bounds();
	cut();
	links();
	failures();
	return tap_done();
}
