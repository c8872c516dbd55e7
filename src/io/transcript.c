/* SPDX-License-Identifier: ISC */
#include "mchat/io/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"

bool transcript_open(struct transcript *transcript, const char *name)
{
	*transcript = (struct transcript){.fd = -1, .name = name};
	if (!name)
		return true;
	view_init(
		&transcript->view, VIEW_LOG, false, COLOR_NEVER, clock_wall());
	/* Non-blocking, so that the slow reader of a FIFO does not hold up the
	 * chat. */
	transcript->fd = open(name,
		O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY |
			O_NONBLOCK,
		0600);
	if (transcript->fd >= 0)
		return true;
	diagnostics_error(
		"--log %s: %s", diagnostics_quoted(name), strerror(errno));
	return false;
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
