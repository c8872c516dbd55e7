/* SPDX-License-Identifier: ISC */
#include "mchat/chat/input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/utf8.h"

/* One read of standard input takes this much. */
#define INPUT_CHUNK ((size_t)64 * 1024)

/* One of a terminal no more than a line, and Linux has lines of this. */
#define TYPED_CHUNK 4096

void input_init(struct input *input, const struct input_config *config)
{
	*input = (struct input){
		.config = *config,
		.is_terminal = isatty(STDIN_FILENO),
	};
	lines_init(&input->lines, config->limit);
	lines_init(&input->at_once, config->limit);
	if (!config->reads_stdin)
		lines_end(&input->lines);
}

void input_fini(struct input *input)
{
	lines_fini(&input->lines);
	lines_fini(&input->at_once);
	buffer_fini(&input->kept);
}

bool input_wants_more(const struct input *input)
{
	/* What is typed behind a line that waits may be for us. */
	return !input->lines.at_end &&
	       (input->is_terminal ? input_takes(input) : !input->is_put_back);
}

/* ---- in ---- */

/* What was put back is among the bytes that are to make room; false without
 * memory. */
static bool keep_last(struct input *input)
{
	if (!input->is_put_back ||
		input->last.text == buffer_bytes(&input->kept))
		return true;
	buffer_clear(&input->kept);
	buffer_append(&input->kept, input->last.text, input->last.size);
	if (input->kept.failed)
		return false;
	input->last.text = buffer_bytes(&input->kept);
	return true;
}

static void add(struct input *input, struct lines *lines, const char *bytes,
	size_t size)
{
	char *room = keep_last(input) ? lines_reserve(lines, size) : NULL;

	if (!room) {
		diagnostics_failure("input", ENOMEM);
		input->has_failed = true;
		return;
	}
	memcpy(room, bytes, size);
	lines_commit(lines, size);
}

void input_enter(
	struct input *input, const char *text, size_t size, bool is_pasted)
{
	size_t skip;
	enum input_kind kind = input_kind(input, text, size, &skip);
	struct lines *lines = kind == INPUT_AT_ONCE && !is_pasted
				      ? &input->at_once
				      : &input->lines;

	if (is_pasted && skip > 0)
		add(input, lines, "/", 1);
	add(input, lines, text, size);
	add(input, lines, "\n", 1);
	if (kind == INPUT_IN_TURN && !is_pasted)
		input->behind = 0;
	else if (lines == &input->lines)
		input->behind += size + 1 + (is_pasted && skip > 0);
}

/* Adds what was typed, line by line. */
static void add_typed(struct input *input, const char *bytes, size_t size)
{
	while (size > 0) {
		const char *newline = memchr(bytes, '\n', size);
		size_t length = newline ? (size_t)(newline - bytes) : size;
		size_t taken = length + (newline != NULL);

		if (newline && lines_is_between(&input->lines))
			input_enter(input, bytes, length, false);
		else
			add(input, &input->lines, bytes, taken);
		bytes += taken;
		size -= taken;
	}
}

/* Reads no more: at the end, or since `size` < 0 was a failure. */
static void end_reading(struct input *input, ssize_t size)
{
	/* A terminal that hung up gives EIO. */
	if (size < 0 && (errno != EIO || !input->is_terminal)) {
		if (errno == EINTR || errno == EAGAIN)
			return;
		diagnostics_failure("input", errno);
		input->has_failed = true;
	}
	lines_end(&input->lines);
}

static void read_terminal(struct input *input)
{
	char typed[TYPED_CHUNK];
	ssize_t size = read(STDIN_FILENO, typed, sizeof(typed));

	if (size > 0)
		add_typed(input, typed, (size_t)size);
	else
		end_reading(input, size);
}

void input_read(struct input *input)
{
	char *room;
	ssize_t size;

	if (input->is_terminal) {
		read_terminal(input);
		return;
	}
	room = lines_reserve(&input->lines, INPUT_CHUNK);
	if (room) {
		size = read(STDIN_FILENO, room, INPUT_CHUNK);
	} else {
		errno = ENOMEM;
		size = -1;
	}
	if (size > 0)
		lines_commit(&input->lines, (size_t)size);
	else
		end_reading(input, size);
}

bool input_takes(const struct input *input)
{
	return buffer_size(&input->lines.pending) < INPUT_CHUNK;
}

