/* SPDX-License-Identifier: ISC */
/* /who: a line for each member, with what it hears and from how far. */
#ifndef MCHAT_CHAT_WHO_H
#define MCHAT_CHAT_WHO_H

#include "mchat/base/time.h"

struct engine;

/* Answers with a line for each member. */
void who_print(const struct engine *engine, struct instant now);

#endif
