/* SPDX-License-Identifier: ISC */
#include "mchat/chat/input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/utf8.h"
#include "mchat/io/diagnostics.h"

/* One read of standard input takes this much, and so much may be typed ahead.
 */
#define INPUT_CHUNK ((size_t)64 * 1024)

/* A read from a terminal gives one line, of at most this on Linux. */
#define TYPED_CHUNK 4096

void input_init(struct input *input, const struct input_config *config)
{
	*input = (struct input){
		.config = *config,
		.is_terminal = isatty(STDIN_FILENO),
	};
	/* What is typed is cut when it is known what it is. */
	lines_init(&input->lines,
		input->is_terminal ? INPUT_CHUNK : config->limit);
	if (!config->reads_stdin)
		lines_end(&input->lines);
}

void input_fini(struct input *input)
{
	lines_fini(&input->lines);
	line_queue_fini(&input->typed);
	line_queue_fini(&input->at_once);
}

bool input_wants_more(const struct input *input)
{
	/* What is typed behind a line that waits may be for us. */
	return !input->lines.at_end &&
	       (input->is_terminal ? input_takes(input) : !input->is_put_back);
}

/* ---- in ---- */

static void fail(struct input *input, int error)
{
	diagnostics_failure("input", error);
	input->has_failed = true;
}

/* Whether a line that begins with '/' is text: the first word is a path, or has
 * the '/' twice. */
static bool is_text(const char *text, size_t size)
{
	for (size_t i = 1; i < size && !utf8_is_blank(text[i]); i++)
		if (text[i] == '/')
			return true;
	return false;
}

/* Whether a line is asked about, which it is not twice in a row. */
static bool is_asked(struct input *input, const char *text, size_t size)
{
	bool lacks_slash = size <= INPUT_SLASHLESS_MAX &&
			   input->config.lacks_slash &&
			   input->config.lacks_slash(text, size);
	bool is_again = lacks_slash && size == input->asked_size &&
			memcmp(text, input->asked, size) == 0;

	input->asked_size = lacks_slash && !is_again ? size : 0;
	memcpy(input->asked, text, input->asked_size);
	return lacks_slash && !is_again;
}

struct input_line input_classify(
	struct input *input, const char *text, size_t size, bool is_pasted)
{
	struct input_line out = {.line = {.text = text, .size = size}};
	struct input_class found;

	if (is_pasted || !input->config.classify || size == 0)
		return out;
	if (is_asked(input, text, size)) {
		out.kind = LINE_AT_ONCE;
		out.lacks_slash = true;
		return out;
	}
	if (text[0] != '/')
		return out;
	if (is_text(text, size)) {
		/* Of two, one is to say that it is no command. */
		out.line.text += text[1] == '/';
		out.line.size -= text[1] == '/';
		return out;
	}
	out.line.text++;
	out.line.size--;
	found = input->config.classify(out.line.text, out.line.size);
	out.kind = found.kind;
	out.command = found.command;
	out.line.text += found.begin;
	out.line.size = found.end - found.begin;
	return out;
}

void input_add(struct input *input, const struct input_line *line)
{
	struct input_line piece = *line;
	const char *text = line->line.text;
	size_t left = line->line.size;
	bool is_command = line_queue_is_command(line);
	struct line_queue *queue =
		line->kind == LINE_AT_ONCE ? &input->at_once : &input->typed;

	do {
		piece.line.text = text;
		piece.line.size = is_command ? left
					     : utf8_prefix(text, left,
						       input->config.limit);
		piece.line.is_cut = piece.line.size < left;
		if (!line_queue_add(queue, &piece)) {
			fail(input, ENOMEM);
			return;
		}
		text += piece.line.size;
		left -= piece.line.size;
		piece.line.is_rest = true;
	} while (left > 0);
}

/* Adds what was typed, line by line. */
static void add_typed(struct input *input)
{
	struct line line;

	while (lines_next(&input->lines, &line)) {
		struct input_line typed = input_classify(
			input, line.text, line.size, line.is_rest);

		/* At a terminal an empty line is a slip of the finger. */
		if (line.size > 0)
			input_add(input, &typed);
	}
}

