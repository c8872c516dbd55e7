/* SPDX-License-Identifier: ISC */
/* The text being typed: motions, erasures, kills, by clusters and words. */
#include "mchat/terminal/draft.h"

#include <stdlib.h>
#include <string.h>

#include "mchat/terminal/cluster.h"
#include "random.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* "한" as jamo, and a flag. */
#define HAN "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"
#define KR  "\xf0\x9f\x87\xb0\xf0\x9f\x87\xb7"

/* On the heap: it is larger than a stack likes. */
static struct draft *draft_of(const char *text)
{
	struct draft *draft = calloc(1, sizeof(*draft));
	const char *cursor = strchr(text, '|');

	if (!draft)
		abort();
	draft_set(draft, text, (size_t)(cursor - text), 0);
	(void)draft_move(draft, DRAFT_END);
	draft_insert(draft, cursor + 1, strlen(cursor + 1));
	draft_set(draft, draft->text, draft->size, (size_t)(cursor - text));
	return draft;
}

/* Compares with text in which '|' is the cursor. */
static void is_draft(
	const struct draft *draft, const char *expected, const char *what)
{
	char got[256];

	memcpy(got, draft->text, draft->cursor);
	got[draft->cursor] = '|';
	memcpy(got + draft->cursor + 1, draft->text + draft->cursor,
		draft->size - draft->cursor);
	got[draft->size + 1] = '\0';
	tap_is_string(got, expected, what);
}

typedef bool edit_call(struct draft *draft, enum draft_target target);

static void edits(edit_call *edit, enum draft_target target, const char *before,
	const char *after, const char *what)
{
	struct draft *draft = draft_of(before);
	bool is_done = edit(draft, target);

	is_draft(draft, after, what);
	tap_ok(is_done == (strcmp(before, after) != 0), "and says so");
	free(draft);
}

static void motions(void)
{
	edits(draft_move, DRAFT_LEFT, "a한|b", "a|한b", "left over a syllable");
	edits(draft_move, DRAFT_LEFT, HAN "|", "|" HAN, "left over its jamo");
	edits(draft_move, DRAFT_LEFT, KR KR "|", KR "|" KR, "left over a flag");
	edits(draft_move, DRAFT_LEFT, "|a", "|a", "not beyond the start");
	edits(draft_move, DRAFT_RIGHT, "|e\xcc\x81x", "e\xcc\x81|x",
		"right over a mark");
	edits(draft_move, DRAFT_RIGHT, "a|", "a|", "not beyond the end");
	edits(draft_move, DRAFT_RIGHT, "|\xff\xff", "\xff|\xff",
		"right over an invalid byte");
	edits(draft_move, DRAFT_START, "ab|c", "|abc", "to the start");
	edits(draft_move, DRAFT_END, "a|bc", "abc|", "to the end");
	edits(draft_move, DRAFT_WORD_LEFT, "one two, |", "one |two, ",
		"left to a word's start");
	edits(draft_move, DRAFT_WORD_LEFT, "안녕 세계|", "안녕 |세계",
		"words of Hangul, too");
	edits(draft_move, DRAFT_WORD_LEFT, "東京\xe3\x80\x80大阪|",
		"東京\xe3\x80\x80|大阪", "an ideographic space parts words");
	edits(draft_move, DRAFT_WORD_RIGHT, "|one two", "one| two",
		"right to a word's end");
	edits(draft_move, DRAFT_WORD_RIGHT, "one|... two_2 x",
		"one... two_2| x", "over what stands between");
	edits(draft_move, DRAFT_BLANK_LEFT, "see http://a.b/c |",
		"see |http://a.b/c ", "left to the blank");
}

static void erasures(void)
{
	edits(draft_erase, DRAFT_LEFT, "한글|", "한|", "back over a syllable");
	edits(draft_erase, DRAFT_LEFT, HAN HAN "|", HAN "|", "over its jamo");
	edits(draft_erase, DRAFT_LEFT, "|a", "|a", "nothing to the left");
	edits(draft_erase, DRAFT_RIGHT, "a|\xf0\x9f\x98\x80z", "a|z",
		"an emoji to the right");
	edits(draft_erase, DRAFT_RIGHT, "a|", "a|", "nothing to the right");
	/* What was apart is one cluster now: the cursor goes behind it. */
	edits(draft_erase, DRAFT_LEFT, "e\t|\xcc\x81", "e\xcc\x81|",
		"a mark that finds a base");
}

