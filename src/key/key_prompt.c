/* SPDX-License-Identifier: ISC */
#include "mchat/key/key_prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "mchat/terminal/tty.h"

/* Writes all of it, as far as that is possible: a question that cannot be shown
 * can still be answered. */
static void show(int fd, const char *text)
{
	ssize_t written = write(fd, text, strlen(text));

	(void)written;
}

/* One byte at a time, since no byte of a secret is to stay in a buffer.  0 at
 * the end of input, or -1 with errno. */
static ssize_t read_byte(int fd, char *out)
{
	ssize_t got;

	do {
		got = read(fd, out, 1);
	} while (got < 0 && errno == EINTR);
	return got;
}

static ssize_t read_line(int fd, char *out, size_t size)
{
	size_t used = 0;
	ssize_t got;
	char byte;

	while ((got = read_byte(fd, &byte)) > 0 && byte != '\n') {
		if (used < size)
			out[used++] = byte;
	}
	if (got == 0 && used == 0) {
		errno = EPIPE;
		got = -1;
	}
	return got < 0 ? -1 : (ssize_t)used;
}

ssize_t key_prompt_read(const char *question, char *out, size_t size)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct tty tty = {.fd = fd};
	ssize_t got = -1;
	int error;

	if (fd < 0)
		return -1;
	if (tty_hide(&tty) == 0) {
		show(fd, question);
		got = read_line(fd, out, size);
		/* The newline that was typed does not show either. */
		show(fd, "\n");
	}
	error = errno;
	tty_restore(&tty);
	close(fd);
	errno = error;
	return got;
}

ssize_t key_prompt_read_stdin(char *out, size_t size)
{
	return read_line(STDIN_FILENO, out, size);
}
