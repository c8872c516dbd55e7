/* SPDX-License-Identifier: ISC */
#include "mchat/chat/errors.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Linux makes a new description of what is opened by this name. */
#define STDERR_NAME "/proc/self/fd/2"

static bool is_pipe(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

void errors_open(struct errors *errors)
{
	int own;

	errors->found = -1;
	if (!is_pipe(STDERR_FILENO))
		return;
	own = open(STDERR_NAME, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (own < 0)
		return;
	errors->found = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	if (errors->found >= 0)
		(void)dup2(own, STDERR_FILENO);
	close(own);
}

void errors_tell(enum verbosity verbosity, int patience_ms)
{
	struct pollfd polled = {.fd = STDERR_FILENO, .events = POLLOUT};

	/* A line that did not fit is the stream's error, till it is told. */
	if (!ferror(stderr) || poll(&polled, 1, patience_ms) != 1 ||
		polled.revents != POLLOUT)
		return;
	clearerr(stderr);
	notice_warning(verbosity,
		"stderr: lines were lost here, since nobody read them");
}

void errors_close(struct errors *errors)
{
	if (errors->found < 0)
		return;
	(void)dup2(errors->found, STDERR_FILENO);
	close(errors->found);
	errors->found = -1;
}
