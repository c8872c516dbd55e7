/* SPDX-License-Identifier: ISC */
/* What is typed with a '/' before it: commands, in one table. */
#ifndef MCHAT_CHAT_COMMAND_H
#define MCHAT_CHAT_COMMAND_H

#include <stddef.h>

#include "mchat/base/time.h"
#include "mchat/chat/input.h"

struct inbound;
struct outbound;
struct session;

/* What only the loop can do. */
enum command_wish {
	COMMAND_STAY,
	COMMAND_LEAVE, /* the group */
	COMMAND_MOVE,  /* to where session->config says now */
	COMMAND_END,   /* the chat; no more input is taken */
};

/* All that a command may read or change; borrowed. */
struct command_target {
	struct session *session;
	struct input *input;
	struct inbound *inbound;
	struct outbound *outbound;
	struct instant now;
	enum command_wish wish; /* COMMAND_STAY before */
};

/* What a line behind a '/' is; of an action, *words is where its text begins.
 */
enum input_kind command_kind(const char *line, size_t size, size_t *words);

/*
 * Does what `line`, a command without its '/', says.  Answers, and what is
 * wrong with it, go to stderr.
 */
void command_run(struct command_target *target, const char *line, size_t size);

/* The names of the commands, for completion: NULL past the end. */
const char *command_name(size_t index);

#endif
