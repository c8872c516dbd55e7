/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/line_buffer.h"

#include <string.h>

#include "mchat/base/utf8.h"
#include "mchat/terminal/cluster.h"
#include "mchat/terminal/letter_case.h"

void line_buffer_init(struct line_buffer *line_buffer)
{
	line_buffer_clear(line_buffer);
	kill_ring_init(&line_buffer->kills);
	line_buffer->is_yanking = false;
}

void line_buffer_clear(struct line_buffer *line_buffer)
{
	line_buffer->size = 0;
	line_buffer->cursor = 0;
}

/* A change of the text may have joined the clusters around the cursor. */
static void place_cursor(struct line_buffer *line_buffer, size_t at)
{
	line_buffer->cursor =
		cluster_boundary(line_buffer->text, line_buffer->size, at);
}

void line_buffer_set(struct line_buffer *line_buffer, const char *text,
	size_t size, size_t cursor)
{
	memmove(line_buffer->text, text, size);
	line_buffer->size = size;
	place_cursor(line_buffer, cursor);
}

bool line_buffer_splice(struct line_buffer *line_buffer, size_t from, size_t to,
	const char *text, size_t size)
{
	if (size > LINE_BUFFER_MAX - (line_buffer->size - (to - from)))
		return false;
	memmove(line_buffer->text + from + size, line_buffer->text + to,
		line_buffer->size - to);
	if (size > 0)
		memcpy(line_buffer->text + from, text, size);
	line_buffer->size = line_buffer->size - (to - from) + size;
	place_cursor(line_buffer, from + size);
	return true;
}

bool line_buffer_insert(
	struct line_buffer *line_buffer, const char *text, size_t size)
{
	return line_buffer_splice(line_buffer, line_buffer->cursor,
		line_buffer->cursor, text, size);
}

bool line_buffer_replace(struct line_buffer *line_buffer, size_t start,
	const char *text, size_t size)
{
	return line_buffer_splice(
		line_buffer, start, line_buffer->cursor, text, size);
}

/* ---- targets ---- */

static size_t step_left(const struct line_buffer *line_buffer, size_t at)
{
	return at > 0 ? cluster_before(line_buffer->text, line_buffer->size, at)
		      : 0;
}

static size_t step_right(const struct line_buffer *line_buffer, size_t at)
{
	if (at == line_buffer->size)
		return at;
	return at +
	       cluster_at(line_buffer->text + at, line_buffer->size - at).size;
}

static bool is_blank(const struct line_buffer *line_buffer, size_t at)
{
	uint32_t code_point;

	utf8_decode(
		line_buffer->text + at, line_buffer->size - at, &code_point);
	return code_point == ' ' || code_point == '\t' || code_point == '\n' ||
	       code_point == 0x3000; /* IDEOGRAPHIC SPACE */
}

