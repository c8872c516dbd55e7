/* SPDX-License-Identifier: ISC */
#include "mchat/chat/line_queue.h"

#include <string.h>

#include "tap.h"

static void add(struct line_queue *queue, enum line_kind kind, const char *text)
{
	/* The queue copies what is added, so this copy may be overwritten. */
	char copy[32] = "";
	struct input_line line = {
		.kind = kind,
		.line = {.text = copy, .size = strlen(text)},
	};

	memcpy(copy, text, strlen(text) + 1);
	if (!line_queue_add(queue, &line))
		tap_ok(false, "no memory");
	memset(copy, 0, sizeof(copy));
}

static void takes(struct line_queue *queue, enum line_kind kind,
	const char *text, const char *what)
{
	struct input_line line;

	line_queue_take(queue, &line);
	tap_is_int(line.kind, kind, what);
	tap_is_bytes(line.line.text, line.line.size, text, strlen(text),
		"the text of the line taken");
}

int main(void)
{
	struct line_queue queue = {0};
	struct input_line first;
	struct input_line second;

	tap_ok(!line_queue_first(&queue), "an empty queue has no first line");
	add(&queue, LINE_MESSAGE, "one");
	add(&queue, LINE_IN_TURN, "");
	add(&queue, LINE_ACTION, "three");
	tap_is_int((intmax_t)queue.count, 3, "the queue has three lines");
	tap_is_int((intmax_t)queue.bytes, 11, "the queue counts its bytes");
	tap_is_int((intmax_t)queue.in_turn, 1,
		"the queue counts commands that wait their turn");
	tap_is_int(line_queue_first(&queue)->kind, LINE_MESSAGE,
		"the first line can be seen without taking it");
	takes(&queue, LINE_MESSAGE, "one", "the first line is taken");
	takes(&queue, LINE_IN_TURN, "", "the command is taken second");
	tap_is_int((intmax_t)queue.in_turn, 0,
		"a command that was taken waits no more");
	takes(&queue, LINE_ACTION, "three", "the action is taken last");
	tap_ok(!line_queue_first(&queue) && queue.count == 0 &&
			queue.bytes == 0,
		"after the last line the queue is empty");
	add(&queue, LINE_MESSAGE, "a");
	add(&queue, LINE_MESSAGE, "b");
	line_queue_take(&queue, &first);
	line_queue_take(&queue, &second);
	tap_is_bytes(first.line.text, first.line.size, "a", 1,
		"a line that was taken stays valid when the next is taken");
	line_queue_release(&queue, true);
	tap_is_bytes(second.line.text, second.line.size, "b", 1,
		"the line taken last can be kept on release");
	line_queue_release(&queue, false);
	tap_ok(!queue.taken, "the line taken last can be released, too");
	add(&queue, LINE_AT_ONCE, "four");
	takes(&queue, LINE_AT_ONCE, "four",
		"an emptied queue can be filled again");
	add(&queue, LINE_MESSAGE, "never taken");
	line_queue_fini(&queue);
	return tap_done();
}
