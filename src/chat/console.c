/* SPDX-License-Identifier: ISC */
#include "mchat/chat/console.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h> /* __fpending */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mchat/chat/commands.h"
#include "mchat/chat/delivery.h"
#include "mchat/chat/display.h"
#include "mchat/chat/input.h"
#include "mchat/chat/session.h"
#include "mchat/io/clock.h"
#include "mchat/io/diagnostics.h"
#include "mchat/io/output_queue.h"
#include "mchat/protocol/engine.h"
#include "mchat/terminal/complete.h"
#include "mchat/terminal/editor.h"
#include "mchat/terminal/history.h"
#include "mchat/terminal/history_file.h"
#include "mchat/terminal/keys.h"
#include "mchat/view/safe.h"

/* What one read of the keyboard takes: a paste comes in pieces of that. */
#define KEYBOARD_CHUNK 4096

/* What is said on stderr waits here until the line is out of its way. */
#define STDERR_SIZE ((size_t)64 * 1024)

/* No shell tells that a job which runs is in the foreground again: we look. */
#define AWAY_LOOK_MS 250

/* Nicks that Tab looks at. */
#define WORDS_MAX 2048

/* Whether a line can be edited: two terminals that know escape sequences. */
static bool can_edit(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term &&
	       strcmp(term, "dumb") != 0;
}

/* The chat goes on without. */
static void warn_history(const struct console *console, const char *what)
{
	diagnostics_warning(console->display->verbosity,
		"%s: %s: %s; MCHAT_HISTORY names the file", what,
		console->history_file, strerror(errno));
}

/* Lines of earlier sessions come back, where the user wants them kept. */
static void remember(struct console *console)
{
	struct history *history = editor_history(console->editor);
	const char *path = getenv("MCHAT_HISTORY");

	if (!path || !*path)
		return;
	console->history_file = path;
	if (history_file_read(path, history) < 0)
		warn_history(console, "lines of earlier sessions");
	console->remembered = history->added;
}

static void keep_history(const struct console *console)
{
	const struct history *history = editor_history(console->editor);
	size_t count = history->added - console->remembered;

	if (console->history_file && count > 0 &&
		history_file_add(console->history_file, history, count) < 0)
		warn_history(console, "lines were not kept");
}

void console_open(struct console *console, bool edits)
{
	console->unconfirmed = INSTANT_NEVER;
	console->check_at = INSTANT_NEVER;
	tty_open(&console->tty, STDIN_FILENO);
	if (!edits || !can_edit() || tty_edit(&console->tty) < 0)
		return;
	console->editor = editor_new(tty_columns(&console->tty));
	if (!console->editor) {
		tty_restore(&console->tty);
		return;
	}
	console->display->lines = &console->above;
	remember(console);
	/* Else it would be printed in the middle of the line.  Not every C
	 * library makes room itself. */
	if (isatty(STDERR_FILENO))
		console->notices = malloc(STDERR_SIZE);
	if (console->notices)
		(void)setvbuf(stderr, console->notices, _IOFBF, STDERR_SIZE);
}

void console_close(struct console *console)
{
	if (console->editor) {
		editor_hide(console->editor, &console->output->queue);
		buffer_append(&console->output->queue,
			buffer_bytes(&console->above),
			buffer_size(&console->above));
		output_queue_flush(console->output);
		fflush(stderr);
		(void)setvbuf(stderr, NULL, _IONBF, 0);
		free(console->notices);
		console->notices = NULL;
		console->display->lines = &console->output->queue;
		keep_history(console);
		editor_free(console->editor);
		console->editor = NULL;
	}
	buffer_fini(&console->above);
	tty_restore(&console->tty);
}

/* ---- in ---- */

bool console_wants_input(const struct console *console)
{
	/* In the background to read would stop us. */
	return !console->is_hung_up && !console->is_away &&
	       editor_wants_input(console->editor);
}

void console_read(struct console *console, struct instant now)
{
	char bytes[KEYBOARD_CHUNK];
	ssize_t size = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (size > 0) {
		console->is_urgent |=
			memchr(bytes, KEYS_CTRL('C'), (size_t)size) != NULL;
		editor_feed(console->editor, bytes, (size_t)size, now);
	} else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
		console->is_hung_up = true;
		input_end(console->input);
	}
}

/* What is no message stays as it was typed. */
static void show_typed(struct console *console, const char *text, size_t size)
{
	buffer_append_string(&console->above, console->session->nick);
	buffer_append_string(&console->above, "> ");
	safe_append_text(&console->above, text, size);
	buffer_append_char(&console->above, '\n');
}

static void enter(struct console *console, const struct editor_event *event)
{
	/* Behind what leaves the group nothing is said. */
	bool waits = input_waits_in_turn(console->input);
	enum input_kind kind = INPUT_MESSAGE;
	size_t skip = 0;

	if (!event->is_pasted)
		kind = input_kind(
			console->input, event->text, event->size, &skip);
	input_enter(console->input, event->text, event->size, event->is_pasted);
	if (event->size == 0)
		return;
	/* What is said outside of a group is refused. */
	if (kind == INPUT_IN_TURN || kind == INPUT_AT_ONCE || waits ||
		!console->session->is_open || console->is_leaving)
		show_typed(console, event->text, event->size);
	else
		display_typed(console->display,
			kind == INPUT_ACTION ? EVENT_ACTION : EVENT_MESSAGE,
			event->text + skip, event->size - skip, clock_wall());
}

/* All nicks of who is here; returns how many. */
static size_t find_nicks(
	const struct session *session, struct complete_word *out)
{
	struct engine_member member;
	size_t count = 0;

	while (session->driver && count < WORDS_MAX &&
		engine_member_at(session->driver->engine, count, &member))
		out[count++] =
			(struct complete_word){member.nick, member.nick_size};
	return count;
}

