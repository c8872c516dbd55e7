/* SPDX-License-Identifier: ISC */
/* Our own nick. */
#ifndef MCHAT_CHAT_NICK_H
#define MCHAT_CHAT_NICK_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/protocol/wire.h"

struct engine;

/* Room for a nick, terminator included. */
#define NICK_SIZE (WIRE_NICK_MAX + 1)

/* What is wrong with a nick, as a phrase; NULL: nothing. */
const char *nick_check(const char *text, size_t size);

/* Takes a text as a nick, as far as it is fit for one; false, and nothing
 * taken, when it is not. */
bool nick_take(const char *text, char out[NICK_SIZE]);

/* The login name, or what can stand in for it; always a nick. */
void nick_default(char out[NICK_SIZE]);

/* Whether a member that is here, other than us, goes by this nick. */
bool nick_is_taken(const struct engine *engine, const char *nick);

/* Finds a nick like this one that nobody goes by: kim2, kim3; false when there
 * are too many of them. */
bool nick_find_free(
	const struct engine *engine, const char *nick, char out[NICK_SIZE]);

#endif
