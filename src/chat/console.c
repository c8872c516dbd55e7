/* SPDX-License-Identifier: ISC */
#include "mchat/chat/console.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mchat/chat/display.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/held_stream.h"
#include "mchat/io/signals.h"
#include "mchat/terminal/editor.h"
#include "mchat/terminal/history.h"
#include "mchat/terminal/history_file.h"
#include "mchat/terminal/keys.h"
#include "mchat/terminal/line_buffer.h"
#include "mchat/terminal/reflow.h"

/* What one read of the keyboard takes: a paste comes in pieces of that. */
#define KEYBOARD_CHUNK 4096

/* What is said at the terminal waits here until the line is out of its way. */
#define NOTICES_SIZE ((size_t)64 * 1024)

/* What is given to the terminal at a time, so that the edited line need not
 * wait for more than this when it is due. */
#define PRINT_CHUNK ((size_t)4 * 1024)

/* No shell tells that a job which runs is in the foreground again: we look. */
#define AWAY_LOOK_MS 250

/* Nor does anybody tell of changed settings, which keep Ctrl-L from us: so long
 * a user may wait for it, and so seldom an idle chat wakes. */
#define LOOK_MS 1000

/* How often we look whether another editor has ended: soon enough for who waits
 * for the chat. */
#define EXTERNAL_EDITOR_POLL_MS 100

/* Whether a line can be edited: two terminals that know escape sequences. */
static bool can_edit(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term &&
	       strcmp(term, "dumb") != 0;
}

/* The chat goes on without. */
static void warn_history(const struct console *console,
	enum verbosity verbosity, const char *what)
{
	diagnostics_warning(verbosity,
		"%s: %s: %s; MCHAT_HISTORY names the file", what,
		console->history_file, strerror(errno));
}

/* Lines of earlier sessions come back, where the user wants them kept. */
static void remember(struct console *console, enum verbosity verbosity)
{
	struct history *history = editor_history(console->editor);
	const char *path = getenv("MCHAT_HISTORY");

	if (!path || !*path)
		return;
	console->history_file = path;
	if (history_file_read(path, history) < 0)
		warn_history(console, verbosity, "lines of earlier sessions");
	console->remembered = history->added;
}

static void keep_history(
	const struct console *console, enum verbosity verbosity)
{
	const struct history *history = editor_history(console->editor);
	size_t count = history->added - console->remembered;

	if (console->history_file && count > 0 &&
		history_file_add(console->history_file, history, count) < 0)
		warn_history(console, verbosity, "lines were not kept");
}

/* Holds back what is said at the terminal, which would be printed in the middle
 * of the line else. */
static void hold_notices(struct console *console)
{
	FILE *held = diagnostics_terminal();

	console->notices = malloc(NOTICES_SIZE);
	if (!held || !console->notices)
		return;
	console->held = held;
	held_stream_begin(held, console->notices, NOTICES_SIZE);
}

/* Says what is held back, and what follows at once. */
static void release_notices(struct console *console)
{
	if (console->held) {
		fflush(console->held);
		(void)setvbuf(console->held, NULL, _IONBF, 0);
	}
	console->held = NULL;
	free(console->notices);
	console->notices = NULL;
}

void console_open(struct console *console, bool edits, bool follows_focus,
	enum verbosity verbosity)
{
	console->show_at = INSTANT_NEVER;
	tty_open(&console->tty, STDIN_FILENO);
	if (!edits || !can_edit())
		return;
	if (follows_focus)
		tty_follow_focus(&console->tty);
	/* Who starts in the background may come to the foreground. */
	console->is_away = tty_edit(&console->tty) < 0;
	if (console->is_away && errno != EAGAIN)
		return;
	console->columns = tty_columns(&console->tty);
	console->editor = editor_new(console->columns);
	if (!console->editor) {
		tty_restore(&console->tty);
		return;
	}
	remember(console, verbosity);
	hold_notices(console);
}

