/* SPDX-License-Identifier: ISC */
#include "editing.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "emulator.h"
#include "mchat/base/buffer.h"
#include "mchat/base/cursor.h"
#include "mchat/terminal/cluster.h"
#include "mchat/terminal/complete.h"
#include "mchat/terminal/editor.h"
#include "mchat/terminal/keys.h"
#include "mchat/terminal/line_buffer.h"
#include "mchat/terminal/screen.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Steps of one program; longer programs find nothing more. */
#define STEPS_MAX 3000

#define PROMPT "나> "

enum op {
	OP_KEYS,  /* a known key, or text that is hard to show */
	OP_KEYS2, /* twice as often as the others */
	OP_BYTES, /* any bytes */
	OP_TICK,
	OP_RESIZE,
	OP_MESSAGE,
	OP_STALL, /* events are left where they are, or taken again */
	OP_COUNT,
};

struct play {
	struct reader program;
	struct editor *editor;
	struct emulator terminal;
	struct buffer out;
	struct instant now;
	bool is_stalled;
	const char *wrong;
};

/* A woman, a girl and a boy, joined. */
static const char family[] = "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"
			     "\xe2\x80\x8d\xf0\x9f\x91\xa6";

static const char *const keys[] = {
	/* Keys in the forms of several terminals. */
	"\033[A", "\033[B", "\033[C", "\033[D", "\033OA", "\033OC", "\033[1;5C",
	"\033[1;5D", "\033[1;3C", "\033Od", "\033[d", "\033[3~", "\033[3^",
	"\033[1~", "\033[4~", "\033[7$", "\033[H", "\033OF", "\033[[A",
	"\033\033[D", "\033b", "\033f", "\033d", "\033\177", "\033", "\001",
	"\002", "\003", "\004", "\005", "\006", "\007", "\010", "\013", "\014",
	"\016", "\020", "\022", "\024", "\025", "\026", "\027", "\031", "\032",
	"\033\r", "\033-", "\0335", "\033u", "\177", "\t", "\t\t", "\r", "\n",
	"y", "n",
	/* Pastes. */
	"\033[200~", "\033[201~", "\033[200~one line\033[201~",
	"\033[200~two\rlines\033[201~", "\033[200~a\r\nb\n\nc\r\033[201~y",
	"\033[200~lost end\003", "\033]11;rgb:0/0/0\a", "\033[?62;4c",
	"\033P1$r",
	/* Text: plain, wide, joined, alone, broken. */
	"a", "the quick brown fox ", "0123456789", "/", "/me ", "al", " ",
	"한글", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xe1\x84\x92",
	"\xe1\x85\xa1", "\xe1\x86\xab", "日本語の文", "\xe3\x80\x80", "é",
	"e\xcc\x81", "\xcc\x81", "\xf0\x9f\x98\x80", family,
	"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "\xf0\x9f\x8f\xbd",
	"\xe2\x9d\xa4\xef\xb8\x8f", "1\xef\xb8\x8f\xe2\x83\xa3",
	"\xf0\x9f\x87\xb0", "\xf0\x9f\x87\xb7", "\xe2\x80\x8d", "\xef\xb8\x8f",
	"\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7\xe0\xa4\xbf", "\xe0\xa4\xbf",
	"\xe0\xb8\x81\xe0\xb8\xb3", "\xe2\x80\xae", "\xc2\x9b", "\xe2\x80\x8b",
	"\xff", "\xf0\x9f", "\x98\x80", "\xea\xb0", "\x80", "<", ">"};

static const unsigned widths[] = {
	1, 2, 3, 4, 7, 8, 9, 13, 14, 15, 20, 21, 80, 300};

static void fail(struct play *play, const char *wrong)
{
	if (!play->wrong)
		play->wrong = wrong;
}

/* ---- the screen ---- */

static bool cell_is(
	const struct play *play, unsigned column, const char *text, size_t size)
{
	const struct emulator_cell *cell = &play->terminal.cells[column];

	return !cell->is_right_half && cell->size == size &&
	       memcmp(cell->text, text, size) == 0;
}

static bool cell_is_blank(const struct play *play, unsigned column)
{
	const struct emulator_cell *cell = &play->terminal.cells[column];

	return !cell->is_right_half &&
	       (cell->size == 0 || (cell->size == 1 && cell->text[0] == ' '));
}

static bool are_blank(const struct play *play, unsigned from, unsigned to)
{
	while (from < to)
		if (!cell_is_blank(play, from++))
			return false;
	return true;
}

/* Whether `bytes` is part of the cluster at `text`, or a blank before it. */
static bool is_part(const char *text, const struct cluster *cluster,
	const char *bytes, size_t size)
{
	if (size > 0 && bytes[0] == ' ') {
		bytes++;
		size--;
	}
	for (size_t at = 0; at + size <= cluster->size; at++)
		if (memcmp(text + at, bytes, size) == 0)
			return true;
	return false;
}

/* Whether nothing else is in the columns of a contested cluster: how much of
 * them it fills is the terminal's own business. */
