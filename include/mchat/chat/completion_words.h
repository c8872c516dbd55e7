/* SPDX-License-Identifier: ISC */
/* The words that Tab knows: commands, and who is here. */
#ifndef MCHAT_CHAT_COMPLETION_WORDS_H
#define MCHAT_CHAT_COMPLETION_WORDS_H

#include <stddef.h>

#include "mchat/base/buffer.h"
#include "mchat/terminal/complete.h"

struct engine;

/* Nicks that Tab looks at. */
#define COMPLETION_WORDS_MAX 2048

struct completion_words {
	struct complete_word *list; /* owned; valid while the engine stays as
				     * it is */
	size_t count;
	struct buffer names; /* of members whose nick is not enough */
};

/* The names of all commands.  Without memory there are no words;
 * completion_words_fini is due. */
void completion_words_commands(struct completion_words *words);

/* Likewise, the nicks of who is here, as they typed them; one that several go
 * by has the beginning of the id behind it. */
void completion_words_nicks(
	struct completion_words *words, const struct engine *engine);

void completion_words_fini(struct completion_words *words);

#endif
