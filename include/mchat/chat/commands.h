/* SPDX-License-Identifier: ISC */
/* What is typed with a '/' before it: commands, in one table. */
#ifndef MCHAT_CHAT_COMMANDS_H
#define MCHAT_CHAT_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/base/time.h"
#include "mchat/chat/input.h"

struct display;
struct outside;
struct receive_path;
struct send_path;
struct session;

/* What only the loop can do. */
enum commands_wish {
	COMMANDS_STAY,
	COMMANDS_LEAVE, /* the group */
	COMMANDS_MOVE,  /* to where session->config says now */
	COMMANDS_END,   /* the chat; no more input is taken */
};

/* All that a command may read or change; borrowed. */
struct commands_target {
	struct session *session;
	struct input *input;
	struct display *display;
	struct receive_path *receive_path;
	struct send_path *send_path;
	const struct outside *outside; /* of a private group */
	struct instant now;
	enum commands_wish wish; /* COMMANDS_STAY before */
};

/* What a line behind a '/' is. */
struct input_class commands_classify(const char *line, size_t size);

/* Whether a line has nothing but what ends other programs, or asks them for
 * help: "quit", "exit", ":q", "help", "?". */
bool commands_lacks_slash(const char *line, size_t size);

/* Does what `line`, which is a command, says.  Answers go to the terminal; what
 * is wrong with it goes there and to stderr. */
void commands_run(
	struct commands_target *target, const struct input_line *line);

/* The names of the commands, for completion: NULL past the end. */
const char *commands_name(size_t index);

#endif
