/* SPDX-License-Identifier: ISC */
#include "mchat/chat/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A terminal is opened anew, so that it can be non-blocking for us alone: one
 * that nobody reads must not hold up the rest.  Where that cannot be, and for
 * what is no terminal, -1.
 */
static int open_terminal(int fd)
{
	const char *name = isatty(fd) ? ttyname(fd) : NULL;

	return name ? open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
		    : -1;
}

void output_init(struct output *output, int fd)
{
	struct stat status;
	int terminal = open_terminal(fd);

	*output = (struct output){
		.fd = terminal >= 0 ? terminal : fd,
		.is_own = terminal >= 0,
	};
	output->always_takes =
		fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

void output_fini(struct output *output)
{
	if (output->is_own)
		close(output->fd);
	buffer_fini(&output->queue);
}

bool output_is_full(const struct output *output)
{
	return buffer_size(&output->queue) >= OUTPUT_QUEUE_MAX;
}

bool output_is_pending(const struct output *output)
{
	return !output->is_closed && buffer_size(&output->queue) > 0;
}

/*
 * How many bytes can be written without blocking.  The descriptor is shared
 * with other programs, so it is not for us to make it non-blocking; but a pipe
 * that polls writable takes PIPE_BUF bytes (POSIX, write()), and a terminal is
 * open a second time, without blocking.
 */
static size_t room(const struct output *output)
{
	struct pollfd descriptor = {.fd = output->fd, .events = POLLOUT};
	size_t size = buffer_size(&output->queue);

	/* Our own description of a terminal takes what it can. */
	if (output->always_takes || output->is_own)
		return size;
	if (poll(&descriptor, 1, 0) <= 0)
		return 0;
	return size < PIPE_BUF ? size : PIPE_BUF;
}

static void fail(struct output *output, int error)
{
	output->is_closed = true;
	if (error != EPIPE)
		output->error = error;
}

void output_flush(struct output *output)
{
	while (output_is_pending(output)) {
		size_t size = room(output);
		ssize_t written;

		if (size == 0)
			return;
		written = write(output->fd, buffer_bytes(&output->queue), size);
		if (written >= 0)
			buffer_consume(&output->queue, (size_t)written);
		else if (errno != EAGAIN && errno != EINTR)
			fail(output, errno);
		/* The loop is to see why: a signal, or no more room. */
		if (written < (ssize_t)size)
			return;
	}
}