void console_close(struct console *console, struct display *display)
{
	struct buffer *queue = &display->output.queue;

	external_editor_stop(&console->external);
	if (console->editor) {
		editor_hide(console->editor, queue);
		display_end_edit(display);
		output_queue_flush(&display->output);
		release_notices(console);
		keep_history(console, display->verbosity);
		editor_free(console->editor);
		console->editor = NULL;
	}
	tty_restore(&console->tty);
}

bool console_is_unwatched(const struct console *console)
{
	return !console->editor ||
	       editor_focus(console->editor) != EDITOR_FOCUS_IN;
}

/* ---- in ---- */

bool console_wants_input(const struct console *console)
{
	/* In the background to read would stop us. */
	return !console->is_hung_up && !console->is_away &&
	       !external_editor_is_running(&console->external) &&
	       editor_wants_input(console->editor);
}

void console_close_input(struct console *console)
{
	if (!console->is_closed)
		editor_discard(console->editor);
	console->is_closed = true;
}

/* Keeps of what was typed the keys that are of use when no text is; returns how
 * many. */
static size_t keep_controls(char *bytes, size_t size)
{
	static const char controls[] = {
		KEYS_CTRL('C'), KEYS_CTRL('Z'), KEYS_CTRL('L')};
	size_t kept = 0;

	for (size_t i = 0; i < size; i++)
		if (memchr(controls, bytes[i], sizeof(controls)))
			bytes[kept++] = bytes[i];
	return kept;
}

void console_read(struct console *console, struct instant now)
{
	char bytes[KEYBOARD_CHUNK];
	ssize_t size = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (size > 0) {
		size_t taken = console->is_closed
				       ? keep_controls(bytes, (size_t)size)
				       : (size_t)size;

		console->is_urgent |=
			editor_feed(console->editor, bytes, taken, now);
		console->is_to_mend |=
			memchr(bytes, KEYS_CTRL('L'), taken) != NULL;
	} else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
		console->is_hung_up = true;
	}
}

bool console_next(struct console *console, bool can_take, struct instant now,
	struct editor_event *out)
{
	bool has_next;

	editor_tick(console->editor, now);
	has_next = (can_take || console->is_urgent) &&
		   editor_next_event(console->editor, out);
	console->is_urgent = console->is_urgent && has_next;
	return has_next;
}

/* ---- another editor ---- */

void console_edit_externally(struct console *console, struct display *display,
	const char *text, size_t size)
{
	editor_hide(console->editor, &display->output.queue);
	output_queue_flush(&display->output);
	/* What the terminal does not take now would come in between. */
	if (buffer_size(&display->output.queue) > 0)
		return;
	tty_restore(&console->tty);
	if (external_editor_start(&console->external, text, size) == 0)
		return;
	diagnostics_refusal("Ctrl-X Ctrl-E: %s", strerror(errno));
	console_return(console);
}

/* Says why the line is as it was. */
static void refuse_text(enum external_editor_result result, int error)
{
	const char *command = external_editor_command();

	if (result == EXTERNAL_EDITOR_NOT_RUN)
		diagnostics_refusal("Ctrl-X Ctrl-E: %s cannot be run; VISUAL "
				    "or EDITOR names an editor",
			command);
	else if (result == EXTERNAL_EDITOR_FAILED)
		diagnostics_refusal(
			"Ctrl-X Ctrl-E: %s failed; the line is as before",
			command);
	else if (result == EXTERNAL_EDITOR_TOO_LONG)
		diagnostics_refusal("Ctrl-X Ctrl-E: a line has %zu bytes at "
				    "most; it is as before",
			LINE_BUFFER_MAX);
	else
		diagnostics_refusal("Ctrl-X Ctrl-E: %s; the line is as before",
			strerror(error));
}

bool console_poll_external_editor(struct console *console)
{
	char text[LINE_BUFFER_MAX];
	enum external_editor_result result;
	size_t size;
	int error;

	if (!external_editor_is_running(&console->external))
		return false;
	result = external_editor_poll(
		&console->external, text, sizeof(text), &size);
	error = errno;
	if (result == EXTERNAL_EDITOR_RUNS)
		return true;
	console_return(console);
	/* Until now a Ctrl-C was for that editor, and may have ended it. */
	signals_forgive_interrupts();
	if (result != EXTERNAL_EDITOR_DONE)
		refuse_text(result, error);
	else if (!console->is_closed)
		editor_set_text(console->editor, text, size);
	return false;
}

