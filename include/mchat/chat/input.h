/* SPDX-License-Identifier: ISC */
/*
 * What is to be said: the messages of the command line, then the lines of
 * standard input.  Those that are typed may be commands.
 */
#ifndef MCHAT_CHAT_INPUT_H
#define MCHAT_CHAT_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/lines.h"
#include "mchat/chat/line_queue.h"

/* What a line is that is typed behind a '/'. */
struct input_class {
	enum line_kind kind;              /* LINE_MESSAGE it is not */
	const struct subcommand *command; /* NULL: no such command */
	size_t begin; /* where what is said, or the argument, begins */
	size_t end;   /* and ends */
};

struct input_config {
	const char *const *messages; /* borrowed */
	size_t message_count;
	bool reads_stdin; /* else end of input behind the messages */
	size_t limit;     /* bytes a message may have; longer ones are cut */
	/* NULL: there are no commands. */
	struct input_class (*classify)(const char *line, size_t size);
	/* Whether a line is one that other programs take for a command: it is
	 * asked about before it is said.  NULL with `classify`. */
	bool (*lacks_slash)(const char *line, size_t size);
};

/* What is asked about is short. */
#define INPUT_SLASHLESS_MAX 8

struct input {
	struct input_config config;
	size_t next_message;
	size_t next_byte;          /* of that message */
	struct lines lines;        /* of standard input */
	struct line_queue typed;   /* lines that were typed, */
	struct line_queue at_once; /* and the commands that overtake them */
	struct input_line last;    /* that was given */
	bool is_put_back;          /* and is to be given again */
	char asked[INPUT_SLASHLESS_MAX]; /* the line that was asked about last,
					  * and is said when it is typed again
					  */
	size_t asked_size;
	bool is_terminal; /* standard input is one */
	bool has_begun;   /* its first line was taken, */
	bool has_crs;     /* and began with a BOM: lines end in CR LF */
	bool has_failed;  /* reading failed, which was said */
};

void input_init(struct input *input, const struct input_config *config);
void input_fini(struct input *input);

/* Whether more of standard input should be read when there is some. */
bool input_wants_more(const struct input *input);

/* Reads what standard input has, once; it must be ready. */
void input_read(struct input *input);

/*
 * What a line is if it is typed.  Programs write lines that begin with '/'
 * without meaning us, so only what is typed is a command; typed twice, or once
 * more in the first word, as in a path, the '/' is a message's own; and what is
 * pasted is a message, whatever it begins with.
 */
struct input_line input_classify(
	struct input *input, const char *text, size_t size, bool is_pasted);

/* Whether input_add is welcome: little waits to be taken. */
bool input_takes(const struct input *input);

/* Adds a line that was typed; what is said in it is cut when it is too long. */
void input_add(struct input *input, const struct input_line *line);

/*
 * Takes the next message, or piece of one that is too long.  False when more
 * input is needed, at the end, and before a command.  *out stays valid until
 * the next input_release or input_read.
 */
bool input_next(struct input *input, struct input_line *out);

/* What was taken is done with, unless it was put back. */
void input_release(struct input *input);

/* Has input_next give once more what it gave last. */
void input_put_back(struct input *input);

/* Takes the next line if it is a command; false if it is not, or is not there
 * yet. */
bool input_next_command(struct input *input, struct input_line *out);

/* Takes the next of the commands that wait for nothing, likewise. */
bool input_next_at_once(struct input *input, struct input_line *out);

/* Whether the next line is a command; whether one is there that waits for
 * nothing. */
bool input_has_command(const struct input *input);
bool input_has_at_once(const struct input *input);

/* Whether a command that was entered still waits for its turn. */
bool input_waits_in_turn(const struct input *input);

/* No more will be read: what is there is all there is. */
void input_end(struct input *input);

/* Whether no more will be read. */
bool input_has_ended(const struct input *input);

/* Whether everything has been read and taken. */
bool input_is_done(const struct input *input);

/* Messages that were read, and not taken. */
size_t input_left(const struct input *input);

#endif
