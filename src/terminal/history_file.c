/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/history_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mchat/base/lines.h"
#include "mchat/terminal/history.h"
#include "mchat/terminal/line_buffer.h"

/* How much of the end of a file is read: twice what a history holds, which
 * leaves room for newlines and for the empty and repeated lines that a history
 * does not keep. */
#define READ_MAX ((off_t)(2 * HISTORY_BYTES))

#define READ_CHUNK ((size_t)64 * 1024)

/* In the file it stands for a newline within an entry: a byte that is as long,
 * and that nobody types. */
#define NEWLINE_MARK '\v'

/* Appends the bytes, with one that becomes another. */
static void append_with(
	struct buffer *out, const char *bytes, size_t size, char from, char to)
{
	for (size_t i = 0; i < size; i++)
		buffer_append(out, bytes[i] == from ? &to : &bytes[i], 1);
}

/* Adds an entry as it stands in the file; out of memory it does not. */
static void add_entry(struct history *history, const struct line *line)
{
	struct buffer text = BUFFER_EMPTY;

	append_with(&text, line->text, line->size, NEWLINE_MARK, '\n');
	if (!text.failed)
		history_add(history, buffer_bytes(&text), buffer_size(&text));
	buffer_fini(&text);
}

/* Opens a regular file, and nothing else; a FIFO does not block it. */
static int open_regular(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status = {.st_mode = 0};

	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	errno = S_ISDIR(status.st_mode) ? EISDIR : ENOTSUP;
	return -1;
}

/* Seeks to the last READ_MAX bytes; whether that skips something, and may so
 * begin within a line. */
static bool skip_to_end(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);

	return lseek(fd, size > READ_MAX ? size - READ_MAX : 0, SEEK_SET) > 0;
}

static void add_lines(
	struct lines *lines, bool *is_cut, struct history *history)
{
	struct line line;

	while (lines_next(lines, &line)) {
		if (!*is_cut)
			add_entry(history, &line);
		*is_cut = false;
	}
}

int history_file_read(const char *path, struct history *history)
{
	struct lines lines;
	ssize_t size = -1;
	bool is_cut;
	char *room;
	int error;
	int fd = open_regular(path);

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	lines_init(&lines, LINE_BUFFER_MAX);
	is_cut = skip_to_end(fd);
	while ((room = lines_reserve(&lines, READ_CHUNK)) &&
		(size = read(fd, room, READ_CHUNK)) > 0) {
		lines_commit(&lines, (size_t)size);
		add_lines(&lines, &is_cut, history);
	}
	error = room ? errno : ENOMEM;
	lines_end(&lines);
	add_lines(&lines, &is_cut, history);
	lines_fini(&lines);
	close(fd);
	errno = error;
	return room && size == 0 ? 0 : -1;
}

/* Writes all lines, the oldest first; -1 with errno. */
static int write_lines(int fd, const struct history *history)
{
	struct buffer text = BUFFER_EMPTY;
	size_t done = 0;
	ssize_t size = 0;

	for (size_t back = history->count; back > 0; back--) {
		const struct history_line *line = history_get(history, back);

		append_with(&text, line->text, line->size, '\n', NEWLINE_MARK);
		buffer_append_char(&text, '\n');
	}
	while (!text.failed && size >= 0 && done < buffer_size(&text)) {
		size = write(fd, buffer_bytes(&text) + done,
			buffer_size(&text) - done);
		if (size > 0)
			done += (size_t)size;
	}
	if (text.failed)
		errno = ENOMEM;
	buffer_fini(&text);
	return text.failed || size < 0 ? -1 : 0;
}

/* Writes the lines to a new file and closes it; -1 with errno. */
static int fill(int fd, const struct history *history)
{
	int result = write_lines(fd, history);
	int error = errno;

	/* Some file systems report only here that they are full. */
	if (close(fd) < 0 && result == 0)
		return -1;
	errno = error;
	return result;
}

/* Replaces the file at `path` with a new one that has these lines; -1 with
 * errno. */
static int replace(const char *path, const struct history *history)
{
	struct buffer name = BUFFER_EMPTY;
	int result = -1;
	int error = ENOMEM;
	int fd;

	buffer_append_string(&name, path);
	buffer_append(&name, ".XXXXXX", sizeof(".XXXXXX"));
	if (name.failed)
		goto free_name;
	/* mkstemp makes it readable by its owner alone. */
	fd = mkstemp(name.bytes);
	if (fd >= 0)
		result = fill(fd, history);
	if (result == 0)
		result = rename(name.bytes, path);
	error = errno;
	if (fd >= 0 && result < 0)
		(void)unlink(name.bytes);
free_name:
	buffer_fini(&name);
	errno = error;
	return result;
}

int history_file_add(
	const char *path, const struct history *history, size_t count)
{
	/* The file itself where `path` is a symbolic link to it; NULL when it
	 * does not exist yet. */
	char *target = realpath(path, NULL);
	struct history all;
	int result;
	int error;

	history_init(&all);
	result = history_file_read(path, &all);
	for (size_t back = count < history->count ? count : history->count;
		back > 0; back--) {
		const struct history_line *line = history_get(history, back);

		if (!line->is_discarded)
			history_add(&all, line->text, line->size);
	}
	if (result == 0)
		result = replace(target ? target : path, &all);
	error = errno;
	history_fini(&all);
	free(target);
	errno = error;
	return result;
}
