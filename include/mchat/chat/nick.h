/* SPDX-License-Identifier: ISC */
/* Our own nick. */
#ifndef MCHAT_CHAT_NICK_H
#define MCHAT_CHAT_NICK_H

#include <stdbool.h>
#include <stddef.h>

#include "mchat/protocol/wire.h"

/* Room for a nick, terminator included. */
#define NICK_SIZE (WIRE_NICK_MAX + 1)

/* What is wrong with a nick, as a phrase; NULL: nothing. */
const char *nick_check(const char *text, size_t size);

/* Takes a text as a nick, as far as it is fit for one; false, and nothing
 * taken, when it is not. */
bool nick_take(const char *text, char out[NICK_SIZE]);

/* The login name, or what can stand in for it; always a nick. */
void nick_default(char out[NICK_SIZE]);

#endif
