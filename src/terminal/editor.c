/* SPDX-License-Identifier: ISC */
/*
 * A key makes at most one event, and no further byte is looked at until the
 * caller has taken that event; so no queue of events is needed.
 */

#include "mchat/terminal/editor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"
#include "mchat/terminal/complete.h"
#include "mchat/terminal/keymap.h"
#include "mchat/terminal/keys.h"
#include "mchat/terminal/line_buffer.h"
#include "mchat/terminal/paste.h"
#include "mchat/terminal/screen.h"

/* Bytes of a question, or of a query with the words around it. */
#define LEAD_MAX (HISTORY_SEARCH_QUERY_MAX + 64)

enum mode {
	MODE_TYPING,
	MODE_COLLECTING, /* a paste is coming in */
	MODE_ASKING,     /* the user is asked whether to send it */
	MODE_SENDING,    /* its lines are handed out as events */
};

struct editor {
	struct keymap keymap;
	struct keys keys;
	struct keys ahead; /* reads `input` as it comes in, to see Ctrl-C */
	struct paste paste;
	struct screen screen;
	enum mode mode;

	struct buffer input;      /* bytes that were not looked at yet */
	struct instant fed_at;    /* when the last of them came */
	struct instant pasted_at; /* the same, not counting Ctrl-C */
	bool has_paused; /* EDITOR_PASTE_SILENCE_MS passed within a paste */

	struct editor_event event; /* the next one to be taken */
	bool has_event;
	char said[LINE_BUFFER_MAX]; /* the text of EDITOR_LINE */
	struct buffer above;        /* the text of EDITOR_ABOVE */

	char prompt[EDITOR_PROMPT_MAX];
	size_t prompt_size;
	char lead[LEAD_MAX]; /* a question, or the query before the line */

	enum editor_focus focus;

	bool is_tab;        /* the last key was Tab */
	bool was_tab;       /* so was the one before it */
	bool beeps;         /* the next editor_show beeps */
	bool clears_window; /* and clears the window */
};

struct editor *editor_new(unsigned columns)
{
	struct editor *editor = calloc(1, sizeof(*editor));

	if (!editor)
		return NULL;
	keymap_init(&editor->keymap);
	keys_init(&editor->keys);
	keys_init(&editor->ahead);
	paste_init(&editor->paste);
	screen_init(&editor->screen, columns);
	return editor;
}

void editor_free(struct editor *editor)
{
	if (!editor)
		return;
	keymap_fini(&editor->keymap);
	paste_fini(&editor->paste);
	screen_fini(&editor->screen);
	buffer_fini(&editor->input);
	buffer_fini(&editor->above);
	free(editor);
}

struct history *editor_history(struct editor *editor)
{
	return &editor->keymap.history_search.history;
}

void editor_set_prompt(struct editor *editor, const char *text, size_t size)
{
	editor->prompt_size = utf8_prefix(text, size, EDITOR_PROMPT_MAX);
	memcpy(editor->prompt, text, editor->prompt_size);
}

/* ---- events ---- */

static void give(struct editor *editor, enum editor_event_kind kind,
	const char *text, size_t size)
{
	editor->event =
		(struct editor_event){.kind = kind, .text = text, .size = size};
	editor->has_event = true;
}

static void beep_unless(struct editor *editor, bool is_done)
{
	if (!is_done)
		editor->beeps = true;
}

/* Makes an event of editor->above. */
static void give_above(struct editor *editor)
{
	if (editor->above.failed)
		editor->beeps = true;
	else
		give(editor, EDITOR_ABOVE, buffer_bytes(&editor->above),
			buffer_size(&editor->above));
}

/* ---- typing ---- */

static void enter(struct editor *editor)
{
	struct line_buffer *line_buffer = &editor->keymap.line_buffer;
	size_t size = line_buffer->size;

	memcpy(editor->said, line_buffer->text, size);
	keymap_enter(&editor->keymap);
	give(editor, EDITOR_LINE, editor->said, size);
}

static void ask_for_words(struct editor *editor)
{
	const struct line_buffer *line_buffer = &editor->keymap.line_buffer;
	struct complete_query query =
		complete_find(line_buffer->text, line_buffer->cursor);

	give(editor, EDITOR_COMPLETE, line_buffer->text + query.start,
		query.size);
	editor->event.is_command = query.is_command;
}

static void collect(struct editor *editor)
{
	paste_fini(&editor->paste);
	paste_init(&editor->paste);
	editor->mode = MODE_COLLECTING;
	editor->has_paused = false;
}

