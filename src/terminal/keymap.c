/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/keymap.h"

#include "mchat/terminal/keys.h"

void keymap_init(struct keymap *keymap)
{
	line_buffer_init(&keymap->line_buffer);
	history_search_init(&keymap->history_search);
	keymap->mode = KEYMAP_PLAIN;
}

void keymap_fini(struct keymap *keymap)
{
	history_search_fini(&keymap->history_search);
}

/* ---- actions ---- */

typedef enum keymap_outcome action(struct keymap *keymap, int argument);

static enum keymap_outcome outcome_of(bool is_done)
{
	return is_done ? KEYMAP_DONE : KEYMAP_REFUSED;
}

static enum keymap_outcome act_move(struct keymap *keymap, int target)
{
	return outcome_of(line_buffer_move(
		&keymap->line_buffer, (enum line_buffer_target)target));
}

static enum keymap_outcome act_jump(struct keymap *keymap, int target)
{
	/* Already being there is no reason to beep. */
	(void)line_buffer_move(
		&keymap->line_buffer, (enum line_buffer_target)target);
	return KEYMAP_DONE;
}

static enum keymap_outcome act_erase(struct keymap *keymap, int target)
{
	return outcome_of(line_buffer_erase(
		&keymap->line_buffer, (enum line_buffer_target)target));
}

static enum keymap_outcome act_kill(struct keymap *keymap, int target)
{
	return outcome_of(line_buffer_kill(
		&keymap->line_buffer, (enum line_buffer_target)target));
}

static enum keymap_outcome act_yank(struct keymap *keymap, int argument)
{
	(void)argument;
	return outcome_of(line_buffer_yank(&keymap->line_buffer));
}

static enum keymap_outcome act_transpose(struct keymap *keymap, int argument)
{
	(void)argument;
	return outcome_of(line_buffer_transpose(&keymap->line_buffer));
}

static enum keymap_outcome act_recall(struct keymap *keymap, int is_older)
{
	return outcome_of(
		is_older ? history_search_older(&keymap->history_search,
				   &keymap->line_buffer)
			 : history_search_newer(&keymap->history_search,
				   &keymap->line_buffer));
}

static enum keymap_outcome act_end(struct keymap *keymap, int argument)
{
	(void)argument;
	return keymap->line_buffer.size == 0
		       ? KEYMAP_END
		       : act_erase(keymap, LINE_BUFFER_RIGHT);
}

static enum keymap_outcome act_stop(struct keymap *keymap, int argument)
{
	bool was_empty = keymap->line_buffer.size == 0;

	(void)argument;
	line_buffer_clear(&keymap->line_buffer);
	history_search_forget(&keymap->history_search);
	return was_empty ? KEYMAP_STOP : KEYMAP_DONE;
}

static enum keymap_outcome act_search(struct keymap *keymap, int argument)
{
	(void)argument;
	history_search_begin(&keymap->history_search);
	keymap->mode = KEYMAP_SEARCHING;
	return KEYMAP_DONE;
}

static enum keymap_outcome act_literal(struct keymap *keymap, int argument)
{
	(void)argument;
	keymap->mode = KEYMAP_LITERAL;
	return KEYMAP_DONE;
}

/* Leaves the work to the editor. */
static enum keymap_outcome act_tell(struct keymap *keymap, int outcome)
{
	(void)keymap;
	return (enum keymap_outcome)outcome;
}

/* ---- keys ---- */

/* A key and what it does.  `byte` tells the keys of KEY_CONTROL, and those of
 * KEY_TEXT with Alt, apart; it is 0 for the others. */
