/* SPDX-License-Identifier: ISC */
/*
 * The line editor, as a state machine: bytes from the keyboard and the time go
 * in, events and bytes for the terminal come out.  It makes no system calls,
 * never blocks and has no clock, so it runs the same under the chat, the tests
 * and the fuzzer.
 *
 * After editor_feed and editor_tick, call editor_next_event until it returns
 * false; call editor_tick no later than editor_deadline.  Once per turn of the
 * loop call editor_show, which appends nothing when nothing has changed.  To
 * print above the line, append what editor_hide gives, then the text with its
 * newline, then what editor_show gives, and write all of it at once.
 *
 * A caller that cannot take a line now takes no more events: they wait in
 * order, and later input waits behind them.
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

/* Once this many bytes of input wait, further input should stay in the kernel.
 */
#define EDITOR_INPUT_MAX ((size_t)64 * 1024)

/* The longest prompt, in bytes. */
#define EDITOR_PROMPT_MAX 128

/*
 * Within a paste Ctrl-C is text, as any byte is.  But when nothing has come for
 * this long and then Ctrl-C comes alone, somebody typed it: the paste has lost
 * its end, and is given up.
 */
#define EDITOR_PASTE_SILENCE_MS 2000

enum editor_event_kind {
	EDITOR_LINE,      /* a line was entered; it may be empty */
	EDITOR_END,       /* Ctrl-D on an empty line */
	EDITOR_INTERRUPT, /* Ctrl-C on an empty line (on another, it clears it)
			   */
	EDITOR_SUSPEND,   /* Ctrl-Z: hide the line, write, stop; then show it */
	EDITOR_COMPLETE,  /* Tab: answer with editor_complete, or ignore it */
	EDITOR_EXTERNAL,  /* Ctrl-X Ctrl-E: another editor is to have the line;
			   * answer with editor_set_text, or ignore it */
	EDITOR_ABOVE, /* text to print above the line; it is safe to print */
};

struct editor_event {
	enum editor_event_kind kind;
	/* LINE, EXTERNAL: the line.  ABOVE: the text, newlines included.
	 * COMPLETE: the word to complete.  Otherwise empty. */
	const char *text;
	size_t size;
	bool is_pasted; /* LINE: one of several that were pasted */
	bool is_cut; /* LINE: it was too long and continues in the next one */
	bool is_command; /* COMPLETE: the word is a command, else a nick */
};

/* An editor with an empty line, for a window of `columns` columns (0 counts as
 * 1); NULL when out of memory.  Free it with editor_free. */
struct editor *editor_new(unsigned columns);
void editor_free(struct editor *editor);

/* The lines that were entered; owned by the editor. */
struct history *editor_history(struct editor *editor);

/* Sets the text in front of the line, cut to EDITOR_PROMPT_MAX bytes. */
void editor_set_prompt(struct editor *editor, const char *text, size_t size);

/* Tells the editor that the window now has `columns` columns, and whether the
 * terminal reflows its text: see screen_resize. */
void editor_resize(struct editor *editor, unsigned columns, bool reflows);

/* Whether the keyboard should be read; false while too much input waits. */
bool editor_wants_input(const struct editor *editor);

/*
 * Takes bytes that were typed or pasted and were read at `now`.  Out of memory
 * it drops them and beeps.  A Ctrl-C that is not part of a paste drops the
 * input of earlier calls that is still waiting, as a terminal in its canonical
 * mode does.  Returns whether there was one.
 */
bool editor_feed(struct editor *editor, const char *bytes, size_t size,
	struct instant now);

/* Whether the terminal has the focus, as far as it said; what it says never
 * becomes text. */
enum editor_focus {
	EDITOR_FOCUS_UNKNOWN,
	EDITOR_FOCUS_IN,
	EDITOR_FOCUS_OUT,
};

enum editor_focus editor_focus(const struct editor *editor);

/* What it said may have changed meanwhile without a word. */
void editor_forget_focus(struct editor *editor);

/* Forgets what was typed and not entered, and all that was not looked at. */
void editor_discard(struct editor *editor);

/* Decides, when editor_deadline has passed, what unfinished input means: an ESC
 * that nothing followed is the Escape key. */
void editor_tick(struct editor *editor, struct instant now);

/* When to call editor_tick at the latest; INSTANT_NEVER while no key is
 * unfinished. */
struct instant editor_deadline(const struct editor *editor);

/* Takes the next event; false when there is none.  Its text stays valid until
 * the next call of a function here other than editor_show, editor_hide and
 * editor_complete. */
bool editor_next_event(struct editor *editor, struct editor_event *out);

/* Answers EDITOR_COMPLETE, before the next event is taken.  `words` are all the
 * commands or all the nicks; the editor picks those that begin with the word to
 * complete.  It may beep, or list them in an EDITOR_ABOVE. */
void editor_complete(
	struct editor *editor, const struct complete_word *words, size_t count);

/* Replaces the line by `text`, of at most LINE_BUFFER_MAX bytes; the line
 * before can be had by undo. */
void editor_set_text(struct editor *editor, const char *text, size_t size);

/* Appends to `out` what makes the terminal show the line as it is now. */
void editor_show(struct editor *editor, struct buffer *out);

/* Appends to `out` what erases the line from the terminal. */
void editor_hide(struct editor *editor, struct buffer *out);

/* What the terminal should be showing, for tests that compare it with what a
 * terminal does show.  Valid until the next call of any function here. */
void editor_content(struct editor *editor, struct screen_content *out);

#endif
