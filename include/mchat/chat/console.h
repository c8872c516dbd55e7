/* SPDX-License-Identifier: ISC */
/*
 * The terminal that the chat is at: keys become lines of input, and what is
 * printed appears above the line that is being typed.
 */
#ifndef MCHAT_CHAT_CONSOLE_H
#define MCHAT_CHAT_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/buffer.h"
#include "mchat/base/time.h"
#include "mchat/terminal/tty.h"

struct delivery;
struct display;
struct editor;
struct input;
struct output_queue;
struct session;

/* Lines of ours that are not confirmed are told of in the prompt when they are
 * not after so long; most are after a few milliseconds. */
#define CONSOLE_UNCONFIRMED_MS 300

struct console {
	struct input *input;         /* borrowed, as are the next four */
	struct output_queue *output; /* the terminal's */
	struct display *display;     /* of what was said */
	const struct session *session;
	const struct delivery *delivery;

	struct tty tty;
	struct editor *editor; /* NULL: the terminal edits, or there is none */
	struct buffer above;   /* lines that wait to be printed */
	struct instant
		unconfirmed;      /* since when something is; NEVER: nothing */
	struct instant check_at;  /* when to tell, or to look again */
	const char *history_file; /* borrowed; NULL: lines are not kept */
	size_t remembered;        /* lines that came from there */
	char *notices;   /* owned: stderr's room, where it is held back */
	bool is_leaving; /* the group, once all is confirmed: the caller's */
	bool is_urgent;  /* Ctrl-C was typed, and not taken yet */
	bool is_away;    /* in the background: the line is not shown */
	bool is_hung_up; /* there is no keyboard any more */
};

/*
 * Takes over the terminal at standard input.  With `edits`, and where standard
 * output is that of the same person, lines are edited here; else the terminal
 * does it as ever.  The fields above the gap are the caller's to set before;
 * console_close is due.
 */
void console_open(struct console *console, bool edits);

/* Prints what waits and gives the terminal back as it was found. */
void console_close(struct console *console);

/* Whether lines are edited here. */
static inline bool console_is_on(const struct console *console)
{
	return console->editor != NULL;
}

/* Whether the keyboard should be read. */
bool console_wants_input(const struct console *console);

/* Reads it; it must be ready. */
void console_read(struct console *console, struct instant now);

/* Does what was typed: entered lines become input, as far as that takes them.
 * Whether something was done. */
bool console_take(struct console *console, struct instant now);

/* Prints what waits above the line, and the line when it changed, into the
 * output's queue. */
void console_show(struct console *console, struct instant now);

/* When console_take and console_show are due at the latest. */
struct instant console_deadline(const struct console *console);

/* We are to stop, as by Ctrl-Z; returns when we go on. */
void console_suspend(struct console *console);

/* The size of the window may have changed, or we were stopped for a while. */
void console_return(struct console *console);

#endif