static bool holds_parts_of(const struct play *play, unsigned column,
	const char *text, const struct cluster *cluster)
{
	for (unsigned i = 0; i < cluster->width; i++) {
		const struct emulator_cell *cell =
			&play->terminal.cells[column + i];

		if (!is_part(text, cluster, cell->text, cell->size))
			return false;
	}
	return true;
}

/* Whether the terminal shows the cluster from this column on. */
static bool shows_cluster(const struct play *play, unsigned column,
	const char *text, const struct cluster *cluster)
{
	char caret = (char)(text[0] ^ 0x40);

	if (column + cluster->width >= play->terminal.columns)
		return false;
	if (cluster->is_contested)
		return holds_parts_of(play, column, text, cluster);
	switch (cluster->look) {
	case CLUSTER_CARET:
		return cell_is(play, column, "^", 1) &&
		       cell_is(play, column + 1, &caret, 1);
	case CLUSTER_REPLACED:
		return cell_is(play, column, "\xef\xbf\xbd", 3);
	case CLUSTER_PLAIN:
	case CLUSTER_LONE:
		break;
	}
	return cell_is(play, column, text, cluster->size) &&
	       (cluster->width == 1 ||
		       play->terminal.cells[column + 1].is_right_half);
}

/* Follows text from *column on while it shows; returns where that ends. */
static size_t follow(const struct play *play, const char *text, size_t from,
	size_t size, unsigned *column)
{
	while (from < size) {
		struct cluster cluster = cluster_at(text + from, size - from);

		if (!shows_cluster(play, *column, text + from, &cluster))
			break;
		*column += cluster.width;
		from += cluster.size;
	}
	return from;
}

/* The column that the text's part of the row begins in: behind the prompt when
 * the terminal shows one. */
static unsigned text_column(
	const struct play *play, const struct screen_content *content)
{
	unsigned column = 0;

	if (content->prompt_size > 0 &&
		follow(play, content->prompt, 0, content->prompt_size,
			&column) == content->prompt_size)
		return column;
	return 0;
}

/* Where the text has to begin so that it reaches up to the cursor. */
static bool find_left(const struct play *play,
	const struct screen_content *content, unsigned *column, size_t *left)
{
	unsigned at = play->terminal.cursor;
	size_t from = content->cursor;

	while (from > 0) {
		size_t before =
			cluster_before(content->text, content->size, from);
		struct cluster cluster = cluster_at(
			content->text + before, content->size - before);

		/* A mark, unless it is all that is left of the text. */
		if (at == *column + 1 && cell_is(play, *column, "<", 1) &&
			(before > 0 || cluster.width > 1 ||
				content->text[0] != '<')) {
			++*column;
			break;
		}
		if (at < *column + cluster.width)
			break;
		at -= cluster.width;
		from = before;
	}
	*left = from;
	return at == *column;
}

/* The rest of the row, behind the text that ends at `end` of `size`. */
static bool rest_is_right(const struct play *play,
	const struct screen_content *content, size_t end, unsigned column)
{
	unsigned last = play->terminal.columns - 1;

	if (end < content->size && last > 0 && cell_is(play, last - 1, ">", 1))
		last--;
	return are_blank(play, column, last) &&
	       (last == play->terminal.columns - 1 ||
		       cell_is_blank(play, last + 1));
}

static void check_row(struct play *play, const struct screen_content *content)
{
	unsigned columns = play->terminal.columns;
	unsigned column = text_column(play, content);
	unsigned start = column;
	size_t left;
	size_t end;

	if (!find_left(play, content, &column, &left)) {
		fail(play, "the cursor is not where it belongs");
		return;
	}
	end = follow(play, content->text, left, content->size, &column);
	if (end < content->cursor)
		fail(play, "the text before the cursor does not show");
	if (!rest_is_right(play, content, end, column))
		fail(play, "something else shows behind the text");
	/* As much as there is room for. */
	if (columns >= 40 && end == content->cursor && end < content->size)
		fail(play, "what is under the cursor does not show");
	if (left > 0 || end < content->size) {
		column = start;
		for (size_t at = 0; at < content->size && column < columns;) {
			struct cluster cluster = cluster_at(
				content->text + at, content->size - at);

			column += cluster.width;
			at += cluster.size;
		}
		if (column < columns)
			fail(play, "it would have fit");
	}
}

static void check_screen(struct play *play)
{
	struct screen_content content;

	editor_content(play->editor, &content);
	if (cluster_boundary(content.text, content.size, content.cursor) !=
		content.cursor)
		fail(play, "the cursor is within a cluster");
	if (play->terminal.broken)
		fail(play, play->terminal.broken);
	if (play->terminal.is_wrapping || play->terminal.wraps > 0)
		fail(play, "the row was too long");
	check_row(play, &content);
}

static void write_out(struct play *play)
{
	emulator_write(&play->terminal, buffer_bytes(&play->out),
		buffer_size(&play->out));
	buffer_clear(&play->out);
}

static void show(struct play *play)
{
	editor_show(play->editor, &play->out);
	write_out(play);
	check_screen(play);
	editor_show(play->editor, &play->out);
	if (buffer_size(&play->out) > 0)
		fail(play, "showing it twice is not like showing it once");
}