static bool is_word(const struct line_buffer *line_buffer, size_t at)
{
	char c = line_buffer->text[at];

	if ((unsigned char)c >= 0x80)
		return !is_blank(line_buffer, at);
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_not_blank(const struct line_buffer *line_buffer, size_t at)
{
	return !is_blank(line_buffer, at);
}

static bool is_not_word(const struct line_buffer *line_buffer, size_t at)
{
	return !is_word(line_buffer, at);
}

typedef bool class_test(const struct line_buffer *, size_t);

/* Goes left over all clusters of that class.  It walks forward from the start
 * of the text: each step back could have to look at everything before it. */
static size_t pass_left(
	const struct line_buffer *line_buffer, size_t at, class_test *is_so)
{
	size_t start = 0;

	for (size_t i = 0; i < at;) {
		bool goes_on = is_so(line_buffer, i);

		i = step_right(line_buffer, i);
		if (!goes_on)
			start = i;
	}
	return start;
}

static size_t pass_right(
	const struct line_buffer *line_buffer, size_t at, class_test *is_so)
{
	while (at < line_buffer->size && is_so(line_buffer, at))
		at = step_right(line_buffer, at);
	return at;
}

static size_t find(
	const struct line_buffer *line_buffer, enum line_buffer_target target)
{
	size_t at = line_buffer->cursor;

	switch (target) {
	case LINE_BUFFER_START:
		return 0;
	case LINE_BUFFER_END:
		return line_buffer->size;
	case LINE_BUFFER_LEFT:
		return step_left(line_buffer, at);
	case LINE_BUFFER_RIGHT:
		return step_right(line_buffer, at);
	case LINE_BUFFER_WORD_LEFT:
		return pass_left(line_buffer,
			pass_left(line_buffer, at, is_not_word), is_word);
	case LINE_BUFFER_WORD_RIGHT:
		return pass_right(line_buffer,
			pass_right(line_buffer, at, is_not_word), is_word);
	case LINE_BUFFER_BLANK_LEFT:
		return pass_left(line_buffer,
			pass_left(line_buffer, at, is_blank), is_not_blank);
	case LINE_BUFFER_BLANK_RIGHT:
		return pass_right(line_buffer,
			pass_right(line_buffer, at, is_blank), is_not_blank);
	}
	return at;
}

/* ---- edits ---- */

bool line_buffer_move(
	struct line_buffer *line_buffer, enum line_buffer_target target)
{
	size_t to = find(line_buffer, target);
	bool has_moved = to != line_buffer->cursor;

	line_buffer->cursor = to;
	return has_moved;
}

bool line_buffer_erase(
	struct line_buffer *line_buffer, enum line_buffer_target target)
{
	size_t to = find(line_buffer, target);
	size_t cursor = line_buffer->cursor;

	if (to == cursor)
		return false;
	return to < cursor
		       ? line_buffer_splice(line_buffer, to, cursor, NULL, 0)
		       : line_buffer_splice(line_buffer, cursor, to, NULL, 0);
}

bool line_buffer_kill(
	struct line_buffer *line_buffer, enum line_buffer_target target)
{
	size_t to = find(line_buffer, target);
	size_t from = to < line_buffer->cursor ? to : line_buffer->cursor;
	size_t size =
		(to < line_buffer->cursor ? line_buffer->cursor : to) - from;
	enum kill_ring_side side =
		to < line_buffer->cursor ? KILL_RING_BEFORE : KILL_RING_AFTER;

	if (size == 0)
		return false;
	kill_ring_add(
		&line_buffer->kills, line_buffer->text + from, size, side);
	return line_buffer_splice(line_buffer, from, from + size, NULL, 0);
}

void line_buffer_kill_line(struct line_buffer *line_buffer)
{
	kill_ring_end(&line_buffer->kills);
	kill_ring_add(&line_buffer->kills, line_buffer->text, line_buffer->size,
		KILL_RING_AFTER);
	kill_ring_end(&line_buffer->kills);
	line_buffer_clear(line_buffer);
}

void line_buffer_end_kill(struct line_buffer *line_buffer)
{
	kill_ring_end(&line_buffer->kills);
}

/* Puts one of the kills in place of the last `size` bytes that were yanked at
 * `start`. */
static bool yank(
	struct line_buffer *line_buffer, size_t start, size_t size, size_t back)
{
	const char *text;
	size_t text_size = kill_ring_get(&line_buffer->kills, back, &text);

	if (!line_buffer_splice(
		    line_buffer, start, start + size, text, text_size))
		return false;
	line_buffer->is_yanking = true;
	line_buffer->yank_start = start;
	line_buffer->yank_size = text_size;
	line_buffer->yanked_back = back;
	return true;
}

bool line_buffer_yank(struct line_buffer *line_buffer)
{
	return line_buffer->kills.count > 0 &&
	       yank(line_buffer, line_buffer->cursor, 0, 0);
}

bool line_buffer_yank_older(struct line_buffer *line_buffer)
{
	return line_buffer->is_yanking &&
	       yank(line_buffer, line_buffer->yank_start,
		       line_buffer->yank_size,
		       (line_buffer->yanked_back + 1) %
			       line_buffer->kills.count);
}

void line_buffer_end_yank(struct line_buffer *line_buffer)
{
	line_buffer->is_yanking = false;
}

static void reverse(char *bytes, size_t size)
{
	for (size_t i = 0; i < size / 2; i++) {
		char swapped = bytes[i];

		bytes[i] = bytes[size - 1 - i];
		bytes[size - 1 - i] = swapped;
	}
}

bool line_buffer_transpose(struct line_buffer *line_buffer)
{
	size_t middle = line_buffer->cursor == line_buffer->size
				? step_left(line_buffer, line_buffer->cursor)
				: line_buffer->cursor;
	size_t left = step_left(line_buffer, middle);
	size_t right = step_right(line_buffer, middle);

	if (left == middle || middle == right)
		return false;
	/* Reversing both together, and then each one, swaps them in place. */
	reverse(line_buffer->text + left, right - left);
	reverse(line_buffer->text + left, right - middle);
	reverse(line_buffer->text + left + (right - middle), middle - left);
	place_cursor(line_buffer, right);
	return true;
}

bool line_buffer_change_case(
	struct line_buffer *line_buffer, enum line_buffer_case to)
{
	size_t end = find(line_buffer, LINE_BUFFER_WORD_RIGHT);
	size_t at = pass_right(line_buffer, line_buffer->cursor, is_not_word);
	bool is_capital = to != LINE_BUFFER_SMALL;

	if (end == line_buffer->cursor)
		return false;
	while (at < end) {
		uint32_t code_point;
		size_t size = utf8_decode(
			line_buffer->text + at, end - at, &code_point);

		letter_case_set(line_buffer->text + at, size, is_capital);
		is_capital = to == LINE_BUFFER_CAPITALS;
		at += size;
	}
	place_cursor(line_buffer, end);
	return true;
}

bool line_buffer_transpose_words(struct line_buffer *line_buffer)
{
	char *text = line_buffer->text;
	size_t end2 = find(line_buffer, LINE_BUFFER_WORD_RIGHT);
	size_t start2 = pass_left(line_buffer,
		pass_left(line_buffer, end2, is_not_word), is_word);
	size_t start1 = pass_left(line_buffer,
		pass_left(line_buffer, start2, is_not_word), is_word);
	size_t end1 = pass_right(line_buffer, start1, is_word);

	end2 = pass_right(line_buffer, start2, is_word);
	if (start1 == start2 || end1 > start2 || end1 == start1)
		return false;
	/* As above, with what stands between them. */
	reverse(text + start1, end2 - start1);
	reverse(text + start1, end2 - start2);
	reverse(text + start1 + (end2 - start2), start2 - end1);
	reverse(text + end2 - (end1 - start1), end1 - start1);
	place_cursor(line_buffer, end2);
	return true;
}
