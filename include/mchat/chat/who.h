/* SPDX-License-Identifier: ISC */
/* /who: a line for each member, with what it hears and from how far. */
#ifndef MCHAT_CHAT_WHO_H
#define MCHAT_CHAT_WHO_H

#include <stddef.h>

#include "mchat/base/time.h"

struct engine;
struct ignore_list;
struct peers;

/* What the lines are made of; borrowed. */
struct who {
	const struct engine *engine;
	const struct ignore_list *ignored;
	const struct peers *peers; /* NULL: none */
	struct instant now;
};

/* Members that are here, oneself not counted, those too that do not hear us. */
size_t who_count(const struct engine *engine);

/* Answers with a line for each member; those that are ignored are marked. */
void who_print(const struct who *who);

#endif
