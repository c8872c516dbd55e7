/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/screen.h"

#include <string.h>

#include "mchat/terminal/cluster.h"

/* A prompt that would leave the text fewer columns than this is not shown. */
#define TEXT_ROOM_MIN 12

/* With fewer columns than this, none are spent on the marks < and >. */
#define MARKS_ROOM_MIN 8

void screen_init(struct screen *screen, unsigned columns)
{
	*screen = (struct screen){.columns = columns > 0 ? columns : 1};
}

void screen_fini(struct screen *screen)
{
	buffer_fini(&screen->row);
	buffer_fini(&screen->next);
}

static void forget(struct screen *screen)
{
	screen->is_known = false;
	buffer_clear(&screen->row);
}

void screen_resize(struct screen *screen, unsigned columns, bool reflows)
{
	screen->columns = columns > 0 ? columns : 1;
	forget(screen);
	screen->above = 0;
	/* A cursor right behind a full row stays in that row.  A character of
	 * two columns that did not fit into a row may have moved the cursor
	 * further down than computed here: then a scrap stays, whereas one row
	 * too many would erase a message. */
	if (reflows && screen->is_shown && screen->cursor > 0)
		screen->above = (screen->cursor - 1) / screen->columns;
}

/* Appends what erases the row and everything below, and leaves the cursor at
 * its start. */
static void erase(struct screen *screen, struct buffer *out)
{
	buffer_append_char(out, '\r');
	if (screen->above > 0)
		buffer_append_format(out, "\033[%uA", screen->above);
	buffer_append_string(out, "\033[J");
	screen->above = 0;
	screen->cursor = 0;
}

void screen_hide(struct screen *screen, struct buffer *out)
{
	if (screen->is_shown)
		erase(screen, out);
	screen->is_shown = false;
	forget(screen);
}

/* ---- what part of the text is shown ---- */

/* The columns of the bytes [from, to), both of them cluster boundaries. */
static unsigned measure(const struct screen_content *content, size_t from,
	size_t to, unsigned limit)
{
	return cluster_columns(content->text + from, to - from, limit);
}

/* How many of `room` columns the marks leave for text that begins at `left` and
 * is cut off on the right. */
static unsigned text_room(unsigned room, size_t left)
{
	if (room < MARKS_ROOM_MIN)
		return room;
	return left > 0 ? room - 2 : room - 1;
}

/* Whether the cursor, and the cluster under it, are visible when the text is
 * shown from `left` on. */
static bool shows_cursor(
	const struct screen_content *content, size_t left, unsigned room)
{
	unsigned width = text_room(room, left);
	size_t under = content->cursor;

	if (left > content->cursor ||
		cluster_boundary(content->text, content->size, left) != left)
		return false;
	if (under < content->size)
		under +=
			cluster_at(content->text + under, content->size - under)
				.size;
	return measure(content, left, under, width) <= width;
}

/* Where the text has to begin for the cursor to be in the middle. */
static size_t left_of_middle(
	const struct screen_content *content, unsigned room)
{
	size_t left = content->cursor;
	unsigned width = 0;

	while (left > 0) {
		size_t before =
			cluster_before(content->text, content->size, left);

		width += cluster_at(
			content->text + before, content->size - before)
				 .width;
		if (width > room / 2)
			break;
		left = before;
	}
	return left;
}

static size_t choose_left(
	const struct screen_content *content, size_t left, unsigned room)
{
	if (measure(content, 0, content->size, room) <= room)
		return 0;
	if (shows_cursor(content, left, room))
		return left;
	if (shows_cursor(content, 0, room))
		return 0;
	return left_of_middle(content, text_room(room, 1));
}

/* There is more room than before: goes left from `left` as far as the text
 * still shows to its end, so that no room is left over while the text is
 * scrolled. */
static size_t fill_room(
	const struct screen_content *content, size_t left, unsigned room)
{
	unsigned width = measure(content, left, content->size, room);

	while (left > 0) {
		size_t before =
			cluster_before(content->text, content->size, left);

		width += cluster_at(
			content->text + before, content->size - before)
				 .width;
		if (width > text_room(room, before))
			break;
		left = before;
	}
	return left;
}

/* ---- drawing ---- */

/* A row being drawn, and how much of it the terminal shows already. */
struct drawing {
	struct screen *screen;
	unsigned column;  /* where the next cluster goes */
	bool is_same;     /* so far it is what the terminal shows */
	unsigned differs; /* the first column that differs, */
	size_t new_at;    /* its offset in screen->next, */
	size_t old_at;    /* and in screen->row */
};

