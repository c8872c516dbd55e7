/* SPDX-License-Identifier: ISC */
#include "mchat/io/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"

/* How often it is looked whether the file was moved: what is written until then
 * is found in the old one. */
#define LOOK_MS 1000

/* Non-blocking, so that the slow reader of a FIFO does not hold up the chat. */
static int open_file(const char *name)
{
	return open(name,
		O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY |
			O_NONBLOCK,
		0600);
}

bool transcript_open(struct transcript *transcript, const char *name)
{
	struct stat status;

	*transcript = (struct transcript){.fd = -1, .name = name};
	if (!name)
		return true;
	view_init(
		&transcript->view, VIEW_LOG, false, COLOR_NEVER, clock_wall());
	transcript->fd = open_file(name);
	if (transcript->fd >= 0) {
		transcript->is_file = fstat(transcript->fd, &status) == 0 &&
				      S_ISREG(status.st_mode);
		return true;
	}
	diagnostics_error(
		"--log %s: %s", diagnostics_quoted(name), strerror(errno));
	return false;
}

/* Whether the file no longer goes by its name. */
static bool was_moved(const struct transcript *transcript)
{
	struct stat here;
	struct stat named;

	if (fstat(transcript->fd, &here) < 0)
		return false;
	if (stat(transcript->name, &named) < 0)
		return errno == ENOENT;
	return here.st_dev != named.st_dev || here.st_ino != named.st_ino;
}

void transcript_follow(struct transcript *transcript)
{
	int fd;

	if (!transcript_is_open(transcript) || !transcript->is_file ||
		!was_moved(transcript))
		return;
	fd = open_file(transcript->name);
	if (fd >= 0) {
		close(transcript->fd);
		transcript->fd = fd;
		transcript->is_torn = false;
		transcript->is_moved = false;
		return;
	}
	if (!transcript->is_moved)
		diagnostics_error("--log %s: the file was moved, and a new one "
				  "cannot be opened: %s; lines go on to the "
				  "old one",
			transcript->name, strerror(errno));
	transcript->is_moved = true;
}

/* The same, but not for every line. */
static void follow_seldom(struct transcript *transcript)
{
	struct instant now = clock_now();

	if (instant_before(now, transcript->look_at))
		return;
	transcript->look_at = instant_after(now, duration_ms(LOOK_MS));
	transcript_follow(transcript);
}

bool transcript_is_open(const struct transcript *transcript)
{
	return transcript->fd >= 0;
}

/* Writes the line; 0, or the errno of why not all of it was written. */
static int write_line(struct transcript *transcript)
{
	if (transcript->line.failed)
		return ENOMEM;
	/* If only a part was taken, the next write tells why. */
	while (buffer_size(&transcript->line) > 0) {
		ssize_t written =
			write(transcript->fd, buffer_bytes(&transcript->line),
				buffer_size(&transcript->line));

		if (written < 0 && errno != EINTR)
			return errno;
		if (written > 0) {
			buffer_consume(&transcript->line, (size_t)written);
			transcript->is_torn =
				buffer_size(&transcript->line) > 0;
		}
	}
	return 0;
}

void transcript_event(struct transcript *transcript, const struct event *event)
{
	int error;

	if (!transcript_is_open(transcript))
		return;
	follow_seldom(transcript);
	buffer_clear(&transcript->line);
	/* Ends the line that was written in part. */
	if (transcript->is_torn)
		buffer_append_char(&transcript->line, '\n');
	view_event(&transcript->view, event, &transcript->line);
	error = write_line(transcript);
	if (error && transcript->missing++ == 0)
		diagnostics_error("--log %s: %s; the chat goes on, lines are "
				  "missing there",
			transcript->name, strerror(error));
}

bool transcript_close(struct transcript *transcript)
{
	bool is_closed =
		!transcript_is_open(transcript) || close(transcript->fd) == 0;

	/* A network file system may report a failed write only here. */
	if (!is_closed)
		diagnostics_error(
			"--log %s: %s", transcript->name, strerror(errno));
	if (transcript->missing > 0)
		diagnostics_error("--log %s: %" PRIu64 " line%s missing",
			transcript->name, transcript->missing,
			transcript->missing == 1 ? " is" : "s are");
	buffer_fini(&transcript->line);
	return is_closed && transcript->missing == 0;
}
