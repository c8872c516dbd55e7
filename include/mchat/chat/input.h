/* SPDX-License-Identifier: ISC */
/*
 * What is to be said: the messages of the command line, then the lines of
 * standard input.
 */
#ifndef MCHAT_CHAT_INPUT_H
#define MCHAT_CHAT_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/lines.h"
#include "mchat/chat/notice.h"

struct input_config {
	const char *const *messages; /* borrowed */
	size_t message_count;
	bool reads_stdin;  /* else end of input behind the messages */
	size_t limit;      /* bytes a message may have; longer ones are cut */
	bool has_commands; /* a line that begins with '/' is one, if typed */
	enum verbosity verbosity;
};

struct input {
	struct input_config config;
	size_t next_message;
	size_t next_byte; /* of that message */
	struct lines lines;
	struct line last;   /* that was fetched */
	bool last_is_typed; /* on a terminal */
	bool is_put_back;   /* and is to be given, perhaps again */
	struct buffer kept; /* last's text, where input_push would move it */
	bool is_terminal;   /* standard input is one */
	bool has_failed;    /* reading failed, which was said */
};

void input_init(struct input *input, const struct input_config *config);
void input_fini(struct input *input);

/* Whether more of standard input should be read when there is some. */
bool input_wants_more(const struct input *input);

/* Reads what standard input has, once; it must be ready. */
void input_read(struct input *input);

/*
 * Takes the next message, or piece of one that is too long, which is warned
 * of.  False when more input is needed, at the end, and before a command.
 * *out stays valid until the next input_read or input_push.
 */
bool input_next(struct input *input, struct line *out);

/*
 * Takes the next line if it is a command, without its '/'; false if it is not,
 * or is not there yet.  Programs write lines that begin so without meaning us,
 * so only what is typed is a command; typed twice, the '/' is a message's own.
 */
bool input_next_command(struct input *input, struct line *out);

/* How many '/' a line that was typed begins with that mean something: one
 * begins a command, two a message with one. */
size_t input_slashes(const struct input *input, const char *text, size_t size);

/* Whether input_push is welcome: little waits to be taken. */
bool input_takes(const struct input *input);

/* Adds bytes as if they had been read. */
void input_push(struct input *input, const char *bytes, size_t size);

/* Whether the next line is known to be a command. */
bool input_has_command(const struct input *input);

/* Has input_next give once more what it gave last. */
void input_put_back(struct input *input);

/* No more will be read: what is there is all there is. */
void input_end(struct input *input);

/* Whether everything has been read and taken. */
bool input_is_done(const struct input *input);

/* Messages that were read, and not taken. */
size_t input_left(const struct input *input);

#endif