static void type_key(struct editor *editor, const struct key *key)
{
	switch (keymap_key(&editor->keymap, key)) {
	case KEYMAP_DONE:
		break;
	case KEYMAP_REFUSED:
		editor->beeps = true;
		break;
	case KEYMAP_ENTER:
		enter(editor);
		break;
	case KEYMAP_END:
		give(editor, EDITOR_END, "", 0);
		break;
	case KEYMAP_STOP:
		give(editor, EDITOR_INTERRUPT, "", 0);
		break;
	case KEYMAP_SUSPEND:
		give(editor, EDITOR_SUSPEND, "", 0);
		break;
	case KEYMAP_COMPLETE:
		ask_for_words(editor);
		break;
	case KEYMAP_CLEAR:
		editor->clears_window = true;
		break;
	case KEYMAP_PASTE:
		collect(editor);
		break;
	case KEYMAP_EDIT:
		give(editor, EDITOR_EXTERNAL, editor->keymap.line_buffer.text,
			editor->keymap.line_buffer.size);
		break;
	}
}

void editor_set_text(struct editor *editor, const char *text, size_t size)
{
	keymap_set_text(&editor->keymap, text, size);
}

/* ---- pastes ---- */

static void refuse_paste(struct editor *editor)
{
	editor->mode = MODE_TYPING;
	buffer_clear(&editor->above);
	buffer_append_format(&editor->above,
		"not taken: the paste has more than %zu bytes; pipe it in\n",
		PASTE_MAX);
	give_above(editor);
}

/* A single line is inserted; for several the user is asked. */
static void end_paste(struct editor *editor)
{
	struct paste *paste = &editor->paste;
	struct line_buffer *line_buffer = &editor->keymap.line_buffer;
	struct line line;

	if (paste->is_too_large) {
		refuse_paste(editor);
		return;
	}
	paste_end(paste);
	editor->mode = MODE_TYPING;
	if (paste_left(paste) > 1 ||
		paste->size > LINE_BUFFER_MAX - line_buffer->size)
		editor->mode = MODE_ASKING;
	else if (paste_next(paste, &line))
		(void)line_buffer_insert(line_buffer, line.text, line.size);
}

static void collect_key(struct editor *editor, const struct key *key)
{
	if (key->code == KEY_TEXT) {
		paste_add(&editor->paste, key->text, key->size);
	} else if (key->code == KEY_PASTE_END) {
		end_paste(editor);
	}
}

static void answer_key(struct editor *editor, const struct key *key)
{
	char byte = keys_byte(key);

	if (key->code == KEY_PASTE_BEGIN)
		collect(editor);
	else if (byte == 'y' || byte == 'Y')
		editor->mode = MODE_SENDING;
	else if (byte == 'n' || byte == 'N' || byte == KEYS_CTRL('C') ||
		 byte == KEYS_CTRL('G') || key->code == KEY_ESCAPE)
		editor->mode = MODE_TYPING;
	else
		editor->beeps = true;
}

static bool send_line(struct editor *editor, struct editor_event *out)
{
	struct line line;

	if (!paste_next(&editor->paste, &line)) {
		editor->mode = MODE_TYPING;
		return false;
	}
	*out = (struct editor_event){
		.kind = EDITOR_LINE,
		.text = line.text,
		.size = line.size,
		.is_pasted = true,
		.is_cut = line.is_cut,
	};
	return true;
}

/* ---- completion ---- */

/* Several words match: inserts what they have in common; when that is nothing
 * more, a second Tab lists them. */
static void extend_word(struct editor *editor,
	const struct complete_query *query, const struct complete_word *common,
	const struct complete_word *words, size_t count)
{
	struct line_buffer *line_buffer = &editor->keymap.line_buffer;

	if (common->size > query->size) {
		beep_unless(
			editor, line_buffer_replace(line_buffer, query->start,
					common->text, common->size));
	} else if (editor->was_tab) {
		buffer_clear(&editor->above);
		complete_list(line_buffer->text + query->start, query->size,
			words, count, editor->screen.columns, &editor->above);
		give_above(editor);
	} else {
		editor->beeps = true;
	}
}

void editor_complete(
	struct editor *editor, const struct complete_word *words, size_t count)
{
	struct line_buffer *line_buffer = &editor->keymap.line_buffer;
	struct complete_query query =
		complete_find(line_buffer->text, line_buffer->cursor);
	struct complete_word common;
	size_t matches = complete_common(line_buffer->text + query.start,
		query.size, words, count, &common);
	const char *suffix = complete_suffix(&query);

