/* SPDX-License-Identifier: ISC */
#include "mchat/io/output_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Opens a terminal anew, so that it can be non-blocking for us alone: one whose
 * output is stopped must not hold up the rest.  Returns -1 when that fails, or
 * when `fd` is no terminal.
 */
static int open_terminal(int fd)
{
	const char *name = isatty(fd) ? ttyname(fd) : NULL;

	return name ? open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
		    : -1;
}

void output_queue_init(struct output_queue *queue, int fd)
{
	struct stat status;
	int terminal = open_terminal(fd);

	*queue = (struct output_queue){
		.fd = terminal >= 0 ? terminal : fd,
		.is_own = terminal >= 0,
	};
	queue->always_takes =
		fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

void output_queue_fini(struct output_queue *queue)
{
	if (queue->is_own)
		close(queue->fd);
	buffer_fini(&queue->queue);
}

bool output_queue_is_full(const struct output_queue *queue)
{
	return buffer_size(&queue->queue) >= OUTPUT_QUEUE_MAX;
}

bool output_queue_is_pending(const struct output_queue *queue)
{
	return !queue->is_closed && buffer_size(&queue->queue) > 0;
}

/*
 * How many bytes to write now without blocking.  The file description is shared
 * with other programs, so we must not make it non-blocking; but a pipe that
 * polls writable takes PIPE_BUF bytes (POSIX, write()), and a terminal was
 * opened anew, non-blocking.
 */
static size_t room(const struct output_queue *queue)
{
	struct pollfd descriptor = {.fd = queue->fd, .events = POLLOUT};
	size_t size = buffer_size(&queue->queue);

	/* Our own description of a terminal takes as much as it can. */
	if (queue->always_takes || queue->is_own)
		return size;
	if (poll(&descriptor, 1, 0) <= 0)
		return 0;
	return size < PIPE_BUF ? size : PIPE_BUF;
}

static void fail(struct output_queue *queue, int error)
{
	queue->is_closed = true;
	if (error != EPIPE)
		queue->error = error;
}

/* Takes note of how the `size` bytes end that are written now. */
static void note_end(struct output_queue *queue, size_t size)
{
	char last = buffer_bytes(&queue->queue)[size - 1];

	queue->is_torn = last != '\n' && last != '\0';
}

void output_queue_flush(struct output_queue *queue)
{
	while (output_queue_is_pending(queue)) {
		size_t size = room(queue);
		ssize_t written;

		if (size == 0)
			return;
		written = write(queue->fd, buffer_bytes(&queue->queue), size);
		if (written > 0) {
			note_end(queue, (size_t)written);
			buffer_consume(&queue->queue, (size_t)written);
		} else if (written < 0 && errno != EAGAIN && errno != EINTR)
			fail(queue, errno);
		/* A signal, or no more room: the loop sees to either. */
		if (written < (ssize_t)size)
			return;
	}
}
