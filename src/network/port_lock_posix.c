/* SPDX-License-Identifier: ISC */
/* A lock on a file (fcntl), which goes with who has it.  The file stays: were
 * it removed, two could hold locks on two files of one name.  All users of the
 * host share it. */
#include "mchat/network/port_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int port_lock_take(uint16_t port)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char name[64];
	int fd;
	int error;

	snprintf(
		name, sizeof(name), "/tmp/mchat-peers-%u.lock", (unsigned)port);
	/* Somebody else's file can be opened, but not be made anew, in a sticky
	 * folder (Linux, protected_regular). */
	fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		fd = open(
			name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		/* Whatever the umask. */
		if (fd >= 0)
			(void)fchmod(fd, 0666);
	}
	if (fd < 0)
		return -1;
	if (fcntl(fd, F_SETLK, &lock) == 0)
		return fd;
	error = errno == EACCES || errno == EAGAIN ? EADDRINUSE : errno;
	close(fd);
	errno = error;
	return -1;
}