/* Makes what was appended to screen->next since `start` one cluster. */
static void end_cluster(struct drawing *drawing, size_t start, unsigned width)
{
	struct buffer *next = &drawing->screen->next;
	struct buffer *row = &drawing->screen->row;
	size_t size;

	buffer_append_char(next, '\0');
	size = buffer_size(next) - start;
	if (drawing->is_same) {
		drawing->is_same =
			size <= buffer_size(row) - drawing->old_at &&
			memcmp(buffer_bytes(row) + drawing->old_at,
				buffer_bytes(next) + start, size) == 0;
		if (drawing->is_same)
			drawing->old_at += size;
	}
	drawing->column += width;
	if (drawing->is_same) {
		drawing->differs = drawing->column;
		drawing->new_at = buffer_size(next);
	}
}

static void draw_char(struct drawing *drawing, char c)
{
	size_t start = buffer_size(&drawing->screen->next);

	buffer_append_char(&drawing->screen->next, c);
	end_cluster(drawing, start, 1);
}

/* Draws clusters as long as they fit before column `end`; returns how many
 * bytes of the text were drawn. */
static size_t draw_text(
	struct drawing *drawing, const char *text, size_t size, unsigned end)
{
	struct buffer *next = &drawing->screen->next;
	size_t at = 0;

	while (at < size) {
		struct cluster cluster = cluster_at(text + at, size - at);
		size_t start = buffer_size(next);

		if (cluster.width > end - drawing->column)
			break;
		cluster_draw(next, &cluster, text + at, drawing->column);
		end_cluster(drawing, start, cluster.width);
		at += cluster.size;
	}
	return at;
}

/* Draws the visible part of the text; returns the cursor's column. */
static unsigned draw_part(
	struct drawing *drawing, const struct screen_content *content)
{
	struct screen *screen = drawing->screen;
	unsigned end = screen->columns - 1;
	unsigned room = end - drawing->column;
	bool has_marks = room >= MARKS_ROOM_MIN;
	size_t left = choose_left(content, screen->left, room);
	size_t drawn;
	unsigned cursor;

	if (left == screen->left && screen->room > 0 && room > screen->room)
		left = fill_room(content, left, room);
	screen->room = room;
	screen->left = left;
	if (left == 0 && measure(content, 0, content->size, room) <= room)
		has_marks = false;
	if (has_marks && left > 0)
		draw_char(drawing, '<');
	if (has_marks)
		end--;
	cursor =
		drawing->column + measure(content, left, content->cursor, room);
	drawn = draw_text(
		drawing, content->text + left, content->size - left, end);
	if (has_marks && left + drawn < content->size) {
		while (drawing->column < end)
			draw_char(drawing, ' ');
		draw_char(drawing, '>');
	}
	return cursor;
}

/* Draws into screen->next; returns the cursor's column. */
static unsigned draw(
	struct drawing *drawing, const struct screen_content *content)
{
	const struct screen *screen = drawing->screen;
	unsigned columns = screen->columns;

	if (columns > TEXT_ROOM_MIN &&
		cluster_columns(content->prompt, content->prompt_size,
			columns) < columns - TEXT_ROOM_MIN)
		draw_text(drawing, content->prompt, content->prompt_size,
			columns - 1);
	return draw_part(drawing, content);
}

static void move_to(struct screen *screen, unsigned column, struct buffer *out)
{
	if (column != screen->cursor)
		buffer_append_format(out, "\033[%uG", column + 1);
	screen->cursor = column;
}

/* Emits the part of screen->next that differs. */
static void emit(const struct drawing *drawing, struct buffer *out)
{
	struct screen *screen = drawing->screen;
	const char *bytes = buffer_bytes(&screen->next);
	bool has_rest = drawing->old_at < buffer_size(&screen->row);
	size_t at = drawing->new_at;

	if (at == buffer_size(&screen->next) && !has_rest)
		return;
	move_to(screen, drawing->differs, out);
	while (at < buffer_size(&screen->next)) {
		size_t size = strlen(bytes + at);

		buffer_append(out, bytes + at, size);
		at += size + 1;
	}
	screen->cursor = drawing->column;
	if (has_rest)
		buffer_append_string(out, "\033[J");
}

void screen_show(struct screen *screen, const struct screen_content *content,
	struct buffer *out)
{
	struct drawing drawing = {.screen = screen, .is_same = true};
	unsigned cursor = draw(&drawing, content);
	struct buffer shown = screen->next;

	if (shown.failed) {
		buffer_clear(&screen->next);
		screen_hide(screen, out);
		return;
	}
	if (!screen->is_known)
		erase(screen, out);
	screen->is_shown = true;
	screen->is_known = true;
	emit(&drawing, out);
	move_to(screen, cursor, out);
	screen->next = screen->row;
	screen->row = shown;
	buffer_clear(&screen->next);
}
