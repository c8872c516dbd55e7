/* SPDX-License-Identifier: ISC */
/* What stands before the line that is typed: our nick, and what we wait for. */
#ifndef MCHAT_CHAT_PROMPT_H
#define MCHAT_CHAT_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct buffer;
struct engine_driver;
struct one_way;

/* Lines of ours that are not confirmed are told of when they are not after so
 * long; most are after a few milliseconds.  Who ends is told at once, since it
 * is what it waits for. */
#define PROMPT_UNCONFIRMED_MS 300

struct prompt {
	struct instant
		unconfirmed;     /* since when something is; NEVER: nothing */
	struct instant check_at; /* when it is to be told */
};

/* What it tells of. */
struct prompt_facts {
	const char *nick;
	const struct engine_driver *driver; /* NULL: raw, or in no group */
	size_t absent;                      /* members that are waited for */
	const struct one_way *one_way;      /* members that do not hear us */
	bool is_leaving;  /* the group, once all is confirmed */
	bool is_ending;   /* the chat, likewise: nothing more is typed */
	uint64_t to_come; /* messages of others that it ends after; or 0 */
};

void prompt_init(struct prompt *prompt);

/* Appends it. */
void prompt_append(struct prompt *prompt, const struct prompt_facts *facts,
	struct instant now, struct buffer *out);

#endif
