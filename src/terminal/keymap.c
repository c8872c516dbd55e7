/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/keymap.h"

#include "mchat/terminal/keys.h"

void keymap_init(struct keymap *keymap)
{
	line_buffer_init(&keymap->line_buffer);
	history_search_init(&keymap->history_search);
	undo_init(&keymap->undo);
	keymap->mode = KEYMAP_PLAIN;
	keymap->has_argument = false;
	keymap->argument = 0;
	keymap->is_negative = false;
	keymap->is_typing = false;
	keymap->word_back = 0;
}

void keymap_fini(struct keymap *keymap)
{
	undo_fini(&keymap->undo);
	history_search_fini(&keymap->history_search);
}

void keymap_enter(struct keymap *keymap)
{
	history_search_add(&keymap->history_search, &keymap->line_buffer);
	line_buffer_clear(&keymap->line_buffer);
	undo_clear(&keymap->undo);
}

void keymap_set_text(struct keymap *keymap, const char *text, size_t size)
{
	undo_save(&keymap->undo, &keymap->line_buffer);
	line_buffer_set(&keymap->line_buffer, text, size, size);
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

static enum keymap_outcome act_yank_older(struct keymap *keymap, int argument)
{
	(void)argument;
	return outcome_of(line_buffer_yank_older(&keymap->line_buffer));
}

static enum keymap_outcome act_transpose_words(
	struct keymap *keymap, int argument)
{
	(void)argument;
	return outcome_of(line_buffer_transpose_words(&keymap->line_buffer));
}

static enum keymap_outcome act_case(struct keymap *keymap, int to)
{
	return outcome_of(line_buffer_change_case(
		&keymap->line_buffer, (enum line_buffer_case)to));
}

static enum keymap_outcome act_undo(struct keymap *keymap, int argument)
{
	(void)argument;
	return outcome_of(undo_restore(&keymap->undo, &keymap->line_buffer));
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\n';
}

/* Sets *word to the last word of a line, as blanks separate them; its size. */
static size_t last_word(const struct history_line *line, const char **word)
{
	size_t end = line->size;
	size_t start;

	while (end > 0 && is_blank(line->text[end - 1]))
		end--;
	start = end;
	while (start > 0 && !is_blank(line->text[start - 1]))
		start--;
	*word = line->text + start;
	return end - start;
}

/* Again, it takes the word of the line before instead. */
static enum keymap_outcome act_last_word(struct keymap *keymap, int argument)
{
	const struct history *history = &keymap->history_search.history;
	struct line_buffer *line_buffer = &keymap->line_buffer;
	size_t start = keymap->word_back > 0 ? keymap->word_start
					     : line_buffer->cursor;
	size_t size = keymap->word_back > 0 ? keymap->word_size : 0;
	size_t back = keymap->word_back + 1;
	const char *word;
	size_t word_size = 0;

	(void)argument;
	for (; back <= history->count; back++) {
		word_size = last_word(history_get(history, back), &word);
		if (word_size > 0)
			break;
	}
	if (word_size == 0 || !line_buffer_splice(line_buffer, start,
				      start + size, word, word_size))
		return KEYMAP_REFUSED;
	keymap->word_back = back;
	keymap->word_start = start;
	keymap->word_size = word_size;
	return KEYMAP_DONE;
}

typedef bool recall(
	struct history_search *search, struct line_buffer *line_buffer);

/* What was done to one line is not undone in another. */
static enum keymap_outcome recall_by(struct keymap *keymap, recall *call)
{
	bool is_done = call(&keymap->history_search, &keymap->line_buffer);

	if (is_done)
		undo_clear(&keymap->undo);
	return outcome_of(is_done);
}

static enum keymap_outcome act_recall(struct keymap *keymap, int is_older)
{
	return recall_by(
		keymap, is_older ? history_search_older : history_search_newer);
}

static enum keymap_outcome act_step(struct keymap *keymap, int is_older)
{
	return recall_by(keymap, is_older ? history_search_step_older
					  : history_search_step_newer);
}

static enum keymap_outcome act_end(struct keymap *keymap, int argument)
{
	(void)argument;
	return keymap->line_buffer.size == 0
		       ? KEYMAP_END
		       : act_erase(keymap, LINE_BUFFER_RIGHT);
}

/* The line can be had again: from the history, and by a yank. */
static enum keymap_outcome act_stop(struct keymap *keymap, int argument)
{
	(void)argument;
	undo_clear(&keymap->undo);
	if (keymap->line_buffer.size == 0) {
		history_search_forget(&keymap->history_search);
		return KEYMAP_STOP;
	}
	history_search_discard(&keymap->history_search, &keymap->line_buffer);
	line_buffer_kill_line(&keymap->line_buffer);
	return KEYMAP_DONE;
}

static enum keymap_outcome act_search(struct keymap *keymap, int is_forward)
{
	history_search_begin(&keymap->history_search, is_forward != 0);
	keymap->mode = KEYMAP_SEARCHING;
	return KEYMAP_DONE;
}

static enum keymap_outcome act_prefix(struct keymap *keymap, int argument)
{
	(void)argument;
	keymap->mode = KEYMAP_PREFIX;
	return KEYMAP_DONE;
}

static enum keymap_outcome act_literal(struct keymap *keymap, int argument)
{
	(void)argument;
	keymap->mode = KEYMAP_LITERAL;
	return KEYMAP_DONE;
}

/* It goes into the line, and does not end it. */
static enum keymap_outcome act_newline(struct keymap *keymap, int argument)
{
	(void)argument;
	return outcome_of(line_buffer_insert(&keymap->line_buffer, "\n", 1));
}

/* Begins an argument, as a digit does. */
static enum keymap_outcome act_negate(struct keymap *keymap, int argument)
{
	(void)argument;
	keymap->has_argument = true;
	keymap->is_negative = true;
	return KEYMAP_DONE;
}

/* Leaves the work to the editor. */
static enum keymap_outcome act_tell(struct keymap *keymap, int outcome)
{
	(void)keymap;
	return (enum keymap_outcome)outcome;
}

/* ---- keys ---- */

/* Beside the modifiers: the key follows Ctrl-X. */
#define AFTER_CTRL_X 8

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
	{KEY_CONTROL, '\r', KEY_ALT, act_newline, 0},
	{KEY_CONTROL, '\n', KEY_ALT, act_newline, 0},
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
	{KEY_TEXT, 'y', KEY_ALT, act_yank_older, 0},
	{KEY_CONTROL, KEYS_CTRL('T'), 0, act_transpose, 0},
	{KEY_TEXT, 't', KEY_ALT, act_transpose_words, 0},
	{KEY_TEXT, 'u', KEY_ALT, act_case, LINE_BUFFER_CAPITALS},
	{KEY_TEXT, 'l', KEY_ALT, act_case, LINE_BUFFER_SMALL},
	{KEY_TEXT, 'c', KEY_ALT, act_case, LINE_BUFFER_CAPITALIZED},
	{KEY_CONTROL, KEYS_CTRL('_'), 0, act_undo, 0},
	{KEY_CONTROL, KEYS_CTRL('U'), AFTER_CTRL_X, act_undo, 0},
	{KEY_CONTROL, KEYS_CTRL('E'), AFTER_CTRL_X, act_tell, KEYMAP_EDIT},

	{KEY_UP, 0, 0, act_step, true},
	{KEY_CONTROL, KEYS_CTRL('P'), 0, act_recall, true},
	{KEY_DOWN, 0, 0, act_step, false},
	{KEY_CONTROL, KEYS_CTRL('N'), 0, act_recall, false},
	{KEY_CONTROL, KEYS_CTRL('R'), 0, act_search, false},
	{KEY_CONTROL, KEYS_CTRL('S'), 0, act_search, true},
	{KEY_TEXT, '.', KEY_ALT, act_last_word, 0},
	{KEY_TEXT, '-', KEY_ALT, act_negate, 0},
	{KEY_CONTROL, KEYS_CTRL('X'), 0, act_prefix, 0},
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

/* Ends what only goes on while the same key is pressed. */
static void end_series(struct keymap *keymap, action *act)
{
	if (act != act_kill)
		line_buffer_end_kill(&keymap->line_buffer);
	if (act != act_yank && act != act_yank_older)
		line_buffer_end_yank(&keymap->line_buffer);
	if (act != act_step)
		history_search_end_steps(&keymap->history_search);
	if (act != act_last_word)
		keymap->word_back = 0;
	keymap->is_typing = false;
}

/* What is typed is undone word by word. */
static enum keymap_outcome insert(
	struct keymap *keymap, const char *text, size_t size)
{
	bool ends_word = size == 1 && text[0] == ' ';
	bool goes_on = keymap->is_typing && (keymap->was_blank || !ends_word);

	if (!goes_on)
		undo_save(&keymap->undo, &keymap->line_buffer);
	end_series(keymap, NULL);
	keymap->is_typing = true;
	keymap->was_blank = ends_word;
	return outcome_of(line_buffer_insert(&keymap->line_buffer, text, size));
}

static bool is_binding_of(const struct binding *binding, const struct key *key,
	unsigned modifiers)
{
	char byte = keys_byte(key);

	/* Alt with a capital is Alt with the letter. */
	if (key->modifiers == KEY_ALT && byte >= 'A' && byte <= 'Z')
		byte = (char)(byte - 'A' + 'a');
	return binding->code == key->code && binding->byte == byte &&
	       binding->modifiers == modifiers;
}

static const struct binding *find_binding(
	const struct key *key, unsigned modifiers)
{
	for (size_t i = 0; i < sizeof(bindings) / sizeof(bindings[0]); i++)
		if (is_binding_of(&bindings[i], key, modifiers))
			return &bindings[i];
	return NULL;
}

/* Does it as often as was asked for, as far as it can be done. */
static enum keymap_outcome act_on(
	struct keymap *keymap, action *act, int argument, unsigned count)
{
	enum keymap_outcome outcome;
	bool is_done = false;

	end_series(keymap, act);
	if (act != act_undo)
		undo_save(&keymap->undo, &keymap->line_buffer);
	do {
		outcome = act(keymap, argument);
		is_done |= outcome == KEYMAP_DONE;
	} while (outcome == KEYMAP_DONE && keymap->mode == KEYMAP_PLAIN &&
		 --count > 0);
	return outcome == KEYMAP_REFUSED && is_done ? KEYMAP_DONE : outcome;
}

static enum line_buffer_target opposite_of(enum line_buffer_target target)
{
	static const enum line_buffer_target opposites[] = {
		[LINE_BUFFER_START] = LINE_BUFFER_END,
		[LINE_BUFFER_END] = LINE_BUFFER_START,
		[LINE_BUFFER_LEFT] = LINE_BUFFER_RIGHT,
		[LINE_BUFFER_RIGHT] = LINE_BUFFER_LEFT,
		[LINE_BUFFER_WORD_LEFT] = LINE_BUFFER_WORD_RIGHT,
		[LINE_BUFFER_WORD_RIGHT] = LINE_BUFFER_WORD_LEFT,
		[LINE_BUFFER_BLANK_LEFT] = LINE_BUFFER_BLANK_RIGHT,
		[LINE_BUFFER_BLANK_RIGHT] = LINE_BUFFER_BLANK_LEFT,
	};

	return opposites[target];
}

/* Changes the words before the cursor, which stays. */
static enum keymap_outcome change_case_before(
	struct keymap *keymap, int to, unsigned count)
{
	struct line_buffer *line_buffer = &keymap->line_buffer;
	size_t cursor = line_buffer->cursor;
	unsigned words = 0;

	end_series(keymap, act_case);
	undo_save(&keymap->undo, line_buffer);
	while (words < count &&
		line_buffer_move(line_buffer, LINE_BUFFER_WORD_LEFT))
		words++;
	for (unsigned i = 0; i < words; i++)
		(void)act_case(keymap, to);
	/* A change of case leaves each letter as many bytes as it had. */
	line_buffer->cursor = cursor;
	return outcome_of(words > 0);
}

/* Does it in the other direction, where it has one. */
static enum keymap_outcome act_back(
	struct keymap *keymap, const struct binding *binding, unsigned count)
{
	action *act = binding->act;
	int argument = binding->argument;

	if (act == act_case)
		return change_case_before(keymap, argument, count);
	if (act == act_end) {
		act = act_erase;
		argument = LINE_BUFFER_LEFT;
	} else if (act == act_move || act == act_erase || act == act_kill) {
		argument = (int)opposite_of((enum line_buffer_target)argument);
	} else if (act == act_step || act == act_recall) {
		argument = !argument;
	} else {
		end_series(keymap, NULL);
		return KEYMAP_REFUSED;
	}
	return act_on(keymap, act, argument, count);
}

/* Takes a digit of an argument: with Alt, or behind one. */
static bool take_digit(struct keymap *keymap, const struct key *key)
{
	char byte = keys_byte(key);

	if (key->code != KEY_TEXT || byte < '0' || byte > '9' ||
		(key->modifiers != KEY_ALT && !keymap->has_argument))
		return false;
	keymap->has_argument = true;
	keymap->argument = keymap->argument * 10 + (unsigned)(byte - '0');
	if (keymap->argument > KEYMAP_ARGUMENT_MAX)
		keymap->argument = KEYMAP_ARGUMENT_MAX;
	return true;
}

unsigned keymap_count(const struct keymap *keymap)
{
	bool is_bare = keymap->is_negative && keymap->argument == 0;

	return keymap->has_argument && !is_bare ? keymap->argument : 1;
}

/* Ends the argument; returns how often the key is to be done. */
static unsigned end_argument(struct keymap *keymap)
{
	unsigned count = keymap_count(keymap);

	keymap->has_argument = false;
	keymap->is_negative = false;
	keymap->argument = 0;
	return count;
}

static enum keymap_outcome insert_often(
	struct keymap *keymap, const struct key *key, unsigned count)
{
	enum keymap_outcome outcome = KEYMAP_DONE;

	while (count > 0 && outcome == KEYMAP_DONE) {
		outcome = insert(keymap, key->text, key->size);
		count--;
	}
	return outcome;
}

static enum keymap_outcome plain_key(
	struct keymap *keymap, const struct key *key)
{
	const struct binding *binding = find_binding(key, key->modifiers);
	bool had_argument = keymap->has_argument;
	bool is_negative = keymap->is_negative;
	unsigned count;

	if (take_digit(keymap, key))
		return KEYMAP_DONE;
	count = end_argument(keymap);
	if (is_text(key))
		return is_negative ? KEYMAP_REFUSED
				   : insert_often(keymap, key, count);
	/* It gives up the argument alone. */
	if (!binding || count == 0 ||
		(had_argument && binding->act == act_stop))
		return KEYMAP_DONE;
	if (is_negative && binding->act != act_negate)
		return act_back(keymap, binding, count);
	return act_on(keymap, binding->act, binding->argument, count);
}

/* The key behind Ctrl-X. */
static enum keymap_outcome prefixed_key(
	struct keymap *keymap, const struct key *key)
{
	const struct binding *binding =
		find_binding(key, key->modifiers | AFTER_CTRL_X);

	keymap->mode = KEYMAP_PLAIN;
	if (key->code == KEY_PASTE_BEGIN)
		return KEYMAP_PASTE;
	return binding ? act_on(keymap, binding->act, binding->argument, 1)
		       : KEYMAP_DONE;
}

/* A newline is refused: Ctrl-J is Enter, and Alt-Enter inserts one. */
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

/* A key of the search itself; *is_one tells whether it was. */
static enum keymap_outcome query_key(
	struct keymap *keymap, const struct key *key, bool *is_one)
{
	struct history_search *history_search = &keymap->history_search;
	struct line_buffer *line_buffer = &keymap->line_buffer;

	*is_one = true;
	if (is_text(key))
		return outcome_of(history_search_query_add(
			history_search, line_buffer, key->text, key->size));
	if (keymap_is_control(key, KEYS_CTRL('R')))
		return outcome_of(history_search_query_older(
			history_search, line_buffer));
	if (keymap_is_control(key, KEYS_CTRL('S')))
		return outcome_of(history_search_query_newer(
			history_search, line_buffer));
	if (keymap_is_control(key, 0x7f) ||
		keymap_is_control(key, KEYS_CTRL('H')))
		return outcome_of(history_search_query_erase(
			history_search, line_buffer));
	*is_one = false;
	return KEYMAP_DONE;
}

static enum keymap_outcome search_key(
	struct keymap *keymap, const struct key *key)
{
	bool is_one;
	enum keymap_outcome outcome = query_key(keymap, key, &is_one);

	undo_clear(&keymap->undo);
	if (is_one)
		return outcome;
	keymap->mode = KEYMAP_PLAIN;
	if (keymap_is_control(key, KEYS_CTRL('G')) ||
		keymap_is_control(key, KEYS_CTRL('C'))) {
		(void)history_search_half(
			&keymap->history_search, &keymap->line_buffer);
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
	case KEYMAP_PREFIX:
		return prefixed_key(keymap, key);
	case KEYMAP_PLAIN:
		break;
	}
	return plain_key(keymap, key);
}