static const struct binding {
	enum key_code code;
	char byte;
	unsigned char modifiers;
	action *act;
	int argument;
} bindings[] = {
	{KEY_CONTROL, '\r', 0, act_tell, KEYMAP_ENTER},
	{KEY_CONTROL, '\n', 0, act_tell, KEYMAP_ENTER},
	{KEY_CONTROL, '\t', 0, act_tell, KEYMAP_COMPLETE},
	{KEY_CONTROL, 0x7f, 0, act_erase, LINE_BUFFER_LEFT},
	{KEY_CONTROL, KEYS_CTRL('H'), 0, act_erase, LINE_BUFFER_LEFT},
	{KEY_DELETE, 0, 0, act_erase, LINE_BUFFER_RIGHT},
	{KEY_CONTROL, KEYS_CTRL('D'), 0, act_end, 0},
	{KEY_CONTROL, KEYS_CTRL('C'), 0, act_stop, 0},
	{KEY_CONTROL, KEYS_CTRL('Z'), 0, act_tell, KEYMAP_SUSPEND},
	{KEY_CONTROL, KEYS_CTRL('L'), 0, act_tell, KEYMAP_CLEAR},

	{KEY_LEFT, 0, 0, act_move, LINE_BUFFER_LEFT},
	{KEY_CONTROL, KEYS_CTRL('B'), 0, act_move, LINE_BUFFER_LEFT},
	{KEY_RIGHT, 0, 0, act_move, LINE_BUFFER_RIGHT},
	{KEY_CONTROL, KEYS_CTRL('F'), 0, act_move, LINE_BUFFER_RIGHT},
	{KEY_HOME, 0, 0, act_jump, LINE_BUFFER_START},
	{KEY_CONTROL, KEYS_CTRL('A'), 0, act_jump, LINE_BUFFER_START},
	{KEY_END, 0, 0, act_jump, LINE_BUFFER_END},
	{KEY_CONTROL, KEYS_CTRL('E'), 0, act_jump, LINE_BUFFER_END},
	{KEY_LEFT, 0, KEY_CTRL, act_move, LINE_BUFFER_WORD_LEFT},
	{KEY_LEFT, 0, KEY_ALT, act_move, LINE_BUFFER_WORD_LEFT},
	{KEY_TEXT, 'b', KEY_ALT, act_move, LINE_BUFFER_WORD_LEFT},
	{KEY_RIGHT, 0, KEY_CTRL, act_move, LINE_BUFFER_WORD_RIGHT},
	{KEY_RIGHT, 0, KEY_ALT, act_move, LINE_BUFFER_WORD_RIGHT},
	{KEY_TEXT, 'f', KEY_ALT, act_move, LINE_BUFFER_WORD_RIGHT},

	{KEY_CONTROL, KEYS_CTRL('K'), 0, act_kill, LINE_BUFFER_END},
	{KEY_CONTROL, KEYS_CTRL('U'), 0, act_kill, LINE_BUFFER_START},
	{KEY_CONTROL, KEYS_CTRL('W'), 0, act_kill, LINE_BUFFER_BLANK_LEFT},
	{KEY_CONTROL, 0x7f, KEY_ALT, act_kill, LINE_BUFFER_WORD_LEFT},
	{KEY_CONTROL, KEYS_CTRL('H'), KEY_ALT, act_kill, LINE_BUFFER_WORD_LEFT},
	{KEY_TEXT, 'd', KEY_ALT, act_kill, LINE_BUFFER_WORD_RIGHT},
	{KEY_DELETE, 0, KEY_CTRL, act_kill, LINE_BUFFER_WORD_RIGHT},
	{KEY_CONTROL, KEYS_CTRL('Y'), 0, act_yank, 0},
	{KEY_CONTROL, KEYS_CTRL('T'), 0, act_transpose, 0},

	{KEY_UP, 0, 0, act_recall, true},
	{KEY_CONTROL, KEYS_CTRL('P'), 0, act_recall, true},
	{KEY_DOWN, 0, 0, act_recall, false},
	{KEY_CONTROL, KEYS_CTRL('N'), 0, act_recall, false},
	{KEY_CONTROL, KEYS_CTRL('R'), 0, act_search, 0},
	{KEY_CONTROL, KEYS_CTRL('V'), 0, act_literal, 0},
	{KEY_PASTE_BEGIN, 0, 0, act_tell, KEYMAP_PASTE},
};

bool keymap_is_control(const struct key *key, char byte)
{
	return key->code == KEY_CONTROL && key->modifiers == 0 &&
	       key->text[0] == byte;
}

static bool is_text(const struct key *key)
{
	return key->code == KEY_TEXT && key->modifiers == 0;
}

static enum keymap_outcome insert(
	struct keymap *keymap, const char *text, size_t size)
{
	line_buffer_end_kill(&keymap->line_buffer);
	return outcome_of(line_buffer_insert(&keymap->line_buffer, text, size));
}

static enum keymap_outcome plain_key(
	struct keymap *keymap, const struct key *key)
{
	char byte = keys_byte(key);

	if (is_text(key))
		return insert(keymap, key->text, key->size);
	for (size_t i = 0; i < sizeof(bindings) / sizeof(bindings[0]); i++) {
		const struct binding *binding = &bindings[i];

		if (binding->code != key->code || binding->byte != byte ||
			binding->modifiers != key->modifiers)
			continue;
		if (binding->act != act_kill)
			line_buffer_end_kill(&keymap->line_buffer);
		return binding->act(keymap, binding->argument);
	}
	return KEYMAP_DONE;
}

/* A newline is refused: it would split the message in two. */
static enum keymap_outcome literal_key(
	struct keymap *keymap, const struct key *key)
{
	keymap->mode = KEYMAP_PLAIN;
	if (key->code == KEY_PASTE_BEGIN)
		return KEYMAP_PASTE;
	if (key->code == KEY_ESCAPE)
		return insert(keymap, "\033", 1);
	if (key->size == 0 || key->text[0] == '\n')
		return KEYMAP_REFUSED;
	return insert(keymap, key->text, key->size);
}

static enum keymap_outcome search_key(
	struct keymap *keymap, const struct key *key)
{
	struct history_search *history_search = &keymap->history_search;
	struct line_buffer *line_buffer = &keymap->line_buffer;

	if (is_text(key))
		return outcome_of(history_search_query_add(
			history_search, line_buffer, key->text, key->size));
	if (keymap_is_control(key, KEYS_CTRL('R')))
		return outcome_of(history_search_query_older(
			history_search, line_buffer));
	if (keymap_is_control(key, 0x7f) ||
		keymap_is_control(key, KEYS_CTRL('H')))
		return outcome_of(history_search_query_erase(
			history_search, line_buffer));
	keymap->mode = KEYMAP_PLAIN;
	if (keymap_is_control(key, KEYS_CTRL('G')) ||
		keymap_is_control(key, KEYS_CTRL('C'))) {
		(void)history_search_half(history_search, line_buffer);
		return KEYMAP_DONE;
	}
	/* Any other key ends the search and acts on the line that was found. */
	return plain_key(keymap, key);
}

enum keymap_outcome keymap_key(struct keymap *keymap, const struct key *key)
{
	switch (keymap->mode) {
	case KEYMAP_LITERAL:
		return literal_key(keymap, key);
	case KEYMAP_SEARCHING:
		return search_key(keymap, key);
	case KEYMAP_PLAIN:
		break;
	}
	return plain_key(keymap, key);
}