	if (matches > 1)
		extend_word(editor, &query, &common, words, count);
	else
		beep_unless(editor,
			matches == 1 &&
				line_buffer_replace(line_buffer, query.start,
					common.text, common.size) &&
				line_buffer_insert(
					line_buffer, suffix, strlen(suffix)));
}

/* ---- in and out ---- */

static void take_key(struct editor *editor, const struct key *key)
{
	/* It may be a report of the terminal, at any time. */
	if (key->code == KEY_OTHER)
		return;
	editor->was_tab = editor->is_tab;
	editor->is_tab = keymap_is_control(key, '\t');
	switch (editor->mode) {
	case MODE_TYPING:
		type_key(editor, key);
		break;
	case MODE_COLLECTING:
		collect_key(editor, key);
		break;
	case MODE_ASKING:
		answer_key(editor, key);
		break;
	case MODE_SENDING:
		/* No key comes here: the lines are handed out first. */
		break;
	}
}

/* Whether all input was processed, so that time alone can complete a key. */
static bool is_idle(const struct editor *editor)
{
	return !editor->has_event && editor->mode != MODE_SENDING &&
	       buffer_size(&editor->input) == 0;
}

/* Drops the input that waits before a Ctrl-C.  Returns whether the Ctrl-C has
 * done its work with that: it stopped a paste that was being sent. */
static bool overtake(struct editor *editor)
{
	bool was_sending = editor->mode == MODE_SENDING;

	buffer_clear(&editor->input);
	keys_init(&editor->keys);
	editor->has_event = false;
	if (editor->mode == MODE_COLLECTING || was_sending)
		editor->mode = MODE_TYPING;
	if (!was_sending)
		return false;
	buffer_clear(&editor->above);
	buffer_append_format(&editor->above,
		"not sent: %zu lines of the paste\n",
		paste_left(&editor->paste));
	give_above(editor);
	return true;
}

/* Looks at what does not wait its turn.  Returns how many of the bytes there
 * are up to the last Ctrl-C that is a key; 0 when there is none.  One within a
 * paste is text. */
static size_t look_ahead(struct editor *editor, const char *bytes, size_t size,
	struct instant now)
{
	size_t end = 0;

	for (size_t i = 0; i < size;) {
		struct key key;
		bool is_taken;
		bool is_key = keys_feed(
			&editor->ahead, bytes[i], now, &key, &is_taken);

		if (is_key && keymap_is_control(&key, KEYS_CTRL('C')))
			end = i + 1;
		if (is_key && key.focus != KEY_FOCUS_SAME)
			editor->focus = key.focus == KEY_FOCUS_IN
						? EDITOR_FOCUS_IN
						: EDITOR_FOCUS_OUT;
		i += is_taken;
	}
	return end;
}

static bool is_ctrl_c(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != KEYS_CTRL('C'))
			return false;
	return size > 0;
}

static struct instant pause_at(const struct editor *editor)
{
	return instant_after(
		editor->pasted_at, duration_ms(EDITOR_PASTE_SILENCE_MS));
}

/* Whether these bytes were typed within a paste that has lost its end.  If not,
 * they show that it goes on. */
static bool gives_up_paste(struct editor *editor, const char *bytes,
	size_t size, struct instant now)
{
	if (!is_ctrl_c(bytes, size)) {
		editor->pasted_at = now;
		editor->has_paused = false;
		return false;
	}
	return editor->ahead.state == KEYS_PASTE &&
	       !instant_before(now, pause_at(editor));
}

bool editor_feed(struct editor *editor, const char *bytes, size_t size,
	struct instant now)
{
	size_t end;

	/* Only time may have changed these. */
	if (is_idle(editor))
		editor->ahead = editor->keys;
	if (gives_up_paste(editor, bytes, size, now)) {
		keys_init(&editor->ahead);
		(void)overtake(editor);
		editor->beeps = true;
		return true;
	}
	end = look_ahead(editor, bytes, size, now);
	if (end > 0 && (buffer_size(&editor->input) > 0 ||
			       editor->mode == MODE_SENDING)) {
		size_t dropped = overtake(editor) ? end : end - 1;

		bytes += dropped;
		size -= dropped;
	}
	editor->fed_at = now;
	buffer_append(&editor->input, bytes, size);
	if (editor->input.failed) {
		editor->input.failed = false;
		editor->beeps = true;
	}
	return end > 0;
}

enum editor_focus editor_focus(const struct editor *editor)
{
	return editor->focus;
}

void editor_forget_focus(struct editor *editor)
{
	editor->focus = EDITOR_FOCUS_UNKNOWN;
}

