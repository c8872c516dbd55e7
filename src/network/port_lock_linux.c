/* SPDX-License-Identifier: ISC */
/* An abstract local socket (unix(7)): it is there for each network namespace
 * anew, as ports are, and goes with who has it. */
#include "mchat/network/port_lock.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int port_lock_take(uint16_t port)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int size;
	int error;

	if (fd < 0)
		return -1;
	/* The first byte is 0: the name is in no file system. */
	size = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1,
		"mchat peers %u", (unsigned)port);
	if (bind(fd, (const struct sockaddr *)&name,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
				(size_t)size)) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}
