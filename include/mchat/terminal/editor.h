/* SPDX-License-Identifier: ISC */
/*
 * The line editor, as a machine: the keyboard's bytes and time go in, events
 * and the terminal's bytes come out.  It makes no system call, never blocks and
 * has no clock, and runs the same under the chat, the tests and the fuzzer.
 *
 * After editor_feed and editor_tick, take editor_next_event until it gives
 * none, and call editor_tick at the latest at editor_deadline.  Once a turn of
 * the loop call editor_show, which appends nothing when nothing changed; to
 * print above the line, append editor_hide's bytes, the text with its newline,
 * then editor_show's, and write all of it at once.
 *
 * A caller that cannot take a line now leaves the events where they are: they
 * wait in order, and more input with them.
 */
#ifndef MCHAT_TERMINAL_EDITOR_H
#define MCHAT_TERMINAL_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"

struct buffer;
struct complete_word;
struct editor;
struct history;
struct screen_content;

/* Input that waits at most before it should be left in the kernel. */
#define EDITOR_INPUT_MAX ((size_t)64 * 1024)

/* Bytes of a prompt. */
#define EDITOR_PROMPT_MAX 128

enum editor_event_kind {
	EDITOR_LINE,      /* a line was entered, maybe an empty one: send it */
	EDITOR_END,       /* Ctrl-D on an empty line */
	EDITOR_INTERRUPT, /* Ctrl-C on an empty line; it clears any other */
	EDITOR_SUSPEND,   /* Ctrl-Z: hide, write, stop; then show */
	EDITOR_COMPLETE,  /* Tab: answer with editor_complete, or leave it */
	EDITOR_ABOVE,     /* text to print above the line, made safe */
};

struct editor_event {
	enum editor_event_kind kind;
	/* Of LINE, of ABOVE with its newlines, of COMPLETE what is to be
	 * completed; else empty. */
	const char *text;
	size_t size;
	bool is_pasted;  /* LINE: one of several that were pasted */
	bool is_cut;     /* LINE: it goes on in the next one */
	bool is_command; /* COMPLETE: of a command, else of a nick */
};

/* An empty line in a window of so many columns (0 counts as 1); NULL without
 * memory. */
struct editor *editor_new(unsigned columns);
void editor_free(struct editor *editor);

/* The lines that were entered; the editor's own. */
struct history *editor_history(struct editor *editor);

/* What stands before the line; at most EDITOR_PROMPT_MAX bytes are taken. */
void editor_set_prompt(struct editor *editor, const char *text, size_t size);

/* The window has so many columns now, and reflows: see screen_resize. */
void editor_resize(struct editor *editor, unsigned columns, bool reflows);

/* Whether the keyboard should be read: too much waits otherwise. */
bool editor_wants_input(const struct editor *editor);

/*
 * These bytes were typed, or pasted, at `now`.  Without memory they are lost,
 * with a beep.  Ctrl-C overtakes what waits from earlier calls, and
 * drops it, as a terminal in its own mode does.
 */
void editor_feed(struct editor *editor, const char *bytes, size_t size,
	struct instant now);

/* Time has passed: an ESC that stayed alone is the key. */
void editor_tick(struct editor *editor, struct instant now);

/* When to call editor_tick at the latest; NEVER while nothing is half done. */
struct instant editor_deadline(const struct editor *editor);

/* The next event; false when there is none.  It borrows until the next call of
 * any function here but editor_show, editor_hide and editor_complete. */
bool editor_next_event(struct editor *editor, struct editor_event *out);

/* Answers EDITOR_COMPLETE, before the next event is taken, with all the words
 * of its kind; those that do not fit are passed over.  May beep, or give
 * EDITOR_ABOVE next. */
void editor_complete(
	struct editor *editor, const struct complete_word *words, size_t count);

/* Appends what makes the terminal show the line as it is now. */
void editor_show(struct editor *editor, struct buffer *out);

/* Appends what takes the line off the terminal, until editor_show. */
void editor_hide(struct editor *editor, struct buffer *out);

/* What the terminal should show, for who compares it with what one shows; it
 * borrows until the next call of any function here. */
void editor_content(struct editor *editor, struct screen_content *out);

#endif