void console_suspend(struct console *console, struct display *display)
{
	/* The other editor has stopped, too, and has set the terminal. */
	if (external_editor_is_running(&console->external)) {
		tty_suspend(&console->tty);
		return;
	}
	editor_hide(console->editor, &display->output.queue);
	output_queue_flush(&display->output);
	tty_suspend(&console->tty);
	editor_forget_focus(console->editor);
	console_return(console);
}

/* ---- out ---- */

/* Takes note that something was said, behind what waits by now. */
static void note_notices(struct console *console, const struct display *display)
{
	if (console->has_notices || !console->held ||
		!held_stream_has_some(console->held, console->notices))
		return;
	console->has_notices = true;
	console->before = buffer_size(&display->above);
}

static bool has_lines(
	const struct console *console, const struct display *display)
{
	return console->has_notices || buffer_size(&display->above) > 0;
}

/* Prints the next piece of what waits; the line is hidden, and the terminal
 * has taken all that came before. */
static void print_piece(struct console *console, struct display *display)
{
	size_t size = PRINT_CHUNK;

	if (console->has_notices && console->before == 0) {
		output_queue_flush(&display->output);
		if (buffer_size(&display->output.queue) > 0)
			return;
		held_stream_flush(console->held, console->notices);
		console->has_notices = false;
		return;
	}
	if (console->has_notices && console->before < size)
		size = console->before;
	size = display_print_above(display, size);
	refresh_note(&console->refresh, size);
	console->before -= size < console->before ? size : console->before;
}

/* Prints what waits above the line, as far as its turn goes; whether the line
 * is to be drawn, since the terminal takes more. */
static bool print_lines(
	struct console *console, struct display *display, struct instant now)
{
	struct buffer *queue = &display->output.queue;

	output_queue_flush(&display->output);
	/* A terminal that takes no more is not filled up with refreshes, and
	 * would hold us up with notices. */
	if (buffer_size(queue) > 0)
		return false;
	while (refresh_prints(
		&console->refresh, has_lines(console, display), now)) {
		editor_hide(console->editor, queue);
		print_piece(console, display);
		if (!has_lines(console, display))
			continue;
		output_queue_flush(&display->output);
		if (buffer_size(queue) > 0)
			return false;
	}
	return true;
}

/* Follows what nobody tells of: we are in the foreground again, other programs
 * changed the settings, or the window did without a SIGWINCH, which comes from
 * a terminal that controls us.  The terminal has taken all that was written. */
static void look(struct console *console, struct instant now)
{
	bool is_whole = !console->is_to_mend && !console->is_away;

	if (is_whole && instant_before(now, console->look_at))
		return;
	console->look_at = instant_after(
		now, duration_ms(console->is_away ? AWAY_LOOK_MS : LOOK_MS));
	console->is_to_mend = false;
	if (!is_whole || !tty_is_edited(&console->tty) ||
		tty_columns(&console->tty) != console->columns)
		console_return(console);
}

void console_show(
	struct console *console, struct display *display, struct instant now)
{
	note_notices(console, display);
	if (external_editor_is_running(&console->external)) {
		console->show_at = instant_after(
			now, duration_ms(EXTERNAL_EDITOR_POLL_MS));
		return;
	}
	console->show_at = INSTANT_NEVER;
	if (!print_lines(console, display, now))
		return;
	look(console, now);
	console->show_at = instant_earlier(
		console->look_at, refresh_deadline(&console->refresh,
					  has_lines(console, display)));
	/* In the background the line would be in the shell's way. */
	if (!console->is_away)
		editor_show(console->editor, &display->output.queue);
}

struct instant console_deadline(const struct console *console)
{
	return instant_earlier(
		editor_deadline(console->editor), console->show_at);
}

void console_return(struct console *console)
{
	if (external_editor_is_running(&console->external))
		return;
	console->is_away = tty_edit(&console->tty) < 0;
	console->columns = tty_columns(&console->tty);
	editor_resize(console->editor, console->columns, reflow_is_known());
}
