/* SPDX-License-Identifier: ISC */
#include "mchat/io/stderr_queue.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mchat/io/reopen.h"

#define OWN_FLAGS (O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* One read of our pipe takes this much. */
#define PIPE_CHUNK 4096

/* Where stderr is left alone. */
#define NOT_OURS ((struct stderr_queue){.found = -1, .pipe = -1})

/* Opens our pipe, both ends non-blocking; returns the write end, or -1. */
static int open_pipe(struct stderr_queue *stderr_queue)
{
	int ends[2];

	if (pipe(ends) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		(void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		(void)fcntl(ends[i], F_SETFL, O_NONBLOCK);
	}
	stderr_queue->pipe = ends[0];
	return ends[1];
}

/* Opens what is to replace stderr; -1 when it is to be left alone. */
static int open_own(struct stderr_queue *stderr_queue, bool is_held)
{
	struct stat status;
	const char *name;

	if (fstat(STDERR_FILENO, &status) < 0)
		return -1;
	if (S_ISFIFO(status.st_mode) && reopen_is_there())
		return reopen_stderr(OWN_FLAGS);
	if (S_ISSOCK(status.st_mode) || S_ISFIFO(status.st_mode))
		return open_pipe(stderr_queue);
	if (is_held || !isatty(STDERR_FILENO))
		return -1;
	name = ttyname(STDERR_FILENO);
	return name ? open(name, O_WRONLY | OWN_FLAGS) : -1;
}

void stderr_queue_open(struct stderr_queue *stderr_queue, bool is_held)
{
	int own;

	*stderr_queue = NOT_OURS;
	stderr_queue->found = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	if (stderr_queue->found < 0)
		return;
	own = open_own(stderr_queue, is_held);
	if (own < 0) {
		close(stderr_queue->found);
		stderr_queue->found = -1;
		return;
	}
	if (stderr_queue->pipe >= 0)
		output_queue_init(&stderr_queue->output, stderr_queue->found);
	(void)dup2(own, STDERR_FILENO);
	close(own);
}

void stderr_queue_flush(struct stderr_queue *stderr_queue)
{
	struct output_queue *output = &stderr_queue->output;
	char bytes[PIPE_CHUNK];
	ssize_t size;

	if (stderr_queue->pipe < 0)
		return;
	while (!output_queue_is_full(output) &&
		(size = read(stderr_queue->pipe, bytes, sizeof(bytes))) > 0)
		buffer_append(&output->queue, bytes, (size_t)size);
	output_queue_flush(output);
	if (output->is_closed)
		buffer_clear(&output->queue);
}

int stderr_queue_waiting_fd(const struct stderr_queue *stderr_queue)
{
	return output_queue_is_pending(&stderr_queue->output)
		       ? stderr_queue->found
		       : -1;
}

/* Whether there is room for a line; waits up to `patience_ms` for each piece.
 */
static bool has_room(struct stderr_queue *stderr_queue, int patience_ms)
{
	struct pollfd polled = {.fd = STDERR_FILENO, .events = POLLOUT};

	if (stderr_queue->pipe < 0)
		return poll(&polled, 1, patience_ms) == 1 &&
		       polled.revents == POLLOUT;
	stderr_queue_flush(stderr_queue);
	polled.fd = stderr_queue->found;
	while (output_queue_is_pending(&stderr_queue->output) &&
		poll(&polled, 1, patience_ms) == 1)
		stderr_queue_flush(stderr_queue);
	return !output_queue_is_full(&stderr_queue->output);
}

void stderr_queue_tell(struct stderr_queue *stderr_queue,
	enum verbosity verbosity, int patience_ms)
{
	/* A line that did not fit left the stream's error flag set. */
	bool has_lost = ferror(stderr);

	stderr_queue_flush(stderr_queue);
	if (!has_lost && stderr_queue_waiting_fd(stderr_queue) < 0)
		return;
	if (!has_room(stderr_queue, patience_ms) || !has_lost)
		return;
	clearerr(stderr);
	diagnostics_warning(verbosity, "stderr: lines were dropped here%s",
		stderr_queue->found < 0 ? "" : ": nobody was reading them");
}

void stderr_queue_close(struct stderr_queue *stderr_queue)
{
	if (stderr_queue->found < 0)
		return;
	stderr_queue_flush(stderr_queue);
	(void)dup2(stderr_queue->found, STDERR_FILENO);
	if (stderr_queue->pipe >= 0)
		close(stderr_queue->pipe);
	output_queue_fini(&stderr_queue->output);
	close(stderr_queue->found);
	*stderr_queue = NOT_OURS;
}
