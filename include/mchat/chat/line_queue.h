/* SPDX-License-Identifier: ISC */
/* Lines that were typed, each with what it is, in order. */
#ifndef MCHAT_CHAT_LINE_QUEUE_H
#define MCHAT_CHAT_LINE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/lines.h"

struct subcommand;

enum line_kind {
	LINE_MESSAGE,
	LINE_ACTION,  /* a message of "/me" */
	LINE_IN_TURN, /* a command that waits for what was said before it */
	LINE_AT_ONCE, /* a command that has no order with messages */
};

/* A line of input: what it is was found out when it came in. */
struct input_line {
	enum line_kind kind;
	struct line line; /* what is said, or the argument of the command */
	const struct subcommand *command; /* NULL: it is none, or unknown */
	bool is_option;                   /* a message of the command line */
	bool lacks_slash; /* of LINE_AT_ONCE: the name of a command without '/',
			   * which is asked about */
};

static inline bool line_queue_is_command(const struct input_line *line)
{
	return line->kind == LINE_IN_TURN || line->kind == LINE_AT_ONCE;
}

struct line_queue_entry;

struct line_queue {
	struct line_queue_entry *first;
	struct line_queue_entry *last;
	struct line_queue_entry *taken; /* and not released; the last first */
	size_t count;
	size_t bytes;   /* newlines included */
	size_t in_turn; /* lines of LINE_IN_TURN */
};

void line_queue_fini(struct line_queue *queue);

/* Adds a copy; false without memory. */
bool line_queue_add(struct line_queue *queue, const struct input_line *line);

/* The first line; NULL when there is none. */
const struct input_line *line_queue_first(const struct line_queue *queue);

/* Takes the first line, which must be there; its text stays until it is
 * released. */
void line_queue_take(struct line_queue *queue, struct input_line *out);

/* Frees the lines that were taken, but for the last one if it is kept. */
void line_queue_release(struct line_queue *queue, bool keeps_last);

#endif
