/* SPDX-License-Identifier: ISC */
#include "mchat/chat/line_queue.h"

#include <string.h>

#include "tap.h"

static void add(struct line_queue *queue, enum line_kind kind, const char *text)
{
	/* Copied: what is added may go. */
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
	tap_is_bytes(
		line.line.text, line.line.size, text, strlen(text), "its text");
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
	tap_is_int((intmax_t)queue.count, 3, "three lines");
	tap_is_int((intmax_t)queue.bytes, 11, "of so many bytes");
	tap_is_int((intmax_t)queue.in_turn, 1, "one is a command");
	tap_is_int(line_queue_first(&queue)->kind, LINE_MESSAGE,
		"the first can be seen");
	takes(&queue, LINE_MESSAGE, "one", "and taken");
	takes(&queue, LINE_IN_TURN, "", "then comes the command");
	tap_is_int((intmax_t)queue.in_turn, 0, "which waits no more");
	takes(&queue, LINE_ACTION, "three", "and the last");
	tap_ok(!line_queue_first(&queue) && queue.count == 0 &&
			queue.bytes == 0,
		"then it is empty");
	add(&queue, LINE_MESSAGE, "a");
	add(&queue, LINE_MESSAGE, "b");
	line_queue_take(&queue, &first);
	line_queue_take(&queue, &second);
	tap_is_bytes(first.line.text, first.line.size, "a", 1,
		"one that was taken stays behind the next");
	line_queue_release(&queue, true);
	tap_is_bytes(second.line.text, second.line.size, "b", 1,
		"the last may be kept");
	line_queue_release(&queue, false);
	tap_ok(!queue.taken, "or go, too");
	add(&queue, LINE_AT_ONCE, "four");
	takes(&queue, LINE_AT_ONCE, "four", "and can be filled again");
	add(&queue, LINE_MESSAGE, "never taken");
	line_queue_fini(&queue);
	return tap_done();
}
