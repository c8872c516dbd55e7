/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/typing.h"

#include "mchat/terminal/keys.h"

void typing_init(struct typing *typing)
{
	draft_init(&typing->draft);
	recall_init(&typing->recall);
	typing->mode = TYPING_PLAIN;
}

void typing_fini(struct typing *typing)
{
	recall_fini(&typing->recall);
}

/* ---- actions ---- */

typedef enum typing_outcome action(struct typing *typing, int argument);

static enum typing_outcome outcome_of(bool is_done)
{
	return is_done ? TYPING_DONE : TYPING_REFUSED;
}

static enum typing_outcome act_move(struct typing *typing, int target)
{
	return outcome_of(
		draft_move(&typing->draft, (enum draft_target)target));
}

static enum typing_outcome act_jump(struct typing *typing, int target)
{
	/* Being there already is what was wanted. */
	(void)draft_move(&typing->draft, (enum draft_target)target);
	return TYPING_DONE;
}

static enum typing_outcome act_erase(struct typing *typing, int target)
{
	return outcome_of(
		draft_erase(&typing->draft, (enum draft_target)target));
}

static enum typing_outcome act_kill(struct typing *typing, int target)
{
	return outcome_of(
		draft_kill(&typing->draft, (enum draft_target)target));
}

static enum typing_outcome act_yank(struct typing *typing, int argument)
{
	(void)argument;
	return outcome_of(draft_yank(&typing->draft));
}

static enum typing_outcome act_transpose(struct typing *typing, int argument)
{
	(void)argument;
	return outcome_of(draft_transpose(&typing->draft));
}

static enum typing_outcome act_recall(struct typing *typing, int is_older)
{
	return outcome_of(
		is_older ? recall_older(&typing->recall, &typing->draft)
			 : recall_newer(&typing->recall, &typing->draft));
}

static enum typing_outcome act_end(struct typing *typing, int argument)
{
	(void)argument;
	return typing->draft.size == 0 ? TYPING_END
				       : act_erase(typing, DRAFT_RIGHT);
}

static enum typing_outcome act_stop(struct typing *typing, int argument)
{
	bool was_empty = typing->draft.size == 0;

	(void)argument;
	draft_clear(&typing->draft);
	recall_forget(&typing->recall);
	return was_empty ? TYPING_STOP : TYPING_DONE;
}

static enum typing_outcome act_search(struct typing *typing, int argument)
{
	(void)argument;
	recall_search(&typing->recall);
	typing->mode = TYPING_SEARCHING;
	return TYPING_DONE;
}

static enum typing_outcome act_literal(struct typing *typing, int argument)
{
	(void)argument;
	typing->mode = TYPING_LITERAL;
	return TYPING_DONE;
}

/* Leaves it to the editor. */
static enum typing_outcome act_tell(struct typing *typing, int outcome)
{
	(void)typing;
	return (enum typing_outcome)outcome;
}

/* ---- keys ---- */

/* A key and what it does.  Of KEY_CONTROL, and of KEY_TEXT with Alt, `byte` is
 * the key; of the others it is 0. */
