/* SPDX-License-Identifier: ISC */
#include "mchat/chat/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "mchat/chat/clock.h"
#include "mchat/chat/notice.h"

bool log_open(struct log *log, const char *name)
{
	*log = (struct log){.fd = -1, .name = name};
	if (!name)
		return true;
	view_init(&log->view, VIEW_LOG, false, COLOR_NEVER, clock_wall());
	/* Non-blocking: nobody who reads a FIFO slowly holds up the chat. */
	log->fd = open(name,
		O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY |
			O_NONBLOCK,
		0600);
	if (log->fd >= 0)
		return true;
	notice_error("--log %s: %s", notice_quoted(name), strerror(errno));
	return false;
}

bool log_is_open(const struct log *log)
{
	return log->fd >= 0;
}

/* Writes the line; 0, or the errno of what kept it from being whole. */
static int write_line(struct log *log)
{
	if (log->line.failed)
		return ENOMEM;
	/* Why only a part was taken, the next write tells. */
	while (buffer_size(&log->line) > 0) {
		ssize_t written = write(log->fd, buffer_bytes(&log->line),
			buffer_size(&log->line));

		if (written < 0 && errno != EINTR)
			return errno;
		if (written > 0) {
			buffer_consume(&log->line, (size_t)written);
			log->is_torn = buffer_size(&log->line) > 0;
		}
	}
	return 0;
}

void log_event(struct log *log, const struct event *event)
{
	int error;

	if (!log_is_open(log))
		return;
	buffer_clear(&log->line);
	/* What was written in part is a line of its own. */
	if (log->is_torn)
		buffer_append_char(&log->line, '\n');
	view_event(&log->view, event, &log->line);
	error = write_line(log);
	if (error && log->missing++ == 0)
		notice_error("--log %s: %s; the chat goes on, lines are "
			     "missing there",
			log->name, strerror(error));
}

bool log_close(struct log *log)
{
	bool is_closed = !log_is_open(log) || close(log->fd) == 0;

	/* A file system on the network may fail as late as this. */
	if (!is_closed)
		notice_error("--log %s: %s", log->name, strerror(errno));
	if (log->missing > 0)
		notice_error("--log %s: %" PRIu64 " line%s missing", log->name,
			log->missing, log->missing == 1 ? " is" : "s are");
	buffer_fini(&log->line);
	return is_closed && log->missing == 0;
}
