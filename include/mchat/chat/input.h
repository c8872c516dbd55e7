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
#include "mchat/io/diagnostics.h"

/* What a line that is typed is. */
enum input_kind {
	INPUT_MESSAGE,
	INPUT_ACTION,  /* a message of "/me" */
	INPUT_IN_TURN, /* a command that waits for what was said before it */
	INPUT_AT_ONCE, /* a command that has no order with messages */
};

struct input_config {
	const char *const *messages; /* borrowed */
	size_t message_count;
	bool reads_stdin; /* else end of input behind the messages */
	size_t limit;     /* bytes a message may have; longer ones are cut */
	/* What a line is that was typed behind a '/': no INPUT_MESSAGE.  Of an
	 * action *words becomes where its text begins.  NULL: there are no
	 * commands. */
	enum input_kind (*classify)(
		const char *line, size_t size, size_t *words);
	enum verbosity verbosity;
};

struct input {
	struct input_config config;
	size_t next_message;
	size_t next_byte; /* of that message */
	struct lines lines;
	size_t behind; /* bytes entered behind the last command of them */
	struct lines at_once;      /* commands that overtake them */
	struct line last;          /* that was fetched, without its '/' */
	enum input_kind last_kind; /* of it */
	bool is_put_back;          /* and is to be given, perhaps again */
	struct buffer kept;        /* last's text, where more input would move
				    * it */
	bool is_terminal;          /* standard input is one */
	bool has_failed;           /* reading failed, which was said */
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
 * *out stays valid until the next input_read or input_enter.
 */
bool input_next(struct input *input, struct line *out);

/* Whether what input_next gave last is an action. */
bool input_is_action(const struct input *input);

/*
 * Takes the next line if it is a command, without its '/'; false if it is not,
 * or is not there yet.  Programs write lines that begin so without meaning us,
 * so only what is typed is a command; typed twice, the '/' is a message's own.
 */
bool input_next_command(struct input *input, struct line *out);

/* Takes the next of the commands that wait for nothing, likewise. */
bool input_next_at_once(struct input *input, struct line *out);

/* What a line is if it is typed; what it says, or the command, begins *skip
 * bytes behind its beginning. */
enum input_kind input_kind(
	const struct input *input, const char *text, size_t size, size_t *skip);

/* Whether input_enter is welcome: little waits to be taken. */
bool input_takes(const struct input *input);

/* Adds a line, without its newline, as if it had been read; what is pasted is a
 * message, whatever it begins with. */
void input_enter(
	struct input *input, const char *text, size_t size, bool is_pasted);

/* Whether the next line is known to be a command; whether one is there that
 * waits for nothing. */
bool input_has_command(const struct input *input);
bool input_has_at_once(const struct input *input);

/* Whether a command that was entered still waits for its turn. */
bool input_waits_in_turn(const struct input *input);

/* Has input_next give once more what it gave last. */
void input_put_back(struct input *input);

/* No more will be read: what is there is all there is. */
void input_end(struct input *input);

/* Whether everything has been read and taken. */
bool input_is_done(const struct input *input);

/* Messages that were read, and not taken. */
size_t input_left(const struct input *input);

#endif