static const struct binding {
	enum key_code code;
	char byte;
	unsigned char modifiers;
	action *act;
	int argument;
} bindings[] = {
	{KEY_CONTROL, '\r', 0, act_tell, TYPING_ENTER},
	{KEY_CONTROL, '\n', 0, act_tell, TYPING_ENTER},
	{KEY_CONTROL, '\t', 0, act_tell, TYPING_COMPLETE},
	{KEY_CONTROL, 0x7f, 0, act_erase, DRAFT_LEFT},
	{KEY_CONTROL, KEYS_CTRL('H'), 0, act_erase, DRAFT_LEFT},
	{KEY_DELETE, 0, 0, act_erase, DRAFT_RIGHT},
	{KEY_CONTROL, KEYS_CTRL('D'), 0, act_end, 0},
	{KEY_CONTROL, KEYS_CTRL('C'), 0, act_stop, 0},
	{KEY_CONTROL, KEYS_CTRL('Z'), 0, act_tell, TYPING_SUSPEND},
	{KEY_CONTROL, KEYS_CTRL('L'), 0, act_tell, TYPING_CLEAR},

	{KEY_LEFT, 0, 0, act_move, DRAFT_LEFT},
	{KEY_CONTROL, KEYS_CTRL('B'), 0, act_move, DRAFT_LEFT},
	{KEY_RIGHT, 0, 0, act_move, DRAFT_RIGHT},
	{KEY_CONTROL, KEYS_CTRL('F'), 0, act_move, DRAFT_RIGHT},
	{KEY_HOME, 0, 0, act_jump, DRAFT_START},
	{KEY_CONTROL, KEYS_CTRL('A'), 0, act_jump, DRAFT_START},
	{KEY_END, 0, 0, act_jump, DRAFT_END},
	{KEY_CONTROL, KEYS_CTRL('E'), 0, act_jump, DRAFT_END},
	{KEY_LEFT, 0, KEY_CTRL, act_move, DRAFT_WORD_LEFT},
	{KEY_LEFT, 0, KEY_ALT, act_move, DRAFT_WORD_LEFT},
	{KEY_TEXT, 'b', KEY_ALT, act_move, DRAFT_WORD_LEFT},
	{KEY_RIGHT, 0, KEY_CTRL, act_move, DRAFT_WORD_RIGHT},
	{KEY_RIGHT, 0, KEY_ALT, act_move, DRAFT_WORD_RIGHT},
	{KEY_TEXT, 'f', KEY_ALT, act_move, DRAFT_WORD_RIGHT},

	{KEY_CONTROL, KEYS_CTRL('K'), 0, act_kill, DRAFT_END},
	{KEY_CONTROL, KEYS_CTRL('U'), 0, act_kill, DRAFT_START},
	{KEY_CONTROL, KEYS_CTRL('W'), 0, act_kill, DRAFT_BLANK_LEFT},
	{KEY_CONTROL, 0x7f, KEY_ALT, act_kill, DRAFT_WORD_LEFT},
	{KEY_CONTROL, KEYS_CTRL('H'), KEY_ALT, act_kill, DRAFT_WORD_LEFT},
	{KEY_TEXT, 'd', KEY_ALT, act_kill, DRAFT_WORD_RIGHT},
	{KEY_DELETE, 0, KEY_CTRL, act_kill, DRAFT_WORD_RIGHT},
	{KEY_CONTROL, KEYS_CTRL('Y'), 0, act_yank, 0},
	{KEY_CONTROL, KEYS_CTRL('T'), 0, act_transpose, 0},

	{KEY_UP, 0, 0, act_recall, true},
	{KEY_CONTROL, KEYS_CTRL('P'), 0, act_recall, true},
	{KEY_DOWN, 0, 0, act_recall, false},
	{KEY_CONTROL, KEYS_CTRL('N'), 0, act_recall, false},
	{KEY_CONTROL, KEYS_CTRL('R'), 0, act_search, 0},
	{KEY_CONTROL, KEYS_CTRL('V'), 0, act_literal, 0},
	{KEY_PASTE_BEGIN, 0, 0, act_tell, TYPING_PASTE},
};

bool typing_is_control(const struct key *key, char byte)
{
	return key->code == KEY_CONTROL && key->modifiers == 0 &&
	       key->text[0] == byte;
}

static bool is_text(const struct key *key)
{
	return key->code == KEY_TEXT && key->modifiers == 0;
}

static enum typing_outcome insert(
	struct typing *typing, const char *text, size_t size)
{
	draft_end_kill(&typing->draft);
	return outcome_of(draft_insert(&typing->draft, text, size));
}

static enum typing_outcome plain_key(
	struct typing *typing, const struct key *key)
{
	char byte = keys_byte(key);

	if (is_text(key))
		return insert(typing, key->text, key->size);
	for (size_t i = 0; i < sizeof(bindings) / sizeof(bindings[0]); i++) {
		const struct binding *binding = &bindings[i];

		if (binding->code != key->code || binding->byte != byte ||
			binding->modifiers != key->modifiers)
			continue;
		if (binding->act != act_kill)
			draft_end_kill(&typing->draft);
		return binding->act(typing, binding->argument);
	}
	return TYPING_DONE;
}

/* A newline is refused: it would make one message two. */
static enum typing_outcome literal_key(
	struct typing *typing, const struct key *key)
{
	typing->mode = TYPING_PLAIN;
	if (key->code == KEY_PASTE_BEGIN)
		return TYPING_PASTE;
	if (key->code == KEY_ESCAPE)
		return insert(typing, "\033", 1);
	if (key->size == 0 || key->text[0] == '\n')
		return TYPING_REFUSED;
	return insert(typing, key->text, key->size);
}

static enum typing_outcome search_key(
	struct typing *typing, const struct key *key)
{
	struct recall *recall = &typing->recall;
	struct draft *draft = &typing->draft;

	if (is_text(key))
		return outcome_of(
			recall_search_add(recall, draft, key->text, key->size));
	if (typing_is_control(key, KEYS_CTRL('R')))
		return outcome_of(recall_search_older(recall, draft));
	if (typing_is_control(key, 0x7f) ||
		typing_is_control(key, KEYS_CTRL('H')))
		return outcome_of(recall_search_erase(recall, draft));
	typing->mode = TYPING_PLAIN;
	if (typing_is_control(key, KEYS_CTRL('G')) ||
		typing_is_control(key, KEYS_CTRL('C'))) {
		(void)recall_half(recall, draft);
		return TYPING_DONE;
	}
	/* Any other key takes what was found, and acts on it. */
	return plain_key(typing, key);
}

enum typing_outcome typing_key(struct typing *typing, const struct key *key)
{
	switch (typing->mode) {
	case TYPING_LITERAL:
		return literal_key(typing, key);
	case TYPING_SEARCHING:
		return search_key(typing, key);
	case TYPING_PLAIN:
		break;
	}
	return plain_key(typing, key);
}
