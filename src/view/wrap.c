/* SPDX-License-Identifier: ISC */
#include "mchat/view/wrap.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"
#include "mchat/base/width.h"
#include "mchat/view/safe.h"

/* From one tab stop to the next. */
#define TAB_COLUMNS 8

unsigned wrap_columns(unsigned window_columns)
{
	/* Some terminals go on to the next row once the last column is full,
	 * and a newline would leave an empty one. */
	return window_columns < WRAP_COLUMNS_MIN ? 0 : window_columns - 1;
}

/* The columns of a text, at most: a tab may take fewer. */
static size_t width_of_text(const char *text, size_t size)
{
	size_t width = 0;

	for (size_t at = 0; at < size;) {
		uint32_t code_point;

		at += utf8_decode(text + at, size - at, &code_point);
		width +=
			code_point == '\t' ? TAB_COLUMNS : width_of(code_point);
	}
	return width;
}

static size_t count_blanks(const char *text, size_t size)
{
	size_t count = 0;

	while (count < size && text[count] == ' ')
		count++;
	return count;
}

/* The bytes at the start of `text` that are not to be broken: up to a space,
 * but for those within a pair of backquotes that fits into `room` columns. */
static size_t piece_size(const char *text, size_t size, size_t room)
{
	size_t at = 0;

	while (at < size && text[at] != ' ') {
		const char *end = text[at] == '`' ? memchr(text + at + 1, '`',
							    size - at - 1)
						  : NULL;
		size_t quoted = end ? (size_t)(end + 1 - text) - at : 0;

		at += quoted > 0 && width_of_text(text + at, quoted) <= room
			      ? quoted
			      : 1;
	}
	return at;
}

/* Appends text from a column on, where the line is empty up to `indent`. */
static void append_from(struct buffer *out, const char *text, size_t size,
	size_t columns, size_t indent, size_t column)
{
	size_t at = 0;

	while (at < size) {
		size_t blanks = count_blanks(text + at, size - at);
		size_t piece = piece_size(text + at + blanks,
			size - at - blanks, columns - indent);
		size_t width = width_of_text(text + at + blanks, piece);

		if (at > 0 && column > indent &&
			column + blanks + width > columns) {
			buffer_append_format(out, "\n%*s", (int)indent, "");
			column = indent;
		} else {
			buffer_append(out, text + at, blanks);
			column += blanks;
		}
		buffer_append(out, text + at + blanks, piece);
		column += width;
		at += blanks + piece;
	}
}

void wrap_append(struct buffer *out, const char *text, size_t size,
	unsigned columns, unsigned indent)
{
	if (columns == 0)
		buffer_append(out, text, size);
	else
		append_from(out, text, size, columns,
			indent < columns / 2 ? indent : columns / 2, 0);
}

void wrap_append_marked(
	struct buffer *out, const char *mark, int indent, const char *text)
{
	struct buffer safe = BUFFER_EMPTY;

	safe_append_text(&safe, text, strlen(text));
	buffer_append_format(out, "%-*s", indent, mark);
	append_from(out, buffer_bytes(&safe), buffer_size(&safe),
		WRAP_PROSE_COLUMNS, (size_t)indent, (size_t)indent);
	buffer_append_char(out, '\n');
	buffer_fini(&safe);
}
