/* SPDX-License-Identifier: ISC */
#include "mchat/commands/wrap.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/view/safe.h"

/* Two fewer than most terminals have. */
#define COLUMNS 78

/* How much of a text that is too long goes on this line: up to the last space
 * that fits, or to the first one when the first word alone is too long. */
static size_t line_size(const char *text, size_t room)
{
	size_t size = room;

	while (size > 0 && text[size] != ' ')
		size--;
	return size > 0 ? size : strcspn(text, " ");
}

void wrap_append(
	struct buffer *out, const char *mark, int indent, const char *text)
{
	size_t room = (size_t)(COLUMNS - indent);

	buffer_append_format(out, "%-*s", indent, mark);
	while (strlen(text) > room) {
		size_t size = line_size(text, room);

		safe_append_text(out, text, size);
		text += size;
		if (*text == '\0')
			break;
		buffer_append_format(out, "\n%*s", indent, "");
		text++;
	}
	safe_append_text(out, text, strlen(text));
	buffer_append_char(out, '\n');
}
