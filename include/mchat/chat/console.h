/* SPDX-License-Identifier: ISC */
/*
 * The terminal that the chat is at: a line is edited there, and what is printed
 * appears above it.
 */
#ifndef MCHAT_CHAT_CONSOLE_H
#define MCHAT_CHAT_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "mchat/base/time.h"
#include "mchat/chat/refresh.h"
#include "mchat/io/diagnostics.h"
#include "mchat/terminal/external_editor.h"
#include "mchat/terminal/tty.h"

struct display;
struct editor;
struct editor_event;

struct console {
	struct tty tty;
	struct editor *editor; /* NULL: the terminal edits, or there is none */
	struct refresh refresh;
	struct instant show_at; /* when console_show is due, if nothing comes */
	struct instant look_at; /* when to look what became of the terminal */
	unsigned columns;       /* of the window, at the last look */
	const char *history_file; /* borrowed; NULL: lines are not kept */
	size_t remembered;        /* lines that came from there */
	FILE *held;       /* the stream that is held back: stderr, or stdout for
			   * answers where stderr goes elsewhere; or NULL */
	char *notices;    /* owned: its room */
	bool has_notices; /* they wait there, */
	size_t before;    /* for so many bytes above the line to be printed */
	bool is_closed;   /* nothing more is typed */
	bool is_urgent;   /* Ctrl-C was typed, and not taken yet */
	bool is_to_mend;  /* Ctrl-L was typed: it is to be set anew */
	bool is_away;     /* in the background: the line is not shown */
	bool is_hung_up;  /* there is no keyboard any more */
	struct external_editor external; /* has the terminal while it runs */
};

/*
 * Takes over the terminal at standard input.  With `edits`, and where standard
 * input and output are capable terminals, lines are edited here; else the
 * terminal does it as usual.  With `follows_focus` the terminal is then asked
 * to tell of its focus.  console_close is due.
 */
void console_open(struct console *console, bool edits, bool follows_focus,
	enum verbosity verbosity);

/* Prints what waits and gives the terminal back as it was found. */
void console_close(struct console *console, struct display *display);

/* Whether lines are edited here. */
static inline bool console_is_on(const struct console *console)
{
	return console->editor != NULL;
}

/* Whether somebody may be looking elsewhere: the terminal told that it lost the
 * focus, or does not tell. */
bool console_is_unwatched(const struct console *console);

/* Whether the keyboard should be read. */
bool console_wants_input(const struct console *console);

/* Reads it; it must be ready. */
void console_read(struct console *console, struct instant now);

/* Nothing more is typed, and what was is dropped: only Ctrl-C, Ctrl-Z and
 * Ctrl-L are still read. */
void console_close_input(struct console *console);

/*
 * The next thing that was typed; without `can_take` it waits in the editor.
 * Not so Ctrl-C, which is to help just then: it dropped what waited before it,
 * so that little came with it.
 */
bool console_next(struct console *console, bool can_take, struct instant now,
	struct editor_event *out);

/* Prints what waits above the line, and the line when it changed, into the
 * queue of `display`. */
void console_show(
	struct console *console, struct display *display, struct instant now);

/* When console_next and console_show are due at the latest. */
struct instant console_deadline(const struct console *console);

/* Gives the terminal, and the line, to another editor; what comes in waits
 * until it ends.  Says what is wrong when it cannot be started. */
void console_edit_externally(struct console *console, struct display *display,
	const char *text, size_t size);

/* Whether another editor still runs; when it has ended, takes the terminal and
 * the line back. */
bool console_poll_external_editor(struct console *console);

/* We are to stop, as by Ctrl-Z; returns when we go on. */
void console_suspend(struct console *console, struct display *display);

/* The size of the window may have changed, or we were stopped for a while, or
 * others changed the settings. */
void console_return(struct console *console);

#endif
