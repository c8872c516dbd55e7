/* SPDX-License-Identifier: ISC */
/* The text being typed: motions, erasures, kills, by clusters and words. */
#include "mchat/terminal/line_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tap.h"
#include "mchat/terminal/cluster.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* "한" as jamo, and a flag. */
#define HAN "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"
#define KR  "\xf0\x9f\x87\xb0\xf0\x9f\x87\xb7"

/* On the heap, since it is large for a stack.  '|' in the text is the cursor.
 */
static struct line_buffer *line_buffer_of(const char *text)
{
	struct line_buffer *line_buffer = calloc(1, sizeof(*line_buffer));
	const char *cursor = strchr(text, '|');

	if (!line_buffer)
		abort();
	line_buffer_set(line_buffer, text, (size_t)(cursor - text), 0);
	(void)line_buffer_move(line_buffer, LINE_BUFFER_END);
	line_buffer_insert(line_buffer, cursor + 1, strlen(cursor + 1));
	line_buffer_set(line_buffer, line_buffer->text, line_buffer->size,
		(size_t)(cursor - text));
	return line_buffer;
}

/* Compares with text in which '|' is the cursor. */
static void is_draft(const struct line_buffer *line_buffer,
	const char *expected, const char *what)
{
	char got[256];

	memcpy(got, line_buffer->text, line_buffer->cursor);
	got[line_buffer->cursor] = '|';
	memcpy(got + line_buffer->cursor + 1,
		line_buffer->text + line_buffer->cursor,
		line_buffer->size - line_buffer->cursor);
	got[line_buffer->size + 1] = '\0';
	tap_is_string(got, expected, what);
}

typedef bool edit_call(
	struct line_buffer *line_buffer, enum line_buffer_target target);

static void edits(edit_call *edit, enum line_buffer_target target,
	const char *before, const char *after, const char *what)
{
	struct line_buffer *line_buffer = line_buffer_of(before);
	bool is_done = edit(line_buffer, target);

	is_draft(line_buffer, after, what);
	tap_ok(is_done == (strcmp(before, after) != 0),
		"the result tells whether anything changed");
	free(line_buffer);
}

static void motions(void)
{
	edits(line_buffer_move, LINE_BUFFER_LEFT, "a한|b", "a|한b",
		"left over a syllable");
	edits(line_buffer_move, LINE_BUFFER_LEFT, HAN "|", "|" HAN,
		"left over a syllable of jamo");
	edits(line_buffer_move, LINE_BUFFER_LEFT, KR KR "|", KR "|" KR,
		"left over a flag");
	edits(line_buffer_move, LINE_BUFFER_LEFT, "|a", "|a",
		"left at the start does nothing");
	edits(line_buffer_move, LINE_BUFFER_RIGHT, "|e\xcc\x81x", "e\xcc\x81|x",
		"right over a mark");
	edits(line_buffer_move, LINE_BUFFER_RIGHT, "a|", "a|",
		"right at the end does nothing");
	edits(line_buffer_move, LINE_BUFFER_RIGHT, "|\xff\xff", "\xff|\xff",
		"right over an invalid byte");
	edits(line_buffer_move, LINE_BUFFER_START, "ab|c", "|abc",
		"to the start");
	edits(line_buffer_move, LINE_BUFFER_END, "a|bc", "abc|", "to the end");
	edits(line_buffer_move, LINE_BUFFER_WORD_LEFT, "one two, |",
		"one |two, ", "left to a word's start");
	edits(line_buffer_move, LINE_BUFFER_WORD_LEFT, "안녕 세계|",
		"안녕 |세계", "left to the start of a word of Hangul");
	edits(line_buffer_move, LINE_BUFFER_WORD_LEFT, "東京\xe3\x80\x80大阪|",
		"東京\xe3\x80\x80|大阪",
		"an ideographic space separates words");
	edits(line_buffer_move, LINE_BUFFER_WORD_RIGHT, "|one two", "one| two",
		"right to a word's end");
	edits(line_buffer_move, LINE_BUFFER_WORD_RIGHT, "one|... two_2 x",
		"one... two_2| x",
		"right to a word's end, over what is between words");
	edits(line_buffer_move, LINE_BUFFER_BLANK_LEFT, "see http://a.b/c |",
		"see |http://a.b/c ", "left to the last blank");
}

static void erasures(void)
{
	edits(line_buffer_erase, LINE_BUFFER_LEFT, "한글|", "한|",
		"erase a syllable to the left");
	edits(line_buffer_erase, LINE_BUFFER_LEFT, HAN HAN "|", HAN "|",
		"erase a syllable of jamo to the left");
	edits(line_buffer_erase, LINE_BUFFER_LEFT, "|a", "|a",
		"erase to the left at the start does nothing");
	edits(line_buffer_erase, LINE_BUFFER_RIGHT, "a|\xf0\x9f\x98\x80z",
		"a|z", "erase an emoji to the right");
	edits(line_buffer_erase, LINE_BUFFER_RIGHT, "a|", "a|",
		"erase to the right at the end does nothing");
	/* Two clusters become one: the cursor goes behind it. */
	edits(line_buffer_erase, LINE_BUFFER_LEFT, "e\t|\xcc\x81", "e\xcc\x81|",
		"erase what separates a base and a mark");
}

