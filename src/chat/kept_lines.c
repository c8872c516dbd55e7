/* SPDX-License-Identifier: ISC */
#include "mchat/chat/kept_lines.h"

#include <string.h>

void kept_lines_fini(struct kept_lines *kept)
{
	buffer_fini(&kept->lines);
}

void kept_lines_add(struct kept_lines *kept, const char *lines, size_t size)
{
	buffer_append(&kept->lines, lines, size);
	while (buffer_size(&kept->lines) > kept->size_max) {
		const char *bytes = buffer_bytes(&kept->lines);
		const char *last =
			memchr(bytes, kept->end, buffer_size(&kept->lines));

		buffer_consume(&kept->lines, (size_t)(last + 1 - bytes));
	}
}

size_t kept_lines_append(
	const struct kept_lines *kept, size_t count, struct buffer *out)
{
	const char *bytes = buffer_bytes(&kept->lines);
	const char *end = bytes + buffer_size(&kept->lines);
	const char *at = end;
	size_t found = 0;

	while (found < count && at > bytes) {
		at--;
		while (at > bytes && at[-1] != kept->end)
			at--;
		found++;
	}
	buffer_append(out, at, (size_t)(end - at));
	return found;
}
