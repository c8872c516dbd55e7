/* SPDX-License-Identifier: ISC */
/* /who: a line for each member, with what it hears and from how far. */
#ifndef MCHAT_CHAT_WHO_H
#define MCHAT_CHAT_WHO_H

#include "mchat/base/time.h"

struct buffer;
struct engine;
struct engine_member;

/* Appends its nick; the beginning of the id where that is needed to tell it
 * from others.  Safe to print. */
void who_append_name(struct buffer *out, const struct engine_member *member);

/* Answers with a line for each member. */
void who_print(const struct engine *engine, struct instant now);

#endif
