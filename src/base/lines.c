/* SPDX-License-Identifier: ISC */
/*
 * Each byte is searched once: `searched` remembers how far, also across cuts.
 * Where a line is cut depends on its bytes alone, not on how they arrived.
 */
#include "mchat/base/lines.h"

#include <string.h>

#include "mchat/base/utf8.h"

/*
 * Bytes needed past the limit to see whether a character straddles it: the last
 * byte before the limit may begin a character of four.
 */
#define LOOKAHEAD 3

void lines_init(struct lines *lines, size_t limit)
{
	*lines = (struct lines){.limit = limit};
}

void lines_fini(struct lines *lines)
{
	buffer_fini(&lines->pending);
}

char *lines_reserve(struct lines *lines, size_t size)
{
	return buffer_reserve(&lines->pending, size);
}

void lines_commit(struct lines *lines, size_t size)
{
	buffer_commit(&lines->pending, size);
}

void lines_end(struct lines *lines)
{
	lines->at_end = true;
}

/* Gives the first `size` pending bytes and drops `taken` >= size of them. */
static void give(struct lines *lines, size_t size, size_t taken, bool is_cut,
	struct line *out)
{
	*out = (struct line){
		.text = buffer_bytes(&lines->pending),
		.size = size,
		.is_cut = is_cut,
		.is_rest = lines->continues,
	};
	lines->continues = is_cut;
	/* After a cut, the rest of what was searched still is; after a newline,
	 * nothing is. */
	lines->searched = is_cut ? lines->searched - size : 0;
	buffer_consume(&lines->pending, taken);
}

bool lines_next(struct lines *lines, struct line *out)
{
	const char *text = buffer_bytes(&lines->pending);
	size_t size = buffer_size(&lines->pending);
	const char *newline =
		memchr(text + lines->searched, '\n', size - lines->searched);
	/* Bytes of the line that have arrived. */
	size_t length = newline ? (size_t)(newline - text) : size;
	bool is_whole = newline || lines->at_end;

	lines->searched = length;
	if (length > lines->limit &&
		(is_whole || length - lines->limit >= LOOKAHEAD)) {
		size_t cut = utf8_prefix(text, length, lines->limit);

		give(lines, cut, cut, true, out);
		return true;
	}
	if (length == 0 ? !newline : !is_whole)
		return false;
	give(lines, length, newline ? length + 1 : length, false, out);
	return true;
}

bool lines_is_done(const struct lines *lines)
{
	return lines->at_end && buffer_size(&lines->pending) == 0;
}

size_t lines_left(const struct lines *lines)
{
	const char *at = buffer_bytes(&lines->pending);
	const char *end = at + buffer_size(&lines->pending);
	const char *newline;
	size_t count = 0;

	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		count++;
		at = newline + 1;
	}
	return count + (lines->at_end && at < end);
}
