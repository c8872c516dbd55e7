/* SPDX-License-Identifier: ISC */
/* What is typed at the line editor, done: lines become input. */
#ifndef MCHAT_CHAT_KEYBOARD_H
#define MCHAT_CHAT_KEYBOARD_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct chat;

/* Reads the keyboard, which must be ready. */
void keyboard_read(struct chat *chat, struct instant now);

/* Does what was typed, as far as the input takes it.  Whether something was
 * done. */
bool keyboard_take(struct chat *chat, struct instant now);

#endif