void input_read(struct input *input)
{
	size_t most = input->is_terminal ? TYPED_CHUNK : INPUT_CHUNK;
	char *room = lines_reserve(&input->lines, most);
	ssize_t size = -1;

	errno = ENOMEM;
	if (room)
		size = read(STDIN_FILENO, room, most);
	if (size > 0) {
		lines_commit(&input->lines, (size_t)size);
	} else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
		/* A terminal that hung up gives EIO. */
		if (size < 0 && (errno != EIO || !input->is_terminal))
			fail(input, errno);
		lines_end(&input->lines);
	}
	if (input->is_terminal)
		add_typed(input);
}

bool input_takes(const struct input *input)
{
	return input->typed.bytes < INPUT_CHUNK;
}

void input_end(struct input *input)
{
	lines_end(&input->lines);
}

/* ---- out ---- */

static bool has_option(const struct input *input)
{
	return input->next_message < input->config.message_count;
}

/* The next message of the command line, or piece of one. */
static void take_option(struct input *input, struct line *out)
{
	const char *text =
		input->config.messages[input->next_message] + input->next_byte;
	size_t size = strlen(text);
	size_t piece = utf8_prefix(text, size, input->config.limit);

	*out = (struct line){
		.text = text,
		.size = piece,
		.is_cut = piece != size,
		.is_rest = input->next_byte != 0,
	};
	input->next_byte += piece;
	if (piece == size) {
		input->next_message++;
		input->next_byte = 0;
	}
}

/* The next line that was typed, unless something comes before it; or NULL. */
static const struct input_line *first_typed(const struct input *input)
{
	return input->is_put_back || has_option(input)
		       ? NULL
		       : line_queue_first(&input->typed);
}

void input_release(struct input *input)
{
	line_queue_release(&input->typed, input->is_put_back);
}

/* Takes the next line that no one typed.  Of a file from another system the BOM
 * that it begins with is no text, nor is the CR that its lines then end with.
 */
static bool take_read(struct input *input, struct line *out)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t bom_size = sizeof(bom) - 1;

	if (!lines_next(&input->lines, out))
		return false;
	if (!input->has_begun && out->size >= bom_size &&
		memcmp(out->text, bom, bom_size) == 0) {
		out->text += bom_size;
		out->size -= bom_size;
		input->has_crs = true;
	}
	input->has_begun = true;
	if (input->has_crs && !out->is_cut && out->size > 0 &&
		out->text[out->size - 1] == '\r')
		out->size--;
	return true;
}

bool input_next(struct input *input, struct input_line *out)
{
	const struct input_line *typed = first_typed(input);

	if (input->is_put_back) {
		input->is_put_back = false;
	} else if (has_option(input)) {
		input->last = (struct input_line){.is_option = true};
		take_option(input, &input->last.line);
	} else if (typed) {
		if (typed->kind == LINE_IN_TURN)
			return false;
		line_queue_take(&input->typed, &input->last);
	} else {
		input->last = (struct input_line){0};
		if (!take_read(input, &input->last.line))
			return false;
	}
	*out = input->last;
	return true;
}

void input_put_back(struct input *input)
{
	input->is_put_back = true;
}

bool input_has_command(const struct input *input)
{
	const struct input_line *typed = first_typed(input);

	return typed && typed->kind == LINE_IN_TURN;
}

bool input_next_command(struct input *input, struct input_line *out)
{
	if (!input_has_command(input))
		return false;
	line_queue_take(&input->typed, out);
	return true;
}

bool input_has_at_once(const struct input *input)
{
	return input->at_once.count > 0;
}

bool input_next_at_once(struct input *input, struct input_line *out)
{
	if (!input_has_at_once(input))
		return false;
	line_queue_release(&input->at_once, false);
	line_queue_take(&input->at_once, out);
	return true;
}

bool input_waits_in_turn(const struct input *input)
{
	return input->typed.in_turn > 0;
}

bool input_has_ended(const struct input *input)
{
	return input->lines.at_end;
}

bool input_is_done(const struct input *input)
{
	return !input->is_put_back && !has_option(input) &&
	       input->typed.count == 0 && lines_is_done(&input->lines);
}

size_t input_left(const struct input *input)
{
	return input->is_put_back + input->config.message_count -
	       input->next_message + input->typed.count +
	       lines_left(&input->lines);
}
