/* SPDX-License-Identifier: ISC */
#include "mchat/io/entropy.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h> /* getentropy */
#endif

/* The device, for where the system call is denied (a filter of a sandbox) or is
 * not there (before Linux 3.17). */
static int read_device(void *out, size_t size)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t got;
	int error;

	if (fd < 0)
		return -1;
	/* As few bytes as these come at once (random(4)). */
	got = read(fd, out, size);
	error = got < 0 ? errno : EIO;
	close(fd);
	errno = error;
	return got == (ssize_t)size ? 0 : -1;
}

int entropy_fill(void *out, size_t size)
{
	return getentropy(out, size) == 0 ? 0 : read_device(out, size);
}

int entropy_number(uint64_t *out)
{
	do {
		if (entropy_fill(out, sizeof(*out)) < 0)
			return -1;
	} while (*out == 0);
	return 0;
}

void entropy_wait(enum verbosity verbosity)
{
	/* Readable once there is enough of it (random(4)).  Where there is no
	 * such device, getentropy waits without a word. */
	int fd = open("/dev/random", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct pollfd polled = {.fd = fd, .events = POLLIN};

	if (fd < 0)
		return;
	if (poll(&polled, 1, ENTROPY_PATIENCE_MS) == 0) {
		diagnostics_warning(verbosity,
			"waiting for random bytes, which the system gathers "
			"after its start");
		(void)poll(&polled, 1, -1);
	}
	close(fd);
}

int entropy_fill_secret(void *out, size_t size)
{
	return getentropy(out, size);
}
