/* SPDX-License-Identifier: ISC */
#include "capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void capture_begin(struct capture *capture)
{
	char name[] = "/tmp/mchat-capture-XXXXXX";

	capture->fd = mkstemp(name);
	capture->before = dup(STDERR_FILENO);
	if (capture->fd < 0 || capture->before < 0 || unlink(name) < 0 ||
		dup2(capture->fd, STDERR_FILENO) < 0)
		abort();
}

const char *capture_end(struct capture *capture)
{
	ssize_t size;

	fflush(stderr);
	dup2(capture->before, STDERR_FILENO);
	size = pread(capture->fd, capture->text, sizeof(capture->text), 0);
	/* Output that does not fit would be cut off unnoticed. */
	if (size < 0 || (size_t)size == sizeof(capture->text))
		abort();
	capture->text[size] = '\0';
	close(capture->before);
	close(capture->fd);
	return capture->text;
}

size_t capture_count(const char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		count++;
	return count;
}