/* As an input method composes 한 in a terminal. */
static void composition(void)
{
	struct draft *draft = draft_of("|");

	draft_insert(draft, "ㅎ", 3);
	draft_erase(draft, DRAFT_LEFT);
	draft_insert(draft, "하", 3);
	draft_erase(draft, DRAFT_LEFT);
	draft_insert(draft, "한", 3);
	is_draft(draft, "한|", "a syllable that is composed");
	draft_clear(draft);
	draft_insert(draft, "\xe1\x84\x92", 3);
	draft_insert(draft, "\xe1\x85\xa1", 3);
	is_draft(draft, "\xe1\x84\x92\xe1\x85\xa1|", "jamo join as they come");
	draft_erase(draft, DRAFT_LEFT);
	is_draft(draft, "|", "and go as one");
	free(draft);
}

static void kills(void)
{
	struct draft *draft = draft_of("one two three|");

	draft_kill(draft, DRAFT_BLANK_LEFT);
	draft_kill(draft, DRAFT_BLANK_LEFT);
	is_draft(draft, "one |", "two words are killed");
	draft_yank(draft);
	is_draft(draft, "one two three|", "and come back together");
	draft_end_kill(draft);
	draft_kill(draft, DRAFT_BLANK_LEFT);
	draft_yank(draft);
	draft_yank(draft);
	is_draft(draft, "one two threethree|", "a new kill starts anew");
	draft_end_kill(draft);
	draft_move(draft, DRAFT_START);
	draft_kill(draft, DRAFT_WORD_RIGHT);
	draft_kill(draft, DRAFT_WORD_RIGHT);
	is_draft(draft, "| threethree", "kills to the right");
	draft_move(draft, DRAFT_END);
	draft_yank(draft);
	is_draft(draft, " threethreeone two|", "add up in their order");
	tap_ok(!draft_kill(draft, DRAFT_END), "nothing to kill");
	free(draft);
	draft = draft_of("x|");
	tap_ok(!draft_yank(draft), "nothing was killed yet");
	free(draft);
}

static void transpositions(void)
{
	static const struct {
		const char *before;
		const char *after;
	} cases[] = {{"ab|", "ba|"}, {"a|b", "ba|"}, {"a|", "a|"},
		{"|ab", "|ab"}, {"x가|e\xcc\x81z", "xe\xcc\x81가|z"},
		{"|", "|"}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct draft *draft = draft_of(cases[i].before);

		(void)draft_transpose(draft);
		is_draft(draft, cases[i].after, "clusters are swapped");
		free(draft);
	}
}

static void limits(void)
{
	struct draft *draft = draft_of("abc|");
	char *text = malloc(DRAFT_MAX);

	if (!text)
		abort();
	memset(text, 'x', DRAFT_MAX);
	tap_ok(!draft_insert(draft, text, DRAFT_MAX - 2), "what is too long");
	is_draft(draft, "abc|", "is not inserted at all");
	tap_ok(draft_insert(draft, text, DRAFT_MAX - 3), "what fits, is");
	tap_ok(!draft_insert(draft, "y", 1), "not one more");
	tap_ok(draft_replace(draft, DRAFT_MAX - 5, text, 5),
		"but in its place");
	tap_is_int((intmax_t)draft->size, (intmax_t)DRAFT_MAX, "it is full");
	draft_kill(draft, DRAFT_START);
	draft_yank(draft);
	tap_is_int((intmax_t)draft->size, (intmax_t)DRAFT_MAX,
		"all of it is killed and comes back");
	free(text);
	free(draft);
}

/* Whatever is done, the cursor stands between clusters, and what a row of kills
 * takes is what is missing. */
static void any_edits(void)
{
	static const char *const pieces[] = {"a", " ", "한", "\xe1\x84\x92",
		"\xe1\x85\xa1", "\xcc\x81", "\xe2\x80\x8d", "\xf0\x9f\x91\xa9",
		"\xf0\x9f\x87\xb0", "\xed\x95", "\x9c"};
	struct draft *draft = draft_of("|");
	size_t wrong = 0;

	random_restart();
	for (size_t round = 0; round < 100000; round++) {
		const char *piece = pieces[random_below(COUNT(pieces))];
		enum draft_target target = (enum draft_target)random_below(7);

		switch (random_below(8)) {
		case 0:
			draft_erase(draft, target);
			break;
		case 1:
			draft_kill(draft, target);
			break;
		case 2:
			draft_move(draft, target);
			break;
		case 3:
			draft_transpose(draft);
			break;
		case 4:
			draft_end_kill(draft);
			break;
		default:
			draft_insert(draft, piece, strlen(piece));
			break;
		}
		wrong += draft->cursor > draft->size ||
			 cluster_boundary(draft->text, draft->size,
				 draft->cursor) != draft->cursor;
	}
	tap_is_int((intmax_t)wrong, 0, "the cursor stands between clusters");
	free(draft);
}

int main(void)
{
	motions();
	erasures();
	composition();
	kills();
	transpositions();
	limits();
	any_edits();
	return tap_done();
}
