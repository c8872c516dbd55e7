/* SPDX-License-Identifier: ISC */
#include "mchat/chat/line_queue.h"

#include <stdlib.h>
#include <string.h>

struct line_queue_entry {
	struct line_queue_entry *next;
	struct input_line line;
	char text[];
};

void line_queue_fini(struct line_queue *queue)
{
	struct input_line line;

	while (queue->first)
		line_queue_take(queue, &line);
	line_queue_release(queue, false);
}

void line_queue_release(struct line_queue *queue, bool keeps_last)
{
	struct line_queue_entry **end = queue->taken && keeps_last
						? &queue->taken->next
						: &queue->taken;

	while (*end) {
		struct line_queue_entry *entry = *end;

		*end = entry->next;
		free(entry);
	}
}

bool line_queue_add(struct line_queue *queue, const struct input_line *line)
{
	struct line_queue_entry *entry =
		malloc(sizeof(*entry) + line->line.size);

	if (!entry)
		return false;
	entry->next = NULL;
	entry->line = *line;
	memcpy(entry->text, line->line.text, line->line.size);
	entry->line.line.text = entry->text;
	if (queue->last)
		queue->last->next = entry;
	else
		queue->first = entry;
	queue->last = entry;
	queue->count++;
	queue->bytes += line->line.size + 1;
	queue->in_turn += line->kind == LINE_IN_TURN;
	return true;
}

const struct input_line *line_queue_first(const struct line_queue *queue)
{
	return queue->first ? &queue->first->line : NULL;
}

void line_queue_take(struct line_queue *queue, struct input_line *out)
{
	struct line_queue_entry *entry = queue->first;

	*out = entry->line;
	queue->first = entry->next;
	if (!queue->first)
		queue->last = NULL;
	queue->count--;
	queue->bytes -= out->line.size + 1;
	queue->in_turn -= out->kind == LINE_IN_TURN;
	entry->next = queue->taken;
	queue->taken = entry;
}
