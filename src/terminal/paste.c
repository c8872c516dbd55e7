/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/paste.h"

#include "mchat/terminal/line_buffer.h"

void paste_init(struct paste *paste)
{
	*paste = (struct paste){.size = 0};
	lines_init(&paste->lines, LINE_BUFFER_MAX);
}

void paste_fini(struct paste *paste)
{
	lines_fini(&paste->lines);
}

static void add_byte(struct paste *paste, char byte)
{
	char *room;

	if (paste->size == PASTE_MAX)
		paste->is_too_large = true;
	if (paste->is_too_large)
		return;
	room = lines_reserve(&paste->lines, 1);
	if (!room) {
		paste->is_too_large = true;
		return;
	}
	*room = byte;
	lines_commit(&paste->lines, 1);
	paste->size++;
}

void paste_add(struct paste *paste, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] != '\n' || !paste->after_cr)
			add_byte(paste,
				(char)(text[i] == '\r' ? '\n' : text[i]));
		paste->after_cr = text[i] == '\r';
	}
}

void paste_end(struct paste *paste)
{
	lines_end(&paste->lines);
}

size_t paste_left(const struct paste *paste)
{
	return lines_left(&paste->lines);
}

bool paste_next(struct paste *paste, struct line *out)
{
	return lines_next(&paste->lines, out);
}