void editor_discard(struct editor *editor)
{
	buffer_clear(&editor->input);
	keys_init(&editor->keys);
	line_buffer_clear(&editor->keymap.line_buffer);
	editor->has_event = false;
	editor->mode = MODE_TYPING;
}

bool editor_wants_input(const struct editor *editor)
{
	return buffer_size(&editor->input) < EDITOR_INPUT_MAX;
}

static bool take_event(struct editor *editor, struct editor_event *out)
{
	if (!editor->has_event)
		return false;
	*out = editor->event;
	editor->has_event = false;
	return true;
}

bool editor_next_event(struct editor *editor, struct editor_event *out)
{
	for (;;) {
		struct key key;
		bool is_taken;

		if (take_event(editor, out))
			return true;
		if (editor->mode == MODE_SENDING && send_line(editor, out))
			return true;
		if (buffer_size(&editor->input) == 0)
			return false;
		if (keys_feed(&editor->keys, *buffer_bytes(&editor->input),
			    editor->fed_at, &key, &is_taken))
			take_key(editor, &key);
		if (is_taken)
			buffer_consume(&editor->input, 1);
	}
}

struct instant editor_deadline(const struct editor *editor)
{
	if (!is_idle(editor))
		return INSTANT_NEVER;
	if (editor->mode == MODE_COLLECTING && !editor->has_paused)
		return pause_at(editor);
	return keys_deadline(&editor->keys);
}

void editor_tick(struct editor *editor, struct instant now)
{
	struct key key;

	if (is_idle(editor) && keys_tick(&editor->keys, now, &key))
		take_key(editor, &key);
	if (editor->mode == MODE_COLLECTING &&
		!instant_before(now, pause_at(editor)))
		editor->has_paused = true;
}

/* ---- the screen ---- */

void editor_resize(struct editor *editor, unsigned columns, bool reflows)
{
	screen_resize(&editor->screen, columns, reflows);
}

/* While searching, the query takes the place of the prompt. */
static void lead_search(struct editor *editor, struct screen_content *out)
{
	const struct history_search *history_search =
		&editor->keymap.history_search;

	(void)snprintf(editor->lead, sizeof(editor->lead), "%s \"%.*s\": ",
		history_search->has_failed ? "not found" : "search",
		(int)history_search->query_size, history_search->query);
	out->prompt = editor->lead;
	out->prompt_size = strlen(editor->lead);
}

/* So does the argument of the next key. */
static void lead_argument(struct editor *editor, struct screen_content *out)
{
	const struct keymap *keymap = &editor->keymap;

	(void)snprintf(editor->lead, sizeof(editor->lead), "(arg: %s%u) ",
		keymap->is_negative ? "-" : "", keymap_count(keymap));
	out->prompt = editor->lead;
	out->prompt_size = strlen(editor->lead);
}

/* A question takes the place of the line, so that it is visible in a window of
 * any width. */
static void ask(struct editor *editor, struct screen_content *out)
{
	size_t count = paste_left(&editor->paste);

	if (editor->mode == MODE_COLLECTING)
		(void)snprintf(editor->lead, sizeof(editor->lead),
			"the paste has not ended; Ctrl-C gives it up ");
	else
		(void)snprintf(editor->lead, sizeof(editor->lead),
			"send %zu line%s? (y/n) ", count,
			count == 1 ? "" : "s");
	*out = (struct screen_content){
		.text = editor->lead,
		.size = strlen(editor->lead),
		.cursor = strlen(editor->lead),
	};
}

void editor_content(struct editor *editor, struct screen_content *out)
{
	*out = (struct screen_content){
		.prompt = editor->prompt,
		.prompt_size = editor->prompt_size,
		.text = editor->keymap.line_buffer.text,
		.size = editor->keymap.line_buffer.size,
		.cursor = editor->keymap.line_buffer.cursor,
	};
	if (editor->mode == MODE_ASKING ||
		(editor->mode == MODE_COLLECTING && editor->has_paused))
		ask(editor, out);
	else if (editor->keymap.mode == KEYMAP_SEARCHING)
		lead_search(editor, out);
	else if (editor->keymap.has_argument)
		lead_argument(editor, out);
}

void editor_show(struct editor *editor, struct buffer *out)
{
	struct screen_content content;

	editor_content(editor, &content);
	if (editor->beeps)
		buffer_append_char(out, '\a');
	if (editor->clears_window) {
		screen_hide(&editor->screen, out);
		buffer_append_string(out, "\033[H\033[2J");
	}
	editor->beeps = false;
	editor->clears_window = false;
	screen_show(&editor->screen, &content, out);
}

void editor_hide(struct editor *editor, struct buffer *out)
{
	screen_hide(&editor->screen, out);
}
