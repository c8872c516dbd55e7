/* SPDX-License-Identifier: ISC */
#include "mchat/chat/errors.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Linux makes a new description of what is opened by this name. */
#define STDERR_NAME "/proc/self/fd/2"

/* One read of the valve takes this much. */
#define VALVE_CHUNK 4096

/* Where stderr is left alone. */
#define NOT_OURS ((struct errors){.found = -1, .valve = -1})

/* A pipe whose ends do not wait; returns the one that is written to, or -1. */
static int open_valve(struct errors *errors)
{
	int ends[2];

	if (pipe(ends) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		(void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		(void)fcntl(ends[i], F_SETFL, O_NONBLOCK);
	}
	errors->valve = ends[0];
	return ends[1];
}

/* What stderr is to be instead, or -1. */
static int open_own(struct errors *errors, bool is_held)
{
	struct stat status;
	const char *name = NULL;

	if (fstat(STDERR_FILENO, &status) < 0)
		return -1;
	if (S_ISSOCK(status.st_mode))
		return open_valve(errors);
	if (S_ISFIFO(status.st_mode))
		name = STDERR_NAME;
	else if (!is_held && isatty(STDERR_FILENO))
		name = ttyname(STDERR_FILENO);
	return name ? open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
		    : -1;
}

void errors_open(struct errors *errors, bool is_held)
{
	int own;

	*errors = NOT_OURS;
	errors->found = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	if (errors->found < 0)
		return;
	own = open_own(errors, is_held);
	if (own < 0) {
		close(errors->found);
		errors->found = -1;
		return;
	}
	if (errors->valve >= 0)
		output_init(&errors->output, errors->found);
	(void)dup2(own, STDERR_FILENO);
	close(own);
}

void errors_flush(struct errors *errors)
{
	struct output *output = &errors->output;
	char bytes[VALVE_CHUNK];
	ssize_t size;

	if (errors->valve < 0)
		return;
	while (!output_is_full(output) &&
		(size = read(errors->valve, bytes, sizeof(bytes))) > 0)
		buffer_append(&output->queue, bytes, (size_t)size);
	output_flush(output);
	if (output->is_closed)
		buffer_clear(&output->queue);
}

int errors_waiting_fd(const struct errors *errors)
{
	return output_is_pending(&errors->output) ? errors->found : -1;
}

/* Whether there is room for a line within so long. */
static bool has_room(struct errors *errors, int patience_ms)
{
	struct pollfd polled = {.fd = STDERR_FILENO, .events = POLLOUT};

	if (errors->valve < 0)
		return poll(&polled, 1, patience_ms) == 1 &&
		       polled.revents == POLLOUT;
	errors_flush(errors);
	polled.fd = errors->found;
	while (output_is_pending(&errors->output) &&
		poll(&polled, 1, patience_ms) == 1)
		errors_flush(errors);
	return !output_is_full(&errors->output);
}

void errors_tell(
	struct errors *errors, enum verbosity verbosity, int patience_ms)
{
	/* A line that did not fit is the stream's error, till it is told. */
	bool has_lost = ferror(stderr);

	errors_flush(errors);
	if (!has_lost && errors_waiting_fd(errors) < 0)
		return;
	if (!has_room(errors, patience_ms) || !has_lost)
		return;
	clearerr(stderr);
	notice_warning(verbosity, "stderr: lines were lost here%s",
		errors->found < 0 ? "" : ", since nobody read them");
}

void errors_close(struct errors *errors)
{
	if (errors->found < 0)
		return;
	errors_flush(errors);
	(void)dup2(errors->found, STDERR_FILENO);
	if (errors->valve >= 0)
		close(errors->valve);
	output_fini(&errors->output);
	close(errors->found);
	*errors = NOT_OURS;
}
