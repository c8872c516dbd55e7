/* SPDX-License-Identifier: ISC */
#include "hex.h"

#include <stdlib.h>
#include <string.h>

static unsigned value(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = strchr(digits, digit);

	if (digit == '\0' || !found)
		abort();
	return (unsigned)(found - digits);
}

size_t hex_read(const char *text, uint8_t *out, size_t room)
{
	size_t size = 0;

	while (*text) {
		if (*text == ' ') {
			text++;
			continue;
		}
		if (size == room)
			abort();
		out[size++] = (uint8_t)(value(text[0]) << 4 | value(text[1]));
		text += 2;
	}
	return size;
}
