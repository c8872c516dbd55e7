/* SPDX-License-Identifier: ISC */
#include "emulator.h"

#include <string.h>

#include "mchat/base/utf8.h"
#include "mchat/base/width.h"
#include "mchat/terminal/cluster.h"

static void break_down(struct emulator *emulator, const char *why)
{
	if (!emulator->broken)
		emulator->broken = why;
}

static void blank(struct emulator *emulator, unsigned column)
{
	emulator->cells[column].size = 0;
	emulator->cells[column].is_right_half = false;
}

/* Writing on one half of a wide character erases the other. */
static void split(struct emulator *emulator, unsigned column)
{
	if (column > 0 && emulator->cells[column].is_right_half)
		blank(emulator, column - 1);
	if (column + 1 < emulator->columns &&
		emulator->cells[column + 1].is_right_half)
		blank(emulator, column + 1);
	blank(emulator, column);
}

static void erase_from(struct emulator *emulator, unsigned column)
{
	for (; column < emulator->columns; column++)
		split(emulator, column);
}

void emulator_init(struct emulator *emulator, unsigned columns,
	enum emulator_opinion opinion)
{
	memset(emulator, 0, sizeof(*emulator));
	emulator->columns = columns;
	emulator->opinion = opinion;
}

void emulator_resize(struct emulator *emulator, unsigned columns)
{
	for (unsigned i = emulator->columns; i < columns; i++)
		blank(emulator, i);
	if (columns < emulator->columns &&
		emulator->cells[columns].is_right_half)
		blank(emulator, columns - 1);
	emulator->columns = columns;
	if (emulator->cursor >= columns)
		emulator->cursor = columns - 1;
	emulator->is_wrapping = false;
}

/* ---- text ---- */

static void new_row(struct emulator *emulator)
{
	erase_from(emulator, 0);
	emulator->cursor = 0;
	emulator->is_wrapping = false;
}

static void add_to_cell(
	struct emulator_cell *cell, const char *text, size_t size)
{
	if (size > EMULATOR_CELL_MAX - cell->size)
		size = EMULATOR_CELL_MAX - cell->size;
	memcpy(cell->text + cell->size, text, size);
	cell->size += size;
}

/* A mark is added to the cell that was written last. */
static void attach(struct emulator *emulator, const char *text, size_t size)
{
	unsigned column = emulator->cursor;

	if (!emulator->is_wrapping) {
		if (column == 0) {
			break_down(emulator, "a mark at the left edge");
			return;
		}
		column--;
	}
	if (column > 0 && emulator->cells[column].is_right_half)
		column--;
	add_to_cell(&emulator->cells[column], text, size);
}

static void put(struct emulator *emulator, const char *text, size_t size,
	unsigned width)
{
	if (width == 0) {
		attach(emulator, text, size);
		return;
	}
	if (width > emulator->columns)
		width = emulator->columns;
	if (emulator->is_wrapping ||
		emulator->cursor + width > emulator->columns) {
		emulator->wraps++;
		new_row(emulator);
	}
	for (unsigned i = 0; i < width; i++) {
		split(emulator, emulator->cursor + i);
		emulator->cells[emulator->cursor + i].is_right_half = i > 0;
	}
	add_to_cell(&emulator->cells[emulator->cursor], text, size);
	emulator->cursor += width;
	if (emulator->cursor == emulator->columns) {
		emulator->cursor--;
		emulator->is_wrapping = true;
	}
}

/* The width of one glyph, by the widest of its code points. */
static unsigned joined_width(const char *text, size_t size)
{
	unsigned width = 0;
	size_t at = 0;
	size_t indicators = 0;

	while (at < size) {
		uint32_t code_point;

		at += utf8_decode(text + at, size - at, &code_point);
		if (width_of(code_point) > width)
			width = width_of(code_point);
		indicators += code_point >= 0x1f1e6 && code_point <= 0x1f1ff;
		if (code_point == 0xfe0f || indicators == 2)
			width = 2;
	}
	return width;
}

/* Writes text without controls. */
static void put_text(struct emulator *emulator, const char *text, size_t size)
{
	while (size > 0) {
		size_t length;
		unsigned width;
		uint32_t code_point;

		length = utf8_decode(text, size, &code_point);
		if (width_kind(code_point) == WIDTH_HIDDEN)
			break_down(emulator, "a hidden character");
		width = width_of(code_point);
		if (emulator->opinion == EMULATOR_JOINS) {
			length = cluster_at(text, size).size;
			width = joined_width(text, length);
		}
		put(emulator, text, length, width);
		text += length;
		size -= length;
	}
}

/* ---- controls ---- */

/* What follows ESC [; returns how many bytes that was. */
static size_t take_csi(
	struct emulator *emulator, const char *bytes, size_t size)
{
	unsigned parameter = 0;
	size_t at = 0;

	for (; at < size && bytes[at] >= '0' && bytes[at] <= '9'; at++)
		parameter = parameter * 10 + (unsigned)(bytes[at] - '0');
	if (at == size) {
		break_down(emulator, "a cut sequence");
		return at;
	}
	emulator->is_wrapping = false;
	if (bytes[at] == 'G' && parameter > 0 && parameter <= emulator->columns)
		emulator->cursor = parameter - 1;
	else if (bytes[at] == 'J' && parameter == 0)
		erase_from(emulator, emulator->cursor);
	else if (bytes[at] == 'J' && parameter == 2)
		erase_from(emulator, 0);
	else if (bytes[at] == 'H' && parameter == 0)
		emulator->cursor = 0;
	else
		break_down(emulator, "an unknown sequence");
	return at + 1;
}

static size_t take_control(
	struct emulator *emulator, const char *bytes, size_t size)
{
	switch (bytes[0]) {
	case '\r':
		emulator->cursor = 0;
		emulator->is_wrapping = false;
		return 1;
	case '\n': /* the driver makes it CR LF */
		new_row(emulator);
		return 1;
	case '\a':
		emulator->beeps++;
		return 1;
	case '\033':
		if (size > 1 && bytes[1] == '[')
			return 2 + take_csi(emulator, bytes + 2, size - 2);
		break;
	default:
		break;
	}
	break_down(emulator, "an unknown control");
	return 1;
}

static bool is_control(char byte)
{
	return (unsigned char)byte < 0x20 || byte == 0x7f;
}

void emulator_write(struct emulator *emulator, const char *bytes, size_t size)
{
	size_t at = 0;

	while (at < size) {
		size_t end = at;

		while (end < size && !is_control(bytes[end]))
			end++;
		put_text(emulator, bytes + at, end - at);
		at = end;
		if (at < size)
			at += take_control(emulator, bytes + at, size - at);
	}
}
