/* SPDX-License-Identifier: ISC */
#include "mchat/view/color.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/base/buffer.h"

static const unsigned char palette[] = {
	131, 166, 130, 100, 64, 28, 30, 32, 62, 98, 133, 162};

bool color_when_find(const char *name, enum color_when *out)
{
	static const char *const names[] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0) {
			*out = (enum color_when)i;
			return true;
		}
	}
	return false;
}

bool color_is_wanted(enum color_when when, bool on_terminal)
{
	const char *refusal = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (when != COLOR_AUTO)
		return when == COLOR_ALWAYS;
	return on_terminal && !(refusal && *refusal) && terminal && *terminal &&
	       strcmp(terminal, "dumb") != 0;
}

/* FNV-1a of 32 bits: short names that differ in one letter mostly differ in
 * colour. */
unsigned color_of_nick(const char *nick, size_t size)
{
	uint32_t hash = UINT32_C(2166136261);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)nick[i]) * UINT32_C(16777619);
	return palette[hash % (sizeof(palette) / sizeof(palette[0]))];
}

void color_begin(struct buffer *out, unsigned color, bool is_bold)
{
	buffer_append_format(
		out, "\033[%s38;5;%um", is_bold ? "1;" : "", color);
}

void color_dim(struct buffer *out)
{
	buffer_append_string(out, "\033[2m");
}

void color_end(struct buffer *out)
{
	buffer_append_string(out, "\033[0m");
}