static size_t find_commands(struct complete_word *out)
{
	const char *name;
	size_t count = 0;

	while ((name = commands_name(count))) {
		out[count] = (struct complete_word){name, strlen(name)};
		count++;
	}
	return count;
}

static void complete(struct console *console, const struct editor_event *event)
{
	struct complete_word *words = calloc(WORDS_MAX, sizeof(*words));

	if (!words)
		return;
	editor_complete(console->editor, words,
		event->is_command ? find_commands(words)
				  : find_nicks(console->session, words));
	free(words);
}

void console_suspend(struct console *console)
{
	editor_hide(console->editor, &console->output->queue);
	output_queue_flush(console->output);
	tty_suspend(&console->tty);
	console_return(console);
}

static void act(struct console *console, const struct editor_event *event)
{
	switch (event->kind) {
	case EDITOR_LINE:
		enter(console, event);
		break;
	case EDITOR_END:
		input_end(console->input);
		break;
	case EDITOR_INTERRUPT:
		/* As the terminal itself would have it. */
		(void)raise(SIGINT);
		break;
	case EDITOR_SUSPEND:
		console_suspend(console);
		break;
	case EDITOR_COMPLETE:
		complete(console, event);
		break;
	case EDITOR_ABOVE:
		buffer_append(&console->above, event->text, event->size);
		break;
	}
}

/*
 * What cannot be sent or shown yet waits in the editor.  Not so Ctrl-C, which
 * is to help just then: it dropped what waited before it, so that little came
 * with it.
 */
static bool takes_events(const struct console *console)
{
	return console->is_urgent ||
	       (input_takes(console->input) &&
		       !output_queue_is_full(console->output));
}

bool console_take(struct console *console, struct instant now)
{
	struct editor_event event;
	bool has_taken = false;

	editor_tick(console->editor, now);
	while (takes_events(console) && !input_has_at_once(console->input) &&
		editor_next_event(console->editor, &event)) {
		act(console, &event);
		has_taken = true;
		/* Where the next line goes is known once it was run. */
		if (input_waits_in_turn(console->input))
			break;
	}
	console->is_urgent = console->is_urgent && has_taken;
	return has_taken;
}

/* ---- out ---- */

/* Whether something of ours has been unconfirmed for a while, and how much. */
static uint64_t unconfirmed(struct console *console, struct instant now)
{
	const struct engine_driver *driver = console->session->driver;
	struct instant due;

	console->check_at = INSTANT_NEVER;
	if (!driver || engine_is_confirmed(driver->engine)) {
		console->unconfirmed = INSTANT_NEVER;
		return 0;
	}
	if (instant_is_never(console->unconfirmed))
		console->unconfirmed = now;
	due = instant_after(
		console->unconfirmed, duration_ms(CONSOLE_UNCONFIRMED_MS));
	if (instant_before(now, due)) {
		console->check_at = due;
		return 0;
	}
	return engine_said_last(driver->engine) -
	       engine_confirmed(driver->engine);
}

/* What is waited for, if it is long. */
static void append_wait(
	struct console *console, struct buffer *prompt, struct instant now)
{
	const struct engine_driver *driver = console->session->driver;
	uint64_t count = unconfirmed(console, now);
	size_t missing;

	if (driver && !driver->may_send && !console->is_leaving) {
		missing = delivery_absent_count(console->delivery);
		buffer_append_format(prompt, " (waiting for %zu more member%s)",
			missing, missing == 1 ? "" : "s");
	} else if (count > 0) {
		buffer_append_format(prompt, " (%s%ju not confirmed)",
			console->is_leaving ? "leaving; " : "",
			(uintmax_t)count);
	}
}

static void set_prompt(struct console *console, struct instant now)
{
	struct buffer prompt = BUFFER_EMPTY;

	buffer_append_string(&prompt, console->session->nick);
	append_wait(console, &prompt, now);
	buffer_append_string(&prompt, "> ");
	editor_set_prompt(
		console->editor, buffer_bytes(&prompt), buffer_size(&prompt));
	buffer_fini(&prompt);
}

/* Prints what is held back of stderr, behind what is in the queue. */
static void show_notices(struct console *console)
{
	output_queue_flush(console->output);
	if (buffer_size(&console->output->queue) == 0)
		fflush(stderr);
}

void console_show(struct console *console, struct instant now)
{
	struct buffer *queue = &console->output->queue;
	bool has_notices = __fpending(stderr) > 0;
	bool is_stuck;

	if (console->is_away)
		console_return(console);
	output_queue_flush(console->output);
	is_stuck = buffer_size(queue) > 0;
	if (buffer_size(&console->above) > 0 || (has_notices && !is_stuck)) {
		editor_hide(console->editor, queue);
		buffer_append(queue, buffer_bytes(&console->above),
			buffer_size(&console->above));
		buffer_clear(&console->above);
	}
	/* A terminal that takes no more is not filled up with refreshes, and
	 * would hold us up with notices. */
	if (is_stuck)
		return;
	if (has_notices)
		show_notices(console);
	set_prompt(console, now);
	/* In the background the line would be in the shell's way. */
	if (console->is_away)
		console->check_at = instant_earlier(console->check_at,
			instant_after(now, duration_ms(AWAY_LOOK_MS)));
	else
		editor_show(console->editor, queue);
}

struct instant console_deadline(const struct console *console)
{
	return instant_earlier(
		editor_deadline(console->editor), console->check_at);
}

void console_return(struct console *console)
{
	console->is_away = tty_edit(&console->tty) < 0;
	editor_resize(
		console->editor, tty_columns(&console->tty), tty_reflows());
}
