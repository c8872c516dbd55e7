/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/undo.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/terminal/line_buffer.h"

void undo_init(struct undo *undo)
{
	*undo = (struct undo){0};
}

void undo_fini(struct undo *undo)
{
	undo_clear(undo);
}

static struct undo_state *newest(const struct undo *undo)
{
	return undo->count > 0 ? undo->states[undo->count - 1] : NULL;
}

static void drop_newest(struct undo *undo)
{
	undo->count--;
	undo->bytes -= undo->states[undo->count]->size;
	free(undo->states[undo->count]);
}

static void drop_oldest(struct undo *undo)
{
	undo->bytes -= undo->states[0]->size;
	free(undo->states[0]);
	undo->count--;
	for (size_t i = 0; i < undo->count; i++)
		undo->states[i] = undo->states[i + 1];
}

void undo_clear(struct undo *undo)
{
	while (undo->count > 0)
		drop_newest(undo);
}

static bool is_text_of(
	const struct undo_state *state, const struct line_buffer *line_buffer)
{
	return state->size == line_buffer->size &&
	       memcmp(state->text, line_buffer->text, state->size) == 0;
}

void undo_save(struct undo *undo, const struct line_buffer *line_buffer)
{
	struct undo_state *state = newest(undo);
	size_t size = line_buffer->size;

	if (state && is_text_of(state, line_buffer)) {
		state->cursor = line_buffer->cursor;
		return;
	}
	state = malloc(sizeof(*state) + size);
	if (!state)
		return;
	state->size = size;
	state->cursor = line_buffer->cursor;
	memcpy(state->text, line_buffer->text, size);
	while (undo->count > 0 &&
		(undo->count == UNDO_STATES || undo->bytes > UNDO_BYTES - size))
		drop_oldest(undo);
	undo->states[undo->count++] = state;
	undo->bytes += size;
}

bool undo_restore(struct undo *undo, struct line_buffer *line_buffer)
{
	struct undo_state *state;

	while ((state = newest(undo)) && is_text_of(state, line_buffer))
		drop_newest(undo);
	if (!state)
		return false;
	line_buffer_set(line_buffer, state->text, state->size, state->cursor);
	drop_newest(undo);
	return true;
}
