/* SPDX-License-Identifier: ISC */
#include "mchat/chat/keyboard.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/chat/chat_internal.h"
#include "mchat/chat/completion_words.h"
#include "mchat/chat/incoming.h"
#include "mchat/io/clock.h"
#include "mchat/terminal/editor.h"
#include "mchat/view/safe.h"

/* What is typed may still wait above the line when what comes in may not: the
 * keyboard is not held up by others. */
#define TYPED_MAX (2 * DISPLAY_ABOVE_MAX)

bool keyboard_is_closed(const struct chat *chat)
{
	return input_has_ended(&chat->input) ||
	       chat->phase.now == PHASE_CONFIRMING;
}

void keyboard_read(struct chat *chat, struct instant now)
{
	console_read(&chat->console, now);
	if (chat->console.is_hung_up)
		input_end(&chat->input);
}

/* ---- lines ---- */

/* What is no message stays as it was typed. */
static void show_typed(
	struct display *display, const struct editor_event *typed)
{
	struct buffer *lines = display_lines(display);

	buffer_append_string(lines, display->nick);
	buffer_append_string(lines, "> ");
	safe_append_text(lines, typed->text, typed->size);
	buffer_append_char(lines, '\n');
}

/* Whether what is said next reaches the group we are in: outside of one it is
 * refused, and behind what leaves it nothing is said. */
static bool is_said_here(const struct chat *chat)
{
	return chat->session.is_open && chat->phase.now != PHASE_PARTING &&
	       !input_waits_in_turn(&chat->input);
}

static void enter(
	struct chat *chat, const struct editor_event *typed, struct instant now)
{
	struct input_line line = input_classify(
		&chat->input, typed->text, typed->size, typed->is_pasted);
	bool is_said = is_said_here(chat) && !line_queue_is_command(&line);

	if (typed->size == 0)
		return;
	input_add(&chat->input, &line);
	/* Who types is to see it at once, and behind what was said before. */
	incoming_end_gathering(chat, now);
	if (is_said)
		display_typed(&chat->display,
			line.kind == LINE_ACTION ? EVENT_ACTION : EVENT_MESSAGE,
			line.line.text, line.line.size, clock_wall());
	else
		show_typed(&chat->display, typed);
}

/* ---- completion ---- */

static void complete(struct chat *chat, const struct editor_event *typed)
{
	const struct engine_driver *driver = chat->session.driver;
	struct completion_words words = {0};

	if (typed->is_command)
		completion_words_commands(&words);
	else if (driver)
		completion_words_nicks(&words, driver->engine);
	editor_complete(chat->console.editor, words.list, words.count);
	completion_words_fini(&words);
}

/* ---- all of it ---- */

static void act(
	struct chat *chat, const struct editor_event *typed, struct instant now)
{
	switch (typed->kind) {
	case EDITOR_LINE:
		enter(chat, typed, now);
		break;
	case EDITOR_END:
		input_end(&chat->input);
		break;
	case EDITOR_INTERRUPT:
		/* As the terminal itself would have it. */
		(void)raise(SIGINT);
		break;
	case EDITOR_SUSPEND:
		console_suspend(&chat->console, &chat->display);
		break;
	case EDITOR_EXTERNAL:
		console_edit_externally(&chat->console, &chat->display,
			typed->text, typed->size);
		break;
	case EDITOR_COMPLETE:
		complete(chat, typed);
		break;
	case EDITOR_ABOVE:
		buffer_append(display_lines(&chat->display), typed->text,
			typed->size);
		break;
	}
}

bool keyboard_take(struct chat *chat, struct instant now)
{
	struct editor_event typed;
	bool has_taken = false;

	if (keyboard_is_closed(chat))
		console_close_input(&chat->console);
	while (!console_poll_external_editor(&chat->console) &&
		!input_has_at_once(&chat->input) &&
		console_next(&chat->console,
			input_takes(&chat->input) &&
				buffer_size(&chat->display.above) < TYPED_MAX,
			now, &typed)) {
		act(chat, &typed, now);
		has_taken = true;
		if (keyboard_is_closed(chat))
			console_close_input(&chat->console);
		/* Where the next line goes is known once it was run. */
		if (input_waits_in_turn(&chat->input))
			break;
	}
	return has_taken;
}
