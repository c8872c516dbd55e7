/* SPDX-License-Identifier: ISC */
#include "mchat/chat/input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/utf8.h"

/* One read of standard input takes this much. */
#define INPUT_CHUNK ((size_t)64 * 1024)

void input_init(struct input *input, const struct input_config *config)
{
	*input = (struct input){
		.config = *config,
		.is_terminal = isatty(STDIN_FILENO),
	};
	lines_init(&input->lines, config->limit);
	if (!config->reads_stdin)
		lines_end(&input->lines);
}

void input_fini(struct input *input)
{
	lines_fini(&input->lines);
	buffer_fini(&input->kept);
}

bool input_wants_more(const struct input *input)
{
	return !input->lines.at_end && !input->is_put_back;
}

void input_read(struct input *input)
{
	char *room = lines_reserve(&input->lines, INPUT_CHUNK);
	ssize_t size;

	if (room) {
		size = read(STDIN_FILENO, room, INPUT_CHUNK);
	} else {
		errno = ENOMEM;
		size = -1;
	}
	if (size > 0) {
		lines_commit(&input->lines, (size_t)size);
	} else if (size == 0 || (errno == EIO && input->is_terminal)) {
		/* A terminal that hung up gives EIO. */
		lines_end(&input->lines);
	} else if (errno != EINTR && errno != EAGAIN) {
		notice_failure("input", errno);
		input->has_failed = true;
		lines_end(&input->lines);
	}
}

static void warn_long(const struct input *input, const char *source)
{
	notice_warning(input->config.verbosity,
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

/* Gets the next line into input->last, unless it is there already. */
static bool fetch(struct input *input)
{
	const char *source = "--message";

	if (input->is_put_back)
		return true;
	if (!next_message(input, &input->last)) {
		source = "input";
		if (!next_line(input, &input->last))
			return false;
		input->last_is_typed = input->is_terminal;
	}
	if (input->last.is_cut && !input->last.is_rest)
		warn_long(input, source);
	input->is_put_back = true;
	return true;
}

size_t input_slashes(const struct input *input, const char *text, size_t size)
{
	if (!input->config.has_commands || size == 0 || text[0] != '/')
		return 0;
	return size > 1 && text[1] == '/' ? 2 : 1;
}

/* Of a fetched line that may be a command. */
static size_t slashes(const struct input *input)
{
	const struct line *line = &input->last;

	if (!input->last_is_typed || line->is_rest)
		return 0;
	return input_slashes(input, line->text, line->size);
}

bool input_next(struct input *input, struct line *out)
{
	size_t count;

	if (!fetch(input))
		return false;
	count = slashes(input);
	if (count == 1)
		return false;
	input->is_put_back = false;
	*out = input->last;
	if (count == 2) {
		out->text++;
		out->size--;
	}
	return true;
}

bool input_next_command(struct input *input, struct line *out)
{
	if (!fetch(input) || slashes(input) != 1)
		return false;
	input->is_put_back = false;
	*out = input->last;
	out->text++;
	out->size--;
	return true;
}

void input_end(struct input *input)
{
	lines_end(&input->lines);
}

bool input_takes(const struct input *input)
{
	return buffer_size(&input->lines.pending) < INPUT_CHUNK;
}

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

void input_push(struct input *input, const char *bytes, size_t size)
{
	char *room =
		keep_last(input) ? lines_reserve(&input->lines, size) : NULL;

	if (!room) {
		notice_failure("input", ENOMEM);
		input->has_failed = true;
		return;
	}
	memcpy(room, bytes, size);
	lines_commit(&input->lines, size);
}

bool input_has_command(const struct input *input)
{
	return input->is_put_back && slashes(input) == 1;
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
