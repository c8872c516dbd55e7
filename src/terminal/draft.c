/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/draft.h"

#include <string.h>

#include "mchat/base/utf8.h"
#include "mchat/terminal/cluster.h"

void draft_init(struct draft *draft)
{
	draft_clear(draft);
	draft->killed_size = 0;
	draft->is_killing = false;
}

void draft_clear(struct draft *draft)
{
	draft->size = 0;
	draft->cursor = 0;
}

/* Text that changed may have joined clusters around the cursor. */
static void place_cursor(struct draft *draft, size_t at)
{
	draft->cursor = cluster_boundary(draft->text, draft->size, at);
}

void draft_set(
	struct draft *draft, const char *text, size_t size, size_t cursor)
{
	memmove(draft->text, text, size);
	draft->size = size;
	place_cursor(draft, cursor);
}

/* Puts `text` in place of [from, to), and the cursor behind it. */
static bool splice(struct draft *draft, size_t from, size_t to,
	const char *text, size_t size)
{
	if (size > DRAFT_MAX - (draft->size - (to - from)))
		return false;
	memmove(draft->text + from + size, draft->text + to, draft->size - to);
	if (size > 0)
		memcpy(draft->text + from, text, size);
	draft->size = draft->size - (to - from) + size;
	place_cursor(draft, from + size);
	return true;
}

bool draft_insert(struct draft *draft, const char *text, size_t size)
{
	return splice(draft, draft->cursor, draft->cursor, text, size);
}

bool draft_replace(
	struct draft *draft, size_t start, const char *text, size_t size)
{
	return splice(draft, start, draft->cursor, text, size);
}

/* ---- targets ---- */

static size_t step_left(const struct draft *draft, size_t at)
{
	return at > 0 ? cluster_before(draft->text, draft->size, at) : 0;
}

static size_t step_right(const struct draft *draft, size_t at)
{
	if (at == draft->size)
		return at;
	return at + cluster_at(draft->text + at, draft->size - at).size;
}

static bool is_blank(const struct draft *draft, size_t at)
{
	uint32_t code_point;

	utf8_decode(draft->text + at, draft->size - at, &code_point);
	return code_point == ' ' || code_point == '\t' ||
	       code_point == 0x3000; /* IDEOGRAPHIC SPACE */
}

static bool is_word(const struct draft *draft, size_t at)
{
	char c = draft->text[at];

	if ((unsigned char)c >= 0x80)
		return !is_blank(draft, at);
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_not_blank(const struct draft *draft, size_t at)
{
	return !is_blank(draft, at);
}

static bool is_not_word(const struct draft *draft, size_t at)
{
	return !is_word(draft, at);
}

typedef bool class_test(const struct draft *, size_t);

/* Goes left over all clusters that are so.  It walks on from the start: a step
 * back may have to look at everything before it. */
static size_t pass_left(const struct draft *draft, size_t at, class_test *is_so)
{
	size_t start = 0;

	for (size_t i = 0; i < at;) {
		bool goes_on = is_so(draft, i);

		i = step_right(draft, i);
		if (!goes_on)
			start = i;
	}
	return start;
}

static size_t pass_right(
	const struct draft *draft, size_t at, class_test *is_so)
{
	while (at < draft->size && is_so(draft, at))
		at = step_right(draft, at);
	return at;
}

static size_t find(const struct draft *draft, enum draft_target target)
{
	size_t at = draft->cursor;

	switch (target) {
	case DRAFT_START:
		return 0;
	case DRAFT_END:
		return draft->size;
	case DRAFT_LEFT:
		return step_left(draft, at);
	case DRAFT_RIGHT:
		return step_right(draft, at);
	case DRAFT_WORD_LEFT:
		return pass_left(
			draft, pass_left(draft, at, is_not_word), is_word);
	case DRAFT_WORD_RIGHT:
		return pass_right(
			draft, pass_right(draft, at, is_not_word), is_word);
	case DRAFT_BLANK_LEFT:
		return pass_left(
			draft, pass_left(draft, at, is_blank), is_not_blank);
	}
	return at;
}

/* ---- edits ---- */

bool draft_move(struct draft *draft, enum draft_target target)
{
	size_t to = find(draft, target);
	bool has_moved = to != draft->cursor;

	draft->cursor = to;
	return has_moved;
}

bool draft_erase(struct draft *draft, enum draft_target target)
{
	size_t to = find(draft, target);
	size_t cursor = draft->cursor;

	if (to == cursor)
		return false;
	return to < cursor ? splice(draft, to, cursor, NULL, 0)
			   : splice(draft, cursor, to, NULL, 0);
}

bool draft_kill(struct draft *draft, enum draft_target target)
{
	size_t to = find(draft, target);
	size_t from = to < draft->cursor ? to : draft->cursor;
	size_t size = (to < draft->cursor ? draft->cursor : to) - from;
	size_t old_size = draft->is_killing ? draft->killed_size : 0;
	size_t at = to < draft->cursor ? 0 : old_size;

	if (size == 0)
		return false;
	/* It fits: what a row of kills took was once in one text. */
	memmove(draft->killed + at + size, draft->killed + at, old_size - at);
	memcpy(draft->killed + at, draft->text + from, size);
	draft->killed_size = old_size + size;
	draft->is_killing = true;
	return splice(draft, from, from + size, NULL, 0);
}

void draft_end_kill(struct draft *draft)
{
	draft->is_killing = false;
}

bool draft_yank(struct draft *draft)
{
	return draft->killed_size > 0 &&
	       draft_insert(draft, draft->killed, draft->killed_size);
}

static void reverse(char *bytes, size_t size)
{
	for (size_t i = 0; i < size / 2; i++) {
		char swapped = bytes[i];

		bytes[i] = bytes[size - 1 - i];
		bytes[size - 1 - i] = swapped;
	}
}

bool draft_transpose(struct draft *draft)
{
	size_t middle = draft->cursor == draft->size
				? step_left(draft, draft->cursor)
				: draft->cursor;
	size_t left = step_left(draft, middle);
	size_t right = step_right(draft, middle);

	if (left == middle || middle == right)
		return false;
	/* Turning both around and then each of them swaps them in place. */
	reverse(draft->text + left, right - left);
	reverse(draft->text + left, right - middle);
	reverse(draft->text + left + (right - middle), middle - left);
	place_cursor(draft, right);
	return true;
}
