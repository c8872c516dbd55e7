/* SPDX-License-Identifier: ISC */
/* What is typed at the line editor, done: lines become input. */
#ifndef MCHAT_CHAT_KEYBOARD_H
#define MCHAT_CHAT_KEYBOARD_H

#include <stdbool.h>

#include "mchat/base/time.h"

struct chat;

/* Whether nothing more is typed, since the chat ends once all that was said is
 * confirmed: then only what ends it at once, stops it or draws the line anew
 * is taken. */
bool keyboard_is_closed(const struct chat *chat);

/* Reads the keyboard, which must be ready. */
void keyboard_read(struct chat *chat, struct instant now);

/* Does what was typed, as far as the input takes it.  Whether something was
 * done. */
bool keyboard_take(struct chat *chat, struct instant now);

#endif