/* As an input method composes 한 in a terminal. */
static void composition(void)
{
	struct line_buffer *line_buffer = line_buffer_of("|");

	line_buffer_insert(line_buffer, "ㅎ", 3);
	line_buffer_erase(line_buffer, LINE_BUFFER_LEFT);
	line_buffer_insert(line_buffer, "하", 3);
	line_buffer_erase(line_buffer, LINE_BUFFER_LEFT);
	line_buffer_insert(line_buffer, "한", 3);
	is_draft(line_buffer, "한|", "a syllable can be composed");
	line_buffer_clear(line_buffer);
	line_buffer_insert(line_buffer, "\xe1\x84\x92", 3);
	line_buffer_insert(line_buffer, "\xe1\x85\xa1", 3);
	is_draft(line_buffer, "\xe1\x84\x92\xe1\x85\xa1|",
		"jamo that are inserted join into a cluster");
	line_buffer_erase(line_buffer, LINE_BUFFER_LEFT);
	is_draft(line_buffer, "|", "jamo that joined are erased as one");
	free(line_buffer);
}

static void kills(void)
{
	struct line_buffer *line_buffer = line_buffer_of("one two three|");

	line_buffer_kill(line_buffer, LINE_BUFFER_BLANK_LEFT);
	line_buffer_kill(line_buffer, LINE_BUFFER_BLANK_LEFT);
	is_draft(line_buffer, "one |", "two words are killed");
	line_buffer_yank(line_buffer);
	is_draft(line_buffer, "one two three|",
		"two words killed in a row come back together");
	line_buffer_end_kill(line_buffer);
	line_buffer_kill(line_buffer, LINE_BUFFER_BLANK_LEFT);
	line_buffer_yank(line_buffer);
	line_buffer_yank(line_buffer);
	is_draft(line_buffer, "one two threethree|",
		"a kill after another edit replaces what was killed");
	line_buffer_end_kill(line_buffer);
	line_buffer_move(line_buffer, LINE_BUFFER_START);
	line_buffer_kill(line_buffer, LINE_BUFFER_WORD_RIGHT);
	line_buffer_kill(line_buffer, LINE_BUFFER_WORD_RIGHT);
	is_draft(line_buffer, "| threethree",
		"two words to the right are killed");
	line_buffer_move(line_buffer, LINE_BUFFER_END);
	line_buffer_yank(line_buffer);
	is_draft(line_buffer, " threethreeone two|",
		"kills to the right come back in their order");
	tap_ok(!line_buffer_kill(line_buffer, LINE_BUFFER_END),
		"a kill at the end does nothing");
	free(line_buffer);
	line_buffer = line_buffer_of("x|");
	tap_ok(!line_buffer_yank(line_buffer),
		"a yank before any kill does nothing");
	free(line_buffer);
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
		struct line_buffer *line_buffer =
			line_buffer_of(cases[i].before);

		(void)line_buffer_transpose(line_buffer);
		is_draft(line_buffer, cases[i].after, "clusters are swapped");
		free(line_buffer);
	}
}

static void limits(void)
{
	struct line_buffer *line_buffer = line_buffer_of("abc|");
	char *text = malloc(LINE_BUFFER_MAX);

	if (!text)
		abort();
	memset(text, 'x', LINE_BUFFER_MAX);
	tap_ok(!line_buffer_insert(line_buffer, text, LINE_BUFFER_MAX - 2),
		"a text that does not fit is refused");
	is_draft(line_buffer, "abc|",
		"a text that does not fit is not inserted at all");
	tap_ok(line_buffer_insert(line_buffer, text, LINE_BUFFER_MAX - 3),
		"a text that just fits is inserted");
	tap_ok(!line_buffer_insert(line_buffer, "y", 1),
		"into a full line not one byte is inserted");
	tap_ok(line_buffer_replace(line_buffer, LINE_BUFFER_MAX - 5, text, 5),
		"bytes of a full line can be replaced by as many");
	tap_is_int((intmax_t)line_buffer->size, (intmax_t)LINE_BUFFER_MAX,
		"a full line stays full");
	line_buffer_kill(line_buffer, LINE_BUFFER_START);
	line_buffer_yank(line_buffer);
	tap_is_int((intmax_t)line_buffer->size, (intmax_t)LINE_BUFFER_MAX,
		"a full line can be killed and yanked");
	free(text);
	free(line_buffer);
}

/* Whatever edits are made, the cursor stands between clusters. */
static void any_edits(void)
{
	static const char *const pieces[] = {"a", " ", "한", "\xe1\x84\x92",
		"\xe1\x85\xa1", "\xcc\x81", "\xe2\x80\x8d", "\xf0\x9f\x91\xa9",
		"\xf0\x9f\x87\xb0", "\xed\x95", "\x9c"};
	struct line_buffer *line_buffer = line_buffer_of("|");
	size_t wrong = 0;

	random_restart();
	for (size_t round = 0; round < 100000; round++) {
		const char *piece = pieces[random_below(COUNT(pieces))];
		enum line_buffer_target target =
			(enum line_buffer_target)random_below(7);

		switch (random_below(8)) {
		case 0:
			line_buffer_erase(line_buffer, target);
			break;
		case 1:
			line_buffer_kill(line_buffer, target);
			break;
		case 2:
			line_buffer_move(line_buffer, target);
			break;
		case 3:
			line_buffer_transpose(line_buffer);
			break;
		case 4:
			line_buffer_end_kill(line_buffer);
			break;
		default:
			line_buffer_insert(line_buffer, piece, strlen(piece));
			break;
		}
		wrong += line_buffer->cursor > line_buffer->size ||
			 cluster_boundary(line_buffer->text, line_buffer->size,
				 line_buffer->cursor) != line_buffer->cursor;
	}
	tap_is_int((intmax_t)wrong, 0, "the cursor stands between clusters");
	free(line_buffer);
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