/* A message comes in: the terminal may wrap it as it likes. */
static void print_above(struct play *play, const char *text, size_t size)
{
	editor_hide(play->editor, &play->out);
	write_out(play);
	if (!are_blank(play, 0, play->terminal.columns) ||
		play->terminal.cursor > 0)
		fail(play, "hidden, it leaves something behind");
	buffer_append(&play->out, text, size);
	write_out(play);
	play->terminal.wraps = 0;
}

/* ---- events ---- */

static void answer(struct play *play, const struct editor_event *event)
{
	static const struct complete_word commands[] = {
		{"me", 2}, {"message", 7}, {"who", 3}};
	static const struct complete_word nicks[] = {{"alice", 5}, {"Alf", 3},
		{"한결", 6}, {"\033]0;evil\a", 9}, {"e\xcc\x81va", 5},
		{"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", 8}};

	if (event->is_command)
		editor_complete(play->editor, commands, COUNT(commands));
	else
		editor_complete(play->editor, nicks, COUNT(nicks));
}

static void check_above(struct play *play, const struct editor_event *event)
{
	if (event->size == 0 || event->text[event->size - 1] != '\n')
		fail(play, "text above the line has no newline");
	print_above(play, event->text, event->size);
}

static void take_events(struct play *play)
{
	struct editor_event event;

	while (editor_next_event(play->editor, &event)) {
		if (event.size > LINE_BUFFER_MAX)
			fail(play, "a line is too long");
		if (event.kind == EDITOR_COMPLETE)
			answer(play, &event);
		else if (event.kind == EDITOR_ABOVE)
			check_above(play, &event);
		else if (event.kind == EDITOR_LINE && event.is_pasted &&
			 memchr(event.text, '\n', event.size))
			fail(play, "a line of a paste has a newline");
	}
}

static void check_deadline(struct play *play)
{
	struct instant deadline = editor_deadline(play->editor);
	struct instant latest =
		instant_after(play->now, duration_ms(EDITOR_PASTE_SILENCE_MS));

	if (!instant_is_never(deadline) && instant_before(latest, deadline))
		fail(play, "the deadline is too late");
	if (instant_is_never(deadline))
		return;
	if (instant_before(deadline, play->now))
		fail(play, "the deadline is past");
}

/* ---- steps ---- */

static void feed(struct play *play, const void *bytes, size_t size)
{
	/* Exact, so that ASan sees over-reads. */
	char *copy = size > 0 ? malloc(size) : NULL;

	if (size == 0)
		return;
	if (!copy)
		abort();
	memcpy(copy, bytes, size);
	editor_feed(play->editor, copy, size, play->now);
	free(copy);
}

static void feed_any(struct play *play)
{
	size_t size = reader_u8(&play->program) % 24U;
	const uint8_t *bytes;

	if (size > reader_left(&play->program))
		size = reader_left(&play->program);
	bytes = reader_bytes(&play->program, size);
	feed(play, bytes, size);
}

static void pass_time(struct play *play)
{
	int64_t ms = (int64_t)(reader_u8(&play->program) % 64U) * 40;

	play->now = instant_after(play->now, duration_ms(ms));
	editor_tick(play->editor, play->now);
}

static void step(struct play *play)
{
	static const char message[] =
		"메시지 a message that came in just now\n";
	uint8_t choice;

	switch ((enum op)(reader_u8(&play->program) % OP_COUNT)) {
	case OP_KEYS:
	case OP_KEYS2:
		choice = reader_u8(&play->program) % COUNT(keys);
		feed(play, keys[choice], strlen(keys[choice]));
		break;
	case OP_BYTES:
		feed_any(play);
		break;
	case OP_TICK:
		pass_time(play);
		break;
	case OP_RESIZE:
		choice = reader_u8(&play->program) % COUNT(widths);
		editor_resize(play->editor, widths[choice], false);
		emulator_resize(&play->terminal, widths[choice]);
		break;
	case OP_MESSAGE:
		print_above(play, message, sizeof(message) - 1);
		break;
	case OP_STALL:
		play->is_stalled = reader_u8(&play->program) % 4 == 0;
		break;
	case OP_COUNT:
		break;
	}
	if (!play->is_stalled)
		take_events(play);
	show(play);
	/* What is overdue is done first, as a loop does. */
	editor_tick(play->editor, play->now);
	check_deadline(play);
}

const char *editing_play(const uint8_t *program, size_t size)
{
	struct play play = {.now = {NS_PER_S}};
	size_t steps = 0;
	uint8_t start;

	reader_init(&play.program, program, size);
	start = reader_u8(&play.program);
	play.editor = editor_new(widths[start % COUNT(widths)]);
	if (!play.editor)
		abort();
	editor_set_prompt(play.editor, PROMPT, sizeof(PROMPT) - 1);
	emulator_init(&play.terminal, widths[start % COUNT(widths)],
		start & 0x80 ? EMULATOR_JOINS : EMULATOR_ADDS_UP);
	while (reader_left(&play.program) > 0 && steps++ < STEPS_MAX &&
		!play.wrong)
		step(&play);
	buffer_fini(&play.out);
	editor_free(play.editor);
	return play.wrong;
}