void input_end(struct input *input)
{
	lines_end(&input->lines);
}

/* ---- out ---- */

static void warn_long(const struct input *input, const char *source)
{
	diagnostics_warning(input->config.verbosity,
		"%s: a line is longer than the %zu bytes of a message: "
		"it goes out as several",
		source, input->config.limit);
}

/* The next message of the command line, or piece of one. */
static bool next_message(struct input *input, struct line *out)
{
	const char *text;
	size_t size;
	size_t piece;

	if (input->next_message == input->config.message_count)
		return false;
	text = input->config.messages[input->next_message] + input->next_byte;
	size = strlen(text);
	piece = utf8_prefix(text, size, input->config.limit);
	*out = (struct line){
		.text = text,
		.size = piece,
		.is_cut = piece<size, .is_rest = input->next_byte> 0,
	};
	input->next_byte += piece;
	if (piece == size) {
		input->next_message++;
		input->next_byte = 0;
	}
	return true;
}

/* The next line of standard input, or piece of one. */
static bool next_line(struct input *input, struct line *out)
{
	/* At a terminal an empty line is a slip of the finger. */
	do {
		if (!lines_next(&input->lines, out))
			return false;
	} while (out->size == 0 && input->is_terminal);
	return true;
}

enum input_kind input_kind(
	const struct input *input, const char *text, size_t size, size_t *skip)
{
	enum input_kind kind;
	size_t words = 0;

	*skip = 0;
	if (!input->config.classify || size == 0 || text[0] != '/')
		return INPUT_MESSAGE;
	*skip = 1;
	if (size > 1 && text[1] == '/')
		return INPUT_MESSAGE;
	kind = input->config.classify(text + 1, size - 1, &words);
	*skip += words;
	return kind;
}

/* Tells what the typed line is that was fetched, and drops its '/'. */
static void sort_last(struct input *input)
{
	struct line *last = &input->last;
	size_t skip;

	/* The rest of an action is one, too. */
	if (last->is_rest) {
		if (input->last_kind != INPUT_ACTION)
			input->last_kind = INPUT_MESSAGE;
		return;
	}
	input->last_kind = input_kind(input, last->text, last->size, &skip);
	last->text += skip;
	last->size -= skip;
}

/* Gets the next line into input->last, unless it is there already. */
static bool fetch(struct input *input)
{
	const char *source = "--message";

	if (input->is_put_back)
		return true;
	if (next_message(input, &input->last)) {
		input->last_kind = INPUT_MESSAGE;
	} else {
		source = "input";
		if (!next_line(input, &input->last))
			return false;
		if (input->is_terminal)
			sort_last(input);
	}
	if (input->last.is_cut && !input->last.is_rest)
		warn_long(input, source);
	input->is_put_back = true;
	return true;
}

static bool last_is_command(const struct input *input)
{
	return input->last_kind == INPUT_IN_TURN ||
	       input->last_kind == INPUT_AT_ONCE;
}

bool input_next(struct input *input, struct line *out)
{
	if (!fetch(input) || last_is_command(input))
		return false;
	input->is_put_back = false;
	*out = input->last;
	return true;
}

bool input_is_action(const struct input *input)
{
	return input->last_kind == INPUT_ACTION;
}

bool input_next_command(struct input *input, struct line *out)
{
	if (!fetch(input) || !last_is_command(input))
		return false;
	input->is_put_back = false;
	*out = input->last;
	return true;
}

bool input_next_at_once(struct input *input, struct line *out)
{
	if (!lines_next(&input->at_once, out))
		return false;
	out->text++;
	out->size--;
	return true;
}

bool input_has_command(const struct input *input)
{
	return input->is_put_back && last_is_command(input);
}

bool input_has_at_once(const struct input *input)
{
	return buffer_size(&input->at_once.pending) > 0;
}

bool input_waits_in_turn(const struct input *input)
{
	return input_has_command(input) ||
	       buffer_size(&input->lines.pending) > input->behind;
}

void input_put_back(struct input *input)
{
	input->is_put_back = true;
}

bool input_is_done(const struct input *input)
{
	return !input->is_put_back &&
	       input->next_message == input->config.message_count &&
	       lines_is_done(&input->lines);
}

size_t input_left(const struct input *input)
{
	return input->is_put_back + input->config.message_count -
	       input->next_message + lines_left(&input->lines);
}
