/* SPDX-License-Identifier: ISC */
/* The last lines that were shown, to be shown again. */
#ifndef MCHAT_CHAT_KEPT_LINES_H
#define MCHAT_CHAT_KEPT_LINES_H

#include <stddef.h>

#include "mchat/base/buffer.h"

struct kept_lines {
	struct buffer lines;
	size_t size_max; /* bytes that are kept; the caller's to set */
	char end;        /* what each line ends with, likewise */
};

void kept_lines_fini(struct kept_lines *kept);

/* Keeps some whole lines; the oldest go where there are more than size_max
 * bytes. */
void kept_lines_add(struct kept_lines *kept, const char *lines, size_t size);

/* Appends the last `count` of them; returns how many there were. */
size_t kept_lines_append(
	const struct kept_lines *kept, size_t count, struct buffer *out);

#endif
